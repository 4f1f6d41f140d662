"""Situations that checks are about: orders and claims brought to a point, and what came of it."""
