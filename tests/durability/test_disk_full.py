"""A full disk: answers without traces of internals, nothing made up, and on when there is room."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from calls.insurer import DECIDE, GET_ORDER, Insurer
from durability.disk import Disk
from pushes.houses import GONE, House, open_house
from sqlalchemy.exc import OperationalError
from support.endpoint import OK, Endpoint, Post, serve
from support.institution import Institution

from simulator import clock
from simulator.errors import SimulatorError
from simulator.protocol import envelope

_FAILURE = {"status": 404, "data": "失败"}
_IS_FULL = r"The disk of the database \S+ is full: make room. Nothing was changed."
_IS_AWAY = r"The database \S+ does not answer: see that it is reachable and may be written."


@dataclass(frozen=True)
class Place:
    """A simulator whose disk can be filled, its account's insurer, and the insurer's endpoint."""

    house: House
    disk: Disk
    insurer: Insurer
    endpoint: Endpoint

    def post(self, method: str, **business: Any) -> tuple[int, Any]:
        """Make a correct call; return the HTTP status and the answer."""
        institution = self.insurer.institution
        sealed = envelope.seal(institution.sign(method, **business), institution.own_public)
        fields = {"param": sealed, "access_token": institution.token}
        answer = requests.post(institution.url, data=fields, timeout=30)
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return answer.status_code, json.loads(answer.content)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A place with an order that waits, its clock standing still."""
    endpoint, server = serve()
    with open_house(tmp_path) as house:
        if not house.database.engine.url.drivername.startswith("sqlite"):
            pytest.skip("only SQLite can be told that the disk is full")
        house.platform.register(endpoint.url)
        insurer = Insurer(house.platform, Institution(house.platform.letter()))
        assert insurer.institution.token
        yield Place(house, Disk(house.database), insurer, endpoint)
    server.shutdown()
    server.server_close()


def _until(holds: Callable[[], bool], limit: float = 15) -> None:
    """Wait until something holds that a thread of the simulator brings about."""
    end, never = clock.monotonic() + limit, threading.Event()
    while not holds():
        assert clock.monotonic() < end, "it did not come about"
        never.wait(0.05)


def test_calls_are_answered_without_traces_and_have_no_effect(place: Place) -> None:
    order = place.house.platform.create_order()
    offer = place.insurer.decision(order, "3", "1")
    place.disk.fill()

    answers = [
        place.post(DECIDE, **offer),
        place.post(GET_ORDER, order_no=order["order_no"]),
        place.post(GET_ORDER, order_no="nobody's"),
    ]
    stray = requests.post(place.insurer.institution.url, data={"param": "no"}, timeout=30)

    assert answers == [(200, _FAILURE)] * 3
    assert (stray.status_code, stray.json()) == (200, _FAILURE)
    assert [e["event"] for e in place.house.platform.order(order["order_no"])["history"]] == [
        "apply"
    ]
    place.disk.make_room()
    assert place.post(DECIDE, **offer)[0] == 200
    assert place.house.platform.state(order["order_no"]) == "WAIT_PAY"


def test_a_full_disk_is_logged_once_and_its_end_too(
    place: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.disk.fill()
    for _ in range(5):
        with pytest.raises(SimulatorError, match=_IS_FULL):
            place.house.platform.create_order()

    [line] = [each for each in caplog.records if "is full" in each.message]
    assert line.exc_info is None
    assert "please report it" not in caplog.text

    monkeypatch.setattr("simulator.store.outage._QUIET", 0.0)
    place.disk.make_room()
    place.house.outbox.recover(clock.wall_now(), everything=False)
    place.house.outbox.recover(clock.wall_now(), everything=False)

    said = [record.message for record in caplog.records if "answers again" in record.message]
    assert len(said) == 1


def test_a_file_that_is_gone_is_called_so(
    place: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(place.house.database.outage, "_file", Path("/nowhere/simulator.db"))
        stray = requests.post(place.insurer.institution.url, data={"param": "no"}, timeout=30)
        with pytest.raises(SimulatorError, match="is no longer there: put it back"):
            place.house.platform.create_order()

    assert (stray.status_code, stray.json()) == (200, _FAILURE)
    assert place.house.platform.create_order()["state"]

    assert "is no longer there" in caplog.text


def test_the_control_api_says_a_sentence_and_goes_on_reading(place: Place) -> None:
    order = place.house.platform.create_order()
    place.disk.fill()

    with pytest.raises(SimulatorError, match=_IS_FULL):
        place.house.platform.create_order()

    assert [each["order_no"] for each in place.house.platform.get("orders")] == [order["order_no"]]
    place.disk.make_room()
    assert place.house.platform.create_order()["order_no"] != order["order_no"]


def test_an_answer_that_cannot_be_written_is_no_acknowledgement(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    push = place.house.announce()

    def fill(_post: Post) -> None:
        place.disk.fill()

    place.endpoint.handler = fill
    place.house.platform.post("clock", action="resume")
    place.endpoint.wait_for(1)
    _until(lambda: "is full" in caplog.text)
    assert place.house.platform.push(push)["state"] == "in_flight"

    place.endpoint.handler = None
    place.disk.make_room()
    place.house.outbox.recover(clock.wall_now() + GONE, everything=False)
    _until(lambda: place.house.platform.push(push)["state"] == "acknowledged")

    attempts = place.house.platform.push(push)["attempts"]
    assert [each["outcome"] for each in attempts] == ["interrupted", "acknowledged"]
    assert len(place.endpoint.posts) == 2
    assert all(record.exc_info is None for record in caplog.records)


@pytest.mark.parametrize("how", ["fill", "stop"])
def test_the_threads_go_on_and_deliver_when_there_is_room(
    place: Place, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    # More than are sent at a time: the others are acquired while the disk is full.
    pushes = [place.house.announce() for _ in range(24)]

    def full(_post: Post) -> None:
        place.endpoint.handler = None
        getattr(place.disk, how)()

    place.endpoint.handler = full
    place.house.platform.post("clock", action="resume")
    _until(lambda: "The d" in caplog.text)
    posts = len(place.endpoint.posts)
    assert place.house.platform.pushes(state="exhausted") == []

    place.disk.make_room()
    place.house.outbox.recover(clock.wall_now() + GONE, everything=False)
    _until(lambda: len(place.house.platform.pushes(state="acknowledged")) == len(pushes))

    shown = [place.house.platform.push(push) for push in pushes]
    outcomes = [attempt["outcome"] for push in shown for attempt in push["attempts"]]
    # An attempt that was taken back while its thread was slow is still posted, perhaps only now.
    assert len(outcomes) == len(place.endpoint.wait_for(len(outcomes))) > posts
    assert outcomes.count("acknowledged") == len(pushes)
    assert set(outcomes) == {"acknowledged", "interrupted"}
    assert all(record.exc_info is None for record in caplog.records)


@pytest.mark.parametrize("end", ["by the heartbeat", "by the next walk"])
def test_a_walk_that_could_not_be_ended_is_ended_when_there_is_room(place: Place, end: str) -> None:
    platform = place.house.platform
    place.endpoint.answers = [(500, b"oops"), (200, OK)]
    push = place.house.announce()
    platform.post("clock", action="resume")
    _until(lambda: [a["outcome"] for a in platform.push(push)["attempts"]] == ["failed"])

    def stop(_post: Post) -> None:
        place.disk.stop()

    place.endpoint.handler = stop
    with pytest.raises(SimulatorError, match=_IS_AWAY):
        platform.advance(20)
    left = platform.get("clock")
    assert (left["mode"], left["moving"]) == ("frozen", True)

    place.endpoint.handler = None
    place.disk.make_room()
    place.house.outbox.recover(clock.wall_now() + GONE, everything=False)
    if end == "by the heartbeat":
        place.house.simulator.control.walker.recover(everything=False)
    else:
        platform.advance(0)

    shown = platform.get("clock")
    assert (shown["mode"], shown["moving"]) == ("real", False)
    assert shown["now"] >= left["now"]
    _until(lambda: platform.push(push)["state"] == "acknowledged")
    outcomes = [attempt["outcome"] for attempt in platform.push(push)["attempts"]]
    assert outcomes == ["failed", "interrupted", "acknowledged"]


def test_what_was_done_is_answered_though_it_cannot_be_noted(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, RuntimeError("database or disk is full"))

    monkeypatch.setattr("simulator.store.journal.Writer.write", full)

    order = place.house.platform.create_order()

    assert place.house.platform.state(order["order_no"]) == order["state"]
    assert "create_order was not noted in the journal: OperationalError" in caplog.text
