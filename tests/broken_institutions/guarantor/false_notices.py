"""Mistakes that let a false notice (假通知) to a guarantor through."""

from collections.abc import Mapping
from typing import Any

from broken_institutions.both.spoiling import add_item, number
from broken_institutions.defects import defect
from broken_institutions.guarantor.claims import trust_the_document
from reference_institution.actions import CannotAct
from reference_institution.guarantor import (
    ACTIONS,
    claims,
    guarantee_actions,
    notices,
    order_actions,
    release_notices,
)
from reference_institution.guarantor.claim_notice import Claims
from reference_institution.guarantor.notices import Notices
from reference_institution.guarantor.release_notices import Releases
from reference_institution.orders import Orders
from reference_institution.pushes import Upload
from reference_institution.store import Row, Store

_NAMES = ("principal", "creditor", "block_number", "block_name")
_Said = Mapping[str, str]
_Files = Mapping[str, Upload]


def _both(*checks: str) -> list[str]:
    return [f"guarantor/{check}{ending}" for check in checks for ending in ("", "-no-record")]


def go_by_own_records() -> None:
    """Let the actions go by what is on record, without asking 2.2 first."""

    def on_record(guarantor: Any, body: Mapping[str, Any]) -> Row:
        order = guarantor.store.order(str(body.get("order_no")))
        if order is None or order["status"] == "CANCEL":
            raise CannotAct("there is no such order, or it is cancelled")
        return dict(order)

    for module in (order_actions, guarantee_actions):
        module.current_order = on_record  # type: ignore[attr-defined]
    Orders.refresh_later = lambda *_: None  # type: ignore[method-assign, assignment]
    act = ACTIONS["claim"]

    def guarded(guarantor: Any, body: Mapping[str, Any]) -> Any:
        claim = guarantor.store.claim(str(body.get("claim_no")))
        if claim and claim["status"] == "CLAIM_CANCEL":
            raise CannotAct("the claim was revoked")
        return act(guarantor, body)

    ACTIONS["claim"] = guarded


def _compare_only(*compared: str) -> None:
    """Compare only these names of a notice with the order."""
    fitting = Orders.fitting

    def laxly(self: Orders, order_no: str, given: _Said) -> Row | None:
        return fitting(self, order_no, {k: v for k, v in given.items() if k in compared})

    Orders.fitting = laxly  # type: ignore[method-assign]
    go_by_own_records()


def _ignore_the_applicant() -> None:
    rightly = Notices.order_status

    def order_status(self: Notices, said: _Said) -> None:
        order = self._store.order(said["order_no"])
        known = notices.applicant(order, self._company) if order else said["applicant"]
        rightly(self, {**said, "applicant": known})

    Notices.order_status = order_status  # type: ignore[method-assign]


def _ignore_the_companies() -> None:
    rightly = Claims._order_of

    def order_of(self: Claims, said: _Said, pdf: Upload | None) -> str:
        own = dict.fromkeys(("guarantor", "out_guarantee"), self._company)
        return rightly(self, {**said, **own}, pdf)

    Claims._order_of = order_of  # type: ignore[method-assign]


@defect(
    *_both(*(f"2.4/4/wrong-{name}" for name in _NAMES)),
    *_both(*(f"3.1/4/wrong-{name}" for name in _NAMES)),
    *_both("3.1/4/wrong-guarantee-of-another-order"),
    *_both("2.4/request/wrong-applicant"),
    *_both("3.1/4/wrong-guarantor", "3.1/4/wrong-out_guarantee"),
)
def goes_by_numbers_alone() -> None:
    """Looks an order or a guarantee up by its number and compares nothing else."""
    _compare_only()
    _ignore_the_applicant()
    _ignore_the_companies()
    trust_the_document()


@defect(*_both("2.4/request/wrong-applicant"))
def never_compares_the_applicant() -> None:
    """Compares the principal; that the applicant is another member nobody noticed."""
    go_by_own_records()
    _ignore_the_applicant()


@defect(*_both("3.1/4/wrong-guarantor", "3.1/4/wrong-out_guarantee"))
def never_compares_the_company() -> None:
    """Whatever comes to its address is about itself, it thinks."""
    _ignore_the_companies()


@defect(*_both("2.4/4/wrong-creditor", "3.1/4/wrong-creditor"))
def forgets_to_compare_the_creditor() -> None:
    """Compares what the principal's own record holds; the creditor (受益人) is not in it."""
    _compare_only("principal", "block_number", "block_name")


@defect(*_both("2.4/4/unknown-order"))
def makes_an_order_of_any_status() -> None:
    """Stores an order that it does not know from the notice itself; 2.2 will fill in the rest."""
    rightly = Notices.order_status

    def order_status(self: Notices, said: _Said) -> None:
        if self._store.order(said["order_no"]) is None:
            rest = {"ktype": "1", "guarantee_amount": "10000.00", "order_status": "WAIT_PAY"}
            self._store.remember_order({**said, **rest})
            return
        rightly(self, said)

    Notices.order_status = order_status  # type: ignore[method-assign]
    go_by_own_records()


@defect(*_both("3.1/4/wrong-guarantee_no"))
def opens_a_claim_on_no_guarantee() -> None:
    """Stores a claim first and looks for the guarantee when somebody gets round to it."""
    rightly = Claims.claim

    def claim(self: Claims, said: _Said, files: _Files) -> None:
        if self._store.guarantee(said["guarantee_no"]):
            rightly(self, said, files)
            return
        numbers = {name: said[name] for name in ("claim_no", "guarantee_no", "status")}
        stored = {"order_no": "", "phase": 0, "content": dict(said), **numbers}
        self._store.add_claim(stored, [])

    Claims.claim = claim  # type: ignore[method-assign]


@defect(*_both("3.1/4/revocation-wrong-principal", "3.1/4/revocation-wrong-guarantee_no"))
def revokes_a_claim_by_its_number_alone() -> None:
    """Checks a new claim well; for CLAIM_CANCEL it only needs to find the claim_no, it thinks."""
    rightly = Claims.claim

    def claim(self: Claims, said: _Said, files: _Files) -> None:
        if said["status"] == "CLAIM_CANCEL":
            phase = claims.PHASES["CLAIM_CANCEL"]
            self._store.advance_claim(said["claim_no"], "CLAIM_CANCEL", phase)
            return
        rightly(self, said, files)

    Claims.claim = claim  # type: ignore[method-assign]
    go_by_own_records()


@defect(*_both(*(f"2.1/4/wrong-{name}" for name in _NAMES)))
def takes_every_application_for_a_new_one() -> None:
    """Stores what it is told, again and again; what came last is what the guarantee says."""
    rightly = Notices.application
    find = Store.find

    def application(self: Notices, said: dict[str, str], address: str) -> dict[str, str]:
        add_item(self._store, ("/application", said["order_no"], ""))
        known = self._store.order(said["order_no"])
        if known is None:
            return rightly(self, said, address)
        self._store.remember_order({**known["data"], **said, "order_status": known["status"]})
        return {"order_status": said["order_status"], "pay_method": "CLIENT"}

    def found(store: Store, kind: str, key: str) -> list[Row]:
        copies = "SELECT count(*) FROM items WHERE (path, key) = ('/application', ?)"
        times = number(store, copies, key) if kind == "applications" else 1
        return find(store, kind, key) * max(1, times)

    Notices.application = application  # type: ignore[method-assign]
    Store.find = found  # type: ignore[method-assign]
    go_by_own_records()
    Orders.look_up = lambda self, order_no: self._store.order(  # type: ignore[method-assign]
        order_no
    )


# Batches of revocations (2.8).


@defect(
    *_both(*(f"2.8/4/wrong-{name}" for name in _NAMES)),
    *_both("2.8/4/wrong-guarantee_no", "2.8/4/wrong-guarantee-of-another-order"),
    "guarantor/2.8/4/wrong-serial_num",
)
def revokes_by_numbers_alone() -> None:
    """Notes every listed number as revoked, and answers 2.10 from these notes."""
    Releases._check = lambda *_: None  # type: ignore[method-assign, assignment]
    rightly = Releases.search

    def search(self: Releases, said: _Said) -> dict[str, str]:
        if release := self._store.release(said["guarantee_no"]):
            state = release_notices._STATES[release["status"]]
            return {
                **{name: said[name] for name in ("guarantee_no", "serial_num")},
                "status": state,
                "revoke_guarantee_date": release["release_date"] or "",
            }
        return rightly(self, said)

    Releases.search = search  # type: ignore[method-assign]


@defect("guarantor/2.8/4/wrong-serial_num")
def never_compares_the_serial_number() -> None:
    """Finds the guarantee by its own number; the platform's number is for the platform."""
    check = Releases._check

    def laxly(self: Releases, said: _Said, list_name: str, item: dict[str, str]) -> None:
        guarantee = self._store.guarantee(item["guarantee_no"])
        if guarantee and guarantee["serial_num"]:
            item["serial_num"] = guarantee["serial_num"]
        check(self, said, list_name, item)

    Releases._check = laxly  # type: ignore[method-assign, assignment]


@defect(
    *_both(*(f"2.8/4/wrong-{name}" for name in ("creditor", "block_number", "block_name"))),
)
def compares_the_items_of_a_batch_only() -> None:
    """Compares each listed guarantee; what stands above the list is printed, not compared."""
    check = Releases._check

    def laxly(self: Releases, said: _Said, list_name: str, item: _Said) -> None:
        guarantee = self._store.guarantee(item["guarantee_no"])
        order = self._store.order(guarantee["order_no"]) if guarantee else None
        heads = ("block_number", "block_name", "creditor")
        known = {name: order[name] for name in heads} if order else {}
        check(self, {**said, **known}, list_name, item)

    Releases._check = laxly  # type: ignore[method-assign, assignment]


@defect(
    *_both(*(f"2.8/hash/{how}" for how in ("file-changed", "hash-changed", "file-missing"))),
    "guarantor/2.8/hash/hash-missing",
    "guarantor/2.8/file/not-a-pdf",
)
def files_the_declaration_unread() -> None:
    """Stores the declaration and its hash side by side, and compares them never."""
    release_notices._check_declaration = lambda _sha256, _file: None


@defect(*_both("2.8/hash/file-missing"), "guarantor/2.8/hash/hash-missing")
def compares_the_hash_if_both_are_there() -> None:
    """`if (file != null && hash != null)`: without one of them there is nothing to compare."""
    check = release_notices._check_declaration

    def laxly(sha256: str, file: Upload | None) -> None:
        if sha256 and file:
            check(sha256, file)

    release_notices._check_declaration = laxly


@defect("guarantor/2.8/file/not-a-pdf")
def believes_the_name_of_the_declaration() -> None:
    """The part is called declaration.pdf, so it is a PDF."""
    Upload.is_pdf = property(  # type: ignore[method-assign, assignment]
        lambda self: self.type == "pdf"
    )
