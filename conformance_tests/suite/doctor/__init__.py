"""Finds the first thing that is not ready in a target, before any check is run."""
