"""Snapshots: the whole state of an account in one file, to hand a bug to a colleague.

A snapshot never has credentials: no api_key, no api_secret, no key, no token, and not the seed
that they derive from. Loading one draws new ones.
"""
