"""The conformance suite: proves an institution's integration over HTTP, clause by clause."""
