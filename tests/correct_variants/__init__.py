"""Correct insurers that do what the manual leaves open in other ways than the reference."""
