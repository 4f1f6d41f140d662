"""Filling the company directory, which all accounts share, from the fixtures."""

import json

from sqlalchemy import func, select

from simulator import paths
from simulator.store.database import Database
from simulator.store.records import Company


def fill(database: Database) -> None:
    """Write the fixtures' companies into an empty directory, in their order.

    Their ids are left to the database: one that counts by itself would give them away again.
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
