"""Mistakes that can be made in either kind of institution."""
