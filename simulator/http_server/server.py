"""The HTTP server behind a port: waitress, with bounds on each client's time and memory.

waitress itself closes only connections that are silent, keeps a body before anyone looks at its
size, and answers what it cannot read by pages of its own. Here a request has so many seconds to
arrive, of a body no more is kept than the application takes, and the application's owner says
how a refusal reads. An application may also give a connection away, to end as a fault wants it:
`environ[ENDING](Ending(...))`, and what it answers then is the answer that is lost or drips.
Or it parks a request by `environ[PARK](take_over)`: no thread has it, what is answered is dropped,
and it is served once more, with a value in `environ[RESUMED]`, when it is resumed.
"""

import errno
import json
import logging
import resource
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from simulator import clock
from simulator.http_server.broken_requests import BrokenRequest
from simulator.http_server.connection_faults import Ending, HeldConnections
from simulator.http_server.parking import Parked, ParkingLot, TakeOver
from simulator.http_server.parsing import HEADERS, IN_MEMORY, Parser

_LOG = logging.getLogger(__name__)

App = Callable[..., Iterable[bytes]]
#: Says which HTTP status a broken request gets, and which JSON.
Refuse = Callable[[BrokenRequest], tuple[int, Mapping[str, Any]]]

#: Where the environment of a request has the function that takes an `Ending`.
ENDING = "conzhu_sim.ending"
#: Where it has the function that parks it, and, once it is resumed, what it was resumed with.
PARK = "conzhu_sim.park"
RESUMED = "conzhu_sim.resumed"

_CONNECTIONS = 500
#: File descriptors that are kept for the listeners, the journal and the database.
_OWN_DESCRIPTORS = 24
#: What `accept` says when the process or the machine has no descriptor or buffer left.
_OUT_OF_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
#: Seconds for which no connection is accepted then, and between two lines of the log on it.
_BREATH, _LOG_PAUSE = 0.2, 60.0
#: Seconds that a connection may rest between two requests.
_REST = 60
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


def open_server(
    app: App, listening: socket.socket, threads: int, limits: Limits, channels: dict[int, Any]
) -> Any:
    """Serve the application behind a socket that is bound already; `channels` is the loop's map."""
    adjustments = Adjustments(
        sockets=[listening],
        threads=threads,
        ident="conzhu-sim",
        clear_untrusted_proxy_headers=True,
        max_request_header_size=HEADERS,
        # No body is refused by its size here: it is counted, and the application answers.
        max_request_body_size=sys.maxsize,
        inbuf_overflow=IN_MEMORY,
        # The server below has a limit of its own, with room in it for the database.
        connection_limit=sys.maxsize,
        channel_timeout=_REST,
        cleanup_interval=1,
    )
    adjustments.limits = limits
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    return _Server(
        app,
        channels,
        True,
        listening,
        dispatcher=dispatcher,
        adj=adjustments,
        bind_socket=False,
        sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
    )


class _Refusal(ErrorTask):  # type: ignore[misc]
    """Answers requests that the parser refused, in the application's way."""

    def execute(self) -> None:
        self.channel.lingers = True
        broken = BrokenRequest(
            self.request.cause, self.request.error.code, str(self.channel.addr[0])
        )
        status, answer = self.channel.adj.limits.refuse(broken)
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


class _Channel(HTTPChannel):  # type: ignore[misc]
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

    def service(self) -> None:
        self.take_out = None
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


def _count_connections() -> int:
    """Return how many connections a port may hold: half of the descriptors, without our own."""
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if descriptors == resource.RLIM_INFINITY:
        return _CONNECTIONS
    return min(_CONNECTIONS, max((descriptors - _OWN_DESCRIPTORS) // 2, 1))


class _Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = _Channel

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.held_connections = HeldConnections()
        super().__init__(*arguments, **named)
        self.lot = ParkingLot(self._map)

        self._most = _count_connections()
        #: Until when no connection is accepted, and when that was logged last, both monotonic.
        self._accepts_from = 0.0
        self._logged_at: float | None = None

    def accept(self) -> Any:
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in _OUT_OF_ROOM:
                raise
            self._shed_load()
            return None

    def readable(self) -> bool:
        accepts = bool(super().readable())
        if accepts and len(self._map) >= self._most:
            self._shed_load()
        return accepts and clock.monotonic() >= self._accepts_from

    def _shed_load(self) -> None:
        """Close the connections that rest, and let new ones wait in the socket's queue."""
        now = clock.monotonic()
        self._accepts_from = now + _BREATH
        for channel in list(self.active_channels.values()):
            if channel.rests_since(now) > _BREATH:
                channel.will_close = True
        if self._logged_at is None or now - self._logged_at > _LOG_PAUSE:
            self._logged_at = now
            _LOG.warning(
                "There is room for no more connections on port %s: those at rest are closed, new "
                "ones wait. Close some, or raise `ulimit -n`.",
                self.effective_port,
            )

    def add_task(self, task: _Channel) -> None:
        task.has_got_one = True
        super().add_task(task)

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        moment, silent_since = clock.monotonic(), now - self.adj.limits.seconds
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(moment, silent_since):
                # At once: waitress would wait until the client takes what is sent.
                channel.will_close = True
                channel.handle_close()
