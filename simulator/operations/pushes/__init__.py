"""Pushes: what goes over the wire, and what is sent on demand."""
