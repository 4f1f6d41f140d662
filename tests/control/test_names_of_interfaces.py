"""An interface is known by its section, its short name and its id, wherever one is asked for."""

import pytest
from support.endpoint import Endpoint
from support.platform import Platform

from simulator.errors import SimulatorError


@pytest.mark.parametrize("name", ["2.2", "order_status", "insurer/2.2"])
def test_an_interface_is_found_by_each_of_its_names(
    platform: Platform, endpoint: Endpoint, name: str
) -> None:
    platform.change(endpoints={name: f"{endpoint.url}/here"})
    platform.fault("lose_ack", interface=name)
    order = platform.create_order()
    platform.post("orders", order["order_no"], "cancel", note="x")
    platform.run()

    assert [post.path for post in endpoint.posts] == ["/here", "/here"]
    [push] = platform.pushes(interface=name)
    assert push["attempts_made"] == 2
    assert len(platform.journal(interface=name)) == 2


@pytest.mark.parametrize("thing", ["journal", "pushes"])
def test_an_unknown_interface_is_refused_with_the_known_ones(
    platform: Platform, thing: str
) -> None:
    with pytest.raises(SimulatorError, match=r"no interface '9.9'; there are: .*2.2 order_status"):
        platform.get(thing, interface="9.9")


def test_an_unknown_state_is_refused_with_the_known_ones(platform: Platform) -> None:
    with pytest.raises(SimulatorError, match=r"no state 'bogus'; the states are: pending, "):
        platform.pushes(state="bogus")


def test_an_unknown_value_of_a_rule_is_named(platform: Platform) -> None:
    with pytest.raises(SimulatorError, match="answer has no value 'cod'; its values are: code"):
        platform.fault("answer", value={"cod": 404})


def test_a_switch_names_its_values_as_they_are_written(platform: Platform) -> None:
    with pytest.raises(SimulatorError, match="takes one of: WAIT_TUNE_UP, WAIT_OFFER"):
        platform.switch(first_state="wait_offer")
    with pytest.raises(SimulatorError, match="takes one of: false, true"):
        platform.switch(strict_ack="yes")
