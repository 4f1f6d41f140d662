"""After a guarantee's whole life and refused calls no credential is visible anywhere."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from hostile.process import Process, running
from support.institution import Institution

from simulator.cli.accounts import letters
from simulator.cli.demo import command as demo
from simulator.cli.demo.insurer import InsurerStory
from simulator.driver import Account, ControlClient
from simulator.errors import SimulatorError
from simulator.protocol import envelope, rsa

ACCOUNT = "demo"
#: What may show credentials: the letter, and the answer to a renewal of keys.
LISTS = ("orders", "guarantees", "invoices", "claims", "pushes", "journal", "faults", "clock")


@pytest.fixture(scope="module")
def open_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A simulator whose control API asks for a token."""
    folder = tmp_path_factory.mktemp("secrets")
    with running(folder, "--control-host", "0.0.0.0") as process:
        yield process


def secrets_of(letter: dict[str, Any]) -> dict[str, str]:
    """Return what must not be shown, by its name; a PEM's lines one by one."""
    pem = letter["rsa_sk"]["pem"].splitlines()[1:-1]
    found = {f"rsa_sk, line {number}": line for number, line in enumerate(pem) if len(line) > 30}
    return {**found, "api_secret": letter["api_secret"], "api_key": letter["api_key"]}


def live(control: ControlClient, letter: dict[str, Any]) -> None:
    """Live a guarantee's whole life."""
    with demo._institution(letter) as address:
        pushes = control.get("lookup")["pushes"]["insurer"]
        endpoints = letters.reference_endpoints(address, pushes)
        account = Account(control, "demo")
        account.change(endpoints=endpoints)
        account.freeze()
        InsurerStory(account, address, lambda line: None, "en").run()


def refused_calls(institution: Institution) -> Iterator[requests.Response]:
    """Make calls that are refused, credentials in all the wrong places."""
    letter, token, url = institution.letter, institution.token, institution.url
    get = "insurer_get_guarantee_info"
    secrets = (letter["api_secret"], letter["api_key"], token, letter["rsa_sk"]["base64"])
    for secret in secrets:
        signed = institution.sign(get, order_no=secret, remark=secret)
        for key in (institution.own_public, institution.common_public):
            fields = {"param": envelope.seal(signed, key), "access_token": token}
            yield requests.post(url, data=fields, timeout=30)
        yield requests.post(url, data={**fields, "param": secret}, timeout=30)
        yield requests.post(url, data={"param": json.dumps(signed)}, timeout=30)
        yield requests.post(url, json={"param": secret}, timeout=30)
        yield requests.get(url, params={"param": secret, "access_token": token}, timeout=30)
        yield requests.get(f"{url}/show.php", params={"sss": secret}, timeout=30)
    wrong = {**institution.sign(get, order_no="1"), "sign": "0" * 32}
    yield requests.post(
        url,
        data={"param": envelope.seal(wrong, institution.own_public), "access_token": token},
        timeout=30,
    )
    for changes in ({"api_secret": "wrong"}, {"api_key": "wrong"}, {"method": get}, {"sign": ""}):
        parameters = {
            "method": "get_access_token",
            "api_key": letter["api_key"],
            "api_secret": letter["api_secret"],
            "timestamp": institution.timestamp(),
            **changes,
        }
        for key in (institution.common_public, institution.own_public):
            param = envelope.seal(parameters, key)
            yield requests.post(url, data={"param": param}, timeout=30)
    raw = json.dumps(letter).encode()
    sealed = base64.b64encode(rsa.seal(raw, institution.own_public)).decode()
    yield requests.post(url, data={"param": sealed, "access_token": token}, timeout=30)


def read_everything(control: ControlClient) -> Iterator[tuple[str, str]]:
    """Yield everything that the control API shows, with its path."""
    for path in (("accounts",), ("health",), ("lookup",), ("openapi.json",), ("journal",)):
        yield "/".join(path), json.dumps(control.get(*path), ensure_ascii=False)
    yield ACCOUNT, json.dumps(control.get("accounts", ACCOUNT), ensure_ascii=False)
    for name in LISTS:
        yield name, json.dumps(control.get("accounts", ACCOUNT, name), ensure_ascii=False)
    for push in control.get("accounts", ACCOUNT, "pushes"):
        found = control.get("accounts", ACCOUNT, "pushes", str(push["id"]))
        yield f"push {push['id']}", json.dumps(found, ensure_ascii=False)


def test_no_credential_is_shown(open_process: Process) -> None:
    control = ControlClient(open_process.control, open_process.token)
    letter = control.get("accounts", ACCOUNT, "letter")
    live(control, letter)
    institution = Institution(letter)
    answers = [answer.text for answer in refused_calls(institution)]
    with pytest.raises(SimulatorError) as error:
        ControlClient(open_process.control, f"{open_process.token}x").get("accounts")

    secrets = {
        **secrets_of(letter),
        "access_token": institution.token,
        "access_token's end": institution.token[-60:],
        "control_token": open_process.token,
    }
    assert len(open_process.token) >= 40
    looked = [*read_everything(control), ("stderr", open_process.errors())]
    looked += [("answer", text) for text in answers] + [("error", str(error.value))]
    leaks = {
        (place, name)
        for place, text in looked
        for name, secret in secrets.items()
        if secret in text or json.dumps(secret)[1:-1] in text
    }
    assert leaks == set()
    assert len(answers) > 30
    assert sum(len(text) for _, text in looked) > 100_000


def test_new_keys_are_shown_once(open_process: Process) -> None:
    control = ControlClient(open_process.control, open_process.token)
    control.post("accounts", name="renewed", key_bits=1024)

    letter = control.post("accounts", "renewed", "keys")

    text = json.dumps(control.get("accounts", "renewed"))
    assert not any(secret in text for secret in secrets_of(letter).values())


def test_secrets_are_compared_in_constant_time() -> None:
    named = r"(?:secret|token|password|mark|fingerprint|api_key|digest)\w*(?:\[\w+\])?"
    compared = re.compile(rf"\b{named}\s*(?:==|!=)|(?:==|!=)\s*[\w.]*\b{named}\b")
    #: A database's index finds these, by a digest or by what is no secret alone.
    found_by_index = (".digest == bindparam(", "Account.api_key ==")
    found = [
        f"{path}:{number}: {line.strip()}"
        for folder in ("simulator", "reference_institution")
        for path in sorted((Path(__file__).parents[2] / folder).rglob("*.py"))
        if path.parts[-2] not in ("diagnosis", "cli")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if compared.search(line) and not any(known in line for known in found_by_index)
    ]
    print("\n".join(found))
    assert [line for line in found if '"' not in line] == []
