"""The fault on downloads: a file URL is over before its time, and stays so."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from support.institution import Institution
from support.platform import Platform

from simulator.fault_tag import FaultTag

Fetch = Callable[[], str]


@pytest.fixture
def file_id(order: dict[str, Any]) -> str:
    return str(order["files"][0]["file_id"])


@pytest.fixture
def fresh(institution: Institution, file_id: str) -> Fetch:
    """Ask for a URL of the order's first file (4.1)."""

    def ask() -> str:
        answer = institution.call("insurer_get_file_url", file_id=file_id)
        assert answer["status"] == 200, answer
        return str(answer["data"]["file_url"])

    return ask


def status(url: str) -> int:
    """Download, and return the code: 200 for a file, else what the JSON says."""
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 200
    if answer.headers["Content-Type"].startswith("application/json"):
        return int(answer.json()["status"])
    return 200


def test_expire_file_url_ends_this_url_for_good(platform: Platform, fresh: Fetch) -> None:
    """With the clock standing still the next URL has the same token: it is another all the same."""
    first, other = fresh(), fresh()
    rule = platform.fault("expire_file_url")

    assert [status(first), status(first), status(other), status(fresh())] == [1006, 1006, 200, 200]

    entries = platform.journal(direction="download")
    tags = [entry["faults"] for entry in entries]
    assert tags == [[FaultTag("expire_file_url", rule["id"]).as_json()], [], [], []]
    assert "ended this file URL on purpose" in entries[0]["notes"][0]["en"]
    assert "A fault rule ended this file URL" in entries[1]["notes"][0]["en"]
    assert "4.1" in entries[1]["notes"][0]["zh"]
    [kept] = platform.get("faults")
    assert (kept["hits"], kept["times"]) == (1, 0)


def test_it_strikes_its_file_alone(
    platform: Platform, institution: Institution, order: dict[str, Any], fresh: Fetch
) -> None:
    ids = [file["file_id"] for file in order["files"]]
    other = next(each for each in ids if each != ids[0])
    platform.fault("expire_file_url", about=other, times=None)

    assert status(fresh()) == 200
    url = institution.call("insurer_get_file_url", file_id=other)["data"]["file_url"]
    assert status(url) == 1006


def test_a_reset_lets_ended_urls_go(platform: Platform, fresh: Fetch) -> None:
    platform.fault("expire_file_url")
    url = fresh()
    assert status(url) == 1006

    platform.post("reset")

    # The file is gone with the account's content; the URL is not remembered as ended.
    assert status(url) == 4501
