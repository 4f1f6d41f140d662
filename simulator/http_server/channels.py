"""A connection to a port: its requests, refusals and time limits, and how it is given away."""

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import BadRequest

from simulator import clock
from simulator.http_server.broken_requests import BrokenRequest, Cause
from simulator.http_server.connection_faults import Ending
from simulator.http_server.parking import Parked, TakeOver
from simulator.http_server.parsing import Parser
from simulator.http_server.tls import BrokenHandshake

#: Says which HTTP status a broken request gets, and which JSON.
Refuse = Callable[[BrokenRequest], tuple[int, Mapping[str, Any]]]

#: Where the environment of a request has the function that takes an `Ending`.
ENDING = "conzhu_sim.ending"
#: Where it has the function that parks it, and, once it is resumed, what it was resumed with.
PARK = "conzhu_sim.park"
RESUMED = "conzhu_sim.resumed"

#: Seconds in which a refused client may go on sending, so that it gets to read the answer.
_LINGER = 3.0
#: The HTTP status from which on the application failed, not the client.
_FAILED = 500
_REASONS = {200: "OK", 400: "Bad Request", 431: "Request Header Fields Too Large"}


def _refuse_plainly(broken: BrokenRequest) -> tuple[int, Mapping[str, Any]]:
    if broken.status >= _FAILED:
        return 500, {"error": "The application failed. 应用程序出错。"}
    return 400, {"error": "This is no HTTP request. 不是有效的 HTTP 请求。"}


@dataclass(frozen=True)
class Limits:
    """What a server takes: bytes of a body, seconds for a whole request; and how it refuses."""

    body: int = 64 * 1024 * 1024
    seconds: float = 25
    refuse: Refuse = _refuse_plainly


class _Refusal(ErrorTask):  # type: ignore[misc]
    """Answers requests that the parser refused, in the application's way."""

    def execute(self) -> None:
        self.channel.lingers = True
        status, answer = self.channel.refuse(self.request)
        self.status = f"{status} {_REASONS.get(status, 'Internal Server Error')}"
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.response_headers.append(("Content-Type", "application/json; charset=utf-8"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Task(WSGITask):  # type: ignore[misc]
    """One request; the application may let its connection be given away, or park it."""

    ending: Ending | None = None
    take_over: TakeOver | None = None

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        # `GET ?x` has no path; whatever stands above would redirect it to one.
        environ["PATH_INFO"] = environ["PATH_INFO"] or "/"
        environ[ENDING] = self._set_ending
        environ[PARK] = self._park
        environ[RESUMED], self.channel.resumed = self.channel.resumed, None
        return environ

    def _park(self, take_over: TakeOver) -> None:
        self.take_over = take_over
        self.channel.kept = []

    def _set_ending(self, ending: Ending) -> None:
        self.ending = ending
        self.channel.kept = []

    def service(self) -> None:
        super().service()
        if self.ending is not None:
            self.channel.give_away(self.ending)
            self.close_on_finish = True
        if self.take_over is not None:
            raise Parked(self.take_over)


class Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = Parser
    task_class = _Task
    error_task_class = _Refusal
    #: After a refusal: closing at once would reset the connection under a client still sending.
    lingers = False
    draining_since: float | None = None
    will_close: bool = False
    close_when_flushed: bool = False
    #: The answer of a connection that is given away; else answers are sent as they come.
    kept: list[bytes] | None = None
    request: Parser | None = None
    #: While a request is parked: what takes it out. Then the value that it is resumed with.
    take_out: Callable[[], bool] | None = None
    resumed: Any = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        #: Since when a request is due: from its first byte on, or from the connection's opening.
        self.waiting_since: float | None = clock.monotonic()
        #: Whether what was just received completed a request.
        self.has_got_one = False
        #: When something was received last, by `clock.monotonic`.
        self.active_at = clock.monotonic()
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        self.active_at = now = clock.monotonic()
        self.has_got_one = False
        taken = bool(super().received(data))
        if self.has_got_one:
            self.waiting_since = None if self.request is None else now
        elif self.waiting_since is None:
            self.waiting_since = now
        return taken

    def write_soon(self, data: Any) -> int:
        if self.kept is None:
            return int(super().write_soon(data))
        self.kept.append(bytes(data))
        return len(data)

    def give_away(self, ending: Ending) -> None:
        """Let the connection end so, behind the answers to earlier requests; here it is over."""
        answer, self.kept = b"".join(self.kept or ()), None
        with suppress(OSError), self.outbuf_lock:
            self._flush_some(do_close=False)
            if not self.total_outbufs_len:
                self.server.held_connections.take(self.socket.dup(), ending, answer)
            elif ending.way == "drip":
                # The client does not take what came before; its own pace is slow enough.
                self.write_soon(answer)

    def refuse(self, request: Parser) -> tuple[int, Mapping[str, Any]]:
        """Return the HTTP status and the JSON of a request that the parser refused."""
        broken = BrokenRequest(request.cause, request.error.code, str(self.addr[0]))
        refusal: tuple[int, Mapping[str, Any]] = self.adj.limits.refuse(broken)
        return refusal

    def service(self) -> None:
        self.take_out = None
        if not self.connected and self.requests[0].error:
            # The client is gone, and is told of nevertheless.
            self.refuse(self.requests[0])
        try:
            super().service()
        except Parked as parked:
            self.kept = None
            self.server.lot.take(self._fileno)
            self.take_out = parked.take_over(self._resume)
            # The client may be gone since; the loop reads that from now on.
            self.server.pull_trigger()

    def _resume(self, value: Any) -> None:
        self.resumed = value
        self.server.lot.give_back(self._fileno)
        self.server.task_dispatcher.add_task(self)

    def handle_close(self) -> None:
        super().handle_close()
        if self.take_out is not None and self.take_out():
            self.cancel()
        if self.request is not None:
            # What had come of a body may lie in a file, which nobody else would close.
            self.request.close()
            self.request = None

    def close(self) -> None:
        self.handle_close()

    def readable(self) -> bool:
        if self.draining_since is not None:
            return not self.will_close
        if self.take_out is not None and len(self.requests) == 1:
            return not self.will_close
        return bool(super().readable())

    def handle_read(self) -> None:
        if self.draining_since is None:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)  # which closes where the client did
        except OSError:
            self.handle_close()

    def handle_write(self) -> None:
        if not (self.lingers and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.connected and not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed = False
            self.draining_since = clock.monotonic()
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.will_close = True

    def rests_since(self, now: float) -> float:
        """Return for how many seconds nothing has been asked on this connection; 0 if it has."""
        if self.requests or self.request is not None or self.total_outbufs_len:
            return 0.0
        return now - self.active_at

    def is_overdue(self, now: float, silent_since: float) -> bool:
        """Return whether to close: a request that will not end, an answer that nobody takes."""
        if self.draining_since is not None:
            return now - self.draining_since > _LINGER
        if self.total_outbufs_len:
            return bool(self.last_activity < silent_since)
        if self.requests or self.waiting_since is None:
            return False
        return bool(now - self.waiting_since > self.adj.limits.seconds)


class TlsChannel(Channel):
    """A connection to a port that speaks TLS."""

    def handle_read(self) -> None:
        """Take the handshake on, and read what is decrypted."""
        try:
            if self.socket.take_in(self.adj.recv_bytes):
                super().handle_read()
        except BrokenHandshake as broken:
            self._refuse(broken.cause)
        except OSError:
            self.handle_close()

    def _refuse(self, cause: Cause) -> None:
        request = Parser(self.adj)
        request.refuse(BadRequest("No TLS"), cause)
        with self.requests_lock:
            self.requests.append(request)
            self.server.add_task(self)
