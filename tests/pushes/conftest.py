"""What tests about pushes start from: an order with a notice on its way, an issued guarantee."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pushes import business, wire
from pushes.houses import House, open_house
from support.endpoint import OK, Endpoint, serve
from support.institution import Institution
from support.platform import Platform

FAILING = (500, b"oops")


@pytest.fixture(scope="session")
def served_endpoint() -> Iterator[Endpoint]:
    """One server for all tests about pushes, because shutting one down takes half a second."""
    endpoint, server = serve()
    yield endpoint
    server.shutdown()
    server.server_close()


@pytest.fixture
def endpoint(served_endpoint: Endpoint, platform: Platform) -> Endpoint:
    """An endpoint that acknowledges, registered for every push of the account."""
    served_endpoint.posts.clear()
    served_endpoint.answers = [(200, OK)]
    served_endpoint.handler = None
    platform.register(served_endpoint.url)
    return served_endpoint


@dataclass(frozen=True)
class Issued:
    """An order with its guarantee."""

    order: dict[str, Any]
    guarantee_no: str
    serial_num: str

    @property
    def order_no(self) -> str:
        return str(self.order["order_no"])


@pytest.fixture
def issued(platform: Platform, institution: Institution, order: dict[str, Any]) -> Issued:
    """The account's order, paid and issued by the institution's own calls."""
    serial = business.issue(institution, order)
    return Issued(platform.order(order["order_no"]), "BH-1", serial)


@pytest.fixture
def notice(platform: Platform, order: dict[str, Any]) -> Callable[[], int]:
    """Announce something (2.2) and return the push's number; its clock is frozen."""

    def announce(order_no: str | None = None) -> int:
        number = order_no or order["order_no"]
        platform.post("orders", number, "cancel", note="测试")
        return int(platform.pushes(about=number)[-1]["id"])

    return announce


@pytest.fixture
def failing(endpoint: Endpoint) -> Endpoint:
    """The account's endpoint, answering HTTP 500 to everything."""
    endpoint.answers = [FAILING]
    return endpoint


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A simulator whose database remains when it stops."""
    with open_house(tmp_path) as house:
        yield house


@pytest.fixture
def attempt(platform: Platform, notice: Callable[..., int]) -> Callable[[str], dict[str, Any]]:
    """Make one attempt at a URL, under a limit of half a second, and return it."""
    platform.switch(push_limit=wire.LIMIT)
    push = notice()

    def make(url: str) -> dict[str, Any]:
        platform.change(endpoints={"order_status": url})
        started = time.monotonic()
        made = dict(platform.post("pushes", str(push), "resend")["attempts"][0])
        assert time.monotonic() - started < wire.BOUND
        assert made["outcome"] == "failed"
        return made

    return make


@pytest.fixture
def announced(house: House, served_endpoint: Endpoint) -> int:
    """A push to a failing endpoint, pending in a simulator that can be restarted."""
    served_endpoint.posts.clear()
    served_endpoint.answers = [FAILING]
    served_endpoint.handler = None
    house.platform.register(served_endpoint.url)
    return house.announce()
