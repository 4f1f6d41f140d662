"""When a fault rule strikes: interface, about, attempt, how often; and how it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from pushes.conftest import Issued
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.domain.switches import SWITCHES
from simulator.errors import SimulatorError
from simulator.fault_tag import FaultTag
from simulator.operations.faults.fault_rules import RULES

Notice = Callable[..., int]


def list_struck(platform: Platform, push: int) -> list[int]:
    """Return the numbers of the attempts that a rule struck."""
    return [made["number"] for made in platform.push(push)["attempts"] if made["faults"]]


def test_a_rule_strikes_its_interface_alone(
    platform: Platform, endpoint: Endpoint, issued: Issued
) -> None:
    platform.fault("no_delivery", interface="claim", times=None)
    platform.post("orders", issued.order_no, "finish")
    platform.post("claims", order_no=issued.order_no)
    platform.advance(0)

    by_name = {push["name"]: list_struck(platform, push["id"]) for push in platform.pushes()}

    assert by_name == {"order_status": [], "claim": [1]}


def test_a_rule_strikes_what_it_is_about_alone(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    other = platform.create_order()["order_no"]
    platform.fault("lose_ack", about=other, times=None)
    first, second = notice(), notice(other)
    platform.advance(15)

    assert (list_struck(platform, first), list_struck(platform, second)) == ([], [1, 2])


def test_a_rule_strikes_its_attempt_alone(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    platform.fault("no_delivery", attempt=3, times=None)
    push = notice()
    platform.run()

    assert list_struck(platform, push) == [3]
    assert len(failing.posts) == 9


@pytest.mark.parametrize(("times", "hits"), [(1, 1), (2, 2), (None, 4)])
def test_a_rule_strikes_as_often_as_it_says(
    platform: Platform, failing: Endpoint, notice: Notice, times: int | None, hits: int
) -> None:
    platform.fault("no_delivery", times=times)
    push = notice()
    platform.advance(60)

    assert list_struck(platform, push) == list(range(1, hits + 1))
    [rule] = platform.get("faults")
    left = None if times is None else 0
    assert (rule["hits"], rule["times"]) == (hits, left)


def test_a_rule_strikes_once_unless_it_says_otherwise(platform: Platform) -> None:
    assert platform.fault("lose_ack")["times"] == 1


def test_a_removed_rule_strikes_no_more(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    rule = platform.fault("no_delivery", times=None)
    push = notice()
    platform.advance(0)

    platform.control.delete("accounts", platform.name, "faults", str(rule["id"]))
    platform.advance(60)

    assert list_struck(platform, push) == [1]
    assert platform.get("faults") == []


def test_several_rules_strike_one_attempt(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    ids = [platform.fault(rule)["id"] for rule in ("copies", "lose_ack", "change_value")]
    push = notice()
    platform.advance(0)

    made = platform.push(push)["attempts"]

    rules = ("copies", "lose_ack", "change_value")
    tags = [FaultTag(*each).as_json() for each in zip(rules, ids, strict=True)]
    assert [each["faults"] for each in made] == [tags, tags]
    assert [each["verdict"]["code"] for each in made] == ["ack_lost", "ack_lost"]


def test_a_rule_for_calls_strikes_its_method_and_order_alone(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    other = platform.create_order()["order_no"]
    method = "insurer_get_guarantee_info"
    platform.fault("answer", interface=method, about=other, times=None, value={"code": 404})

    statuses = [
        institution.call(method, order_no=number)["status"]
        for number in (order["order_no"], other, other)
    ]

    assert statuses == [200, 404, 404]
    company = institution.call("insurer_get_order_company_info", order_no=other)
    assert company["status"] == 200


def test_a_rule_strikes_a_question_too(
    platform: Platform, endpoint: Endpoint, issued: Issued
) -> None:
    platform.fault("no_delivery", interface="query")

    push = platform.post("guarantees", "query", guarantee_no="BH-1")

    assert push["state"] == "unanswered"
    assert push["attempts"][0]["verdict"]["code"] == "not_delivered"
    assert endpoint.posts == []


def test_a_rule_of_one_account_strikes_no_other(platform: Platform, endpoint: Endpoint) -> None:
    platform.fault("no_delivery", times=None)
    control = platform.control
    control.post("accounts", name="not-struck", key_bits=1024)
    other = Platform(control, "not-struck")
    other.freeze()
    other.register(endpoint.url)
    other.post("orders", other.create_order()["order_no"], "cancel")

    other.run()

    assert len(endpoint.posts) == 1
    control.delete("accounts", "not-struck")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"rule": "explode"}, "rule: 'explode' is not one of"),
        ({"rule": "lose_ack", "interface": "explode"}, "cannot strike 'explode'; it strikes: "),
        ({"rule": "lose_ack", "interface": "update_claim"}, "cannot strike 'update_claim'"),
        ({"rule": "answer", "interface": "claim", "value": {"code": 404}}, "cannot strike 'claim'"),
        ({"rule": "hold_back", "interface": "verify"}, "cannot strike 'verify'"),
        ({"rule": "copies", "value": {"copies": 1}}, "from 2 to 64 (got 1)"),
        ({"rule": "copies", "value": {"copies": 65}}, "from 2 to 64 (got 65)"),
        ({"rule": "copies", "value": {"copies": "3"}}, "from 2 to 64 (got '3')"),
        ({"rule": "copies", "value": {"copies": True}}, "from 2 to 64 (got True)"),
        ({"rule": "answer"}, "needs a documented code other than 200 (got None)"),
        ({"rule": "answer", "value": {"code": 200}}, "other than 200 (got 200)"),
        ({"rule": "answer", "value": {"code": 418}}, "other than 200 (got 418)"),
        ({"rule": "answer", "value": {"code": "404"}}, "other than 200 (got '404')"),
        ({"rule": "answer", "value": {"code": [404]}}, "other than 200 (got [404])"),
        ({"rule": "answer", "attempt": 2, "value": {"code": 404}}, "strikes calls"),
        ({"rule": "reset", "interface": "claim"}, "cannot strike 'claim'"),
        (
            {"rule": "reset", "value": {"seconds": 1}},
            "has no value 'seconds'; its values are: none",
        ),
        ({"rule": "cut", "interface": "update_claim"}, "cannot strike 'update_claim'"),
        ({"rule": "delay", "interface": "verify"}, "cannot strike 'verify'"),
        ({"rule": "delay", "times": None}, "would hold every push for ever"),
        ({"rule": "hold_back", "times": None}, "would hold every push for ever"),
        ({"rule": "delay", "value": {"seconds": 0}}, "`seconds` a whole number from 1 to 86400"),
        ({"rule": "no_answer", "value": {"seconds": 31}}, "from 0 to 30 (got 31)"),
        ({"rule": "no_answer", "value": {"seconds": 0.5}}, "from 0 to 30 (got 0.5)"),
        ({"rule": "drip", "value": {"seconds": 0}}, "from 1 to 30 (got 0)"),
        ({"rule": "lose_answer", "value": {"seconds": -1}}, "from 0 to 30 (got -1)"),
        ({"rule": "http_error", "value": {"status": 200}}, "from 400 to 599 (got 200)"),
        ({"rule": "http_error", "value": {"code": 500}}, "has no value 'code'; its values are"),
        ({"rule": "expire_token", "interface": "get_access_token"}, "cannot strike 'get_access"),
        ({"rule": "expire_file_url", "interface": "verify"}, "does not depend on an interface"),
        ({"rule": "expire_file_url", "attempt": 1}, "have no attempts"),
        ({"rule": "end_token", "about": "1"}, "acts at once on the whole account"),
        ({"rule": "end_token", "interface": "verify"}, "does not depend on an interface"),
        ({"rule": "change_value", "value": {"to": ["x"]}}, "takes as `to` a text (got ['x'])"),
        ({"rule": "sign_of_other_account", "value": {"account": 7}}, "name of another account"),
        ({"rule": "lose_ack", "attempt": 0}, "attempt: 0 is less than the minimum of 1"),
        ({"rule": "lose_ack", "times": 0}, "times: 0 is less than the minimum of 1"),
        ({"rule": "lose_ack", "times": "ever"}, "times: 'ever' is not of type"),
        ({"rule": "lose_ack", "value": 3}, "value: 3 is not of type 'object'"),
        ({"interface": "claim"}, "'rule' is a required property"),
        ({"rule": "lose_ack", "when": "now"}, "'when' was unexpected"),
    ],
)
def test_a_wrong_rule_is_refused_in_one_sentence(
    platform: Platform, rule: dict[str, Any], said: str
) -> None:
    with pytest.raises(SimulatorError) as refused:
        platform.post("faults", **rule)

    text = refused.value.text
    assert said in text.en
    assert text.en.endswith(".")
    assert "\n" not in text.en
    assert text.zh.endswith(("。", "）。"))
    assert platform.get("faults") == []


@pytest.mark.parametrize("number", ["99999999", "9" * 30, "one", "-1"])
def test_an_unknown_rule_is_not_removed(platform: Platform, number: str) -> None:
    with pytest.raises(SimulatorError, match=f"no fault rule {number}\\.$"):
        platform.control.delete("accounts", platform.name, "faults", number)


def test_the_lookup_lists_every_rule_and_switch(platform: Platform) -> None:
    lookup = platform.control.get("lookup")

    assert lookup["faults"] == {name: rule.as_json() for name, rule in RULES.items()}
    assert len(RULES) == 19
    assert lookup["faults"]["no_answer"]["strikes"] == "call"
    assert lookup["faults"]["no_answer"]["takes"]["seconds"] == {
        "en": "a whole number from 0 to 30",
        "zh": "0 到 30 的整数",
        "default": 30,
    }
    assert list(lookup["switches"]) == list(SWITCHES)
