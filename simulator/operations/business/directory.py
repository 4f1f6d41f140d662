"""Fill the company directory, which all accounts share, from the fixtures."""

import json

from sqlalchemy import func, select

from simulator import paths
from simulator.store.database import Database
from simulator.store.records import Company


def fill(database: Database) -> None:
    """Write the fixtures' companies into an empty directory, in their order.

    The database assigns the ids: it would assign explicit ones a second time.
    """
    with database.writing() as session:
        if session.scalar(select(func.count(Company.id))):
            return
        listed = json.loads((paths.fixtures() / "companies.json").read_text("utf-8"))
        for company in listed:
            session.add(
                Company(
                    name=company["name"],
                    access_party=company["access_party"],
                    details=company["details"],
                )
            )
