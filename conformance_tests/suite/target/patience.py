"""How long the target is waited for: less, once it has shown that something never comes."""

from collections import Counter

#: Waits in vain, and none that was not, after which the whole patience is not spent any more.
_LEARNT = 3
#: The part of the patience that is spent then.
_REST = 0.1


class Patience:
    """A target's patience over a whole run.

    A target that never does a thing would otherwise be waited for anew in each check that needs
    it. What came only once is waited for in full for the rest of the run.
    """

    def __init__(self, seconds: float, settle: float) -> None:
        self._whole = seconds
        self._rest = min(seconds, max(settle, seconds * _REST))
        self._in_vain: Counter[str] = Counter()
        self._came: set[str] = set()

    def for_(self, what: str) -> float:
        """Return the seconds to wait for something, such as an action's effect."""
        never = what not in self._came and self._in_vain[what] >= _LEARNT
        return self._rest if never else self._whole

    def learn(self, what: str, came: bool) -> None:
        """Keep whether what was waited for came in time."""
        if came:
            self._came.add(what)
        else:
            self._in_vain[what] += 1
