"""The commands that show what happened: pushes, the journal, what an outage costs."""
