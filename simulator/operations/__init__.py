"""What the platform does: one plain function per interface, and what platform people do."""
