"""The hostile profile: which exchanges it strikes is the seed's alone, and it stays mild."""

import itertools
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias

import pytest
import requests
from faults.test_calls import connect, wire
from support.endpoint import Endpoint, serve
from support.institution import Institution
from support.platform import Platform

from simulator.app import Simulator
from simulator.domain.hostility import ONE_IN, Hostility
from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.fault_tag import FaultTag
from simulator.operations.faults.fault_rules import RULES
from simulator.operations.faults.hostility import PROFILE
from simulator.protocol import envelope
from simulator.settings import Settings, load

READ = "insurer_get_guarantee_info"
NUMBERS = range(1, 2001)


def list_strikes(hostility: Hostility, interface: str = READ) -> list[int]:
    return [n for n in NUMBERS if hostility.strikes("demo", interface, n)]


@pytest.mark.parametrize("most", [1, 2, 3, 9])
def test_never_more_than_so_many_in_a_row(most: int) -> None:
    longest = 0
    for seed in range(25):
        hit = set(list_strikes(Hostility(str(seed), most)))
        runs = [sum(1 for _ in run) for is_hit, run in itertools.groupby(NUMBERS, hit.__contains__)]
        starts_hit = 1 in hit
        longest = max(longest, *runs[0 if starts_hit else 1 :: 2])
    assert longest <= most
    assert longest == most or most == 9


def test_about_one_in_five_is_struck() -> None:
    share = len(list_strikes(Hostility("a", 9))) / len(NUMBERS)

    assert abs(share - 1 / ONE_IN) < 0.03


def test_each_exchange_is_drawn_for_itself() -> None:
    hostility, orderly = Hostility("a", 2), list_strikes(Hostility("a", 2))
    shuffled = list(NUMBERS)
    random.Random(1).shuffle(shuffled)

    assert sorted(n for n in shuffled if hostility.strikes("demo", READ, n)) == orderly
    assert list_strikes(Hostility("b", 2)) != orderly
    assert list_strikes(hostility, "insurer_get_file_url") != orderly


def test_every_fault_of_the_profile_is_a_rule_with_values_that_it_takes() -> None:
    for strikes, faults in PROFILE.items():
        for name, value in faults:
            rule = RULES[name]
            assert rule.strikes == strikes
            assert set(value) <= set(rule.takes)


@contextmanager
def hostile(seed: str, **more: Any) -> Iterator[tuple[Simulator, Platform, Endpoint]]:
    """A hostile simulator with an account, whose clock stands still, and its endpoint."""
    settings = Settings(port=0, control_port=0, hostile=2, seed=seed, **more)
    simulator = Simulator(settings, ephemeral=True)
    simulator.start()
    endpoint, server = serve()
    try:
        control = ControlClient(simulator.control_url)
        control.post("accounts", name="demo", key_bits=1024)
        platform = Platform(control, "demo")
        platform.freeze()
        platform.register(endpoint.url)
        yield simulator, platform, endpoint
    finally:
        server.shutdown()
        server.server_close()
        simulator.stop()


def token(institution: Institution) -> str:
    """Get a token from a platform that does not always give one."""
    for _ in range(5):
        try:
            answer = requests.post(institution.url, data=token_form(institution), timeout=1).json()
        except (requests.ConnectionError, requests.Timeout, requests.JSONDecodeError):
            continue
        if answer["status"] == 200:
            return str(answer["data"]["access_token"])
    raise AssertionError("more than two strikes in a row")


Tags: TypeAlias = dict[str, list[FaultTag | None]]


def token_form(institution: Institution) -> dict[str, str]:
    letter = institution.letter
    parameters = {
        "method": "get_access_token",
        "api_key": letter["api_key"],
        "api_secret": letter["api_secret"],
        "timestamp": institution.timestamp(),
    }
    signed = envelope.signed(parameters, letter["api_secret"])
    return {"param": envelope.seal(signed, institution.common_public, institution.form)}


def exchange(platform: Platform, calls: int) -> Tags:
    """Make calls and let pushes go; return the tags of all exchanges, by interface, in order."""
    institution = Institution(platform.letter())
    order = platform.create_order()
    read: Any = institution.sign(READ, order_no=order["order_no"])
    param = envelope.seal(read, institution.own_public, institution.form)
    held, entries = "", [{"id": 0, "faults": [{"rule": "expire_token"}]}]
    with ExitStack() as stack:
        for _ in range(calls):
            if any(tag["rule"] == "expire_token" for tag in entries[-1]["faults"]):
                held = token(institution)
            connection = stack.enter_context(connect(institution.url))
            # Its answer is not waited for: some of them take their time.
            connection.sendall(wire(institution.url, {"param": param, "access_token": held}))
            after = entries[-1]["id"]
            entries = platform.get("journal", "wait", interface=READ, after=after)
            assert len(entries) == 1
    for _ in range(8):
        platform.post("orders", platform.create_order()["order_no"], "cancel")
    platform.run()
    tags: Tags = {}
    for entry in platform.journal(limit=1000):
        if entry["interface"] != "insurer/1.1":
            tags.setdefault(str(entry["interface"]), []).extend(
                [FaultTag.from_json(tag) for tag in entry["faults"]] or [None]
            )
    return tags


def expect_strikes(seed: str, interface: str, count: int) -> list[bool]:
    return [Hostility(seed, 2).strikes("demo", interface, n + 1) for n in range(count)]


@pytest.fixture(scope="module")
def first_run() -> Tags:
    with hostile("seed-7") as (_, platform, _endpoint):
        return exchange(platform, 40)


def test_it_strikes_what_the_seed_says_and_tags_it(
    first_run: Tags,
) -> None:
    tags = first_run["insurer/2.3"]

    assert [bool(tag) for tag in tags] == expect_strikes("seed-7", READ, 40)
    assert any(tags)
    for number, tag in enumerate(tags, 1):
        assert tag is None or (tag.rule in RULES and tag == FaultTag(tag.rule, exchange=number))


def test_the_same_seed_and_exchanges_give_the_same_strikes(
    first_run: Tags,
) -> None:
    with hostile("seed-7") as (_, platform, _endpoint):
        assert exchange(platform, 40) == first_run


def test_every_push_gets_through(first_run: Tags) -> None:
    assert any(first_run["insurer/2.2"])
    with hostile("seed-9") as (_, platform, endpoint):
        exchange(platform, 0)
        assert {push["state"] for push in platform.pushes()} == {"acknowledged"}
        assert len(endpoint.posts) >= 8


def test_with_workers_it_is_one_count() -> None:
    with hostile("seed-7", workers=2) as (_, platform, _endpoint):
        # Answered once a worker has started, however long that takes; no fault strikes it.
        assert requests.get(platform.letter()["platform"], timeout=60).status_code == 200
        tags = exchange(platform, 30)["insurer/2.3"]

    assert [bool(tag) for tag in tags] == expect_strikes("seed-7", READ, 30)


def test_calls_at_the_same_time_are_counted_one_by_one() -> None:
    with hostile("seed-3") as (_, platform, _endpoint), ExitStack() as stack:
        institution = Institution(platform.letter())
        number = platform.create_order()["order_no"]
        branches = institution.sign("insurer_get_branch_insurers", insurer_name=number)
        param = envelope.seal(branches, institution.own_public, institution.form)
        fields = {"param": param, "access_token": token(institution)}
        connections = [stack.enter_context(connect(institution.url)) for _ in range(30)]
        for connection in connections:
            connection.sendall(wire(institution.url, fields))
        entries: list[dict[str, Any]] = []
        while len(entries) < 30:
            entries = platform.journal(interface="insurer_get_branch_insurers", limit=100)
        tags = [entry["faults"] for entry in entries]
        # After a token ended on purpose, the calls that it would have carried are not admitted.
        admitted = [e for e in entries if e["faults"] or e["status"] == "200"]

    wanted = expect_strikes("seed-3", "insurer_get_branch_insurers", len(admitted))
    assert sorted(t[0]["exchange"] for t in tags if t) == [
        n for n, is_struck in enumerate(wanted, 1) if is_struck
    ]


def test_a_rule_that_was_set_goes_first() -> None:
    with hostile("seed-7") as (_, platform, _endpoint):
        rule = platform.fault("no_delivery", times=None)
        platform.post("orders", platform.create_order()["order_no"], "cancel")
        platform.advance(400)
        tags = [entry["faults"] for entry in platform.journal(direction="push")]

    assert tags == [[FaultTag("no_delivery", rule["id"]).as_json()]] * 5


def test_what_would_not_come_again_is_left_alone() -> None:
    with hostile("seed-7") as (_, platform, endpoint):
        number = platform.create_order()["order_no"]
        for _ in range(20):
            platform.post("orders", number, "open")
        opened = platform.journal(direction="push", limit=100)

    assert len(opened) == 20
    assert not any(entry["faults"] for entry in opened)
    assert len(endpoint.posts) == 20


def test_the_control_api_says_the_seed_and_a_friendly_one_says_none(
    control: ControlClient,
) -> None:
    with hostile("seed-7") as (simulator, _, _endpoint):
        health = ControlClient(simulator.control_url).get("health")

    assert health["hostile"] == {"seed": "seed-7", "most": 2}
    assert control.get("health")["hostile"] is None


def test_without_a_seed_one_is_made() -> None:
    simulator = Simulator(Settings(port=0, control_port=0, hostile=1), ephemeral=True)
    seed = simulator.settings.seed
    simulator.start()
    simulator.stop()

    assert len(seed) == 12
    assert simulator.platform.hostility == Hostility(seed, 1)


@pytest.mark.parametrize("value", ["10", "-1"])
def test_the_setting_is_bounded(value: str) -> None:
    with pytest.raises(SimulatorError, match="hostile must be from 0 to 9"):
        load(environment={"CONZHU_HOSTILE": value})
