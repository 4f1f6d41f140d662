"""The commands that make things happen: the clock, faults, provoked codes."""
