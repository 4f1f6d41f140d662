"""The control API: what the people around the platform do, and what a developer wants to see."""
