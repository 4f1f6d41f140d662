"""What the checks stand on: target, platform, outcomes, report."""
