"""Sixty-four threads that take orders through their whole life, and the final audit."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from durability import audit
from durability.receiver import Pulse, Receiver, receiving
from durability.storm import Actor
from support.platform import Platform

from simulator.app import Simulator
from simulator.driver import ControlClient
from simulator.settings import Settings

_CLIENTS = 64


@dataclass
class Steady:
    """A simulator in this process, for actors that are used with killed ones elsewhere."""

    control_url: str
    kills: int = 0
    serving: threading.Event = field(default_factory=threading.Event)


def crowded(folder: Path, accounts: int, calls: int, seed: int) -> int:
    """Let 64 clients make so many calls, each on orders of its own; return how many orders."""
    settings = Settings(port=0, control_port=0, data=str(folder), journal_limit=10_000_000)
    simulator, pulse = Simulator(settings), Pulse()
    simulator.start()
    try:
        with receiving(pulse, Random(seed)) as receiver:
            actors = _live(simulator, receiver, accounts, calls, seed)
        with simulator.database.reading() as session:
            audit.of_the_file(session)
            orders = audit.of_effects(session, [each for a in actors for each in a.stories])
            audit.of_announcements(session)
            interrupted, duplicates = audit.of_deliveries(session, receiver.arrivals)
        assert (interrupted, duplicates) == (0, 0)
        return orders
    finally:
        simulator.stop()


def _live(
    simulator: Simulator, receiver: Receiver, accounts: int, calls: int, seed: int
) -> list[Actor]:
    steady = Steady(simulator.control_url)
    steady.serving.set()
    platforms, actors = [], []
    for number in range(accounts):
        platform = Platform(ControlClient(simulator.control_url), f"a{number}")
        platform.control.post("accounts", name=platform.name, key_bits=1024)
        platform.register(f"{receiver.url}/{platform.name}")
        letter = platform.letter()
        actors += [
            Actor(steady, receiver.pulse, platform.name, letter, each, seed)
            for each in range(_CLIENTS // accounts)
        ]
        platforms.append(platform)
    for actor in actors:
        actor.start()
    assert receiver.pulse.wait_for("called", calls, 3000)
    for actor in actors:
        actor.ending.set()
    for actor in actors:
        actor.join(60)
        if actor.failure is not None:
            raise actor.failure
        assert not actor.is_alive()
    receiver.failing = 0
    for platform in platforms:
        platform.run()
    return actors
