"""An institution's endpoint that outlives every kill and remembers all its answers."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


class Pulse:
    """Counts what happens, by kind, so that a kill can be put at the n-th of a kind."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._changed = threading.Condition()

    def beat(self, kind: str) -> None:
        with self._changed:
            self._counts[kind] += 1
            self._changed.notify_all()

    def wait_for(self, kind: str, more: int, limit: float) -> bool:
        """Wait until so many more of a kind happened, at most `limit` seconds."""
        with self._changed:
            wanted = self._counts[kind] + more
            return self._changed.wait_for(lambda: self._counts[kind] >= wanted, limit)


@dataclass(frozen=True)
class Arrival:
    """A post with the status of its answer, recorded before the answer is sent."""

    account: str
    param: str
    status: int


@dataclass
class Receiver:
    """Answers `/<account>/<push>`: after a while, and sometimes with 500."""

    pulse: Pulse
    rng: random.Random
    url: str = ""
    #: Percentage of answers that are HTTP 500.
    failing: int = 25
    #: Seconds that an answer takes at most.
    slowness: float = 0.04
    arrivals: list[Arrival] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    #: Never set: a wait for it is a delay.
    never: threading.Event = field(default_factory=threading.Event)

    def take(self, account: str, param: str) -> int:
        """Record a post, and return the status to answer."""
        self.pulse.beat("post")
        with self.lock:
            status = 500 if self.rng.randrange(100) < self.failing else 200
            delay = self.rng.uniform(0, self.slowness)
        self.never.wait(delay)
        with self.lock:
            self.arrivals.append(Arrival(account, param, status))
        return status


@contextmanager
def receiving(pulse: Pulse, rng: random.Random) -> Iterator[Receiver]:
    """Serve on a free port."""
    receiver = Receiver(pulse, rng)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fields = dict(parse_qsl(body))
                if "param" not in fields:
                    return  # The sender was killed in the middle of its post.
                status = receiver.take(self.path.split("/")[1], fields["param"])
                self.send_response(status)
                self.send_header("Content-Length", "14")
                self.end_headers()
                self.wfile.write(b'{"status":200}')
                self.wfile.flush()
            except OSError:
                return  # The sender was killed while it waited for the answer.
            finally:
                pulse.beat("answer")

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *_arguments: Any) -> None:
            """A sender that was killed resets its connections."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
