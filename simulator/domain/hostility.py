"""When the hostile profile strikes: a draw for each exchange by itself, derived from a seed.

Every exchange of an account's interface has a number. Whether it is struck depends only on the
seed, the account's name, the interface and that number: neither on other accounts nor on the order
of threads. The same seed gives the same strikes.
"""

from dataclasses import dataclass

from simulator import ids

#: One exchange in so many is drawn, on average.
ONE_IN = 5


@dataclass(frozen=True)
class Hostility:
    """The profile of one run: its seed, and the most strikes in a row."""

    seed: str
    most: int

    def strikes(self, account: str, interface: str, number: int) -> bool:
        """Return whether the exchange of this number (from 1) is struck.

        After `most` strikes in a row the next exchange that is drawn is spared.
        """
        if not self._is_drawn(account, interface, number):
            return False
        before = 0
        while number - before > 1 and self._is_drawn(account, interface, number - before - 1):
            before += 1
        return before % (self.most + 1) != self.most

    def pick(self, account: str, interface: str, number: int, count: int) -> int:
        """Return which of `count` faults (from 0) strikes the exchange of this number."""
        return self._draw("which", account, interface, number) % count

    def _is_drawn(self, account: str, interface: str, number: int) -> bool:
        return self._draw("whether", account, interface, number) % ONE_IN == 0

    def _draw(self, question: str, account: str, interface: str, number: int) -> int:
        purpose = f"hostile|{question}|{account}|{interface}"
        return int.from_bytes(ids.derive(self.seed, purpose, number, 8), "big")
