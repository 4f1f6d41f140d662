"""A simulator that can be stopped and started again on the same database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from support.platform import Platform

from simulator import clock
from simulator.app import Simulator
from simulator.delivery.outbox import Outbox
from simulator.driver import ControlClient
from simulator.operations import outgoing
from simulator.operations.business import lookup, orders
from simulator.operations.registry import Desk
from simulator.settings import Settings
from simulator.store.database import Database
from simulator.store.records import Account, Order

#: An SQLAlchemy URL of a PostgreSQL database, in which each test makes a schema of its own.
DATABASE_URL = "CONZHU_TEST_DATABASE_URL"
#: Seconds after which every lease of these tests has expired.
GONE = 1_000.0


class House:
    """One simulator at a time on one database, with one account whose clock is frozen."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.simulator = Simulator(settings)
        self.enter(self.simulator)
        created = self.platform.control.post("accounts", name="durable", key_bits=1024)
        self.account_id: int = created["btc_id"]
        self.platform.freeze()

    def enter(self, simulator: Simulator | None = None) -> None:
        """Start a simulator on the database."""
        self.simulator = simulator or Simulator(self._settings)
        self.simulator.start()
        self.platform = Platform(ControlClient(self.simulator.control_url), "durable")

    def leave(self) -> None:
        """Stop the simulator; what it had leased stays leased."""
        self.simulator.stop()

    @property
    def database(self) -> Database:
        return self.simulator.database

    @property
    def outbox(self) -> Outbox:
        return self.simulator.dispatcher.outbox

    def recover_as_after(self, seconds: float) -> None:
        """Revoke expired leases; on SQLite the start has done so already."""
        if self._settings.database:
            self.outbox.recover(clock.wall_now() + seconds, everything=False)

    def announce(self) -> int:
        """Make a change that is pushed; return the push's number."""
        order_no = self.platform.create_order()["order_no"]
        self.platform.post("orders", order_no, "cancel")
        return int(self.platform.pushes()[-1]["id"])

    def announce_again(self, order_no: str) -> int:
        """Announce another push about the same order."""
        with self.database.writing() as session:
            desk = self._desk(session.get_one(Account, self.account_id), session)
            order = lookup.fetch(desk, Order, order_no)
            return outgoing.announce(desk, orders.order_status(desk, order, "WAIT_PAY")).id

    def ask(self, routed: bool) -> int:
        """Insert a jump (2.1) that was not made yet; unless routed, it waits for an endpoint."""
        order_no = self.platform.create_order()["order_no"]
        if not routed:
            self.platform.change(endpoints={"order_page": None})
        with self.database.writing() as session:
            desk = self._desk(session.get_one(Account, self.account_id), session)
            return outgoing.ask(
                desk, orders.order_page(desk, lookup.fetch(desk, Order, order_no))
            ).id

    def _desk(self, account: Account, session: object) -> Desk:
        return Desk(session, account, self.outbox.platform, clock.wall_now())  # type: ignore[arg-type]


@contextmanager
def database_for(folder: Path) -> Iterator[str]:
    """Yield the database's URL: a fresh PostgreSQL schema, or empty for a file in the folder."""
    given = os.environ.get(DATABASE_URL)
    if not given:
        yield ""
        return
    schema = f"t{abs(hash(folder))}"
    engine = create_engine(given)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(given).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Yield a house whose data is in a folder."""
    with database_for(folder) as url:
        house = House(Settings(port=0, control_port=0, data=str(folder), database=url))
        try:
            yield house
        finally:
            house.leave()
