"""An institution and its platform, and a proxy between them that loses answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from reference.losing import LossyProxy, losing_answers
from support.platform import PUSHES, Platform
from werkzeug.serving import make_server

from reference_institution.app import create_app
from reference_institution.institution import Institution
from reference_institution.letter import AccountLetter
from simulator.cli.accounts.letters import reference_endpoints


@dataclass(frozen=True)
class Both:
    """An institution and its platform, and the proxy between them."""

    url: str
    institution: Institution
    platform: Platform
    proxy: LossyProxy

    def act(self, name: str, **body: Any) -> tuple[int, Any]:
        """Let the institution act; return the HTTP status and the data."""
        reply = requests.post(f"{self.url}/actions/{name}", json=body, timeout=60)
        return reply.status_code, reply.json()["data"]

    def done(self, name: str, **body: Any) -> Any:
        """Let the institution act with success."""
        status, data = self.act(name, **body)
        assert status == 200, data
        return data

    def record(self, kind: str, key: str) -> dict[str, Any]:
        """Return the only record that the institution has of something."""
        [found] = requests.get(f"{self.url}/records/{kind}/{key}", timeout=20).json()["records"]
        return dict(found)

    def list_calls(self, method: str) -> list[str]:
        """Return the calls of a method, lost ones marked."""
        return [call for call in self.proxy.calls if call.split()[0] == method]

    def bring(self, *steps: str, fixture: str = "standard") -> str:
        """Create an order, let the institution take steps, and return the order's number."""
        number = str(self.platform.create_order(fixture)["order_no"])
        for step in steps:
            self.done(step, order_no=number)
        self.proxy.calls.clear()
        return number

    def events(self, number: str) -> list[str]:
        """Return what happened to an order, by the platform's record."""
        return [entry["event"] for entry in self.platform.order(number)["history"][1:]]

    def guarantees(self) -> Any:
        return self.platform.get("guarantees")


@contextmanager
def facing(platform: Platform, folder: Path) -> Iterator[Both]:
    """Serve an institution on a real port, which calls the platform through a lossy proxy."""
    with losing_answers(platform.letter()) as proxy:
        letter = AccountLetter.from_json({**platform.letter(), "platform": proxy.url})
        app = create_app(letter, folder)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        serving = threading.Thread(target=server.serve_forever, args=(0.02,))
        serving.start()
        url = f"http://127.0.0.1:{server.server_port}"
        platform.change(endpoints=reference_endpoints(url, PUSHES[letter.kind]))
        yield Both(url, app.extensions["institution"], platform, proxy)
        server.shutdown()
        serving.join()
        server.server_close()
        app.extensions["institution"].orders.close()
