"""The business rules: states, transitions, dates and money. No I/O."""
