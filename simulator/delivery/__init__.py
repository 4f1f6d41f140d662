"""Pushes on their way: the outbox, the courier, the schedule, the walk of the clock."""
