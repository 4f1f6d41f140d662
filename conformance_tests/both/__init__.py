"""The checks that are the same for every kind of institution, each in its manual's clauses."""
