"""The commands of accounts: their letters, settings and snapshots."""
