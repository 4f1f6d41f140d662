"""Calls of 2.4 (an offer), sealed in advance, and a cheap client that sends them."""

import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote_plus

from measure import address, read_some

from simulator.driver import Account, ControlClient
from simulator.protocol import envelope, plaintext, rsa

_PATH = "/api/insurer/v1"
_STAMP = "20260101120000"
#: Short texts: the plaintext of the offer takes two RSA blocks of a 2048-bit key.
_FIELDS = {"block_number": "B-1", "block_name": "一标段", "principal": "甲公司", "creditor": "乙局"}


def open_account(control: ControlClient, name: str = "bench") -> Any:
    """Open an account, and return its letter."""
    return Account.open(control, name).letter.json


def make_orders(control: ControlClient, count: int, name: str = "bench") -> list[str]:
    """Let principals apply; return the order numbers."""
    account = Account(control, name)
    return [account.post("orders", fields=_FIELDS)["order_no"] for _ in range(count)]


def http(form: Mapping[str, str]) -> bytes:
    """Return a call as the bytes of an HTTP request."""
    body = "&".join(f"{name}={quote_plus(value)}" for name, value in form.items())
    head = (
        f"POST {_PATH} HTTP/1.1\r\nHost: bench\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def token(protocol: str, letter: Mapping[str, Any]) -> str:
    """Fetch an access token."""
    parameters = {
        "method": "get_access_token",
        "api_key": letter["api_key"],
        "api_secret": letter["api_secret"],
        "timestamp": _STAMP,
    }
    signed = envelope.signed(parameters, letter["api_secret"])
    param = envelope.seal(signed, rsa.load_key(letter["api_rsa_pk"]["pem"]))
    with connect(protocol) as connection:
        answer = json.loads(exchange(connection, http({"param": param})))
    return str(answer["data"]["access_token"])


def offers(letter: Mapping[str, Any], access: str, orders: Sequence[str]) -> list[dict[str, str]]:
    """Return the forms of an offer for each order, of two blocks each."""
    public = rsa.load_key(letter["rsa_pk"]["pem"])
    forms = []
    for number, order_no in enumerate(orders):
        parameters = {
            "method": "insurer_apply_guarantee_result",
            "timestamp": _STAMP,
            "btc_id": str(letter["btc_id"]),
            "enter_institution_type": "4",
            "order_no": order_no,
            **_FIELDS,
            "order_do_type": "3",
            "status": "1",
            "price": f"{1000 + number}.00",
            "guarantee_end_date": "2036-06-30",
        }
        signed = envelope.signed(parameters, letter["api_secret"])
        blocks = -(-len(plaintext.write(signed, "json")) // 245)
        assert blocks == 2, f"the offer takes {blocks} blocks"
        forms.append({"access_token": access, "param": envelope.seal(signed, public)})
    return forms


@contextmanager
def connect(url: str) -> Iterator[socket.socket]:
    """Hold a connection to a server."""
    with socket.create_connection(address(url)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def exchange(connection: socket.socket, request: bytes) -> bytes:
    """Send a request on an open connection, and return the answer's body."""
    connection.sendall(request)
    data = read_some(connection)
    while b"\r\n\r\n" not in data:
        data += read_some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += read_some(connection)
    return body


def call(connection: socket.socket, request: bytes) -> None:
    """Make a call that must succeed."""
    body = exchange(connection, request)
    if b'"status": 200' not in body and b'"status":200' not in body:
        raise RuntimeError(f"the call was refused: {body.decode()}")


def rate(url: str, requests: Sequence[bytes], count: int, connections: int = 4) -> float:
    """Make so many calls over some connections; return the answers per second."""
    numbers = itertools.count()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with connect(url) as connection:
                while (number := next(numbers)) < count and not failed:
                    call(connection, requests[number % len(requests)])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return count / (time.perf_counter() - started)
