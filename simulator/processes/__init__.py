"""Several processes that serve as one simulator: the master and its workers."""
