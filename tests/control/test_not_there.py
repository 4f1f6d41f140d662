"""What is not there, or not in the right state, is said in one sentence in both languages."""

from typing import Any

import pytest
from control.conftest import Api
from control.sentences import assert_sentences
from support.platform import Platform


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("accounts?colour=red", "colour"),
        ("accounts/{account}/pushes?colour=red", "colour"),
        ("accounts/{account}/pushes?limit=many", "limit"),
        ("accounts/{account}/pushes?limit=1.5", "limit"),
        ("accounts/{account}/pushes?limit=-1", "limit"),
        ("accounts/{account}/pushes?limit=99999999999999999999", "limit"),
        ("accounts/{account}/pushes?limit=", "limit"),
        ("accounts/{account}/journal?after=x", "after"),
        ("accounts/{account}/journal?timeout=1", "timeout"),
        ("accounts/{account}/journal/wait?timeout=soon", "timeout"),
        ("accounts/{account}/journal/wait?timeout=1.2.3", "timeout"),
        ("journal?after=1.", "after"),
    ],
)
def test_a_wrong_query_is_named(api: Api, platform: Platform, path: str, named: str) -> None:
    status, answer = api("GET", path.format(account=platform.name))

    assert status == 400, answer
    assert_sentences(answer, named)


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("GET", "accounts/nobody", None, "nobody"),
        ("GET", "accounts/99999", None, "99999"),
        ("GET", "accounts/{account}/claims/LP-0", None, "LP-0"),
        ("GET", "accounts/{account}/claims?order_no=0", None, "0"),
        ("GET", "accounts/{account}/guarantees?order_no=0", None, "0"),
        ("GET", "accounts/nobody/letter", None, "nobody"),
        ("PATCH", "accounts/nobody", {}, "nobody"),
        ("DELETE", "accounts/nobody", None, "nobody"),
        ("POST", "accounts/nobody/clock", {"action": "freeze"}, "nobody"),
        ("GET", "accounts/nobody/journal/wait?timeout=9", None, "nobody"),
        ("GET", "accounts/{account}/orders/1", None, "1"),
        ("POST", "accounts/{account}/orders/1/cancel", None, "1"),
        ("POST", "accounts/{account}/orders/1/open", None, "1"),
        ("POST", "accounts/{account}/orders", {"fixture": "../keys/x"}, "../keys/x"),
        ("GET", "accounts/{account}/pushes/99999999", None, "99999999"),
        ("GET", f"accounts/{{account}}/pushes/{'9' * 30}", None, "999"),
        ("GET", "accounts/{account}/pushes/first", None, "first"),
        ("POST", "accounts/{account}/pushes/99999999/resend", None, "99999999"),
        ("POST", "accounts/{account}/claims", {"order_no": "1"}, "1"),
        ("POST", "accounts/{account}/claims/1/revoke", None, "1"),
        ("POST", "accounts/{account}/invoices", {"order_nos": ["1"]}, "1"),
        ("POST", "accounts/{account}/guarantees/query", {"guarantee_no": "BH-9"}, "BH-9"),
        ("DELETE", "accounts/{account}/faults/99999999", None, "99999999"),
        ("GET", "journal/99999999", None, "99999999"),
        ("GET", "journal/last", None, "last"),
    ],
)
def test_what_is_unknown_is_not_found(
    api: Api, platform: Platform, method: str, path: str, body: Any, named: str
) -> None:
    status, answer = api(method, path.format(account=platform.name), body)

    assert status == 404, answer
    assert_sentences(answer, named)


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("orders/{order}/submit", None, "WAIT_TUNE_UP"),
        ("orders/{order}/finish", None, "WAIT_TUNE_UP"),
        ("orders", {"fields": {"order_no": "{order}"}}, "{order}"),
        ("invoices", {"order_nos": ["{order}"]}, "WAIT_TUNE_UP"),
        ("claims", {"order_no": "{order}"}, "WAIT_TUNE_UP"),
        ("clock", {"action": "next"}, ""),
        (
            "bid-openings",
            {"block_number": "no-such", "type": "delay", "open_tender_time": "2030-01-05 09:30:00"},
            "no-such",
        ),
    ],
)
def test_a_wrong_state_is_a_conflict(
    api: Api, platform: Platform, order: dict[str, Any], path: str, body: Any, named: str
) -> None:
    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(member) for name, member in value.items()}
        if isinstance(value, list):
            return [filled(member) for member in value]
        return value.replace("{order}", order["order_no"])

    where = f"accounts/{platform.name}/{filled(path)}"
    status, answer = api("POST", where, body and filled(body))

    assert status == 409, answer
    assert_sentences(answer, filled(named))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nowhere", 404),
        ("GET", "accounts/a/b/c/d", 404),
        ("DELETE", "accounts", 405),
        ("GET", "accounts/{account}/reset", 405),
        ("PUT", "accounts/{account}", 405),
    ],
)
def test_what_is_no_operation_is_answered_in_json(
    api: Api, platform: Platform, method: str, path: str, status: int
) -> None:
    given, answer = api(method, path.format(account=platform.name))

    assert given == status
    assert_sentences(answer, method, "/control/v1/", "openapi.json")
