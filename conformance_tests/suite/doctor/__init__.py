"""Finds the first thing that is not ready in a target, and writes a new target file."""
