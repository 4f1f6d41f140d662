"""The character NUL, which PostgreSQL keeps in no text: documented codes on either database."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from calls.insurer import POLICY, Insurer
from calls.mutations import insurer_with_business, right_calls
from pushes.wire import answering, raw_server

from simulator import paths
from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.protocol.catalogue import Catalogue, Parameter

CATALOGUE = Catalogue.load(paths.schemas())
TOKEN_METHOD = "get_access_token"
METHODS = sorted(str(call.method) for call in CATALOGUE.of_kind("insurer", "call"))
#: What is judged before the table is, and by other rules.
BEFORE = {
    "method": {1006, 1008},
    "btc_id": {1020},
    "enter_institution_type": {1018},
    "api_key": {1002},
    "api_secret": {1002},
    "sign": {1001, 1007},
}


@pytest.fixture(scope="module")
def insurer(control: ControlClient) -> Iterator[Insurer]:
    """An insurer with business that the calls are about."""
    with insurer_with_business(control, "nul") as insurer:
        yield insurer


def called(insurer: Insurer, method: str, changes: Mapping[str, Any]) -> Any:
    """Make a call that is right but for the changes; its sign is right unless it is changed."""
    institution = insurer.institution
    if method == TOKEN_METHOD:
        return institution.request_token(**changes)
    files = {file.name: ("a\x00.pdf", POLICY) for file in _call(method).files}
    whole = {**right_calls(insurer)[method], **changes}
    return institution.send({**insurer.sign(method, **whole), **_kept_sign(changes)}, files)


def _kept_sign(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in changes.items() if name == "sign"}


def _call(method: str) -> Any:
    return CATALOGUE.call("insurer", method)


def expect_codes(parameter: Parameter) -> set[int]:
    if parameter.conditional:
        return {200, 2427, parameter.invalid}
    return BEFORE.get(parameter.name, {parameter.invalid})


@pytest.mark.parametrize("method", METHODS)
def test_a_parameter_with_it_is_invalid(insurer: Insurer, method: str) -> None:
    for parameter in _call(method).parameters:
        for text in (
            "\x00",
            "a\x00b",
            f"{right_calls(insurer)[method].get(parameter.name, '')}\x00",
        ):
            if method == TOKEN_METHOD and parameter.name == "sign":
                continue
            answer = called(insurer, method, {parameter.name: text})
            assert answer["status"] in expect_codes(parameter), (parameter.name, text, answer)
            entry = insurer.platform.journal(strays=1)[-1]
            assert entry["status"] == str(answer["status"])


def test_the_journal_replaces_it_where_it_is_searched(insurer: Insurer) -> None:
    assert called(insurer, "insurer_get_guarantee_info", {"order_no": "x\x00y"})["status"] == 1101

    [entry] = insurer.platform.journal(about="x\ufffdy")
    assert insurer.platform.journal(about="x\x00y") == [entry]
    assert insurer.platform.journal(text="x\x00y") == [entry]


def test_the_control_api_says_that_there_is_no_such_thing(insurer: Insurer) -> None:
    platform, name = insurer.platform, "a\x00b"
    for ask in (
        lambda: platform.control.get("accounts", name),
        lambda: platform.control.delete("accounts", name),
        lambda: platform.order(name),
        lambda: platform.get("files", name),
        lambda: platform.post("claims", order_no=name),
        lambda: platform.post("invoices", order_nos=[name]),
        lambda: platform.post("guarantees", "query", guarantee_no=name),
    ):
        with pytest.raises(SimulatorError, match=r"[Tt]here (is|are) no|has no"):
            ask()


def test_an_order_may_be_made_with_it(insurer: Insurer) -> None:
    made = insurer.platform.create_order(order_no="77", principal="a\x00b")

    assert insurer.platform.order("77")["principal"] == "a\ufffdb"
    assert insurer.read(made)["principal"] == "a\ufffdb"


def test_an_endpoint_may_answer_with_it(insurer: Insurer) -> None:
    platform = insurer.platform
    number = platform.create_order()["order_no"]
    platform.freeze()
    platform.post("orders", number, "cancel")
    answer = b"HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 27\r\n\r\n"
    with raw_server(answering(answer + b'{"status":200,"a":"\\u0000"}')) as url:
        platform.change(endpoints={"order_status": url})
        push = platform.pushes(about=number)[-1]["id"]
        shown = platform.post("pushes", str(push), "resend")

    assert shown["state"] == "acknowledged"
    assert shown["answer"] == {"status": 200, "a": "\x00"}
