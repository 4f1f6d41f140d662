"""What the suite composes and sends itself: right notices, forged, torn, malformed ones, files."""
