"""A proxy between an insurer and the platform that loses answers to calls that took effect."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulator.protocol import envelope, rsa


@dataclass
class LossyProxy:
    """A proxy to one account's platform; `losing` are the answers that it loses, by method."""

    platform: str
    private: Any
    url: str = ""
    losing: list[str] = field(default_factory=list)
    #: The methods that were called, in order; a lost one is marked.
    calls: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def loses(self, method: str) -> bool:
        """Note a call that was answered, and return whether its answer gets lost."""
        with self.lock:
            lost = method in self.losing
            if lost:
                self.losing.remove(method)
            self.calls.append(f"{method} lost" if lost else method)
            return lost

    def method_of(self, body: bytes) -> str:
        """Return the method of a form; the key opens all calls but the token request."""
        multipart = re.search(rb'name="param"\r\n\r\n([^\r]+)', body)
        param = multipart[1].decode() if multipart else parse_qs(body.decode())["param"][0]
        try:
            return str(envelope.open_param(param, self.private).parameters["method"])
        except ValueError:
            return "get_access_token"


@contextmanager
def losing_answers(letter: Any) -> Iterator[LossyProxy]:
    """Forward to the platform of a letter, from a free port."""
    proxy = LossyProxy(letter["platform"], rsa.load_key(letter["rsa_sk"]["pem"]))
    place = urlsplit(proxy.platform)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert place.hostname
            platform = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
            kind = {"Content-Type": self.headers["Content-Type"]}
            platform.request("POST", self.path, body, kind)
            answer = platform.getresponse()
            said = answer.read()
            platform.close()
            if proxy.loses(proxy.method_of(body)):
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", str(answer.headers["Content-Type"]))
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}{place.path}"
    serving = threading.Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
