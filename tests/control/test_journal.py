"""The journal: found by every filter, waited for, kept within its limit."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.app import Simulator
from simulator.driver import ControlClient
from simulator.settings import Settings


@pytest.fixture
def lived(platform: Platform, institution: Institution, endpoint: Endpoint) -> dict[str, Any]:
    """An order that was read, and cancelled; another that does not exist."""
    order = platform.create_order()
    institution.call("insurer_get_guarantee_info", order_no=order["order_no"])
    institution.call("insurer_get_guarantee_info", order_no="1")
    endpoint.answers = [(500, b"oops"), (200, '{"status":200,"data":"\\u6210功"}'.encode())]
    platform.post("orders", order["order_no"], "cancel")
    platform.run()
    return dict(order)


def summary(entries: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(each["direction"], each["interface"], each["status"]) for each in entries]


def test_everything_is_there_oldest_first(platform: Platform, lived: dict[str, Any]) -> None:
    entries = platform.journal()

    assert summary(entries) == [
        ("call", "insurer/1.1", "200"),
        ("call", "insurer/2.3", "200"),
        ("call", "insurer/2.3", "1101"),
        ("push", "insurer/2.2", "failed"),
        ("push", "insurer/2.2", "acknowledged"),
    ]
    assert [each["id"] for each in entries] == sorted(each["id"] for each in entries)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"interface": "order_status"}, 2),
        ({"interface": "insurer/2.2"}, 2),
        ({"interface": "insurer_get_guarantee_info"}, 2),
        ({"about": "{order_no}"}, 3),
        ({"status": "1101"}, 1),
        ({"status": "acknowledged"}, 1),
        ({"direction": "call"}, 3),
        ({"direction": "push", "status": "failed"}, 1),
        ({"text": "{order_no}"}, 3),
        ({"text": "{principal}"}, 3),
        ({"text": "建筑工程"}, 3),
        ({"text": "订单不存在"}, 1),
        ({"text": "no order 1."}, 1),
        ({"text": "oops"}, 1),
        ({"text": "100%"}, 0),
        ({"text": "_"}, 5),
        ({"text": "order_no_"}, 0),
        ({"limit": 2}, 2),
        ({"limit": 0}, 0),
    ],
)
def test_a_filter_finds_what_it_asks_for(
    platform: Platform, lived: dict[str, Any], query: dict[str, Any], found: int
) -> None:
    asked = {
        name: value.format(**lived) if isinstance(value, str) else value
        for name, value in query.items()
    }

    assert len(platform.journal(**asked)) == found


def test_of_too_many_the_newest_are_shown(platform: Platform, lived: dict[str, Any]) -> None:
    everything = platform.journal()

    assert platform.journal(limit=2) == everything[-2:]
    assert platform.journal(after=everything[2]["id"]) == everything[3:]
    assert platform.journal(after=everything[-1]["id"]) == []


def test_a_chinese_text_in_a_body_is_found(platform: Platform, lived: dict[str, Any]) -> None:
    platform.post("reset")
    order = platform.create_order(principal="福州“特殊”企业+50%_公司")
    platform.freeze()
    platform.post("orders", order["order_no"], "cancel")
    platform.run()

    for text in ("“特殊”企业", "+50%_公", "企业+50%"):
        assert len(platform.journal(text=text)) == 1
    assert platform.journal(text="50%__公") == []


def test_the_whole_journal_has_calls_of_nobody_too(
    platform: Platform, institution: Institution
) -> None:
    answer = institution.post({"param": "AA==", "access_token": "nobody's token"})

    found = platform.control.get("journal", status=str(answer["status"]), limit=1)

    assert [each["btc_id"] for each in found] == [None]
    assert platform.journal() == []


def test_an_account_may_see_the_calls_of_nobody_among_its_own(
    platform: Platform, institution: Institution, lived: dict[str, Any]
) -> None:
    newest = platform.journal()[-1]["id"]
    institution.post({"param": "AA==", "access_token": "nobody's token"})

    found = platform.journal(after=newest, strays=1)

    assert None in {each["btc_id"] for each in found}
    assert {each["btc_id"] for each in found} <= {None, institution.letter["btc_id"]}
    assert platform.journal(after=newest) == []


def test_one_entry_is_shown_by_its_number(platform: Platform, lived: dict[str, Any]) -> None:
    for entry in platform.journal():
        assert platform.control.get("journal", str(entry["id"])) == entry


def test_waiting_ends_as_soon_as_an_entry_comes(
    platform: Platform, institution: Institution
) -> None:
    found: list[Any] = []

    def wait() -> None:
        found.extend(platform.get("journal", "wait", interface="get_access_token", timeout=20))

    waiting = threading.Thread(target=wait)
    waiting.start()
    started = time.monotonic()
    assert institution.token
    waiting.join()

    assert time.monotonic() - started < 10, "it did not wait for its time-out"
    assert [each["interface"] for each in found] == ["insurer/1.1"]


def test_waiting_for_what_is_there_already_ends_at_once(
    platform: Platform, institution: Institution
) -> None:
    assert institution.token
    [entry] = platform.get("journal", "wait", timeout=20)

    assert platform.get("journal", "wait", after=entry["id"], timeout=0) == []


def test_waiting_in_vain_ends_with_nothing_after_the_timeout(platform: Platform) -> None:
    started = time.monotonic()

    assert platform.get("journal", "wait", timeout=0.3) == []

    assert 0.3 <= time.monotonic() - started < 3


@pytest.fixture
def small(tmp_path: Path) -> Iterator[ControlClient]:
    """A simulator of its own that keeps 150 journal entries."""
    settings = Settings(port=0, control_port=0, data=str(tmp_path), journal_limit=150)
    running = Simulator(settings)
    running.start()
    yield ControlClient(running.control_url)
    running.stop()


def test_the_journal_keeps_the_newest_entries_within_its_limit(small: ControlClient) -> None:
    small.post("accounts", name="talkative", key_bits=1024)
    institution = Institution(small.get("accounts", "talkative", "letter"))
    for _ in range(300):
        institution.post({"access_token": "x"})

    entries = small.get("journal", limit=1000)

    # Old entries go at every hundredth, so there may be up to a hundred more for a while.
    assert len(entries) == 150
    assert entries[-1]["id"] == 300
    for _ in range(60):
        institution.post({"access_token": "x"})
    assert len(small.get("journal", limit=1000)) == 210
