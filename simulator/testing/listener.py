"""A WSGI application behind a free loopback port, so that pushes reach it as they would outside.

What the application fails with is kept, to be shown beside the assertion that fails because of it.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from simulator.app import Listener

#: A WSGI application (PEP 3333): a Flask app, Django's `get_wsgi_application()` ...
App: TypeAlias = Callable[..., Iterable[bytes]]
#: Enough for pushes that come in while others still wait for our answers to calls of the app.
_THREADS = 8


@dataclass(frozen=True)
class AppError:
    """An exception that left the app, or that it logged, while it handled a request."""

    #: The request's method and path: `POST /notify/order-status`.
    request: str
    error: BaseException
    #: The whole traceback.
    text: str

    def __str__(self) -> str:
        told = f"{type(self.error).__name__}: {self.error}"
        frames = traceback.extract_tb(self.error.__traceback__)
        if not frames:
            return told
        last = frames[-1]
        return f"{told} ({last.filename.rpartition('/')[2]}:{last.lineno} in {last.name})"


class AppListener:
    """Serves an application on a free port of 127.0.0.1 until it is stopped."""

    def __init__(self, app: App) -> None:
        self.app = app
        #: What it failed with, oldest first.
        self.errors: list[AppError] = []
        self._current = threading.local()
        self._door = Listener("127.0.0.1", 0, _THREADS)
        self._log = _ErrorLog(self._note)
        logging.getLogger().addHandler(self._log)
        self._door.start(self._serve)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self._door.port}"

    def stop(self) -> None:
        """Stop serving."""
        self._door.stop()
        logging.getLogger().removeHandler(self._log)

    def _serve(self, environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass a request on; what leaves the app is noted, and answered 500 by the server."""
        request = f"{environment['REQUEST_METHOD']} {environment['PATH_INFO']}"
        with self._watching(request):
            body = self.app(environment, start_response)
        return _Watched(body, lambda: self._watching(request))

    @contextmanager
    def _watching(self, request: str) -> Iterator[None]:
        self._current.request = request
        try:
            yield
        except Exception as error:
            self._note(error)
            raise
        finally:
            self._current.request = None

    def _note(self, error: BaseException) -> None:
        request = getattr(self._current, "request", None)
        # Other threads' errors are not this app's; one that is logged may leave the app, too.
        if request and all(known.error is not error for known in self.errors):
            text = "".join(traceback.format_exception(error))
            self.errors.append(AppError(request, error, text))


class _Watched:
    """An answer's body, watched while the server takes it."""

    def __init__(self, body: Iterable[bytes], watching: Callable[[], Any]) -> None:
        self._body = body
        self._watching = watching

    def __iter__(self) -> Iterator[bytes]:
        with self._watching():
            yield from self._body

    def close(self) -> None:
        """End the request, as PEP 3333 asks."""
        if close := getattr(self._body, "close", None):
            with self._watching():
                close()


class _ErrorLog(logging.Handler):
    """Takes the exceptions that a framework logs and answers 500 for, as Flask and Django do."""

    def __init__(self, note: Callable[[BaseException], None]) -> None:
        super().__init__(logging.ERROR)
        self._take = note

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record's exception."""
        if record.exc_info and record.exc_info[1]:
            self._take(record.exc_info[1])
