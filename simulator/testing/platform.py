"""The platform as a test drives it: one account, whose clock is frozen until it is moved."""

from collections.abc import Callable
from typing import Any

from simulator import clock
from simulator.driver import Account, Call, ControlClient
from simulator.errors import SimulatorError
from simulator.testing import nearness, story
from simulator.testing.listener import App, AppError, AppListener
from simulator.testing.nearness import NoSuchCall, Wanted

_MOST = 10_000


class Platform(Account):
    """One account of a running platform.

    Its clock is frozen: what a test triggers is pushed once before the method returns, and
    is sent again only when the test moves the clock. `about` is always a number or a record that
    has one; `patience` is in seconds of real time.
    """

    def __init__(
        self,
        control: ControlClient,
        name: str,
        patience: float,
        retire: Callable[["Platform"], None],
    ) -> None:
        super().__init__(control, name)
        #: Seconds of real time that the app is waited for.
        self.patience = patience
        #: Takes the account once its test is over.
        self._retire = retire
        self._began = clock.wall_now()
        self._runs = self._closed = False
        self._listeners: list[AppListener] = []
        #: The numbers of the calls that were waited for already.
        self._given: set[int] = set()

    # The app under test.

    def connect(self, app: App | str, /, **paths: str) -> str:
        """Say where the app receives pushes, and return the address at which it is reached.

        `app` is a WSGI callable, for which this listens, or a URL. `paths` are by the names of
        the pushes (`order_status="/notify/status"`); without any, every push comes at its name
        with hyphens (`/order-status`). May be called again for further pushes.

        Raises:
            SimulatorError: the push is unknown, or the URL is invalid.
        """
        return super().connect(app if isinstance(app, str) else self._listen(app), **paths)

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
    def app_errors(self) -> list[AppError]:
        """The exceptions of the connected WSGI apps while they handled requests, oldest first."""
        return [error for listener in self._listeners for error in listener.errors]

    # What the app did.

    def calls(self, method: str | None = None, about: object = None, **params: Any) -> list[Call]:
        """Return the app's calls since the test began, oldest first, refused ones among them.

        `params` are decrypted parameters that they carry (`order_do_type="3"`).

        Raises:
            SimulatorError: the call `method` is unknown; the message lists the known ones.
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
        about: object = None,
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
            SimulatorError: the call `method` is unknown, so waiting would be futile.
        """
        __tracebackhide__ = True
        nearness.check_method(self.letter.kind, method)
        wanted = Wanted.of(method, about, status, params)
        limit = self.patience if timeout is None else timeout
        call = self.wait_until(lambda: next(filter(wanted.fits, self._new_calls()), None), limit)
        if call is not None:
            self._given.add(call.number)
            return call
        failed = [push for push in self.pushes() if not push.acknowledged]
        calls = self._new_calls()
        raise NoSuchCall(
            nearness.explain(wanted, limit, calls, len(self._given), failed, self.app_errors)
        )

    def _new_calls(self) -> list[Call]:
        """Return the calls that were not waited for yet, oldest first."""
        return [call for call in self._calls() if call.number not in self._given]

    def settle(self, quiet: float = 0.1) -> None:
        """Wait until the app has made no call for `quiet` seconds of real time.

        Use it before asserting that a call was *not* made. Whoever is never quiet is waited for
        as long as the platform's patience lasts.
        """
        self.wait_until_quiet(quiet, self.patience, strays=1)

    def journal(self, **filters: Any) -> list[dict[str, Any]]:
        """Return every exchange since the test began, decrypted, oldest first.

        `filters` are those of the control API: `direction`, `interface`, `about`, `status`,
        `text`. Calls that could be assigned to no account are among them.
        """
        found = super().journal(**{"strays": 1, "limit": _MOST, **filters})
        return [entry for entry in found if entry["wall"] >= self._began]

    def timeline(self) -> str:
        """Return what happened since the test began, an exchange a line; failures show it."""
        return story.timeline(self.journal())

    # Its beginning and end.

    def freeze(self) -> None:
        """Let the account's clock stand still, as it does from the beginning."""
        super().freeze()
        self._runs = False

    def resume(self) -> None:
        """Let the account's clock run: pushes and their repeats go by themselves, in real time."""
        super().resume()
        self._runs = True

    def reset(self) -> None:
        """Empty the account: orders, pushes, tokens, journal, rules. Its letter stays.

        For an app that lives longer than a test and cannot be given another letter.
        """
        super().reset()
        self._began = clock.wall_now()
        self._given.clear()
        for listener in self._listeners:
            listener.errors.clear()

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

    def __enter__(self) -> "Platform":
        """Return itself; the account is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the account."""
        self.close()

    def __repr__(self) -> str:
        return f"<platform, account {self.name}>"
