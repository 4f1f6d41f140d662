"""Everything that is kept: one mapped class per thing, in one SQLite file (or PostgreSQL)."""
