"""What the control API's functions work with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from simulator import clock
from simulator.control.waiting import Waiters
from simulator.delivery.dispatcher import Dispatcher
from simulator.delivery.walk import Walker
from simulator.operations.accounts import accounts
from simulator.operations.registry import Desk, PlatformConfig
from simulator.settings import Settings
from simulator.store.database import Database
from simulator.store.journal import Writer


@dataclass(frozen=True)
class Control:
    """The running platform, as the control API sees it."""

    database: Database
    platform: PlatformConfig
    dispatcher: Dispatcher
    walker: Walker
    journal: Writer
    waiters: Waiters
    settings: Settings

    @contextmanager
    def desk(self, account: str, nudging: bool = True) -> Iterator[Desk]:
        """A writing transaction on an account, by name or `btc_id`; then pushes are looked for.

        Unless `nudging` is false, where nothing is announced.

        Raises:
            NotFound: there is no such account.
        """
        with self.database.writing() as session:
            found = accounts.fetch(session, account, lock=True)
            yield Desk(session, found, self.platform, clock.wall_now())
        if nudging:
            self.dispatcher.nudge()

    @contextmanager
    def view(self, account: str) -> Iterator[Desk]:
        """A reading transaction on an account, by name or `btc_id`.

        Raises:
            NotFound: there is no such account.
        """
        with self.database.reading() as session:
            found = accounts.fetch(session, account)
            yield Desk(session, found, self.platform, clock.wall_now())

    def number_of(self, account: str) -> int:
        """Return an account's `btc_id`.

        Raises:
            NotFound: there is no such account.
        """
        with self.view(account) as desk:
            return desk.account.id
