"""The right to make an attempt: acquired by one, lost with the lease, never written twice."""

import threading

from pushes.houses import GONE, House
from support.endpoint import OK

from simulator import clock
from simulator.delivery.courier import Received
from simulator.delivery.outbox import Lease, Outbox, Result
from simulator.delivery.verdict import Verdict
from simulator.errors import Text
from simulator.operations.pushes import sealing
from simulator.store.records import Account


def outbox_of(house: House, owner: str) -> Outbox:
    """Return the outbox of another process on the same database."""
    own = house.outbox
    return Outbox(own.database, own.platform, owner, own.journal)


def acquire(house: House, owner: str) -> Lease:
    lease = outbox_of(house, owner).acquire_due(clock.wall_now(), house.account_id)
    assert lease is not None
    return lease


def results(house: House, lease: Lease, acknowledged: bool = True) -> list[Result]:
    sealed = sealing.seal(
        house.outbox.database, house.outbox.platform, lease.account, lease.push, lease.started_wall
    )
    verdict = Verdict(acknowledged, "acknowledged", Text("done.", "完成。"))
    return [Result(sealed, Received(0.1, 200, {}, OK), verdict) for _ in lease.attempts]


def test_a_late_outcome_is_dropped_once_another_process_took_over(
    house: House, announced: int
) -> None:
    late = acquire(house, "process-late")
    assert house.outbox.recover(clock.wall_now() + GONE, everything=False) == 1
    quick = acquire(house, "process-quick")

    assert outbox_of(house, "process-late").conclude(late, results(house, late), 0) is False

    shown = house.platform.push(announced)
    assert (shown["state"], shown["answer"]) == ("in_flight", None)
    assert [each["outcome"] for each in shown["attempts"]] == ["interrupted", "in_flight"]
    assert house.platform.journal(direction="push") == []
    done = outbox_of(house, "process-quick").conclude(quick, results(house, quick), 0)
    assert done is True
    assert house.platform.push(announced)["state"] == "acknowledged"


def test_a_late_outcome_of_the_same_process_is_dropped_too(house: House, announced: int) -> None:
    first = acquire(house, "process-one")
    house.outbox.recover(clock.wall_now() + GONE, everything=False)
    second = acquire(house, "process-one")

    assert (first.number + 1, first.push.id) == (second.number, second.push.id)
    outbox = outbox_of(house, "process-one")
    assert outbox.conclude(first, results(house, first), 0) is False
    assert outbox.conclude(second, results(house, second), 0) is True
    assert outbox.conclude(second, results(house, second), 0) is False


def test_a_living_lease_is_not_taken_back(house: House, announced: int) -> None:
    lease = acquire(house, "process-alive")

    assert house.outbox.recover(clock.wall_now(), everything=False) == 0
    assert house.outbox.acquire_due(clock.wall_now(), house.account_id) is None

    assert outbox_of(house, "process-alive").conclude(lease, results(house, lease), 0)


def test_of_many_workers_each_push_is_acquired_by_one(house: House, announced: int) -> None:
    numbers = {announced, *(house.announce() for _ in range(11))}
    acquired: list[int] = []
    together = threading.Barrier(6)

    def work(owner: str) -> None:
        outbox = outbox_of(house, owner)
        together.wait(10)
        while (lease := outbox.acquire_due(clock.wall_now(), house.account_id)) is not None:
            acquired.append(lease.push.id)

    workers = [threading.Thread(target=work, args=(f"worker-{i}",)) for i in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(acquired) == len(set(acquired))
    # A worker that meets only locked rows goes away; what it left is still to be had.
    work_left = outbox_of(house, "last")
    while (lease := work_left.acquire_due(clock.wall_now(), house.account_id)) is not None:
        acquired.append(lease.push.id)
    assert sorted(acquired) == sorted(numbers)


def test_of_two_pushes_about_one_thing_one_is_in_flight(house: House, announced: int) -> None:
    about = house.platform.push(announced)["about"]
    second = house.announce_again(about)

    lease = acquire(house, "process-one")

    assert lease.push.id == announced
    assert house.outbox.acquire_due(clock.wall_now(), house.account_id) is None
    outbox_of(house, "process-one").conclude(lease, results(house, lease), clock.wall_now())
    assert acquire(house, "process-two").push.id == second


def test_busy_and_frozen_accounts_are_left_out_in_real_time(house: House, announced: int) -> None:
    wall = clock.wall_now()
    assert house.outbox.anything_due(wall) is False
    assert house.outbox.acquire_due(wall) is None

    with house.database.writing() as session:
        account = session.get_one(Account, house.account_id)
        account.clock = account.clock.resume(wall)

    assert house.outbox.acquire_due(wall, busy=[house.account_id]) is None
    lease = house.outbox.acquire_due(clock.wall_now())
    assert lease is None or lease.push.id == announced
