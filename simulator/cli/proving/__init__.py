"""The commands that judge an integration: doctor, conformance, scenarios."""
