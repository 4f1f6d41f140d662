"""The platform in a run: its account, its orders and claims, and what it saw of the target."""
