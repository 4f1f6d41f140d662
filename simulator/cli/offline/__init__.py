"""The commands that need no simulator: sign, seal, open, explain, codes."""
