"""Runs the checks: the pytest plugin, and what starts pytest with it."""
