"""One account of a running simulator: what stands below its path, its journal, and all waiting."""

from collections.abc import Callable
from typing import Any, TypeVar

from simulator import clock
from simulator.driver.client import ControlClient

Found = TypeVar("Found")
#: Seconds that one request waits for an entry of the journal at the most.
_LONGEST_REQUEST = 10.0
#: Seconds after which something is looked at again although the journal has nothing new.
_LONGEST_GAP = 1.0


class AccountClient:
    """An account as the control API shows it, in the JSON of docs/reference/control-api.md."""

    def __init__(self, control: ControlClient, name: str) -> None:
        #: The client of the whole control API, for what does not belong to one account.
        self.control = control
        #: The account's name.
        self.name = name

    def get(self, *path: str, **query: Any) -> Any:
        """Read something below the account; the account itself without a path.

        Raises:
            SimulatorError: the simulator cannot be reached, or refuses with one sentence.
        """
        return self.control.get("accounts", self.name, *path, **query)

    def post(self, *path: str, **body: Any) -> Any:
        """Do something below the account.

        Raises:
            SimulatorError: the simulator cannot be reached, or refuses with one sentence.
        """
        return self.control.post("accounts", self.name, *path, **body)

    def change(self, **members: Any) -> Any:
        """Change the account: `endpoints`, `switches`, `allow_list`, `disabled`."""
        return self.control.patch("accounts", self.name, **members)

    def delete(self, *path: str) -> Any:
        """Delete something below the account; without a path, close the account."""
        return self.control.delete("accounts", self.name, *path)

    def switch(self, **switches: Any) -> None:
        """Set switches of the account: where the real platform may differ (docs/decisions.md)."""
        self.change(switches=switches)

    # The journal.

    def journal(self, **filters: Any) -> list[dict[str, Any]]:
        """Return the newest entries that match, oldest first; 100 unless `limit` says else.

        `filters` are those of the control API: `after` (an entry's number), `direction`,
        `interface`, `about`, `status`, `text`, `strays=1` for calls of no account, too.
        """
        return [dict(entry) for entry in self.get("journal", **filters)]

    def mark(self) -> int:
        """Return the number of the newest entry: `after` for what follows."""
        newest = self.journal(strays=1, limit=1)
        return int(newest[-1]["id"]) if newest else 0

    # Waiting, in seconds of real time.

    def wait_for_entries(self, seconds: float, **filters: Any) -> list[dict[str, Any]]:
        """Return the entries that match as soon as there are any; none after `seconds`."""
        end = clock.monotonic() + seconds
        found: list[dict[str, Any]] = []
        while not found and (left := end - clock.monotonic()) > 0:
            timeout = round(min(left, _LONGEST_REQUEST), 3)
            found = self.get("journal", "wait", timeout=timeout, **filters)
        return found

    def wait_until(self, look: Callable[[], Found], seconds: float) -> Found:
        """Look at something until it is true, and return it; after `seconds`, what it is then.

        Everything that happens to an account is written in its journal, so `look` is called
        again as soon as there is a new entry.
        """
        end = clock.monotonic() + seconds
        found, seen = look(), None
        while not found and (left := end - clock.monotonic()) > 0:
            if seen is None:
                # What came since the first look is there for the second.
                seen = self.mark()
            elif news := self.wait_for_entries(min(left, _LONGEST_GAP), after=seen, strays=1):
                seen = int(news[-1]["id"])
            found = look()
        return found

    def wait_until_quiet(self, quiet: float, longest: float, **filters: Any) -> None:
        """Wait until no entry that matches has come for `quiet` seconds, or `longest` are over."""
        end = clock.monotonic() + longest
        newest = self.mark()
        while clock.monotonic() < end:
            news = self.wait_for_entries(quiet, after=newest, **filters)
            if not news:
                return
            newest = int(news[-1]["id"])
