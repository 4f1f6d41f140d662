"""The journal: one entry for each call, decrypted, explained, and free of credentials."""

import json
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from calls.insurer import ABSENT, BRANCHES, DECIDE, FILE_URL, GET_ORDER, Insurer
from support.endpoint import Endpoint

from simulator.driver import ControlClient
from simulator.fault_tag import FaultTag
from simulator.protocol import envelope


def newest(control: ControlClient) -> int:
    return int(control.get("journal", limit=1)[-1]["id"])


def test_an_accepted_call_leaves_one_entry_with_all_that_was_said(
    insurer: Insurer, control: ControlClient, order: dict[str, Any]
) -> None:
    parameters = insurer.sign(DECIDE, **insurer.decision(order, "1", "1"))
    assert insurer.institution.token
    before = newest(control)

    insurer.institution.send(parameters)

    [entry] = control.get("journal", after=before)
    names = ("direction", "interface", "about", "status", "peer", "notes", "faults")
    assert {name: entry[name] for name in names} == {
        "direction": "call",
        "interface": "insurer/2.4",
        "about": order["order_no"],
        "status": "200",
        "peer": "127.0.0.1",
        "notes": [],
        "faults": [],
    }
    assert entry["btc_id"] == insurer.institution.letter["btc_id"]
    assert entry["sent"]["params"] == parameters
    assert entry["received"] == {"status": 200, "data": "成功"}
    joined = "".join(name + parameters[name] for name in sorted(parameters) if name != "sign")
    assert entry["sent"]["base"] == f"[api_secret]{joined}[api_secret]"
    assert list(entry["sent"]["fields"]) == ["access_token"]
    assert insurer.platform.journal(after=before) == [entry]


# What is changed in a right call, its code, and the sentence that says why.
REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"order_no": ABSENT}, "1100", "order_no is missing (insurer/2.3)."),
    ({"order_no": "404"}, "1101", "There is no order 404."),
    (
        {"timestamp": "x"},
        "404",
        "timestamp does not have the manual's format: 'x' (insurer/2.3; Time of the message, "
        "yyyyMMddHHmmss, Asia/Shanghai).",
    ),
    ({"btc_id": ABSENT}, "1017", "btc_id is missing."),
    ({"enter_institution_type": "1"}, "1018", "enter_institution_type is 1; for an insurer it"),
    ({"method": "x"}, "1008", "There is no method 'x'; the methods are: get_access_token"),
]


@pytest.mark.parametrize(("changes", "status", "why"), REFUSALS)
def test_a_refused_call_leaves_one_entry_that_says_why(
    insurer: Insurer, control: ControlClient, changes: Any, status: str, why: str
) -> None:
    parameters = insurer.sign(GET_ORDER, **{"order_no": "1", **changes})
    assert insurer.institution.token
    before = newest(control)

    answer = insurer.institution.send(parameters)

    [entry] = insurer.platform.journal(after=before)
    assert (entry["status"], entry["received"]) == (status, answer)
    assert entry["notes"][-1]["en"].startswith(why)
    assert entry["notes"][-1]["zh"]
    assert entry["sent"]["params"] == parameters
    assert control.get("journal", after=before) == [entry]


def test_a_wrong_sign_is_told_the_right_one(insurer: Insurer) -> None:
    right = insurer.sign(BRANCHES, insurer_name="无")

    insurer.institution.send({**right, "sign": "0" * 32})

    assert insurer.notes() == (
        f"The sign {'0' * 32} is wrong: the base string of this entry with the account's "
        f"api_secret gives {right['sign']}."
    )


def test_a_call_that_an_ended_token_makes_stands_in_its_accounts_journal(
    insurer: Insurer,
) -> None:
    assert insurer.institution.token
    insurer.platform.advance(7200)

    insurer.call(BRANCHES, insurer_name="无")

    assert insurer.entry()["status"] == "1006"
    assert "ended 0 s ago" in insurer.notes()


def test_calls_of_nobodys_stand_in_the_whole_journal_alone(
    insurer: Insurer, control: ControlClient
) -> None:
    institution = insurer.institution
    before = newest(control) if control.get("journal") else 0

    institution.request_token(api_key="f" * 32)
    institution.post({"param": "x"})
    institution.post({"param": "x", "access_token": "x"})
    institution.post({})
    requests.put(institution.url, timeout=10)

    entries = control.get("journal", after=before)
    assert [entry["status"] for entry in entries] == ["1002", "1000", "1006", "1050", "1050"]
    assert {entry["btc_id"] for entry in entries} == {None}
    assert all(entry["notes"] for entry in entries)
    assert insurer.platform.journal() == []


def test_an_answer_forced_by_a_rule_is_tagged(insurer: Insurer) -> None:
    rule = insurer.platform.fault("answer", interface=BRANCHES, value={"code": 1021})

    assert insurer.call(BRANCHES, insurer_name="无")["status"] == 1021

    assert insurer.entry()["faults"] == [FaultTag("answer", rule["id"]).as_json()]
    assert "nothing is wrong with the call" in insurer.notes()
    assert insurer.call(BRANCHES, insurer_name="无")["status"] == 200


def test_files_are_told_by_their_size(insurer: Insurer, order: dict[str, Any]) -> None:
    insurer.bring(order, "WAIT_OUT_GUARANTEE")

    insurer.issue(order, b"no PDF")

    assert insurer.entry()["sent"]["files"] == {"guarantee_pdf": 6}


def tokens_of(answer: Any) -> list[str]:
    """Return the tokens in all file URLs of an answer."""
    found = []
    for word in json.dumps(answer).replace('"', " ").split():
        if word.startswith("http") and "access_token=" in word:
            found += parse_qs(urlsplit(word).query)["access_token"]
    return found


def test_no_credential_ever_stands_in_the_journal_or_the_pushes(
    insurer: Insurer, endpoint: Endpoint, control: ControlClient, order: dict[str, Any]
) -> None:
    institution, platform = insurer.institution, insurer.platform
    letter = institution.letter
    insurer.bring(order, "HAS_OUT_GUARANTEE")
    data = insurer.read(order)
    url = data["guarantee_sign_files"][0]["file_url"]
    renewed = insurer.call(FILE_URL, file_id=data["attach_files"][0]["file_id"])
    claim = platform.post("claims", order_no=order["order_no"])
    platform.run()
    notice = institution.open(endpoint.posts[-1].fields["param"])
    names = ("claim_no", "guarantee_no", "principal", "creditor")
    asked = {name: notice[name] for name in names}
    detail = insurer.call("get_claim_detail", guarantor=order["accept_insurer"], **asked)
    assert detail["data"]["claim_no"] == claim["claim_no"]
    # What goes wrong in practice: a whole URL as the id, credentials in the wrong place.
    insurer.call(FILE_URL, file_id=url)
    insurer.call(GET_ORDER, order_no=url)
    insurer.call(BRANCHES, insurer_name=url, access_token=institution.token)
    insurer.send(GET_ORDER, order_no="1", timestamp=url)
    insurer.send(GET_ORDER, order_no="1", method=url)
    insurer.send(GET_ORDER, order_no="1", btc_id=url)
    insurer.call(BRANCHES, insurer_name=institution.token, remark=letter["api_secret"])
    insurer.call(BRANCHES, insurer_name="无", api_key=letter["api_key"])
    insurer.call(BRANCHES, insurer_name="无", api_secret=letter["api_secret"])
    param = envelope.seal(insurer.sign(BRANCHES), institution.own_public)
    institution.post({"param": param, "access_token": institution.token.replace("+", " ")})
    institution.post({"param": param, "access_token": f"{institution.token}x"})
    institution.post({"access_token": institution.token, "api_secret": letter["api_secret"]})
    institution.request_token(api_secret="0" * 32)
    institution.request_token(sign="0" * 32)
    requests.get(url, timeout=10)
    requests.get(f"{url}x", timeout=10)

    secrets = {letter["api_secret"], letter["api_key"], institution.token}
    file_tokens = [*tokens_of(data), *tokens_of(renewed), *tokens_of(notice), *tokens_of(detail)]
    assert len(file_tokens) == 5
    secrets |= {*file_tokens, institution.token.replace("+", " ")}
    shown = json.dumps(
        [
            control.get("journal", limit=100_000),
            platform.pushes(),
            [platform.push(push["id"]) for push in platform.pushes()],
        ],
        ensure_ascii=False,
    )
    assert "[access_token #" in shown
    for secret in secrets:
        assert secret not in shown
        assert quote(secret, safe="") not in shown
