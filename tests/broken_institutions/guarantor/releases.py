"""Mistakes with guarantees that are revoked and released (2.8, 2.9)."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from broken_institutions.both.spoiling import write
from broken_institutions.defects import defect
from reference_institution.guarantor import guarantee_actions, release_notices
from reference_institution.guarantor import store as records
from reference_institution.guarantor.release_notices import Releases
from reference_institution.guarantor.store import GuarantorStore
from reference_institution.pushes import Upload, refuse

_STATES = "guarantor/2.10/data"
_LISTS = "guarantor/2.8/request"
_QUOTA = "guarantor/2.8/quota"
_Said = Mapping[str, str]
_Batch = Callable[[GuarantorStore, Mapping[str, Any], Iterable[str], Iterable[str]], None]


@defect("guarantor/0/functions/happy-path")
def releases_without_the_serial_number() -> None:
    """Never stored what 2.5 answered, and leaves the member empty: 2.9 answers 200 all the same."""
    guarantee_actions._serial_num = lambda *_: ""


def _storing(wrap: Callable[[_Batch], _Batch]) -> None:
    """Put something around the storing of a batch."""
    rightly: Any = GuarantorStore.add_batch
    GuarantorStore.add_batch = wrap(rightly)  # type: ignore[method-assign, assignment]


def _around_the_notice(wrap: Callable[[Any], Any]) -> None:
    """Put something around the handling of 2.8."""
    Releases.release = wrap(Releases.release)  # type: ignore[method-assign]


@defect(f"{_STATES}/3-forfeited", f"{_LISTS}/forfeited-stays", f"{_LISTS}/forfeited-not-released")
def revokes_what_is_forfeited() -> None:
    """Joins the lists of a batch: all of them end up in the table of guarantees to release."""

    def storing(store: _Batch) -> _Batch:
        return lambda self, batch, revoked, forfeited: store(
            self, batch, [*revoked, *forfeited], []
        )

    def laxly(self: Releases, said: _Said, list_name: str, item: _Said) -> None:
        return None if list_name == "penalty_data" else check(self, said, list_name, item)

    check = Releases._check
    Releases._check = laxly  # type: ignore[method-assign]
    _storing(storing)


@defect("guarantor/2.8/function/each")
def revokes_the_first_of_a_list() -> None:
    """Every batch of the test environment had one guarantee: `list.get(0)`."""

    def storing(store: _Batch) -> _Batch:
        return lambda self, batch, revoked, forfeited: store(self, batch, [*revoked][:1], forfeited)

    _storing(storing)


@defect(f"{_STATES}/4-waiting", "guarantor/2.8/function/each", f"{_LISTS}/next-batch")
def leaves_revocations_in_the_inbox() -> None:
    """Stores the batch for a colleague to look at; no guarantee is touched."""
    _storing(lambda store: lambda self, batch, _revoked, _forfeited: store(self, batch, [], []))


@defect("guarantor/2.8/function/unnamed")
def revokes_the_whole_block() -> None:
    """Reads 撤销某个标段下的所有保函: updates by block_number, the lists are not looked at."""

    def storing(store: _Batch) -> _Batch:
        def whole(
            self: GuarantorStore,
            batch: Mapping[str, Any],
            _revoked: Collection[str],
            forfeited: Collection[str],
        ) -> None:
            orders = self._all("orders", "block_number", batch["block_number"])
            held = [self.current_guarantee(order["order_no"]) for order in orders]
            numbers = [each["guarantee_no"] for each in held if each]
            store(self, batch, [n for n in numbers if n not in [*forfeited]], forfeited)

        return whole  # type: ignore[return-value]

    _storing(storing)


@defect(f"{_LISTS}/next-batch")
def refuses_what_it_knows_already() -> None:
    """A guarantee that is listed although it was handled before looks like a false notice."""

    def strictly(self: Releases, said: _Said, list_name: str, item: _Said) -> None:
        release = self._store.release(item["guarantee_no"])
        if release is not None and release["revoke_no"] != said["revoke_no"]:
            raise refuse("保函已撤销")
        check(self, said, list_name, item)

    check = Releases._check
    Releases._check = strictly  # type: ignore[method-assign]


@defect(f"{_LISTS}/released-stays", f"{_LISTS}/forfeited-stays")
def sets_all_listed_guarantees_to_revoked() -> None:
    """One UPDATE over everything that a later batch names, whichever list it stands in."""

    def wrapping(handle: Any) -> Any:
        def release(self: Releases, said: _Said, files: Mapping[str, Upload]) -> None:
            new = self._store.batch(said["revoke_no"]) is None
            handle(self, said, files)
            for items in json.loads(said["revoke_guarantee_data"]).values() if new else ():
                for item in items:
                    write(
                        self._store,
                        "UPDATE releases SET status = 'REVOKED' "
                        "WHERE guarantee_no = ? AND revoke_no <> ?",
                        item["guarantee_no"],
                        said["revoke_no"],
                    )

        return release

    _around_the_notice(wrapping)


@defect(f"{_LISTS}/other-content")
def overwrites_a_batch() -> None:
    """`INSERT … ON DUPLICATE KEY UPDATE`: whatever comes last under a revoke_no counts."""

    def wrapping(handle: Any) -> Any:
        def release(self: Releases, said: _Said, files: Mapping[str, Upload]) -> None:
            write(self._store, "DELETE FROM batches WHERE revoke_no = ?", said["revoke_no"])
            handle(self, said, files)

        return release

    _around_the_notice(wrapping)


@defect("guarantor/2.8/file/optional")
def requires_the_declaration() -> None:
    """All batches of the test environment had one, so @RequestPart was left as it is: required."""

    def strictly(sha256: str, file: Upload | None) -> None:
        if file is None:
            raise refuse("参数缺失：revoke_guarantee_declare_file")
        check(sha256, file)

    check = release_notices._check_declaration
    release_notices._check_declaration = strictly


@defect(f"{_QUOTA}/not-before-the-last")
def frees_each_quota_at_once() -> None:
    """Frees the quota of every revoked guarantee by itself, though it can be done once only."""
    records._FREE_QUOTA = (
        "UPDATE releases SET quota_freed = 1 "
        "WHERE block_number = :block_number AND block_name = :block_name"
    )


@defect(f"{_QUOTA}/after-the-last")
def never_frees_a_quota() -> None:
    """Waits for all orders of the block to be finished, which forfeited ones never are."""
    records._FREE_QUOTA = "UPDATE releases SET quota_freed = 0 WHERE :block_number = :block_name"


@defect("guarantor/2.9/function/after-the-notice", f"{_LISTS}/forfeited-not-released")
def releases_whatever_is_asked_for() -> None:
    """The button 解保 of the back office stands beside every guarantee, whatever its state."""

    def wanted(guarantor: Any, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        if number := body.get("guarantee_no"):
            return [{"guarantee_no": str(number)}]
        return rightly(guarantor, body)

    rightly = guarantee_actions._wanted
    guarantee_actions._wanted = wanted


@defect("guarantor/2.9/answer/item-error")
def takes_status_200_for_a_release() -> None:
    """`if (status == 200) markReleased()`: data.error is not looked at."""
    guarantee_actions._errors = lambda _data: []
