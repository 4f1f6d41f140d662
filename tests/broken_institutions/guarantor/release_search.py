"""Mistakes in the answers to 2.10 保函解保查询."""

from collections.abc import Callable
from typing import Any

from broken_institutions.defects import defect
from reference_institution import clock
from reference_institution.guarantor.release_notices import Releases
from reference_institution.guarantor.store import GuarantorStore

_DATA = "guarantor/2.10/data"


def _answer(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change the data of every answer to 2.10."""
    rightly = Releases.search
    Releases.search = lambda self, said: change(  # type: ignore[method-assign]
        rightly(self, said)
    )


@defect(
    *(
        f"{_DATA}/{name}"
        for name in (
            *("form", "guarantee_no", "serial_num", "date", "date-of-2.9", "1-unknown"),
            *("1-other-serial_num", "1-other-block_number"),
            *("2-not-revoked", "3-forfeited", "4-waiting", "5-released"),
        )
    )
)
def tells_releases_in_pascal_case() -> None:
    """The answer is an object of C#, and the serializer keeps its names: GuaranteeNo, Status."""
    _answer(lambda data: {name.title().replace("_", ""): value for name, value in data.items()})


@defect(f"{_DATA}/1-other-serial_num", f"{_DATA}/1-other-block_number")
def looks_releases_up_by_their_number_only() -> None:
    """The guarantee's number is unique, so why compare the block and the serial number?"""

    def search(self: Releases, said: Any) -> dict[str, str]:
        guarantee = self._store.guarantee(said["guarantee_no"])
        order = self._store.order(guarantee["order_no"]) if guarantee else None
        if not guarantee or not order:
            return rightly(self, said)
        known = {
            "serial_num": guarantee["serial_num"] or said["serial_num"],
            "block_number": order["block_number"],
        }
        return rightly(self, {**said, **known})

    rightly = Releases.search
    Releases.search = search  # type: ignore[method-assign]


@defect(f"{_DATA}/1-unknown", f"{_DATA}/1-other-serial_num", f"{_DATA}/1-other-block_number")
def takes_no_record_for_not_revoked() -> None:
    """Looks into its list of revocations only: who is not on it was not revoked."""
    _answer(lambda data: {**data, "status": "2" if data["status"] == "1" else data["status"]})


@defect(f"{_DATA}/2-not-revoked")
def takes_not_revoked_for_not_existing() -> None:
    """Looks into its list of revocations only: who is not on it does not exist."""
    _answer(lambda data: {**data, "status": "1" if data["status"] == "2" else data["status"]})


@defect(f"{_DATA}/5-released")
def never_notes_a_release() -> None:
    """Calls 2.9 and forgets about it; its list of releases is the platform's business."""
    GuarantorStore.mark_released = lambda *_: None  # type: ignore[method-assign, assignment]


@defect(f"{_DATA}/date", f"{_DATA}/date-of-2.9")
def tells_the_day_of_a_release_alone() -> None:
    """The column is a DATE."""
    _answer(lambda data: {**data, "revoke_guarantee_date": str(data["revoke_guarantee_date"])[:10]})


@defect(f"{_DATA}/date-of-2.9")
def tells_when_the_year_began() -> None:
    """Fills the date with the first day of the year, from which its quota is counted anew."""

    def tell(data: dict[str, Any]) -> dict[str, Any]:
        year = clock.now()[:4]
        return {**data, "revoke_guarantee_date": f"{year}-01-01 00:00:00"}

    _answer(tell)


@defect("guarantor/2.10/function/separate")
def looks_for_releases_on_one_line_only() -> None:
    """Guarantees of the separate line (分离式) are kept in another system, which nobody asks."""

    def search(self: Releases, said: Any) -> dict[str, str]:
        data = rightly(self, said)
        guarantee = self._store.guarantee(said["guarantee_no"])
        separate = guarantee is not None and str(guarantee["particulars"]["ktype"]) == "2"
        return {**data, "status": "1"} if separate else data

    rightly = Releases.search
    Releases.search = search  # type: ignore[method-assign]
