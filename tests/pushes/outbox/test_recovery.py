"""The outbox of processes that die: nothing is lost, nothing is counted twice (P16).

Against PostgreSQL if CONZHU_TEST_DATABASE_URL names one; else on an SQLite file.
"""

from collections.abc import Callable
from typing import Any

import pytest
from pushes.contents import OFFSETS
from pushes.houses import GONE, House
from support.endpoint import OK, Endpoint

from simulator import clock
from simulator.clock import AccountClock
from simulator.operations.business import orders
from simulator.operations.registry import Desk
from simulator.store.records import Account


def test_a_push_of_a_dead_process_is_delivered_again_at_the_same_place(
    house: House, announced: int
) -> None:
    walked = house.platform.advance(15)
    start = walked["from"]
    with house.database.writing() as session:
        account = session.get_one(Account, house.account_id)
        account.clock = AccountClock(account.clock_offset, start + 30)
    assert house.outbox.acquire_due(clock.wall_now(), house.account_id) is not None
    assert house.platform.push(announced)["state"] == "in_flight"

    house.leave()
    house.enter()
    house.recover_as_after(GONE)

    shown = house.platform.push(announced)
    interrupted = shown["attempts"][2]
    assert (shown["state"], shown["due"]) == ("pending", interrupted["started_at"])
    assert interrupted["outcome"] == interrupted["verdict"]["code"] == "interrupted"
    assert "may be a duplicate" in interrupted["verdict"]["en"]
    assert "可能重复" in interrupted["verdict"]["zh"]
    house.platform.run()
    attempts = house.platform.push(announced)["attempts"]
    moments = [round(each["started_at"] - start, 3) for each in attempts]
    assert moments == [*OFFSETS[:3], 30, *OFFSETS[3:]]
    assert house.platform.push(announced)["state"] == "exhausted"


def test_pending_pushes_and_the_clock_survive_a_restart(
    house: House, announced: int, served_endpoint: Endpoint
) -> None:
    house.platform.advance(20)
    before = house.platform.push(announced), house.platform.get("clock"), house.platform.letter()

    house.leave()
    house.enter()

    served_endpoint.answers = [(200, OK)]
    after = house.platform.push(announced), house.platform.get("clock"), house.platform.letter()
    for letter in (before[2], after[2]):
        letter.pop("platform")
    assert after == before
    walked = house.platform.run()
    assert [each["attempt"] for each in walked["attempts"]] == [3]
    assert house.platform.push(announced)["state"] == "acknowledged"


def test_an_acknowledged_push_interrupted_by_hand_stays_acknowledged(
    house: House, announced: int, served_endpoint: Endpoint
) -> None:
    served_endpoint.answers = [(200, OK)]
    house.platform.run()
    house.outbox.acquire_one(announced, clock.wall_now())

    house.outbox.recover(clock.wall_now() + GONE, everything=False)

    shown = house.platform.push(announced)
    assert (shown["state"], shown["due"]) == ("acknowledged", None)
    assert shown["attempts"][-1]["outcome"] == "interrupted"


@pytest.mark.parametrize("routed", [True, False])
def test_an_interrupted_page_is_not_opened_again(
    house: House, announced: int, served_endpoint: Endpoint, routed: bool
) -> None:
    jump = house.ask(routed)
    house.platform.register(served_endpoint.url)
    house.outbox.acquire_one(jump, clock.wall_now())

    house.outbox.recover(clock.wall_now() + GONE, everything=False)

    shown = house.platform.push(jump)
    assert (shown["state"], shown["due"]) == ("unanswered", None)
    posts = len(served_endpoint.posts)
    house.platform.advance(0)
    assert len(served_endpoint.posts) == posts + 1, "the other push alone"


def test_a_walk_left_behind_is_ended_where_it_had_come_to(house: House, announced: int) -> None:
    with house.database.writing() as session:
        account = session.get_one(Account, house.account_id)
        moment = account.clock.now(0)
        # An SQLite file belongs to the process that starts; elsewhere the walk's lease counts.
        left = 100 if house.database.engine.url.drivername.startswith("sqlite") else -1
        account.walk_owner, account.walk_until_wall = "process-dead", clock.wall_now() + left
        account.walk_from_running = True

    house.leave()
    house.enter()

    shown = house.platform.get("clock")
    assert (shown["moving"], shown["mode"]) == (False, "real")
    assert 0 <= shown["now"] - moment < 60
    house.platform.freeze()
    assert house.platform.advance(1)["clock"]["moving"] is False


def test_a_change_that_fails_announces_nothing(house: House, announced: int) -> None:
    order_no = house.platform.create_order()["order_no"]
    fail: Callable[..., Any] = {}.__getitem__

    def change_and_fail() -> None:
        with house.database.writing() as session:
            account = session.get_one(Account, house.account_id)
            desk = Desk(session, account, house.outbox.platform, clock.wall_now())
            orders.act(desk, order_no, "cancel", "principal")
            fail("the process dies here")

    with pytest.raises(KeyError):
        change_and_fail()

    assert house.platform.state(order_no) == "WAIT_TUNE_UP"
    assert [push["id"] for push in house.platform.pushes()] == [announced]
