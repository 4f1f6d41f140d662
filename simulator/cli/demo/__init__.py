"""`conzhu-sim demo`: a whole guarantee's life, told while it happens."""
