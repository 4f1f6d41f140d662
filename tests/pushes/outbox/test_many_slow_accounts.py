"""However many accounts are slow, nobody's first push waits for them."""

import socket
import threading
from collections.abc import Iterator

import pytest
from pushes import wire
from support.endpoint import OK, Endpoint
from support.platform import Platform

from simulator.driver import Account, ControlClient

#: Accounts whose attempts fill what all accounts share, and pushes of each.
_SLOW, _EACH = 5, 12


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Lets the slow endpoints go at the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def open_account(control: ControlClient, name: str, url: str) -> Platform:
    """Open an account whose endpoints are at a URL and whose attempts may take half a minute."""
    Account.open(control, name, key_bits=1024)
    account = Platform(control, name)
    account.register(url)
    account.switch(push_limit=30)
    return account


def announce(account: Platform) -> int:
    """Let a notice of a new order be due; return the push's number."""
    number = account.post("orders")["order_no"]
    account.post("orders", number, "cancel")
    return int(account.pushes(about=number)[-1]["id"])


def test_the_first_push_of_an_account_does_not_wait_for_slow_ones(
    control: ControlClient, served_endpoint: Endpoint, over: threading.Event
) -> None:
    served_endpoint.answers, served_endpoint.handler = [(200, OK)], None
    arrived = threading.Semaphore(0)
    silent = wire.silent(over)

    def script(connection: socket.socket) -> None:
        arrived.release()
        silent(connection)

    accounts: list[Platform] = []
    with wire.raw_server(script) as url:
        try:
            for number in range(_SLOW):
                accounts.append(open_account(control, f"slow-{number}", url))
                for _ in range(_EACH):
                    announce(accounts[-1])
            # Four accounts fill what is shared; the fifth still gets its first attempt.
            for _ in range((_SLOW - 1) * _EACH + 1):
                assert arrived.acquire(timeout=30)
            quick = open_account(control, "quick", served_endpoint.url)
            accounts.append(quick)

            push = announce(quick)

            entries = quick.get("journal", "wait", direction="push", timeout=20)
            assert [entry["push"] for entry in entries] == [push]
            assert quick.push(push)["state"] == "acknowledged"
        finally:
            over.set()
            for account in accounts:
                Account(control, account.name).remove()
