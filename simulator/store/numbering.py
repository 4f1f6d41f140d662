"""The numbers of records that people follow, where they are not given by the database itself."""

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session


def find_last(session: Session, table: Table) -> int:
    """Return the highest number that a table ever gave, to whichever account."""
    highest = session.scalar(select(func.max(table.c.id))) or 0
    if session.get_bind().dialect.name == "sqlite":
        given = session.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
    else:
        given = session.scalar(
            text("SELECT last_value FROM pg_sequences WHERE sequencename = :name"),
            {"name": f"{table.name}_id_seq"},
        )
    return max(highest, given or 0)


def continue_after(session: Session, table: Table) -> None:
    """Let the table's next number be behind those that it has; SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        session.execute(
            select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery()))
        )
