"""Defects of insurers, by the family of checks that catches them."""
