"""Faults on calls: what the client sees on its socket, whether the call had an effect, the tag."""

import json
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from faults.conftest import Form
from support.institution import Institution
from support.platform import Platform

from simulator.fault_tag import FaultTag
from simulator.http_server import connection_faults
from simulator.operations.faults.fault_rules import LONGEST, RULES, WholeNumber

DECIDE = "insurer_apply_guarantee_result"
READ = "insurer_get_guarantee_info"
BEFORE, AFTER = "WAIT_TUNE_UP", "WAIT_OFFER"


def wire(url: str, fields: dict[str, str]) -> bytes:
    """Return a post as the bytes that a client sends."""
    body = urlencode(fields).encode()
    head = (
        f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    return head.encode() + body


def connect(url: str) -> socket.socket:
    place = urlsplit(url)
    assert place.hostname
    return socket.create_connection((place.hostname, place.port or 80), 20)


def talk(url: str, fields: dict[str, str]) -> tuple[bytes, str, float]:
    """Post on a socket; return what came, how the connection ended, and after how long."""
    begun, received = time.monotonic(), b""
    with connect(url) as connection:
        connection.sendall(wire(url, fields))
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            return received, "reset", time.monotonic() - begun
    return received, "closed", time.monotonic() - begun


def the_entry(platform: Platform, rule: dict[str, Any]) -> dict[str, Any]:
    """Return the only entry that the rule tagged; the rule has struck once."""
    tag = FaultTag(rule["rule"], rule["id"])
    [entry] = [each for each in platform.journal(direction="call") if each["faults"]]
    assert entry["faults"] == [tag.as_json()]
    assert all(any(str(tag) in note[word] for note in entry["notes"]) for word in ("en", "zh"))
    [kept] = platform.get("faults")
    assert (kept["hits"], kept["times"]) == (1, 0)
    return dict(entry)


@pytest.mark.parametrize(("value", "status"), [({}, 500), ({"status": 404}, 404)])
def test_http_error_answers_a_page_and_has_no_effect(
    platform: Platform,
    institution: Institution,
    form: Form,
    decision: dict[str, str],
    value: dict[str, int],
    status: int,
) -> None:
    rule = platform.fault("http_error", interface=DECIDE, value=value)

    answer = requests.post(institution.url, data=form(DECIDE, **decision), timeout=10)

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert str(status) in answer.text
    entry = the_entry(platform, rule)
    assert (entry["status"], entry["received"]) == (f"HTTP {status}", {})
    assert platform.state(decision["order_no"]) == BEFORE
    assert institution.call(DECIDE, **decision)["status"] == 200
    assert platform.state(decision["order_no"]) == AFTER


def test_reset_resets_the_connection_and_has_no_effect(
    platform: Platform, institution: Institution, form: Form, decision: dict[str, str]
) -> None:
    rule = platform.fault("reset", interface=DECIDE)

    received, end, _ = talk(institution.url, form(DECIDE, **decision))

    assert (received, end) == (b"", "reset")
    assert the_entry(platform, rule)["status"] == "reset"
    assert platform.state(decision["order_no"]) == BEFORE
    assert institution.call(DECIDE, **decision)["status"] == 200


def test_no_answer_closes_the_connection_in_its_time_and_has_no_effect(
    platform: Platform, institution: Institution, form: Form, decision: dict[str, str]
) -> None:
    rule = platform.fault("no_answer", interface=DECIDE, value={"seconds": 1})

    received, end, seconds = talk(institution.url, form(DECIDE, **decision))

    assert (received, end) == (b"", "closed")
    assert 0.9 < seconds < 3
    assert the_entry(platform, rule)["status"] == "no_answer"
    assert platform.state(decision["order_no"]) == BEFORE


@pytest.mark.parametrize(("value", "least"), [({}, 0.0), ({"seconds": 1}, 0.9)])
def test_lose_answer_does_the_call_and_loses_its_answer(
    platform: Platform,
    institution: Institution,
    form: Form,
    decision: dict[str, str],
    value: dict[str, int],
    least: float,
) -> None:
    rule = platform.fault("lose_answer", interface=DECIDE, value=value)

    received, end, seconds = talk(institution.url, form(DECIDE, **decision))

    assert (received, end) == (b"", "reset")
    assert least <= seconds < least + 2
    entry = the_entry(platform, rule)
    assert (entry["status"], entry["received"]["status"]) == ("200", 200)
    assert platform.state(decision["order_no"]) == AFTER


def test_lose_answer_loses_a_refusal_too(
    platform: Platform, institution: Institution, form: Form
) -> None:
    rule = platform.fault("lose_answer", interface=READ)

    assert talk(institution.url, form(READ, order_no="0"))[:2] == (b"", "reset")

    assert the_entry(platform, rule)["status"] == "1101"


def test_drip_does_the_call_and_answers_slowly(
    platform: Platform, institution: Institution, form: Form, decision: dict[str, str]
) -> None:
    rule = platform.fault("drip", interface=DECIDE, value={"seconds": 1})
    pieces, begun = [], time.monotonic()
    with connect(institution.url) as connection:
        connection.sendall(wire(institution.url, form(DECIDE, **decision)))
        while piece := connection.recv(65536):
            pieces.append(piece)

    head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    assert 0.8 < time.monotonic() - begun < 4
    assert len(pieces) >= 5
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert json.loads(body) == {"status": 200, "data": "成功"}
    assert the_entry(platform, rule)["status"] == "200"
    assert platform.state(decision["order_no"]) == AFTER


def test_a_read_time_out_of_a_library_does_not_end_a_drip(
    platform: Platform, institution: Institution, form: Form, order: dict[str, Any]
) -> None:
    """A time-out that starts anew with every byte never comes; that is what the rule is for."""
    platform.fault("drip", interface=READ, value={"seconds": 2})

    begun = time.monotonic()
    fields = form(READ, order_no=order["order_no"])
    answer = requests.post(institution.url, data=fields, timeout=0.7)

    assert answer.json()["status"] == 200
    assert time.monotonic() - begun > 1.5


def test_expire_token_ends_the_token_of_the_call_alone(
    platform: Platform, institution: Institution, decision: dict[str, str]
) -> None:
    first = institution.token
    institution.forget_token()
    other = institution.token
    rule = platform.fault("expire_token")

    assert institution.call(DECIDE, **decision)["status"] == 1006

    assert platform.state(decision["order_no"]) == BEFORE
    assert the_entry(platform, rule)["status"] == "1006"
    assert institution.call(DECIDE, **decision)["status"] == 1006
    [entry] = platform.journal(direction="call")[-1:]
    assert entry["faults"] == []
    assert "ended 0 s ago by the account's clock" in entry["notes"][0]["en"]
    institution._token = first
    assert institution.call(READ, order_no=decision["order_no"])["status"] == 200
    institution.forget_token()
    assert institution.token not in (first, other)
    assert institution.call(DECIDE, **decision)["status"] == 200


def test_expire_token_spares_who_asks_for_one(platform: Platform, institution: Institution) -> None:
    rule = platform.fault("expire_token", times=None)

    assert institution.request_token()["status"] == 200

    assert platform.get("faults") == [rule]


def test_the_oldest_rule_strikes_alone(platform: Platform, institution: Institution) -> None:
    platform.fault("answer", interface=READ, value={"code": 1102})
    platform.fault("expire_token", interface=READ)

    codes = [institution.call(READ, order_no="0")["status"] for _ in range(3)]

    assert codes == [1102, 1006, 1006]


def test_a_call_that_is_refused_at_the_door_is_not_struck(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    rule = platform.fault("reset", interface=READ, times=None)
    wrong = {**institution.sign(READ, order_no=order["order_no"]), "sign": "0" * 32}

    assert institution.send(wrong)["status"] == 1007
    assert platform.get("faults") == [rule]


def test_held_connections_cost_no_thread_and_nobody_waits(
    platform: Platform, institution: Institution, form: Form, order: dict[str, Any]
) -> None:
    """More clients wait for an answer than the server has threads; others are served at once."""
    platform.fault("no_answer", interface=READ, times=None, value={"seconds": 30})
    platform.fault("drip", interface="insurer_get_branch_insurers", times=None)
    fields = form(READ, order_no=order["order_no"])
    slow = form("insurer_get_branch_insurers", insurer_name="无")
    company = {"order_no": order["order_no"]}
    assert institution.call("insurer_get_order_company_info", **company)["status"] == 200
    with ExitStack() as stack:
        for each in (fields, slow) * 30:
            connection = stack.enter_context(connect(institution.url))
            connection.sendall(wire(institution.url, each))
            connection.setblocking(False)
        waited = time.monotonic()
        while len(platform.journal(direction="call", limit=1000)) < 62:
            assert time.monotonic() - waited < 20
            time.sleep(0.05)
        begun = time.monotonic()
        with ThreadPoolExecutor(4) as crowd:
            answers = list(
                crowd.map(
                    lambda _: institution.call("insurer_get_order_company_info", **company),
                    range(8),
                )
            )
        seconds = time.monotonic() - begun

    assert [answer["status"] for answer in answers] == [200] * 8
    assert seconds < 4
    assert platform.advance(0)["attempts"] == []


def test_a_pipelined_request_gets_its_answer_before_the_reset(
    platform: Platform, institution: Institution, form: Form, order: dict[str, Any]
) -> None:
    fields = form(READ, order_no=order["order_no"])
    company = form("insurer_get_order_company_info", order_no=order["order_no"])
    platform.fault("drip", interface=READ, value={"seconds": 1})
    received = b""
    with connect(institution.url) as connection:
        connection.sendall(wire(institution.url, company) + wire(institution.url, fields))
        while piece := connection.recv(65536):
            received += piece

    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.count(b'"status": 200') == 2


def test_the_door_lets_go_of_a_client_that_left(
    platform: Platform, institution: Institution, form: Form, order: dict[str, Any]
) -> None:
    platform.fault("drip", interface=READ, value={"seconds": 1}, times=2)
    fields = form(READ, order_no=order["order_no"])
    with connect(institution.url) as connection:
        connection.sendall(wire(institution.url, fields))
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert talk(institution.url, fields)[1] == "closed"
    assert institution.call(READ, order_no=order["order_no"])["status"] == 200


def test_nothing_is_held_longer_than_half_a_minute() -> None:
    held = [RULES[name].takes["seconds"] for name in ("no_answer", "drip", "lose_answer")]

    assert LONGEST == 30
    assert all(isinstance(each, WholeNumber) and each.most == LONGEST for each in held)
    assert connection_faults._MOST < 500
