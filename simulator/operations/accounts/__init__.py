"""Accounts: their keys, letters and tokens."""
