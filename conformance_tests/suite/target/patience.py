"""How long the target is waited for: less, once it has shown that something never comes."""

from collections import Counter
from pathlib import Path

#: Waits in vain, and none that was not, after which the whole patience is not spent any more.
_LEARNT = 2
#: The part of the patience that is spent then, as often again; then nothing is waited for.
_REST = 0.1
_NEVER = 2 * _LEARNT
#: Waits in vain for whatever it may be, after which a target from which nothing came is dead.
_DEAD = 3
#: Seconds that an address has for its answer which never gave one in time.
_BRIEFLY = 0.05
#: Seconds that an action's own answer may take; its effect has the target's patience besides. And
#: those of a target whose other addresses never answer.
_TRIGGER = 60.0
_TRIGGER_OF_SILENT = 5.0


class Patience:
    """A target's patience over a whole run.

    A target that never does a thing would otherwise be waited for anew in each check that needs
    it. What came only once is waited for in full for the rest of the run. `record` is the file in
    which the processes of a run tell each other what came and what did not.
    """

    def __init__(self, seconds: float, settle: float, record: Path) -> None:
        self._whole = seconds
        self._rest = min(seconds, max(settle, seconds * _REST))
        self._record = record
        self._read = 0
        self._in_vain: Counter[str] = Counter()
        self._came: set[str] = set()
        self._timed_out: Counter[str] = Counter()
        self._answered: set[str] = set()

    def for_(self, what: str) -> float:
        """Return the seconds to wait for something, such as an action's effect."""
        self._catch_up()
        if what in self._came:
            return self._whole
        vain = self._in_vain[what]
        if not self._came:
            # Of a target that did nothing at all, one more thing is not waited for twice.
            vain = max(vain, self._in_vain.total() - _DEAD + _LEARNT)
        if vain < _LEARNT:
            return self._whole
        return self._rest if vain < _NEVER else 0.0

    def learn(self, what: str, came: bool) -> None:
        """Keep whether what was waited for came in time."""
        if not (came and what in self._came):
            self._write("came" if came else "vain", what)

    @property
    def knows_silence(self) -> bool:
        """Whether an address did not answer in time."""
        return bool(self._timed_out)

    def for_answer(self, address: str, longest: float) -> float:
        """Return the seconds that an address has for an answer, `longest` unless it never did."""
        self._catch_up()
        if address in self._answered:
            return longest
        silent = self._timed_out[address] >= _LEARNT
        return min(longest, _BRIEFLY) if silent or self._is_silent else longest

    def for_trigger(self, address: str) -> float:
        """Return the seconds that what triggers an action has for its own answer."""
        self._catch_up()
        if address in self._answered:
            return _TRIGGER
        ever_shorter = (_TRIGGER_OF_SILENT if self._is_silent else _TRIGGER, 1.0, _BRIEFLY)
        return ever_shorter[min(self._timed_out[address], len(ever_shorter) - 1)]

    @property
    def _is_silent(self) -> bool:
        """Whether no address has answered in time, and enough did not."""
        return not self._answered and self._timed_out.total() >= _DEAD

    def learn_answer(self, address: str, in_time: bool) -> None:
        """Keep whether an address answered in time."""
        if not (in_time and address in self._answered):
            self._write("answered" if in_time else "silent", address)

    def _write(self, word: str, what: str) -> None:
        with self._record.open("a", encoding="utf-8") as file:
            file.write(f"{word} {what}\n")
        self._catch_up()

    def _catch_up(self) -> None:
        """Read what this process and the others have learnt since."""
        if not self._record.exists():
            return
        with self._record.open(encoding="utf-8") as file:
            file.seek(self._read)
            lines = file.readlines()
            self._read = file.tell()
        for line in lines:
            word, _, what = line.rstrip("\n").partition(" ")
            if word == "came":
                self._came.add(what)
            elif word == "answered":
                self._answered.add(what)
            else:
                (self._in_vain if word == "vain" else self._timed_out)[what] += 1
