"""The HTTP server behind a port, and how it ends the connections that a fault struck."""
