"""1.1's stages in the order of P13: each with its code, the earlier one decides."""

from collections.abc import Mapping
from typing import Any

import pytest
from calls.insurer import ABSENT, Insurer, add_sign, drop_absent

from simulator import clock
from simulator.driver import ControlClient
from simulator.protocol import envelope

ELSEWHERE = ["192.0.2.0/24"]
#: What can be wrong, in the order of the stages: the code, and what the journal says.
STAGES = [
    ("sealed", 1000, "解密失败", "with the platform's "),
    ("method", 1006, "解密失败,token错误或已过期", "There is no access_token beside param"),
    ("api_key", 1002, "无权调用该接口", "has this api_key"),
    ("disabled", 1004, "无权调用该接口", "is disabled"),
    ("address", 1013, "无权调用该接口,不在IP白名单内", "came from 127.0.0.1"),
    ("api_secret", 1002, "无权调用该接口", "api_secret is not this account's"),
    ("sign", 1001, "验签失败", "is wrong: the base string"),
    ("timestamp", 404, "失败：timestamp", "timestamp is missing"),
]
NAMES = [stage[0] for stage in STAGES]


def request(insurer: Insurer, *wrong: str, **changes: Any) -> Any:
    """Ask for a token with these things wrong, and these parameters changed after signing."""
    institution, platform = insurer.institution, insurer.platform
    secret = institution.letter["api_secret"]
    parameters = {
        "method": "insurer_get_guarantee_info" if "method" in wrong else "get_access_token",
        "api_key": "f" * 32 if "api_key" in wrong else institution.letter["api_key"],
        "api_secret": "f" * 32 if "api_secret" in wrong else secret,
        "timestamp": ABSENT if "timestamp" in wrong else institution.timestamp(),
    }
    if "disabled" in wrong:
        platform.change(disabled=True)
    if "address" in wrong:
        platform.change(allow_list=ELSEWHERE)
    said = add_sign(drop_absent(parameters), "other" if "sign" in wrong else secret)
    key = institution.own_public if "sealed" in wrong else institution.common_public
    param = envelope.seal(drop_absent({**said, **changes}), key)
    return institution.post({"param": param})


def newest_note(control: ControlClient) -> str:
    return " ".join(note["en"] for note in control.get("journal")[-1]["notes"])


@pytest.mark.parametrize(("fault", "code", "remark", "why"), STAGES, ids=NAMES)
def test_each_stage_refuses_with_its_code(
    insurer: Insurer, control: ControlClient, fault: str, code: int, remark: str, why: str
) -> None:
    assert request(insurer, fault) == {"status": code, "data": remark}
    assert why in newest_note(control)


@pytest.mark.parametrize("position", range(len(STAGES)), ids=NAMES)
def test_a_stage_decides_before_all_that_follow(
    insurer: Insurer, control: ControlClient, position: int
) -> None:
    answer = request(insurer, *NAMES[position:])

    assert answer["status"] == STAGES[position][1]
    assert STAGES[position][3] in newest_note(control)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sign": ABSENT}, 1001),
        ({"sign": ""}, 1001),
        ({"sign": None}, 1001),
        ({"extra": "unsigned"}, 1001),
        ({"timestamp": "20300101000000"}, 1001),
        ({"method": ABSENT}, 1006),
        ({"method": ""}, 1006),
        ({"api_key": ABSENT}, 1002),
        ({"api_key": ""}, 1002),
        ({"api_secret": ABSENT}, 1002),
        ({"api_secret": None}, 1002),
    ],
)
def test_what_is_missing_or_was_changed_after_signing_is_refused(
    insurer: Insurer, changes: Mapping[str, Any], code: int
) -> None:
    assert request(insurer, **changes)["status"] == code


@pytest.mark.parametrize(
    "timestamp",
    [
        *("2030", "2030010100000", "2030-01-01 00:00:00", "now"),
        *("20304501000000", "20300230000000", "20300101240000", "203001016000"),
    ],
)
def test_a_timestamp_of_another_form_is_refused(insurer: Insurer, timestamp: str) -> None:
    answer = insurer.institution.request_token(timestamp=timestamp)

    assert answer == {"status": 404, "data": "失败：timestamp"}


@pytest.mark.parametrize(
    ("timestamp", "notes"),
    [
        ("20010203040506", ["The timestamp is far from now."]),
        (
            "200102030405",
            [
                "timestamp has 12 digits; send 14, yyyyMMddHHmmss (P9).",
                "The timestamp is far from now.",
            ],
        ),
    ],
)
def test_an_old_timestamp_is_accepted_and_noted(
    insurer: Insurer, timestamp: str, notes: list[str]
) -> None:
    assert insurer.institution.request_token(timestamp=timestamp)["status"] == 200

    said = insurer.notes()
    assert [note for note in notes if note in said] == notes


def test_a_timestamp_in_utc_is_accepted_and_named(insurer: Insurer) -> None:
    utc = clock.stamp(clock.wall_now() - 8 * 3600)

    assert insurer.institution.request_token(timestamp=utc)["status"] == 200
    assert "8 hours behind Asia/Shanghai, as UTC is" in insurer.notes()


def test_the_switch_limits_how_far_a_timestamp_may_be_off(insurer: Insurer) -> None:
    insurer.platform.switch(max_clock_skew=300)

    answer = insurer.institution.request_token(timestamp="20010203040506")

    assert answer == {"status": 404, "data": "失败：timestamp"}
    assert insurer.institution.request_token()["status"] == 200


def test_a_lower_case_sign_is_refused(insurer: Insurer) -> None:
    institution = insurer.institution
    stamp = institution.timestamp()
    credentials = {name: institution.letter[name] for name in ("api_key", "api_secret")}
    right = {"method": "get_access_token", **credentials, "timestamp": stamp}
    sign = add_sign(right, credentials["api_secret"])["sign"]

    for written, status in ((sign, 200), (sign.lower(), 1001)):
        param = envelope.seal({**right, "sign": written}, institution.common_public)
        assert institution.post({"param": param})["status"] == status


def test_an_account_that_is_enabled_again_gets_its_tokens(insurer: Insurer) -> None:
    assert request(insurer, "disabled")["status"] == 1004
    insurer.platform.change(disabled=False)

    assert request(insurer)["status"] == 200


@pytest.mark.parametrize(
    ("listed", "status"),
    [
        ([], 200),
        (["127.0.0.1"], 200),
        (["192.0.2.1", "127.0.0.0/8"], 200),
        (["::1", "127.0.0.1/32"], 200),
        (["127.0.0.2"], 1013),
        (["::1"], 1013),
    ],
)
def test_the_allow_list_takes_addresses_and_networks(
    insurer: Insurer, listed: list[str], status: int
) -> None:
    insurer.platform.change(allow_list=listed)

    assert request(insurer)["status"] == status


def test_an_insurers_api_key_is_unknown_at_the_guarantors_address(insurer: Insurer) -> None:
    insurer.institution.letter["platform"] = insurer.institution.url.replace("insurer", "guarantor")

    assert request(insurer)["status"] == 1002


def test_new_keys_end_the_old_secret_and_the_old_tokens(insurer: Insurer) -> None:
    old = insurer.institution
    assert old.token

    insurer.platform.post("keys", key_bits=1024)

    assert request(insurer)["status"] == 1002
    assert insurer.call("insurer_get_branch_insurers", insurer_name="x")["status"] == 1006
