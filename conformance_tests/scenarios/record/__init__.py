"""Turn a stretch of a journal into a scenario file."""
