"""Guarantees revoked (2.8), what becomes of the quota, and how far each release has come (2.10)."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from reference.conftest import SERIAL
from reference.guarantor.conftest import DECLARATION, item, release

DECLARED = {"revoke_guarantee_declare_file": ("声明.pdf", DECLARATION)}
NUMBER = "BH1812487543"
_LONE_SURROGATE = json.dumps(
    {
        "revoke_success_data": [],
        "current_revoke_data": [
            {"guarantee_no": "\ud800", "principal": "a", "serial_num": "1"},
        ],
        "penalty_data": [],
    }
)


def other_order(live: Any, order_no: str, serial_num: str) -> dict[str, Any]:
    """Let the guarantor issue for another principal of the same block."""
    order = {**live.order, "order_no": order_no, "principal": f"投标人{order_no}"}
    live.institution.store.remember_order(order)
    live.issued(order_no, serial_num)
    return order


def search(live: Any, **changes: str) -> Any:
    """Ask 2.10; return the state and the date."""
    said = {
        "request_method": "guarantee_release_search",
        "block_number": "FZ-01",
        "guarantee_no": NUMBER,
        "serial_num": SERIAL,
        **changes,
    }
    answer = live.push("/release-search", said)
    assert answer["data"]["guarantee_no"] == said["guarantee_no"]
    return answer["data"]["status"], answer["data"]["revoke_guarantee_date"]


def freed(live: Any, order: Any) -> list[str]:
    """Return whether the quotas of an order's principal are freed."""
    return [quota["status"] for quota in live.records("quotas", order["principal"])]


def test_a_batch_is_applied_once_eight_times_at_once_and_after_a_restart(
    live: Any, serve: Any, tmp_path: Path
) -> None:
    live.issued()
    said = release(live.order, [item(live.order, SERIAL)])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: live.push("/release", said, DECLARED), range(8)))

    assert answers == [{"status": 200}] * 8
    again = serve(tmp_path)
    assert again.push("/release", said, DECLARED) == {"status": 200}
    assert len(again.records("batches", "R1")) == 1
    assert [each["status"] for each in again.records("releases", NUMBER)] == ["REVOKED"]


def test_the_quota_is_freed_when_no_guarantee_of_the_block_is_in_force(live: Any) -> None:
    live.issued()
    second, third = other_order(live, "2", "22"), other_order(live, "3", "33")
    first = [item(live.order, SERIAL)]
    live.push("/release", release(live.order, first), DECLARED)
    assert freed(live, live.order) == ["HELD"]

    now = release(live.order, [item(second, "22")], first, [item(third, "33")], revoke_no="R2")
    assert live.push("/release", now, DECLARED) == {"status": 200}

    assert freed(live, live.order) == freed(live, second) == ["FREED"]
    assert freed(live, third) == ["HELD"], "a forfeited guarantee is still owed"


def test_what_was_revoked_before_has_no_second_effect_and_none_without_its_notice(
    live: Any,
) -> None:
    live.issued()
    second = other_order(live, "2", "22")
    said = release(live.order, [item(second, "22")], [item(live.order, SERIAL)])
    assert live.push("/release", said, DECLARED) == {"status": 200}
    assert live.records("releases", NUMBER) == []
    assert search(live)[0] == "2"


def test_a_forfeited_guarantee_is_never_revoked_and_a_revoked_one_never_forfeited(
    live: Any,
) -> None:
    live.issued()
    second = other_order(live, "2", "22")
    mine, other = item(live.order, SERIAL), item(second, "22")
    live.push("/release", release(live.order, [mine], forfeited=[other]), DECLARED)
    for number, contrary in enumerate(
        (
            release(live.order, [other], [mine], revoke_no="R2"),
            release(live.order, [], [mine, other], revoke_no="R3"),
            release(live.order, [], forfeited=[mine, other], revoke_no="R4"),
        )
    ):
        assert live.push("/release", contrary, DECLARED)["status"] == 404, number
    assert live.records("releases", NUMBER)[0]["status"] == "REVOKED"
    assert live.records("releases", "BH2")[0]["status"] == "FORFEITED"


@pytest.mark.parametrize(
    ("files", "changes"),
    [
        ({}, {}),
        (DECLARED, {"revoke_guarantee_declare_file_hash": "0" * 64}),
        (DECLARED, {"revoke_guarantee_declare_file_hash": ""}),
        ({"revoke_guarantee_declare_file": ("a.pdf", DECLARATION + b" ")}, {}),
        ({"revoke_guarantee_declare_file": ("a.pdf", b"<html>")}, {}),
        (DECLARED, {"block_number": "other"}),
        (DECLARED, {"block_name": "other"}),
        (DECLARED, {"creditor": "别的"}),
        (DECLARED, {"request_method": "other"}),
        (DECLARED, {"revoke_no": ""}),
        (DECLARED, {"revoke_guarantee_data": "{}"}),
        (DECLARED, {"revoke_guarantee_data": "["}),
        (DECLARED, {"revoke_guarantee_data": _LONE_SURROGATE}),
    ],
)
def test_a_revocation_that_does_not_fit_is_refused(
    live: Any, files: Any, changes: dict[str, str]
) -> None:
    live.issued()
    said = release(live.order, [item(live.order, SERIAL)], **changes)
    assert live.push("/release", said, files)["status"] == 404
    assert live.records("releases", NUMBER) == live.records("batches", "R1") == []


@pytest.mark.parametrize(
    "changes", [{"guarantee_no": "BH9"}, {"principal": "别的"}, {"serial_num": "1"}]
)
@pytest.mark.parametrize("list_name", ["now", "before", "forfeited"])
def test_an_item_that_does_not_fit_refuses_the_whole_batch(
    live: Any, changes: dict[str, str], list_name: str
) -> None:
    live.issued()
    second = other_order(live, "2", "22")
    lists: dict[str, Any] = {"now": [item(second, "22")]}
    lists[list_name] = [*lists.get(list_name, []), {**item(live.order, SERIAL), **changes}]
    assert live.push("/release", release(live.order, **lists), DECLARED)["status"] == 404
    assert live.records("batches", "R1") == live.records("releases", "BH2") == []


def test_a_declaration_may_be_absent_and_its_hash_in_upper_case(live: Any) -> None:
    live.issued()
    second = other_order(live, "2", "22")
    none = release(live.order, [item(live.order, SERIAL)], revoke_guarantee_declare_file_hash="")
    assert live.push("/release", none) == {"status": 200}
    upper = release(live.order, [item(second, "22")], revoke_no="R2")
    upper["revoke_guarantee_declare_file_hash"] = upper[
        "revoke_guarantee_declare_file_hash"
    ].upper()
    assert live.push("/release", upper, DECLARED) == {"status": 200}


def test_the_same_batch_with_other_content_is_refused_and_overwrites_nothing(live: Any) -> None:
    live.issued()
    second = other_order(live, "2", "22")
    live.push("/release", release(live.order, [item(live.order, SERIAL)]), DECLARED)
    other = release(live.order, [item(second, "22")])
    assert live.push("/release", other, DECLARED)["status"] == 404
    assert live.records("releases", "BH2") == []
    assert json.dumps(live.records("batches", "R1")[0]).count("BH") == 1


def test_a_serial_number_that_never_reached_us_is_learnt_from_the_list(live: Any) -> None:
    live.institution.store.keep_guarantee(live.issued())
    said = release(live.order, [item(live.order, SERIAL)])
    assert live.push("/release", said, DECLARED) == {"status": 200}
    assert live.records("guarantees", NUMBER)[0]["serial_num"] == SERIAL
    assert freed(live, live.order) == ["FREED"]


def test_a_search_tells_the_five_states(live: Any) -> None:
    live.issued()
    second = other_order(live, "2", "22")
    for changes in ({"guarantee_no": "BH9"}, {"serial_num": "1"}, {"block_number": "other"}):
        assert search(live, **changes) == ("1", "")
    assert search(live) == ("2", "")

    said = release(live.order, [item(live.order, SERIAL)], forfeited=[item(second, "22")])
    live.push("/release", said, DECLARED)
    assert search(live, guarantee_no="BH2", serial_num="22") == ("3", "")
    assert search(live) == ("4", "")

    live.institution.store.keep_release_date(NUMBER, "2026-06-01 10:00:00")
    assert search(live) == ("4", "")
    live.institution.store.mark_released(NUMBER)
    assert search(live) == ("5", "2026-06-01 10:00:00")
