"""A call that the platform refused is the cause of what hangs on it."""

from typing import Any

from conformance.prepared import finding

from conformance_tests.suite.report.causes import causes_of
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.reasons import Needs, NoCall, NotRead
from simulator.protocol.diagnosis.catalogue import MISTAKES

_MISTAKE = "lower_case"
_NOTE = {"en": "…", "zh": "…", "mistake": _MISTAKE, "certain": True}


def _call(status: str = "1001", note: dict[str, Any] = _NOTE, **members: Any) -> dict[str, Any]:
    token = "insurer/get_access_token"
    sent = {"params": {"method": "get_access_token"}}
    entry = {"direction": "call", "interface": token, "status": status, "notes": [note]}
    return {**entry, "sent": sent, "received": {"data": "验签失败"}, "faults": [], **members}


def _unread(name: str, *calls: dict[str, Any]) -> Finding:
    return finding(name, Outcome.BLOCKED, NotRead("20260001"), exchanges=calls)


def _groups(*found: Finding) -> dict[str, list[str]]:
    return {
        each.text.en: [f.id.rpartition("/")[2] for f in each.findings] for each in causes_of(found)
    }


def test_checks_without_effect_and_those_that_need_them_share_the_proven_mistake() -> None:
    first = _unread("read", _call())
    needing = finding("needs-it", Outcome.BLOCKED, Needs(first.id))
    further = finding("needs-that", Outcome.BLOCKED, Needs(needing.id))
    action = NoCall("offer", "insurer_apply_guarantee_result", "HTTP 500")
    acting = finding("offer", Outcome.BLOCKED, action, exchanges=[_call()])

    [(text, ids)] = _groups(first, needing, further, acting).items()

    assert MISTAKES[_MISTAKE].title.en in text
    assert sorted(ids) == ["needs-it", "needs-that", "offer", "read"]


def test_the_failed_ones_come_first_with_what_to_change() -> None:
    failed = finding("page", Outcome.FAILED, NotRead("20260001"), exchanges=[_call()])

    grave, rest = causes_of([_unread("read", _call()), failed])

    assert [grave.outcome, rest.outcome] == ["failed", "blocked"]
    assert grave.fix == MISTAKES[_MISTAKE].remedy


def test_without_a_proven_mistake_the_refusal_itself_is_the_cause() -> None:
    note = {"en": "the timestamp is no moment", "zh": "时间戳有误"}

    [(text, ids)] = _groups(
        _unread("a", _call("1004", note)), _unread("b", _call("1004", note))
    ).items()

    assert "get_access_token with 1004" in text
    assert ids == ["a", "b"]


def test_nothing_is_put_down_to_a_mistake_that_is_only_supposed() -> None:
    supposed = {**_NOTE, "certain": False}

    assert not any(
        MISTAKES[_MISTAKE].title.en in t for t in _groups(_unread("a", _call(note=supposed)))
    )


def test_nor_where_the_platform_took_a_call_beside_it() -> None:
    read = {"params": {"method": "insurer_get_guarantee_info"}}
    taken = _call("200", sent=read, notes=[])

    assert not any(MISTAKES[_MISTAKE].title.en in t for t in _groups(_unread("a", _call(), taken)))


def test_nor_to_what_a_fault_rule_answered() -> None:
    struck = _call(faults=[{"rule": "answer", "id": 1}])

    assert not any(MISTAKES[_MISTAKE].title.en in t for t in _groups(_unread("a", struck)))


def test_nor_to_a_token_that_is_over() -> None:
    assert not any(MISTAKES[_MISTAKE].title.en in t for t in _groups(_unread("a", _call("1006"))))
