"""What the answers of actions and probes say, and what fills a target file's placeholders."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance_tests.scenarios.files import vocabulary
from conformance_tests.suite.rules.outcomes import Blocked
from conformance_tests.suite.target import answers, placeholders
from conformance_tests.suite.target.patience import Patience
from conformance_tests.suite.target.triggers import Triggers
from simulator.errors import SimulatorError

ORDERS = {"data": [{"no": "A", "state": {"code": "CANCEL"}}, {"no": "B", "state": {"code": "X"}}]}


@pytest.mark.parametrize(
    ("content", "way", "number"),
    [
        (3, {}, 3),
        ("4", {}, 4),
        ({"data": {"count": 2}}, {"count": "data.count"}, 2),
        ({"data": {"count": "2"}}, {"count": "$.data['count']"}, 2),
        (ORDERS, {"count": "data"}, 2),
        (ORDERS, {"count": "$.data[*].no"}, 2),
        (ORDERS, {"count": "$..code", "equals": "CANCEL"}, 1),
        (ORDERS, {"count": "$.data[?(@.state.code=='CANCEL')]"}, 1),
        (ORDERS, {"count": "$.data[0].state.code", "equals": "CANCEL"}, 1),
        (ORDERS, {"count": "$.data[-1].state.code", "equals": "CANCEL"}, 0),
        (ORDERS, {"count": "$.data[?(@.no=='Z')]"}, 0),
        (["a", "b", "a"], {"equals": "a"}, 2),
        ({"cancelled": True}, {"count": "cancelled"}, 1),
        ({"cancelled": False}, {"count": "cancelled", "equals": False}, 1),
        ("<td>A-1</td>", {"contains": "A-1"}, 1),
        ("<td>A-1</td>", {"contains": "A-2"}, 0),
    ],
)
def test_a_probe_counts_compares_and_searches(content: Any, way: Any, number: int) -> None:
    counted = answers.count(content, str(content), way)

    assert (counted.number, counted.absent is None) == (number, "Z" not in str(way))


@pytest.mark.parametrize("content", [{}, None, {"data": None}, {"data": {"count": None}}])
def test_a_member_that_is_absent_is_0_and_said(content: Any) -> None:
    counted = answers.count(content, "HTTP 200 {}", {"count": "data.count"})

    assert counted.number == 0
    assert counted.absent is not None
    assert "data.count" in counted.absent.zh


@pytest.mark.parametrize("place", ["$.a[", "$a", "a..", "$.a[?(@.b>1)]"])
def test_a_path_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(SimulatorError, match="no place in JSON"):
        answers.find({}, place)


@pytest.mark.parametrize(
    ("content", "fails", "refused"),
    [
        ({"ok": False}, None, True),
        ({"success": False}, None, True),
        ({"ok": True}, None, False),
        ({"status": 500}, None, False),
        ({"code": 7}, {"at": "code", "equals": 7}, True),
        ({"code": "0"}, {"at": "code", "equals": 7}, False),
        ({"error": "no such order"}, {"at": "error"}, True),
        ({"error": None}, {"at": "error"}, False),
        ({"message": "订单不存在"}, {"contains": "不存在"}, True),
        ({"ok": False}, {"at": "code", "equals": 7}, False),
    ],
)
def test_an_answer_says_that_nothing_was_done(content: Any, fails: Any, refused: bool) -> None:
    said = json.dumps(content, ensure_ascii=False)

    assert answers.says_no(content, said, fails) is refused


def test_an_action_that_says_no_under_http_200_is_not_done(tmp_path: Path) -> None:
    triggers = Triggers(tmp_path, None, Patience(1, 0, tmp_path / "patience"))

    done = triggers.set_off("offer", {"command": ["echo", '{"ok": false}']}, {})
    other = triggers.set_off(
        "offer", {"command": ["echo", "no {order_no}"], "fails": {"contains": "no {order_no}"}}, {}
    )

    assert (done.succeeded, other.succeeded) == (False, False)


def test_an_action_that_cannot_be_reached_is_told_without_a_librarys_words(
    tmp_path: Path,
) -> None:
    triggers = Triggers(tmp_path, None, Patience(1, 0, tmp_path / "patience"))

    with pytest.raises(Blocked) as raised:
        triggers.set_off("offer", {"http": {"url": "http://127.0.0.1:1/x"}}, {})

    assert raised.value.text.zh == "`offer` 无法连接（127.0.0.1:1: Connection refused）"


def test_everything_in_the_letter_is_a_placeholder() -> None:
    letter = {
        **{name: f"<{name}>" for name in ("platform", "access_party", "api_key", "company")},
        "btc_id": 7,
        "rsa_sk": {"pem": "-----", "base64": "MII"},
    }

    values = placeholders.of_letter(letter)

    assert values["btc_id"] == "7"
    assert set(vocabulary.PLACEHOLDERS) == set(placeholders.ACTION), "a scenario gives the same"
    assert placeholders.fill("{access_party} {rsa_sk} {other}", values) == (
        "<access_party> MII {other}"
    )
