"""Of a call that was not opened the journal keeps what came: type, size, first letters, headers."""

import json
from typing import Any

import requests
from calls.insurer import BRANCHES, Insurer

from simulator.driver import ControlClient


def post(insurer: Insurer, control: ControlClient, body: bytes, kind: str) -> dict[str, Any]:
    """Post a body and return what the journal kept of it."""
    headers = {"Content-Type": kind, "X-Trace": "secret-of-a-proxy"}
    requests.post(insurer.institution.url, data=body, headers=headers, timeout=10)
    [entry] = control.get("journal", limit=1)
    assert "secret-of-a-proxy" not in json.dumps(entry)
    return dict(entry["sent"]["posted"])


def test_a_body_that_is_no_form(insurer: Insurer, control: ControlClient) -> None:
    body = b'{"method": "get_access_token"}'

    kept = post(insurer, control, body, "application/json")

    assert kept["content_type"] == "application/json"
    assert (kept["bytes"], kept["beginning"]) == (len(body), body.decode())
    assert {"X-Trace", "Host", "Content-Length"} <= set(kept["headers"])


def test_a_long_body_of_any_bytes_is_cut(insurer: Insurer, control: ControlClient) -> None:
    kept = post(insurer, control, b"\x00\xff" * 100_000, "application/octet-stream")

    assert kept["bytes"] == 200_000
    assert kept["beginning"] == "\ufffd" * 300


def test_a_credential_at_the_cut_is_masked(insurer: Insurer, control: ControlClient) -> None:
    letter, token = insurer.institution.letter, insurer.institution.token
    for secret in (letter["api_secret"], token, letter["rsa_sk"]["base64"]):
        kept = post(insurer, control, b"<" * 280 + secret.encode(), "text/xml")

        assert kept["beginning"] == "<" * 280 + "[credential #" + kept["beginning"][293:]
        assert len(kept["beginning"]) == 300


def test_a_param_that_does_not_open_and_one_that_does(insurer: Insurer) -> None:
    insurer.institution.post({"param": "A" * 344, "access_token": insurer.institution.token})

    kept = insurer.entry()["sent"]["posted"]

    assert kept["content_type"] == "application/x-www-form-urlencoded"
    assert kept["beginning"].startswith("param=AAAA")
    assert insurer.call(BRANCHES, insurer_name="无")["status"] == 200
    assert "posted" not in insurer.entry()["sent"]


def test_a_request_that_is_no_post(insurer: Insurer, control: ControlClient) -> None:
    requests.put(insurer.institution.url, data=b"{}", timeout=10)

    [entry] = control.get("journal", limit=1)
    assert entry["sent"]["posted"]["bytes"] == 2
    assert entry["sent"]["posted"]["beginning"] == ""
