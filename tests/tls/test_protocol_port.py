"""The protocol by https: right clients are served, and others learn why they are not."""

import json
import re
import socket
import ssl
import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from support.institution import Institution
from support.platform import Platform
from support.raw import connect, exchange, read_answer

from simulator.app import Simulator
from simulator.certificates.self_signed import find_ca
from simulator.driver import ControlClient
from simulator.settings import Settings


def secure(simulator: Simulator, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", simulator.settings.port), 60)
    return context.wrap_socket(plain, server_hostname="localhost")


def wait_for_note(control: ControlClient, after: int) -> str:
    for _ in range(100):
        if entries := control.get("journal", after=after):
            assert entries[0]["status"] == "1050"
            assert entries[0]["notes"][0]["zh"]
            return str(entries[0]["notes"][0]["en"])
        threading.Event().wait(0.05)
    raise AssertionError("no entry")


@pytest.fixture
def newest(control: ControlClient) -> int:
    """The journal's newest entry before the test."""
    entries = control.get("journal", limit=1)
    return int(entries[-1]["id"]) if entries else 0


def test_curl_and_openssl_verify_the_certificate(simulator: Simulator, ca: Path) -> None:
    port = simulator.settings.port
    for host in ("localhost", "127.0.0.1"):
        asked = ["curl", "-sS", "-m", "20", "--noproxy", "*", "--cacert", str(ca)]
        done = subprocess.run(
            [*asked, f"https://{host}:{port}/x"], capture_output=True, check=True, timeout=30
        )
        assert json.loads(done.stdout)["status"] == 1050
    asked = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", str(ca)]
    asked += ["-verify_return_error", "-x509_strict", "-verify_ip", "127.0.0.1"]
    for version in ("-tls1_2", "-tls1_3"):
        verified = subprocess.run(
            [*asked, version],
            input=b"",
            capture_output=True,
            check=True,
            timeout=30,
        )
        assert b"Verification: OK" in verified.stdout


def test_a_whole_exchange_is_by_https(
    platform: Platform, institution: Institution, ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca))
    assert institution.url.startswith("https://127.0.0.1:")
    order = platform.create_order()
    answer: Any = institution.call("insurer_get_order_company_info", order_no=order["order_no"])
    assert answer["status"] == 200
    urls = set(re.findall(r'https?://[^"\\ ]+', json.dumps(answer)))
    assert urls
    assert all(url.startswith("https://") for url in urls)
    for url in urls:
        assert requests.get(url, timeout=10).status_code == 200


def test_an_http_client_is_answered_at_once(
    simulator: Simulator, control: ControlClient, newest: int
) -> None:
    url = simulator.settings.base_url.replace("https", "http")
    answer = exchange(url, b"POST /api/insurer/v1 HTTP/1.1\r\n", timeout=10)

    assert (answer.status, answer.documented()["status"]) == (400, 1050)
    assert wait_for_note(control, newest).startswith("An http client called the https port")


def test_a_client_that_does_not_trust_is_named(
    simulator: Simulator, control: ControlClient, newest: int
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        secure(simulator, ssl.create_default_context())

    assert wait_for_note(control, newest).startswith("The client refused the port's certificate")


def test_a_client_that_leaves_with_the_certificate_is_named(
    simulator: Simulator, control: ControlClient, newest: int, trusting: ssl.SSLContext
) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    with connect(simulator.settings.base_url, 10) as connection:
        connection.sendall(outgoing.read())
        assert connection.recv(1) == b"\x16"

    assert wait_for_note(control, newest).startswith("A TLS client left without a word")


def test_a_client_of_an_old_version_is_named(
    simulator: Simulator, control: ControlClient, newest: int
) -> None:
    # A ClientHello of TLS 1.0 with one suite, as no library of today sends it.
    body = b"\x03\x01" + bytes(32) + b"\x00" + b"\x00\x02\x00\x2f" + b"\x01\x00"
    hello = b"\x01" + len(body).to_bytes(3, "big") + body
    with connect(simulator.settings.base_url, 10) as connection:
        connection.sendall(b"\x16\x03\x01" + len(hello).to_bytes(2, "big") + hello)
        alert = connection.recv(100)

    assert alert == b"\x15\x03\x01\x00\x02\x02\x46"
    assert wait_for_note(control, newest).startswith("The client offers no TLS later than 1.1")


def test_a_broken_handshake_is_told_and_nothing_follows_the_alert(
    simulator: Simulator, control: ControlClient, newest: int
) -> None:
    with connect(simulator.settings.base_url, 10) as connection:
        connection.sendall(b"\x16\x03\x01\x00\x05hello")
        received = connection.recv(100)
        while piece := connection.recv(100):
            received += piece

    assert received.startswith(b"\x15\x03")
    assert len(received) == 7
    assert wait_for_note(control, newest).startswith("A client's TLS handshake failed")


@pytest.mark.parametrize("beginning", [b"\x80\x2e\x01\x00\x02", b"\x15\x03\x01\x00\x02\x02\x28"])
def test_bytes_of_no_known_protocol_are_not_answered_as_http(
    simulator: Simulator, beginning: bytes
) -> None:
    with connect(simulator.settings.base_url, 10) as connection:
        connection.sendall(beginning)
        assert connection.recv(100) == b""


def test_tls_within_tls_is_not_told_to_use_http(
    simulator: Simulator, control: ControlClient, newest: int, trusting: ssl.SSLContext
) -> None:
    with secure(simulator, trusting) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")
        assert read_answer(connection, time.monotonic()).status == 400

    assert "first line is none of HTTP" in wait_for_note(control, newest)


def test_slow_handshakes_keep_nobody(simulator: Simulator, trusting: ssl.SSLContext) -> None:
    with ExitStack() as held:
        for number in range(40):
            slow = held.enter_context(connect(simulator.settings.base_url))
            slow.sendall(b"\x16\x03\x01\x02\x00\x01\x00"[: number % 8])
        with secure(simulator, trusting) as connection:
            connection.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_answer(connection, time.monotonic()).documented()["status"] == 1050


def test_a_farewell_ends_the_connection_and_not_the_server(
    simulator: Simulator, trusting: ssl.SSLContext
) -> None:
    for _ in range(2):
        with secure(simulator, trusting) as connection:
            connection.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_answer(connection, time.monotonic()).status == 200
            connection.unwrap().close()


@pytest.mark.slow
def test_workers_speak_it_too(tmp_path: Path) -> None:
    settings = Settings(port=0, control_port=0, data=str(tmp_path), tls_self_signed=True, workers=2)
    simulator = Simulator(settings)
    simulator.start()
    try:
        context = ssl.create_default_context(cafile=str(find_ca(str(tmp_path))))
        with secure(simulator, context) as connection:
            connection.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_answer(connection, time.monotonic()).documented()["status"] == 1050
    finally:
        simulator.stop()
