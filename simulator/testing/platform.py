"""The platform as a test drives it: one account, whose clock stands still until it is moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from simulator import clock
from simulator.errors import SimulatorError
from simulator.testing import nearness, story
from simulator.testing.account import POLL, Account, pause
from simulator.testing.calls import Call
from simulator.testing.nearness import NoSuchCall, Wanted
from simulator.testing.pushes import Attempt, Push, moment
from simulator.testing.records import Order, Record

_MOST = 10_000


class Fault:
    """A rule by which the platform misbehaves on purpose; `id` is None if it acted at once."""

    def __init__(self, platform: "Platform", number: int | None) -> None:
        self._platform = platform
        self.id = number

    @property
    def hits(self) -> int:
        """How often it has struck.

        Raises:
            SimulatorError: it was removed.
        """
        if self.id is None:
            return 1
        for each in self._platform.get("faults"):
            if each["id"] == self.id:
                return int(each["hits"])
        raise SimulatorError(f"The rule {self.id} was removed.", f"规则 {self.id} 已删除。")

    def remove(self) -> None:
        """End it."""
        if self.id is not None:
            control, name = self._platform.control, self._platform.name
            control.delete("accounts", name, "faults", str(self.id))


class Platform(Account):
    """One account of a running platform.

    Its clock stands still: what a test lets happen is pushed once before the method returns, and
    is sent again only when the test moves the clock. `about` is always a number or a record that
    has one; `patience` is in seconds of real time.
    """

    #: Whether what is due is sent as soon as it happens; not within `holding_back`.
    _delivers = True

    # What happens on the platform.

    def create_order(self, fixture: str = "standard", **fields: Any) -> Order:
        """Let a principal apply, by a ready-made order in which `fields` are replaced (2.3).

        An insurer's app hears of it by `order.open()`; to a guarantor's it is pushed (2.1).
        """
        order_no = str(self.post("orders", fixture=fixture, fields=fields)["order_no"])
        found = self.get("pushes", about=order_no, limit=1)
        push = self.announced(str(found[0]["name"]), order_no) if found else None
        return Order(self, order_no, push)

    def order(self, order_no: str) -> Order:
        """Return an order by its number."""
        return Order(self, str(self.get("orders", order_no)["order_no"]))

    def push(self, interface: str, about: str | Record, **content: str) -> Push:
        """Push what the platform has on record about something, whatever happened before.

        `content` replaces members of the push, rightly signed: a notice that is not true
        (假通知), which the app must refuse. `interface` is a push's name, `about` an order, for
        the others a guarantee, a claim, an invoice or a release.
        """
        made = self.post("pushes", interface=interface, about=str(about), content=content)
        self._settle_due()
        return Push(self, made["id"])

    def happen(self, interface: str, about: str, *path: str, **body: Any) -> Push:
        """Let something happen by the control API, and return the push that announces it."""
        self.post(*path, **body)
        return self.announced(interface, about)

    def announced(self, interface: str, about: str) -> Push:
        """Return the newest push about something, after what is due was delivered."""
        self._settle_due()
        newest = self.get("pushes", interface=interface, about=about, limit=1)[-1]
        return Push(self, newest["id"])

    def _settle_due(self) -> None:
        if self._delivers:
            self.deliver()

    @contextmanager
    def holding_back(self) -> Iterator[None]:
        """Within the block nothing is pushed at once: several changes, then `deliver()`."""
        self._delivers = False
        try:
            yield
        finally:
            self._delivers = True

    # Faults.

    def fault(
        self,
        rule: str,
        interface: str | None = None,
        about: str | Record | None = None,
        *,
        attempt: int | None = None,
        times: int | None = 1,
        **value: Any,
    ) -> Fault:
        """Let the platform misbehave: `lose_ack`, `no_delivery`, `answer` with `code=404` ...

        `interface` is a push's name or a call's method, `times` how often (None: until removed).
        `conzhu-sim fault rules` and docs/reference/settings.md list the rules.
        """
        conditions = {
            "interface": interface,
            "about": None if about is None else str(about),
            "attempt": attempt,
            "value": value or None,
        }
        given = {name: each for name, each in conditions.items() if each is not None}
        return Fault(self, self.post("faults", rule=rule, times=times, **given).get("id"))

    def expire_token(self) -> None:
        """End all access tokens now: the app's next call is refused with 1006."""
        self.post("faults", rule="end_token")

    # Time.

    @property
    def now(self) -> datetime:
        """The account's time."""
        return moment(self.get("clock")["now"])

    def deliver(self) -> list[Attempt]:
        """Send what is due now, wait for the calls that it leads to, return the attempts made."""
        return self._move("advance", seconds=0)

    def advance(
        self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> list[Attempt]:
        """Let the account's time pass; every attempt that is due on the way is made, and returned.

        No real time passes. Pushes, tokens and file URLs follow this clock.
        """
        whole = seconds + 60 * (minutes + 60 * (hours + 24 * days))
        return self._move("advance", seconds=whole)

    def advance_to_next(self) -> list[Attempt]:
        """Let time pass to the next attempt that is due, make it, and return it.

        Raises:
            SimulatorError: nothing is due.
        """
        return self._move("next")

    def run(self) -> list[Attempt]:
        """Let time pass until nothing is due any more; return the attempts made."""
        return self._move("run")

    def _move(self, action: str, **how: Any) -> list[Attempt]:
        made = self.post("clock", action=action, **how)["attempts"]
        return [Attempt(self, int(each["push"]), int(each["attempt"])) for each in made]

    # What the app did.

    def calls(
        self, method: str | None = None, about: str | Record | None = None, **params: Any
    ) -> list[Call]:
        """Return the app's calls since the test began, oldest first, refused ones among them.

        `params` are decrypted parameters that they carry (`order_do_type="3"`).

        Raises:
            SimulatorError: there is no call `method`; says which there are.
        """
        if method is not None:
            nearness.check_method(self.letter.kind, method)
        wanted = Wanted.of(method, about, None, params)
        return [call for call in self._calls() if wanted.fits(call)]

    def _calls(self) -> list[Call]:
        return [Call(entry) for entry in self.journal(direction="call")]

    def wait_for_call(
        self,
        method: str,
        about: str | Record | None = None,
        *,
        status: str | int | None = 200,
        timeout: float | None = None,
        **params: Any,
    ) -> Call:
        """Wait until the app has made a call, and return it; each call is returned once.

        One that came before counts, so that no call is missed. `status` is what the platform
        answered (None: anything), `params` are decrypted parameters, `timeout` is in seconds of
        real time.

        Raises:
            NoSuchCall: none came in time; says which came nearest.
            SimulatorError: there is no call `method`, so it is not waited for.
        """
        __tracebackhide__ = True
        nearness.check_method(self.letter.kind, method)
        wanted = Wanted.of(method, about, status, params)
        limit = self.patience if timeout is None else timeout
        end = clock.monotonic() + limit
        while True:
            calls = [call for call in self._calls() if call.entry["id"] not in self._given]
            for call in calls:
                if wanted.fits(call):
                    self._given.add(call.entry["id"])
                    return call
            if clock.monotonic() > end:
                break
            pause(POLL)
        failed = [push for push in self.pushes() if not push.acknowledged]
        raise NoSuchCall(
            nearness.explain(wanted, limit, calls, len(self._given), failed, self.app_errors)
        )

    def settle(self, quiet: float = 0.1) -> None:
        """Wait until the app has made no call for `quiet` seconds of real time.

        Use it before asserting that a call was *not* made. Whoever is never quiet is waited for
        as long as the platform's patience lasts.
        """
        end = clock.monotonic() + self.patience
        newest, since = self._newest(), clock.monotonic()
        while clock.monotonic() - since < quiet and clock.monotonic() < end:
            pause(POLL)
            if (now := self._newest()) != newest:
                newest, since = now, clock.monotonic()

    def _newest(self) -> int:
        entries = self.get("journal", strays=1, limit=1)
        return int(entries[-1]["id"]) if entries else 0

    def pushes(
        self,
        interface: str | None = None,
        about: str | Record | None = None,
        state: str | None = None,
    ) -> list[Push]:
        """Return the pushes to the app, oldest first."""
        number = None if about is None else str(about)
        found = self.get("pushes", interface=interface, about=number, state=state, limit=_MOST)
        return [Push(self, each["id"]) for each in found]

    def journal(self, **filters: str) -> list[dict[str, Any]]:
        """Return every exchange since the test began, decrypted, oldest first.

        `filters` are those of the control API: `direction`, `interface`, `about`, `status`,
        `text`. Calls that could be assigned to no account are among them.
        """
        found = self.get("journal", strays=1, limit=_MOST, **filters)
        return [dict(each) for each in found if each["wall"] >= self._began]

    def timeline(self) -> str:
        """Return what happened since the test began, an exchange a line; failures show it."""
        return story.timeline(self.journal())

    def __enter__(self) -> "Platform":
        """Return itself; the account is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the account."""
        self.close()

    def __repr__(self) -> str:
        return f"<platform, account {self.name}>"
