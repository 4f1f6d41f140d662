"""What the database does not take is refused in words, and accounts are opened one at a time."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError

_numbers = count(1)


def test_a_number_that_no_column_holds_is_no_fault_of_the_simulator(platform: Platform) -> None:
    with pytest.raises(SimulatorError, match="or a number too large: send a smaller one"):
        platform.post("faults", rule="cut", attempt=10**30)


def test_accounts_that_are_opened_at_once_get_numbers_and_keys_of_their_own(
    control: ControlClient,
) -> None:
    names = [f"at-once-{next(_numbers)}" for _ in range(6)]

    def open_account(name: str) -> int:
        return int(control.post("accounts", name=name, key_bits=1024)["btc_id"])

    with ThreadPoolExecutor(len(names)) as crowd:
        opened = list(crowd.map(open_account, names))
        list(crowd.map(lambda name: control.post("accounts", name, "keys"), names))
    keys = {str(control.get("accounts", name, "letter")["rsa_sk"]) for name in names}
    for name in names:
        control.delete("accounts", name)

    assert len(set(opened)) == len(keys) == len(names)


def test_one_of_several_gets_a_name_and_the_others_hear_that_it_is_taken(
    control: ControlClient,
) -> None:
    def open_account(_: int) -> str:
        try:
            control.post("accounts", name="only-once", key_bits=1024)
        except SimulatorError as error:
            return error.text.en
        return "opened"

    with ThreadPoolExecutor(6) as crowd:
        outcomes = sorted(crowd.map(open_account, range(6)))
    control.delete("accounts", "only-once")

    assert outcomes == [*["There is an account 'only-once' already."] * 5, "opened"]
