"""The whole trial: a storm with kills, a restart after each, and the final audit."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from durability import audit
from durability.receiver import Pulse, Receiver, receiving
from durability.storm import Actor, Gone, call_or_wait
from durability.victim import Victim
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.store.database import Database
from simulator.store.records import Attempt, Base, Push

_ACCOUNTS = ("walked", "real")
_ACTORS = 3
#: Percentage of kills while the process is still starting.
_EARLY = 12
#: What a kill waits for: any request, its end, a post that arrives, one that is answered.
_MOMENTS = ("call", "called", "post", "answer")
_LIMIT = 20.0


class Mover(threading.Thread):
    """Moves one account's clock through the storm, so that kills come in the middle of walks."""

    def __init__(self, victim: Victim, pulse: Pulse, seed: int) -> None:
        super().__init__(name="mover", daemon=True)
        self.victim, self.pulse, self.rng = victim, pulse, random.Random(f"{seed} mover")
        self.platform = Platform(ControlClient(victim.control_url), _ACCOUNTS[0])
        self.ending = threading.Event()
        self.failure: BaseException | None = None
        #: Push and attempt of each acknowledgement that a walk returned.
        self.acknowledged: set[tuple[int, int]] = set()

    def run(self) -> None:
        try:
            while not self.ending.is_set():
                self.pulse.wait_for("post", self.rng.randint(1, 6), 1.0)
                seconds = self.rng.choice((0, 15, 30, 200))
                move = partial(self.platform.advance, seconds)
                try:
                    walked = call_or_wait(self.victim, self.pulse, move)
                except Gone:
                    continue
                self.acknowledged |= {
                    (each["push"], each["attempt"])
                    for each in walked["attempts"]
                    if each["acknowledged"]
                }
        except BaseException as error:
            self.failure = error


@dataclass(frozen=True)
class Trial:
    """What a trial did, for its log."""

    kills: int
    seconds: float
    found: audit.Found


@contextmanager
def _storm(victim: Victim, receiver: Receiver, seed: int) -> Iterator[tuple[list[Actor], Mover]]:
    """Run the threads of both accounts; at the end each finishes what it has begun."""
    client = ControlClient(victim.control_url)
    actors = []
    for account in _ACCOUNTS:
        client.post("accounts", name=account, key_bits=1024)
        platform = Platform(client, account)
        platform.register(f"{receiver.url}/{account}")
        letter = platform.letter()
        actors += [Actor(victim, receiver.pulse, account, letter, n, seed) for n in range(_ACTORS)]
    mover = Mover(victim, receiver.pulse, seed)
    threads: list[Any] = [*actors, mover]
    for thread in threads:
        thread.start()
    try:
        yield actors, mover
    finally:
        for thread in threads:
            thread.ending.set()
    for thread in threads:
        thread.join(60)
        if thread.failure is not None:
            raise thread.failure
        assert not thread.is_alive(), thread.name


def trial(folder: Path, kills: int, seed: int, workers: int = 1) -> Trial:
    """Kill and restart the simulator so often, and audit it afterwards."""
    rng, pulse, began = random.Random(seed), Pulse(), time.monotonic()
    victim = Victim(folder, rng, workers)
    with receiving(pulse, rng) as receiver:
        try:
            victim.start()
            with _storm(victim, receiver, seed) as (actors, mover):
                for _ in range(kills):
                    _kill(victim, pulse, rng, actors)
            _settle(victim, receiver)
        finally:
            victim.remove()
    for word in ("locked", "Traceback", "Error"):
        assert word not in victim.complaints(), victim.complaints()[-4000:]
    database = Database(victim.database_url)
    with database.reading() as session:
        audit.of_the_file(session)
        stories = [story for actor in actors for story in actor.stories]
        orders = audit.of_effects(session, stories)
        audit.of_announcements(session)
        audit.of_walks(session, mover.acknowledged)
        interrupted, duplicates = audit.of_deliveries(session, receiver.arrivals)
        counts = [_count(session, each) for each in (Push, Attempt)]
    database.close()
    assert victim.kills >= kills
    found = audit.Found(orders, *counts, interrupted, len(receiver.arrivals), duplicates)
    return Trial(victim.kills, time.monotonic() - began, found)


def _count(session: Session, rows: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(rows)) or 0


def _kill(victim: Victim, pulse: Pulse, rng: random.Random, actors: list[Actor]) -> None:
    """Kill the process at a point of the seed's choice, and start the next one."""
    failures = [actor.failure for actor in actors if actor.failure is not None]
    if failures:
        raise failures[0]
    pulse.wait_for(rng.choice(_MOMENTS), rng.randint(1, 40), _LIMIT)
    victim.kill_after(rng.uniform(0, 0.02))
    while rng.randrange(100) < _EARLY:
        victim.spawn()
        victim.kill_after(rng.uniform(0.3, 0.9))
    victim.start()


def _settle(victim: Victim, receiver: Receiver) -> None:
    """Kill it once more, then run both accounts' clocks until nothing is due."""
    receiver.failing = 0
    victim.kill()
    victim.start()
    for account in _ACCOUNTS:
        _run(Platform(ControlClient(victim.control_url), account))
    victim.stop()


def _run(platform: Platform) -> None:
    walked = platform.run()
    assert walked["clock"]["moving"] is False
    for state in ("pending", "in_flight", "held", "unroutable", "question"):
        assert platform.pushes(state=state) == []
