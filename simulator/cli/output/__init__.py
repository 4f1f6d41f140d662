"""What a command prints: for a person in either language, or as JSON."""
