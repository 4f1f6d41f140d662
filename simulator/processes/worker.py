"""One of several processes that serve the protocol: `serve --workers N`.

The master (`workers.py`) starts it. It inherits the listening socket, the shared count of calls in
progress, and a pipe that ends when the master does.
"""

import os
import signal
import socket
import sys
from contextlib import suppress

from simulator.app import Listener, ProtocolService
from simulator.operations.traffic import Traffic
from simulator.processes.workers import Inheritance
from simulator.settings import Settings
from simulator.store.journal_feed import FeedWriter


def main() -> None:
    """Serve until the master ends or sends SIGTERM."""
    inherited = Inheritance.from_json(sys.stdin.read())
    settings = Settings(**inherited.settings)
    # The terminal's Ctrl-C reaches the whole group; the master decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os.close(inherited.lifeline))
    traffic = Traffic(inherited.counts, inherited.processes, inherited.row)
    service = ProtocolService(settings, traffic, FeedWriter(inherited.journal))
    listener = Listener.around(socket.socket(fileno=inherited.listening), service.threads)
    listener.start(service.app, service.limits, service.tls)
    with suppress(OSError):
        os.read(inherited.lifeline, 1)
    listener.stop()
    service.database.close()


if __name__ == "__main__":
    main()
