"""One account of a running simulator: what happens on the platform, what goes wrong, what is so."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator.driver.client import ControlClient
from simulator.driver.faults import Fault
from simulator.driver.letter import Letter
from simulator.driver.pushes import Attempt, Push
from simulator.driver.records import Order
from simulator.driver.timed import TimedAccount
from simulator.errors import SimulatorError

#: Seconds after which the last attempt that is under way has ended (P17).
_LONGEST_ATTEMPT = 60.0


class Account(TimedAccount):
    """One account of a running simulator.

    `about` is always a number or a record that has one. Every method raises `SimulatorError` where
    the simulator cannot be reached or refuses; its `text` says why in English and in Chinese.
    """

    @classmethod
    def open(
        cls,
        control: ControlClient,
        name: str,
        *,
        kind: str = "insurer",
        key_bits: int = 2048,
        company: str | None = None,
        seed: str | None = None,
    ) -> "Account":
        """Open an account; its keys are test-only ones, and its clock runs.

        `kind` is `insurer` or `guarantor`, `key_bits` 1024 or 2048, `company` the institution's
        whole name. With a `seed` secrets and numbers are the same in every run.

        Raises:
            SimulatorError: one of them does not fit, or there is an account of that name.
        """
        chosen = {"company": company, "seed": seed}
        given = {each: value for each, value in chosen.items() if value is not None}
        control.post("accounts", name=name, kind=kind, key_bits=key_bits, **given)
        return cls(control, name)

    @cached_property
    def letter(self) -> Letter:
        """The account letter: address, ids and keys for the institution's system."""
        return Letter.from_json(self.get("letter"))

    @cached_property
    def kind(self) -> str:
        """`insurer` or `guarantor`."""
        return str(self.get()["kind"])

    @property
    def endpoints(self) -> Mapping[str, str]:
        """The URLs of the institution's endpoints, by the names of the pushes."""
        return dict(self.get()["endpoints"])

    def connect(self, base: str, /, **paths: str) -> str:
        """Say where the institution receives pushes: below the URL `base`, which is returned.

        `paths` are by the names of the pushes (`order_status="/notify/status"`); without any,
        every push comes at its name with hyphens (`/order-status`). May be called again for
        further pushes.

        Raises:
            SimulatorError: the push is unknown, or the URL is invalid.
        """
        base = base.rstrip("/")
        if not paths:
            names = self.control.get("lookup")["pushes"][self.kind]
            paths = {name: name.replace("_", "-") for name in names}
        self.change(endpoints={name: f"{base}/{path.lstrip('/')}" for name, path in paths.items()})
        return base

    # What happens on the platform.

    def create_order(self, fixture: str = "standard", **fields: Any) -> Order:
        """Let a principal apply, by a ready-made order in which `fields` are replaced (2.3).

        An insurer hears of it by `order.open()`; to a guarantor it is pushed (2.1).
        """
        order_no = str(self.post("orders", fixture=fixture, fields=fields)["order_no"])
        push = self.latest_push(about=order_no)
        if push is not None:
            self._send_due()
        return Order(self, order_no, push)

    def order(self, order_no: str) -> Order:
        """Return an order by its number.

        Raises:
            SimulatorError: there is none of that number.
        """
        return Order(self, str(self.get("orders", order_no)["order_no"]))

    def push(self, interface: str, about: object, **content: str) -> Push:
        """Push what the platform has on record about something, whatever happened before.

        `content` replaces members of the push, rightly signed: a notice that is not true
        (假通知), which the institution must refuse. `interface` is a push's name, `about` an
        order, for the others a guarantee, a claim, an invoice or a release.
        """
        made = self.post("pushes", interface=interface, about=str(about), content=content)
        self._send_due()
        return Push(self, made["id"])

    def deliver(self) -> list[Attempt]:
        """Send what is due now, wait for the calls that it leads to, return the attempts made."""
        return self.advance(0)

    def save_snapshot(self, path: str | Path, with_personal_data: bool = False) -> Path:
        """Write the account's whole state to a file, for `conzhu-sim snapshot load`.

        Persons are masked and files left out unless they are asked for; no credentials are in it.
        """
        content = self.get("snapshot", with_personal_data=int(with_personal_data))
        place = Path(path)
        place.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return place

    # What goes wrong on purpose.

    def fault(
        self,
        rule: str,
        interface: str | None = None,
        about: object = None,
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
        """End all access tokens now: the institution's next call is refused with 1006."""
        self.post("faults", rule="end_token")

    # Its end.

    def reset(self) -> None:
        """Empty the account: orders, pushes, tokens, journal, rules. Its letter stays.

        Its clock is frozen afterwards.
        """
        self._end_attempts()
        self.post("reset")
        self.freeze()

    def remove(self) -> None:
        """Close the account on the platform, with all that belongs to it."""
        try:
            self.delete()
        except SimulatorError:
            # An attempt is still under way.
            self._end_attempts()
            self.delete()

    def _end_attempts(self) -> None:
        """Let nothing be sent any more, and wait for what is under way."""
        self.freeze()
        self.wait_until(
            lambda: not self.get("pushes", state="in_flight", limit=1), _LONGEST_ATTEMPT
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {self.name}>"
