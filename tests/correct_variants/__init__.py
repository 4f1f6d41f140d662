"""Correct institutions that do what the manuals leave open in other ways than the reference."""
