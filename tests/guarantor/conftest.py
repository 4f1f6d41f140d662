"""Both sides of one fresh guarantor's account, its clock frozen."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from guarantor.guarantor import Guarantor
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient

_numbers = itertools.count(1)


@pytest.fixture
def platform(control: ControlClient) -> Iterator[Platform]:
    """The platform's side of a fresh guarantor's account (1024-bit keys: fast)."""
    name = f"guarantor-{next(_numbers)}"
    control.post("accounts", name=name, kind="guarantor", key_bits=1024)
    platform = Platform(control, name)
    platform.freeze()
    yield platform
    control.delete("accounts", name)


@pytest.fixture
def guarantor(platform: Platform, institution: Institution) -> Guarantor:
    """The guarantor of the test's account."""
    return Guarantor(platform, institution)


@pytest.fixture
def separate(platform: Platform) -> Any:
    """A fresh order for the separate product (分离式)."""
    return platform.create_order("separate")


@pytest.fixture
def issued(guarantor: Guarantor, order: Any) -> Any:
    """The account's order with its guarantee, DB-1."""
    return guarantor.bring(order, "HAS_OUT_GUARANTEE")
