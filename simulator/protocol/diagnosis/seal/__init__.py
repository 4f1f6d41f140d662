"""Why a `param` does not open: its encoding, its key, its padding, its content."""
