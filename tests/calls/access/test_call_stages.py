"""The stages of a business call in the order of P13: each with its code, the earlier decides."""

from typing import Any

import pytest
from calls.insurer import ABSENT, GET_ORDER, Insurer, add_sign, drop_absent

from simulator.driver import ControlClient
from simulator.protocol import envelope

#: What can be wrong: the stage, the code, and what the journal says.
FAULTS = {
    "token": (1, 1006, "This access_token is unknown here"),
    "token over": (1, 1006, "The access_token ended 0 s ago"),
    "address": (2, 1014, "came from 127.0.0.1"),
    "sealed": (3, 1006, "param cannot be opened"),
    "no sign": (4, 1005, "carry no sign"),
    "sign": (5, 1007, "is wrong: the base string"),
    "no btc_id": (6, 1017, "btc_id is missing"),
    "btc_id of nobody": (6, 1020, "but the access_token belongs to"),
    "btc_id of another": (6, 1015, "but the access_token belongs to"),
    "no type": (7, 1019, "enter_institution_type is missing"),
    "type": (7, 1018, "for an insurer it is 4"),
    "disabled": (8, 1021, "has been disabled since"),
    "no method": (9, 1008, "There is no method ''"),
    "method of nobody": (9, 1008, "There is no method 'insurer_get_rich'"),
    "path": (10, 1010, "the address is /api/guarantor/v1"),
    "get_access_token": (10, 1010, "goes without an access_token"),
    "no timestamp": (11, 404, "timestamp is missing"),
    "no order": (11, 1100, "order_no is missing"),
    "order": (12, 1101, "There is no order 404"),
}
CHANGES: dict[str, dict[str, Any]] = {
    "no btc_id": {"btc_id": ABSENT},
    "btc_id of nobody": {"btc_id": "99999"},
    "no type": {"enter_institution_type": ""},
    "type": {"enter_institution_type": "2"},
    "no method": {"method": ABSENT},
    "method of nobody": {"method": "insurer_get_rich"},
    "get_access_token": {"method": "get_access_token"},
    "no timestamp": {"timestamp": ABSENT},
    "no order": {"order_no": ABSENT},
    "order": {"order_no": "404"},
}
# Each fault with the first one of every later stage.
FOLLOWED = {
    fault: [fault]
    + [
        next(name for name, other in FAULTS.items() if other[0] == stage)
        for stage in range(FAULTS[fault][0] + 1, 13)
    ]
    for fault in FAULTS
}


def call(insurer: Insurer, stranger: Insurer, order_no: str, wrong: list[str]) -> Any:
    """Read an order with these things wrong."""
    institution, platform = insurer.institution, insurer.platform
    token = "bm9ib2R5cyB0b2tlbg==" if "token" in wrong else institution.token
    parameters = {**institution.parameters(GET_ORDER, order_no=order_no)}
    for fault in reversed(wrong):
        parameters |= CHANGES.get(fault, {})
    if "btc_id of another" in wrong:
        parameters["btc_id"] = str(stranger.institution.letter["btc_id"])
    said = add_sign(
        drop_absent(parameters), "x" if "sign" in wrong else institution.letter["api_secret"]
    )
    if "no sign" in wrong:
        del said["sign"]
    key = (stranger.institution if "sealed" in wrong else institution).own_public
    if "path" in wrong:
        institution.letter["platform"] = institution.url.replace("insurer", "guarantor")
    if "address" in wrong:
        platform.change(allow_list=["192.0.2.0/24"])
    if "disabled" in wrong:
        platform.change(disabled=True)
    if "token over" in wrong:
        platform.advance(7200)
    return institution.post({"param": envelope.seal(said, key), "access_token": token})


def newest_note(control: ControlClient) -> str:
    return " ".join(note["en"] for note in control.get("journal")[-1]["notes"])


@pytest.mark.parametrize("fault", FAULTS)
def test_each_stage_refuses_with_its_code(
    insurer: Insurer, stranger: Insurer, order: Any, control: ControlClient, fault: str
) -> None:
    answer = call(insurer, stranger, order["order_no"], [fault])

    assert answer["status"] == FAULTS[fault][1]
    assert FAULTS[fault][2] in newest_note(control)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stage_decides_before_all_that_follow(
    insurer: Insurer, stranger: Insurer, order: Any, control: ControlClient, fault: str
) -> None:
    answer = call(insurer, stranger, order["order_no"], FOLLOWED[fault])

    assert answer["status"] == FAULTS[fault][1]
    assert FAULTS[fault][2] in newest_note(control)


def test_the_same_call_without_a_fault_is_served(
    insurer: Insurer, stranger: Insurer, order: Any
) -> None:
    assert call(insurer, stranger, order["order_no"], [])["status"] == 200


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"btc_id": ABSENT}, "参数缺失：btc_id"),
        ({"enter_institution_type": ABSENT}, "参数缺失：btc_id：enter_institution_type"),
        ({"enter_institution_type": "1"}, "非法的保险公司"),
        ({"btc_id": "1"}, "非法的保险公司"),
        ({"btc_id": "x"}, "非法的保险公司"),
        ({"btc_id": "9" * 5000}, "非法的保险公司"),
        ({"method": "get_access_token"}, "无权调用该接口"),
        ({"sign": "0" * 32}, "验签失败"),
        ({"order_no": ABSENT}, "参数缺失：order_no"),
    ],
)
def test_a_refusal_says_the_printed_remark(insurer: Insurer, changes: Any, remark: str) -> None:
    parameters = insurer.sign(GET_ORDER, **{"order_no": "1", **changes})
    if "sign" in changes:
        parameters |= changes

    assert insurer.institution.send(parameters)["data"] == remark


def test_an_account_disabled_later_is_refused_and_served_again_when_enabled(
    insurer: Insurer, order: Any
) -> None:
    insurer.read(order)

    insurer.platform.change(disabled=True)
    assert insurer.call(GET_ORDER, order_no=order["order_no"]) == {
        "status": 1021,
        "data": "非法的保险公司",
    }
    insurer.platform.change(disabled=False)
    insurer.read(order)


def test_a_token_whose_plus_became_a_blank_is_refused_with_a_hint(
    insurer: Insurer, control: ControlClient
) -> None:
    institution = insurer.institution
    param = envelope.seal(insurer.sign(GET_ORDER, order_no="1"), institution.own_public)

    answer = institution.post({"param": param, "access_token": institution.token.replace("+", " ")})

    assert answer == {"status": 1006, "data": "解密失败,token错误或已过期"}
    assert "not URL-encoded, so each + arrived as a blank space" in newest_note(control)


def test_a_token_request_beside_a_living_token_is_served_with_a_warning(insurer: Insurer) -> None:
    institution = insurer.institution
    letter = institution.letter
    credentials = {name: letter[name] for name in ("api_key", "api_secret")}
    parameters = {"method": "get_access_token", **credentials, "timestamp": institution.timestamp()}
    param = envelope.seal(add_sign(parameters, letter["api_secret"]), institution.common_public)

    answer = institution.post({"param": param, "access_token": institution.token})

    assert answer["status"] == 200
    assert answer["data"]["access_token"] != institution.token
    assert "leave that field out" in insurer.notes()


def test_a_business_call_sealed_with_the_common_key_is_refused(insurer: Insurer) -> None:
    institution = insurer.institution
    param = envelope.seal(insurer.sign(GET_ORDER, order_no="1"), institution.common_public)

    answer = institution.post({"param": param, "access_token": institution.token})

    assert answer["status"] == 1006
    assert "the account's own public key (rsa_pk)" in insurer.notes()


def test_a_token_opens_no_other_account(insurer: Insurer, stranger: Insurer) -> None:
    institution = insurer.institution
    param = envelope.seal(insurer.sign(GET_ORDER, order_no="1"), institution.own_public)

    answer = institution.post({"param": param, "access_token": stranger.institution.token})

    assert answer["status"] == 1006
