"""Play scenarios on a target, step by step."""
