"""Scenario files: read and checked before anything starts."""
