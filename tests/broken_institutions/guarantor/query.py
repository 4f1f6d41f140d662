"""Mistakes in the answers to 2.7 保函查验 that only guarantors can make."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from broken_institutions.defects import defect
from reference_institution import guarantees
from reference_institution.guarantor import Guarantor
from reference_institution.store import Row

_DATA = "guarantor/2.7/data"


def _tell(name: str, what: Callable[[Guarantor, Row], object]) -> None:
    """Tell something else than what an order says."""
    rightly = Guarantor.own_particulars
    Guarantor.own_particulars = lambda self, order: {  # type: ignore[method-assign]
        **rightly(self, order),
        name: what(self, order),
    }


@defect(f"{_DATA}/ktype-separate")
def calls_every_guarantee_direct() -> None:
    """The table of 2.1 prints 固定：1, and so does its answer."""
    _tell("ktype", lambda _guarantor, _order: 1)


@defect(f"{_DATA}/proposer")
def names_itself_as_the_proposer() -> None:
    """The company issues the guarantee, so the company is its applicant, it thinks."""
    _tell("proposer", lambda guarantor, _order: guarantor.letter.company)


@defect(f"{_DATA}/proposer-separate")
def names_the_principal_as_the_proposer() -> None:
    """Who needs the guarantee applies for it; what 分离式 means nobody told the developer."""
    _tell("proposer", lambda _guarantor, order: order["principal"])


@defect("guarantor/2.1/period/told")
def forgets_the_days_of_grace() -> None:
    """Computes the end itself, and adds the validity only: the 28 days stand in the last cell."""

    def period(data: Mapping[str, Any]) -> tuple[str, str]:
        start = date.fromisoformat(str(data["bid_deadline"])[:10])
        return start.isoformat(), (start + timedelta(days=int(data["valid_day"]))).isoformat()

    guarantees.guarantee_period = period
