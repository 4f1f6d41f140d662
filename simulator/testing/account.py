"""One account of a running platform: its letter, where its app listens, its beginning and end."""

import json
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator import clock
from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.testing.letter import Letter
from simulator.testing.listener import App, AppError, AppListener

#: Seconds between two looks at something that is waited for.
POLL = 0.01


class Account:
    """An account that a test opened; its clock stands still unless the test lets it run."""

    def __init__(
        self,
        control: ControlClient,
        name: str,
        patience: float,
        retire: Callable[["Account"], None],
    ) -> None:
        #: The control API's client, for what has no method here.
        self.control = control
        #: The account's name.
        self.name = name
        #: Seconds of real time that the app is waited for.
        self.patience = patience
        #: Takes the account once its test is over.
        self._retire = retire
        self._began = clock.wall_now()
        self._runs = self._closed = False
        self._listeners: list[AppListener] = []
        #: The numbers of the calls that were waited for already.
        self._given: set[int] = set()

    @cached_property
    def letter(self) -> Letter:
        """The account letter: address, ids and keys for the app under test."""
        return Letter.from_json(self.get("letter"))

    @property
    def kind(self) -> str:
        """`insurer` or `guarantor`."""
        return str(self.get()["kind"])

    def connect(self, app: App | str, **paths: str) -> str:
        """Say where the app receives pushes, and return the address at which it is reached.

        `app` is a WSGI callable, for which this listens, or a URL. `paths` are by the names of
        the pushes (`order_status="/notify/status"`); without any, every push comes at its name
        with hyphens (`/order-status`). May be called again for further pushes.

        Raises:
            SimulatorError: there is no push of that name, or the URL is none.
        """
        base = app.rstrip("/") if isinstance(app, str) else self._listen(app)
        if not paths:
            names = self.control.get("lookup")["pushes"][self.kind]
            paths = {name: name.replace("_", "-") for name in names}
        endpoints = {name: f"{base}/{path.lstrip('/')}" for name, path in paths.items()}
        self.control.patch("accounts", self.name, endpoints=endpoints)
        return base

    def _listen(self, app: App) -> str:
        if not callable(app):
            raise SimulatorError(
                f"Connect a WSGI callable or a URL (got {app!r}).",
                f"请传入 WSGI 可调用对象或 URL（收到 {app!r}）。",
            )
        for listener in self._listeners:
            if listener.app is app:
                return listener.url
        self._listeners.append(AppListener(app))
        return self._listeners[-1].url

    @property
    def endpoints(self) -> Mapping[str, str]:
        """The addresses of the app, by the names of the pushes."""
        return dict(self.get()["endpoints"])

    def switch(self, **switches: Any) -> None:
        """Set switches of the account: where the real platform may differ (docs/decisions.md)."""
        self.control.patch("accounts", self.name, switches=switches)

    @property
    def app_errors(self) -> list[AppError]:
        """The exceptions of the connected WSGI apps while they handled requests, oldest first."""
        return [error for listener in self._listeners for error in listener.errors]

    def get(self, *path: str, **query: Any) -> Any:
        """Read something below the account by the control API."""
        return self.control.get("accounts", self.name, *path, **query)

    def post(self, *path: str, **body: Any) -> Any:
        """Do something below the account by the control API."""
        return self.control.post("accounts", self.name, *path, **body)

    def freeze(self) -> None:
        """Let the account's clock stand still, as it does from the beginning."""
        self.post("clock", action="freeze")
        self._runs = False

    def resume(self) -> None:
        """Let the account's clock run: pushes and their repeats go by themselves, in real time."""
        self.post("clock", action="resume")
        self._runs = True

    def reset(self) -> None:
        """Empty the account: orders, pushes, tokens, journal, rules. Its letter stays.

        For an app that lives longer than a test and cannot be given another letter.
        """
        self._end_attempts()
        self.post("reset")
        self.freeze()
        self._began = clock.wall_now()
        self._given.clear()
        for listener in self._listeners:
            listener.errors.clear()

    def save_snapshot(self, path: str | Path, with_personal_data: bool = False) -> Path:
        """Write the account's whole state to a file, for `conzhu-sim snapshot load`.

        Persons are masked and files left out unless they are asked for; no credentials are in it.
        """
        content = self.get("snapshot", with_personal_data=int(with_personal_data))
        place = Path(path)
        place.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return place

    def close(self) -> None:
        """End the test's use of the account: nothing is pushed any more, no app is listened for.

        Calls that the app makes a little later, in threads of its own, are still answered.
        """
        if self._closed:
            return
        self._closed = True
        if self._runs:
            self.freeze()
        for listener in self._listeners:
            listener.stop()
        self._listeners.clear()
        self._retire(self)

    def remove(self) -> None:
        """Close the account on the platform, with all that belongs to it."""
        try:
            self.control.delete("accounts", self.name)
        except SimulatorError:
            # An attempt is still under way.
            self._end_attempts()
            self.control.delete("accounts", self.name)

    def _end_attempts(self) -> None:
        """Let nothing be sent any more, and wait for what is under way: 60 s at the most (P17)."""
        self.freeze()
        while self.get("pushes", state="in_flight", limit=1):
            pause(POLL)


def pause(seconds: float) -> None:
    """Wait; for what happens on the other side of HTTP there is nothing to be notified by."""
    threading.Event().wait(seconds)
