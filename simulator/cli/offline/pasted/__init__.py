"""Calls as people paste them: a curl command, a request as it was dumped, a line of a log."""
