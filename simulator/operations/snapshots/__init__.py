"""Snapshots: the whole state of an account as one file, to hand a bug to a colleague.

What an institution authenticates itself with is never in one: no api_key, no api_secret, no key,
no token, and not the seed that they come from. Loading draws new ones.
"""
