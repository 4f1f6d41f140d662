"""The HTTP server behind a port: waitress, with bounds on each client's time and memory.

waitress itself closes only connections that are silent, keeps a body before anyone looks at its
size, and answers what it cannot read by pages of its own. Here a request has so many seconds to
arrive, of a body no more is kept than the application takes, and the application's owner says
how a refusal reads. An application may also give a connection away, to end as a fault wants it:
`environ[ENDING](Ending(...))`, and what it answers then is the answer that is lost or drips.
Or it parks a request by `environ[PARK](take_over)`: no thread has it, what is answered is dropped,
and it is served once more, with a value in `environ[RESUMED]`, when it is resumed.
"""

import json
import re
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.receiver import ChunkedReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import BadRequest

from simulator import clock
from simulator.http_server.broken_requests import BrokenRequest, Cause, find_protocol
from simulator.http_server.connection_faults import Ending, HeldConnections
from simulator.http_server.parking import Parked, ParkingLot, TakeOver

App = Callable[..., Iterable[bytes]]
#: Says which HTTP status a broken request gets, and which JSON.
Refuse = Callable[[BrokenRequest], tuple[int, Mapping[str, Any]]]

#: Where the environment of a request has the function that takes an `Ending`.
ENDING = "conzhu_sim.ending"
#: Where it has the function that parks it, and, once it is resumed, what it was resumed with.
PARK = "conzhu_sim.park"
RESUMED = "conzhu_sim.resumed"

_HEADERS = 64 * 1024
#: A chunk's size line, and what follows the last chunk; waitress would keep any length.
_CHUNK_LINES = 16 * 1024
#: What of a body stays in memory; the rest waits in a temporary file.
_IN_MEMORY = 128 * 1024
#: By so many bytes the protocols that are no HTTP are known.
_BEGINNING = 16
#: A request's line as HTTP has it: a method in capitals, an address without bytes beyond ASCII.
_FIRST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Z-]+ [!-~]+( HTTP/\d\.\d)?[ \t]*\r\n")
_CONNECTIONS = 500
#: Seconds that a connection may rest between two requests.
_REST = 60
#: Seconds in which a refused client may go on sending, so that it gets to read the answer.
_LINGER = 3.0
_REASONS = {200: "OK", 400: "Bad Request", 431: "Request Header Fields Too Large"}


def _refuse_plainly(_broken: BrokenRequest) -> tuple[int, Mapping[str, Any]]:
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
        max_request_header_size=_HEADERS,
        # No body is refused by its size here: it is counted, and the application answers.
        max_request_body_size=sys.maxsize,
        inbuf_overflow=_IN_MEMORY,
        connection_limit=_CONNECTIONS,
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


class _Counted(OverflowableBuffer):  # type: ignore[misc]
    """A body of which only `most` bytes are kept; its length is that of the whole."""

    def __init__(self, most: int) -> None:
        super().__init__(_IN_MEMORY)
        self._most, self._length = most, 0

    def append(self, data: bytes) -> None:
        self._length += len(data)
        if self._length <= self._most:
            super().append(data)

    def __len__(self) -> int:
        return self._length


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    completed: bool = False
    cause: Cause = "head"

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except (ValueError, ParsingError) as error:
            # A length of 5,000 digits, or an address like `http://[`, besides what waitress names.
            if header_plus.lower().count(b"\r\ncontent-length:") > 1:
                self.cause = "two_lengths"
            elif not _FIRST_LINE.match(header_plus):
                self.cause = "first_line"
            raise ParsingError("The request's head cannot be read") from error
        except TransferEncodingNotImplemented:
            self.cause = "coding"
            raise
        if self.body_rcv is not None:
            self.body_rcv.buf = _Counted(self.adj.limits.body)

    def received(self, data: bytes) -> int:
        if self.body_rcv is None and not self.completed:
            other = find_protocol((self.header_plus + data[:_BEGINNING]).lstrip(b"\r\n"))
            if other:
                self._refuse(BadRequest("Not HTTP/1"), other)
                return len(data)
        consumed: int = super().received(data)
        if self.error is not None and self.header_bytes_received >= _HEADERS:
            self.cause = "large_head"
        chunks = self.body_rcv
        if chunks is not None and self.error is not None:
            self.cause = "body"
        elif isinstance(chunks, ChunkedReceiver) and not self.completed:
            kept = len(chunks.control_line) + len(chunks.trailer)
            if kept > _CHUNK_LINES:
                self._refuse(BadRequest("A chunk has no end"), "body")
        return consumed

    def _refuse(self, error: BadRequest, cause: Cause) -> None:
        self.error, self.cause = error, cause
        self.completed = True


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
    parser_class = _Parser
    task_class = _Task
    error_task_class = _Refusal
    #: After a refusal: closing at once would reset the connection under a client still sending.
    lingers = False
    draining_since: float | None = None
    will_close: bool = False
    close_when_flushed: bool = False
    #: The answer of a connection that is given away; else answers are sent as they come.
    kept: list[bytes] | None = None
    request: _Parser | None = None
    #: While a request is parked: what takes it out. Then the value that it is resumed with.
    take_out: Callable[[], bool] | None = None
    resumed: Any = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        #: Since when a request is due: from its first byte on, or from the connection's opening.
        self.waiting_since: float | None = clock.monotonic()
        #: Whether what was just received completed a request.
        self.has_got_one = False
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        now = clock.monotonic()
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

    def is_overdue(self, now: float, silent_since: float) -> bool:
        """Return whether to close: a request that will not end, an answer that nobody takes."""
        if self.draining_since is not None:
            return now - self.draining_since > _LINGER
        if self.total_outbufs_len:
            return bool(self.last_activity < silent_since)
        if self.requests or self.waiting_since is None:
            return False
        return bool(now - self.waiting_since > self.adj.limits.seconds)


class _Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = _Channel

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.held_connections = HeldConnections()
        super().__init__(*arguments, **named)
        self.lot = ParkingLot(self._map)

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
