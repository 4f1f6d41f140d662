"""Fault rules: what the platform does wrong on purpose."""
