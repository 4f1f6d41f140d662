"""Accounts: opened, changed, closed; seeds give the same credentials and numbers again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from control.conftest import Api
from control.sentences import assert_sentences
from support.institution import Institution
from support.platform import Platform

from simulator.app import Simulator
from simulator.domain.switches import SWITCHES
from simulator.driver import ControlClient
from simulator.settings import Settings

Opener = Callable[..., dict[str, Any]]


@pytest.fixture
def open_account(control: ControlClient) -> Iterator[Opener]:
    """Open accounts with small keys; they are closed after the test."""
    opened: list[str] = []

    def create(name: str, **body: Any) -> dict[str, Any]:
        account = control.post("accounts", name=name, **{"key_bits": 1024, **body})
        opened.append(name)
        return dict(account)

    yield create
    for name in opened:
        control.delete("accounts", name)


def test_an_account_opens_with_the_defaults(open_account: Opener) -> None:
    account = open_account("fresh")

    assert account["kind"] == "insurer"
    assert account["company"] == account["access_party"] == "示例财产保险股份有限公司"
    assert (account["disabled"], account["allow_list"], account["endpoints"]) == (False, [], {})
    assert account["switches"] == {name: switch.default for name, switch in SWITCHES.items()}
    assert account["clock"]["mode"] == "real"
    assert account["btc_id"] >= 10001
    assert "api_secret" not in account


def test_an_account_is_found_by_its_name_and_by_its_number(
    open_account: Opener, control: ControlClient
) -> None:
    account = open_account("twice-named")

    assert control.get("accounts", "twice-named")["btc_id"] == account["btc_id"]
    assert control.get("accounts", str(account["btc_id"]))["name"] == "twice-named"


def test_an_account_may_stand_for_a_branch_or_for_an_unlisted_company(
    open_account: Opener,
) -> None:
    branch = open_account("branch", company="示例财产保险股份有限公司福州分公司")
    unlisted = open_account("unlisted", company="某某新保险有限公司（测试）")

    assert branch["access_party"] == "示例财产保险股份有限公司"
    assert unlisted["access_party"] == "某某新保险有限公司（测试）"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": ""}, "''"),
        ({"name": "Upper"}, "'Upper'"),
        ({"name": "with space"}, "'with space'"),
        ({"name": "-first"}, "'-first'"),
        ({"name": "测试"}, "'测试'"),
        ({"name": "12345"}, "'12345'"),
        ({"name": "a" * 41}, "'aaa"),
        ({"name": "trailing\n"}, "trailing"),
        ({"name": "fine", "kind": "bank"}, "'bank'"),
        ({"name": "fine", "key_bits": 4096}, "4096"),
    ],
)
def test_a_wrong_account_is_not_opened(api: Api, body: dict[str, Any], named: str) -> None:
    status, answer = api("POST", "accounts", body)

    assert status == 400, answer
    assert_sentences(answer, named)
    assert api("GET", "accounts/fine")[0] == 404


def test_a_name_is_used_once(api: Api, platform: Platform) -> None:
    status, answer = api("POST", "accounts", {"name": platform.name, "key_bits": 1024})

    assert status == 409
    assert_sentences(answer, repr(platform.name))


def test_a_closed_account_is_gone_with_its_token(control: ControlClient, api: Api) -> None:
    control.post("accounts", name="to-be-closed", key_bits=1024)
    institution = Institution(Platform(control, "to-be-closed").letter())
    assert institution.token

    assert control.delete("accounts", "to-be-closed") == {"done": True}

    assert api("GET", "accounts/to-be-closed")[0] == 404
    answer = institution.call("insurer_get_branch_insurers", insurer_name="示例")
    assert answer["status"] == 1006


def test_a_seed_gives_the_same_credentials_and_numbers_again(control: ControlClient) -> None:
    def live() -> tuple[Any, ...]:
        control.post("accounts", name="seeded", key_bits=1024, seed="a seed")
        platform = Platform(control, "seeded")
        platform.freeze()
        letter = platform.letter()
        orders = [platform.create_order() for _ in range(3)]
        token = Institution(letter).request_token()["data"]["access_token"]
        control.delete("accounts", "seeded")
        numbers = [order["order_no"] for order in orders]
        files = [file["file_id"] for order in orders for file in order["files"]]
        return letter["api_key"], letter["api_secret"], numbers, files, token

    first = live()

    assert live() == first
    assert len(set(first[2])) == 3


def test_without_a_seed_nothing_is_the_same(open_account: Opener, control: ControlClient) -> None:
    for name in ("one", "two"):
        open_account(name)
    letters = [Platform(control, name).letter() for name in ("one", "two")]
    numbers = [Platform(control, name).create_order()["order_no"] for name in ("one", "two")]

    assert letters[0]["api_key"] != letters[1]["api_key"]
    assert letters[0]["api_secret"] != letters[1]["api_secret"]
    assert numbers[0] != numbers[1]


def test_one_seed_for_two_names_gives_two_credentials(
    open_account: Opener, control: ControlClient
) -> None:
    for name in ("seed-one", "seed-two"):
        open_account(name, seed="the same")
    letters = [Platform(control, name).letter() for name in ("seed-one", "seed-two")]

    assert letters[0]["api_key"] != letters[1]["api_key"]


def test_after_a_reset_the_numbers_go_on(platform: Platform) -> None:
    before = [platform.create_order()["order_no"] for _ in range(2)]

    platform.post("reset")

    assert platform.create_order()["order_no"] not in before


def test_a_reset_brings_no_token_and_no_file_url_back(
    platform: Platform, institution: Institution
) -> None:
    order_no = platform.create_order()["order_no"]
    token = institution.token
    data = institution.call("insurer_get_guarantee_info", order_no=order_no)["data"]
    url = data["guarantee_sign_files"][0]["file_url"]

    platform.post("reset")
    platform.create_order()
    institution.forget_token()

    assert institution.token != token
    assert requests.get(url, timeout=10).json()["status"] == 4501


def test_a_reset_of_all_empties_every_account_and_keeps_them(tmp_path: Path) -> None:
    running = Simulator(Settings(port=0, control_port=0, data=str(tmp_path)))
    running.start()
    control = ControlClient(running.control_url)
    for name in ("first", "second"):
        control.post("accounts", name=name, key_bits=1024)
        Platform(control, name).create_order()
        Platform(control, name).freeze()

    done = control.post("reset")
    accounts = control.get("accounts")
    orders = [Platform(control, account["name"]).get("orders") for account in accounts]
    running.stop()

    assert done == {"done": True}
    assert [account["name"] for account in accounts] == ["first", "second"]
    assert [account["clock"]["mode"] for account in accounts] == ["real", "real"]
    assert orders == [[], []]


def test_what_is_not_given_is_left(platform: Platform) -> None:
    platform.change(allow_list=["10.0.0.0/8"], switches={"repeat": "identical"})
    platform.change(endpoints={"claim": "http://127.0.0.1:1/c", "verify": "http://127.0.0.1:1/v"})
    changed = platform.change(
        disabled=True, switches={"strict_ack": True}, endpoints={"claim": None}
    )

    assert changed["disabled"] is True
    assert changed["allow_list"] == ["10.0.0.0/8"]
    assert changed["endpoints"] == {"verify": "http://127.0.0.1:1/v"}
    switches = changed["switches"]
    assert (switches["repeat"], switches["strict_ack"]) == ("identical", True)
    assert platform.change()["switches"] == switches


def test_every_switch_takes_each_of_its_values(platform: Platform) -> None:
    for switch in SWITCHES.values():
        for value in switch.choices or (0, 0.5, switch.most):
            changed = platform.change(switches={switch.name: value})
            assert changed["switches"][switch.name] == value
