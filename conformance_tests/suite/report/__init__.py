"""What a run came to: findings, their causes, the conclusion, and the report's files."""
