"""Mistakes of guarantors, by the family of the checks made for them."""
