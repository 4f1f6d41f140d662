"""Credentials of any account are masked wherever an institution puts them, by their value."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import requests
from calls.insurer import BRANCHES, DECIDE, GET_ORDER, Insurer
from support.endpoint import Endpoint

from simulator.driver import ControlClient

Form = Callable[[str], str]
#: How a credential may be written inside of a text.
FORMS: list[Form] = [
    str,
    lambda secret: f"remark{secret}data",
    json.dumps,
    lambda secret: json.dumps({"text": json.dumps(secret).replace("/", "\\/")}),
    lambda secret: quote(secret, safe=""),
    lambda secret: secret.replace("+", " "),
]


def credentials_of(insurer: Insurer) -> dict[str, str]:
    """Return the account's credentials by their names."""
    letter = insurer.institution.letter
    return {
        "api_key": letter["api_key"],
        "api_secret": letter["api_secret"],
        "token": insurer.institution.token,
        "key": letter["rsa_sk"]["base64"],
        "pem": letter["rsa_sk"]["pem"],
    }


def find_leaks(text: str, insurer: Insurer) -> set[str]:
    """Return which of the account's credentials can be read in a text of the control API."""
    credentials = credentials_of(insurer)
    bare = text.replace("\\", "").replace("%2F", "/").replace("%2B", "+")
    bare += bare.replace(" ", "+")
    parts = {name: credentials[name] for name in ("api_key", "api_secret", "token")}
    lines = credentials["pem"].splitlines()[1:-1]
    parts.update({f"line {n}": line for n, line in enumerate(lines) if len(line) > 16})
    return {name for name, part in parts.items() if part in bare or part[:40] in bare}


def read_all(control: ControlClient, insurer: Insurer) -> str:
    """Return what the control API shows of an account, and the calls of no account."""
    platform, name = insurer.platform, insurer.platform.name
    shown = [
        control.get("journal", limit=100_000),
        control.get("accounts", name, "orders"),
        [platform.push(push["id"]) for push in platform.pushes()],
        control.get("accounts", name, "snapshot", with_personal_data="1"),
    ]
    return json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize("form", FORMS)
def test_anothers_credentials_as_values_and_names(
    insurer: Insurer, stranger: Insurer, control: ControlClient, form: Form
) -> None:
    for secret in credentials_of(stranger).values():
        text = form(secret)
        assert insurer.call(BRANCHES, insurer_name=text, remark=text)["status"] == 200
        insurer.send(GET_ORDER, order_no=text)
        insurer.send(GET_ORDER, order_no="1", **{f"x{text}"[:900]: "1"})
        insurer.send(text)

    shown = read_all(control, insurer)

    assert "[credential #" in shown
    assert find_leaks(shown, stranger) == set()


def test_credentials_in_calls_that_belong_to_no_account(
    insurer: Insurer, control: ControlClient
) -> None:
    institution = insurer.institution
    for secret in credentials_of(insurer).values():
        plain = json.dumps({"method": "get_access_token", "api_key": "x", "api_secret": secret})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in (plain, secret, f"{secret}=1&b=2", f"a={quote(secret)}"):
            requests.post(institution.url, data=body.encode(), headers=form, timeout=10)
        institution.post({"param": "x", "remark": secret, f"n{secret}": "1"})
        institution.post({"param": "x"}, {secret.replace("\n", ""): (secret, b"1")})
        requests.get(f"{institution.url}/{quote(secret)}", timeout=10)
        requests.put(institution.url, params={"x": secret}, timeout=10)

    assert find_leaks(read_all(control, insurer), insurer) == set()


def test_anothers_secret_in_the_note_of_an_orders_history(
    insurer: Insurer, stranger: Insurer, control: ControlClient, order: dict[str, Any]
) -> None:
    secret = credentials_of(stranger)["api_secret"]
    decided = {**insurer.decision(order, "1", "2"), "note": f"see {secret}."}

    assert insurer.call(DECIDE, **decided)["status"] == 200

    history = control.get("accounts", insurer.platform.name, "orders", order["order_no"])["history"]
    assert history[-1]["note"].startswith("see [credential #")
    assert find_leaks(read_all(control, insurer), stranger) == set()


def test_credentials_in_an_endpoints_answer(
    insurer: Insurer,
    stranger: Insurer,
    control: ControlClient,
    endpoint: Endpoint,
    order: dict[str, Any],
) -> None:
    known = credentials_of(stranger)
    body = {"status": 200, "remark": known, known["api_secret"]: 1, f"n{known['key']}": 2}
    endpoint.answers = [(200, json.dumps(body).encode())]
    insurer.bring(order, "WAIT_OFFER")
    insurer.platform.run()

    shown = read_all(control, insurer)

    assert "[credential #" in shown
    assert find_leaks(shown, stranger) == set()
    assert find_leaks(json.dumps(insurer.platform.pushes()), stranger) == set()
