"""The protocol's door: from the bytes of a call to the bytes of its answer."""
