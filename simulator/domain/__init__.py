"""The business: states, transitions, dates and money. No I/O."""
