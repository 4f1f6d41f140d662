"""What tests about faults start from: a notice on its way, an endpoint, one call's form."""

from collections.abc import Callable
from typing import Any

import pytest
from support.institution import Institution
from support.platform import Platform

from simulator.protocol import envelope

Form = Callable[..., dict[str, str]]
Notice = Callable[..., int]


@pytest.fixture
def form(institution: Institution) -> Form:
    """Return the form of a correct call, so that a test can post it as it likes."""

    def made(method: str, **business: str) -> dict[str, str]:
        signed = institution.sign(method, **business)
        sealed = envelope.seal(signed, institution.own_public, institution.form)
        return {"param": sealed, "access_token": institution.token}

    return made


@pytest.fixture
def notice(platform: Platform, order: dict[str, Any]) -> Notice:
    """Announce something (2.2) and return the push's number; its clock stands still."""

    def announce(order_no: str | None = None) -> int:
        number = order_no or order["order_no"]
        platform.post("orders", number, "cancel", note="测试")
        return int(platform.pushes(about=number)[-1]["id"])

    return announce


@pytest.fixture
def decision(order: dict[str, Any]) -> dict[str, str]:
    """A decision (2.4) that moves the order from WAIT_TUNE_UP to WAIT_OFFER."""
    names = ("order_no", "block_number", "block_name", "principal", "creditor")
    known = {name: str(order[name]) for name in names}
    return {**known, "order_do_type": "2", "status": "1", "note": "通过"}
