"""Sixty-four clients at once: no update is lost, no state is reached twice, nothing is locked."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from calls.insurer import DECIDE, GET_ORDER, ISSUE, Insurer
from durability.crowding import crowded
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError

_CLIENTS = 64
_CODES = json.loads((Path(__file__).parents[2] / "schemas" / "codes.json").read_text("utf-8"))
_DOCUMENTED = {200} | {row["code"] for row in _CODES["platform"]}
_NOT_PAYABLE = 2313
#: waitress says that requests wait, the tests' own client that it opens many connections; every
#: other line in the log would be of something that went wrong.
_CHATTER = {"waitress.queue", "urllib3.connectionpool"}

Crowd = list[Insurer]


@pytest.fixture(params=[1, 8], ids=["one account", "eight accounts"])
def crowd(
    control: ControlClient, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[Crowd]:
    """The insurers among which the clients are divided; at the end nothing was ever locked."""
    names = [f"crowd-{abs(hash(request.node.nodeid))}-{n}" for n in range(request.param)]
    insurers = []
    for name in names:
        control.post("accounts", name=name, key_bits=1024)
        platform = Platform(control, name)
        insurers.append(Insurer(platform, Institution(platform.letter())))
    yield insurers
    for insurer in insurers:
        assert insurer.platform.journal(text="locked") == []
    for name in names:
        control.delete("accounts", name)
    assert [each for each in caplog.get_records("call") if each.name not in _CHATTER] == []


def _together(crowd: Crowd, do: Callable[[Insurer, int], Any]) -> dict[str, list[Any]]:
    """Let all clients do something at the same moment; return the answers by account."""
    start = Barrier(_CLIENTS)

    def client(number: int) -> Any:
        start.wait(30)
        return do(crowd[number % len(crowd)], number)

    for insurer in crowd:
        assert insurer.institution.token
    with ThreadPoolExecutor(_CLIENTS) as pool:
        answers = list(pool.map(client, range(_CLIENTS)))
    return {
        insurer.platform.name: answers[place :: len(crowd)] for place, insurer in enumerate(crowd)
    }


def _orders(crowd: Crowd, state: str) -> dict[str, Any]:
    return {
        insurer.platform.name: insurer.bring(insurer.platform.create_order(), state)
        for insurer in crowd
    }


def _history(insurer: Insurer, order: Any, event: str) -> list[Any]:
    history = insurer.platform.order(order["order_no"])["history"]
    return [step for step in history if step["event"] == event]


def _accepted(insurer: Insurer, interface: str, order: Any) -> list[Any]:
    """Return the journal's entries of accepted calls about an order, in their order."""
    return list(
        insurer.platform.journal(
            interface=interface, about=order["order_no"], status="200", limit=1000
        )
    )


def test_every_offer_is_kept_and_the_last_one_holds(crowd: Crowd) -> None:
    orders = _orders(crowd, "WAIT_TUNE_UP")

    def offer(insurer: Insurer, number: int) -> Any:
        order = orders[insurer.platform.name]
        return insurer.decide(order, "3", price=f"{1000 + number}.00")

    answers = _together(crowd, offer)

    for insurer in crowd:
        order, mine = orders[insurer.platform.name], answers[insurer.platform.name]
        assert [answer["status"] for answer in mine] == [200] * len(mine)
        entries = _accepted(insurer, "insurer/2.4", order)
        prices = [entry["sent"]["params"]["price"] for entry in entries]
        assert len(set(prices)) == len(prices) == len(mine)
        assert len(_history(insurer, order, "offer")) == len(mine)
        assert insurer.platform.order(order["order_no"])["price"] == prices[-1]


def test_the_same_guarantee_at_once_is_one_guarantee(crowd: Crowd) -> None:
    orders = _orders(crowd, "WAIT_OUT_GUARANTEE")

    answers = _together(crowd, lambda insurer, _: insurer.issue(orders[insurer.platform.name]))

    for insurer in crowd:
        order, mine = orders[insurer.platform.name], answers[insurer.platform.name]
        [guarantee] = insurer.platform.get("guarantees")
        assert {answer["status"] for answer in mine} == {200}
        assert {answer["data"]["serial_num"] for answer in mine} == {guarantee["serial_num"]}
        assert len(_history(insurer, order, "issue")) == 1
        assert len(_accepted(insurer, "insurer/2.5", order)) == len(mine)


def test_an_order_is_paid_once(crowd: Crowd) -> None:
    orders = _orders(crowd, "WAIT_PAY")

    def pay(insurer: Insurer, number: int) -> Any:
        order = orders[insurer.platform.name]
        return insurer.decide(order, "4", real_pay=f"{1000 + number}.00")

    answers = _together(crowd, pay)

    for insurer in crowd:
        order, mine = orders[insurer.platform.name], answers[insurer.platform.name]
        others = len(mine) - 1
        assert Counter(a["status"] for a in mine) == Counter({200: 1, _NOT_PAYABLE: others})
        assert len(_history(insurer, order, "pay")) == 1
        [entry] = _accepted(insurer, "insurer/2.4", order)[1:]
        paid = insurer.platform.order(order["order_no"])["real_pay"]
        assert paid == entry["sent"]["params"]["real_pay"]


def test_of_payment_and_cancellation_one_wins(crowd: Crowd) -> None:
    orders = _orders(crowd, "WAIT_PAY")

    def end(insurer: Insurer, number: int) -> Any:
        order = orders[insurer.platform.name]
        match number // len(crowd) % 3:
            case 0:
                return insurer.decide(order, "4")["status"]
            case 1:
                return insurer.decide(order, "4", "3")["status"]
        try:
            insurer.platform.post("orders", order["order_no"], "cancel")
        except SimulatorError:
            return None
        return 200

    answers = _together(crowd, end)

    for insurer in crowd:
        order, mine = orders[insurer.platform.name], answers[insurer.platform.name]
        assert mine.count(200) == 1
        assert set(mine) <= {None, *_DOCUMENTED}
        shown = insurer.platform.order(order["order_no"])
        assert [step["event"] for step in shown["history"]][:2] == ["apply", "offer"]
        [last] = shown["history"][2:]
        announced = 1 if last["by"] == "principal" else 0
        assert len(insurer.platform.pushes(about=order["order_no"])) == announced


def test_numbers_and_tokens_are_given_once(crowd: Crowd) -> None:
    def make(insurer: Insurer, number: int) -> Any:
        if number // len(crowd) % 2:
            return insurer.platform.create_order("minimal")["order_no"]
        return insurer.institution.request_token()["data"]["access_token"]

    answers = _together(crowd, make)

    made = [text for mine in answers.values() for text in mine]
    assert len({(name, text) for name, mine in answers.items() for text in mine}) == len(made)
    for insurer in crowd:
        kept = [order["order_no"] for order in insurer.platform.get("orders")]
        mine = answers[insurer.platform.name]
        assert len(kept) == len(mine) // 2
        assert set(kept) < set(mine)


def test_whatever_is_called_at_once_gets_a_documented_answer(crowd: Crowd) -> None:
    orders = _orders(crowd, "WAIT_TUNE_UP")

    def anything(insurer: Insurer, number: int) -> Any:
        order = orders[insurer.platform.name]
        kinds = (
            lambda: insurer.call(GET_ORDER, order_no=order["order_no"]),
            lambda: insurer.decide(order, "1", "1"),
            lambda: insurer.decide(order, "3"),
            lambda: insurer.decide(order, "4"),
            lambda: insurer.issue(order),
            lambda: insurer.call(DECIDE, order_no=order["order_no"]),
            lambda: insurer.call(ISSUE, order_no="no such order"),
            lambda: insurer.institution.post({"param": "no", "access_token": "no"}),
        )
        return [kinds[(number + turn) % len(kinds)]() for turn in range(4)]

    answers = _together(crowd, anything)

    statuses = {a["status"] for mine in answers.values() for four in mine for a in four}
    assert statuses <= _DOCUMENTED
    for insurer in crowd:
        history = insurer.platform.order(orders[insurer.platform.name]["order_no"])["history"]
        events = [step["event"] for step in history]
        assert max(events.count("pay"), events.count("issue")) <= 1
        assert len(events) - 1 <= len(
            insurer.platform.journal(direction="call", status="200", limit=1000)
        )


def test_sixty_four_lives_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert crowded(tmp_path, accounts=8, calls=64, seed=64) >= _CLIENTS

    assert {record.name for record in caplog.records} <= _CHATTER
