"""The report of a run, and the text of a timeline."""
