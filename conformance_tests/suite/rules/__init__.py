"""What a check is: clause, level, outcomes, the interfaces it is run for, and its family."""
