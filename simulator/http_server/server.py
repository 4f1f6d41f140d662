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
import logging
import resource
import socket
import ssl
import sys
from collections.abc import Callable, Iterable
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from simulator import clock
from simulator.http_server.channels import Channel, Limits, TlsChannel
from simulator.http_server.connection_faults import HeldConnections
from simulator.http_server.parking import ParkingLot
from simulator.http_server.parsing import HEADERS, IN_MEMORY
from simulator.http_server.tls import TlsConnection

_LOG = logging.getLogger(__name__)

App = Callable[..., Iterable[bytes]]

_CONNECTIONS = 500
#: File descriptors that are kept for the listeners, the journal and the database.
_OWN_DESCRIPTORS = 24
#: What `accept` says when the process or the machine has no descriptor or buffer left.
_OUT_OF_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
#: Seconds for which no connection is accepted then, and between two lines of the log on it.
_BREATH, _LOG_PAUSE = 0.2, 60.0
#: Seconds that a connection may rest between two requests.
_REST = 60


def open_server(
    app: App,
    listening: socket.socket,
    threads: int,
    limits: Limits,
    channels: dict[int, Any],
    tls: ssl.SSLContext | None = None,
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
        url_scheme="https" if tls else "http",
    )
    adjustments.limits, adjustments.tls = limits, tls
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


def _count_connections() -> int:
    """Return how many connections a port may hold: half of the descriptors, without our own."""
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if descriptors == resource.RLIM_INFINITY:
        return _CONNECTIONS
    return min(_CONNECTIONS, max((descriptors - _OWN_DESCRIPTORS) // 2, 1))


class _Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = Channel

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.held_connections = HeldConnections()
        super().__init__(*arguments, **named)
        self.lot = ParkingLot(self._map)

        self._most = _count_connections()
        #: Until when no connection is accepted, and when that was logged last, both monotonic.
        self._accepts_from = 0.0
        self._logged_at: float | None = None
        if self.adj.tls:
            self.channel_class = TlsChannel

    def accept(self) -> Any:
        try:
            accepted = super().accept()
            if accepted and self.adj.tls:
                return TlsConnection(accepted[0], self.adj.tls), accepted[1]
            return accepted
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

    def add_task(self, task: Channel) -> None:
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
