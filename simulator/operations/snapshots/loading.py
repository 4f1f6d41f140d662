"""Load a snapshot into a new account: all of it or nothing, with new credentials."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from simulator.clock import AccountClock
from simulator.domain.institution import KINDS
from simulator.errors import Conflict
from simulator.operations.accounts import accounts
from simulator.operations.faults import fault_rules
from simulator.operations.registry import PlatformConfig
from simulator.operations.snapshots.form import Malformed, check
from simulator.operations.snapshots.tables import ATTEMPTS, SECTIONS, Section
from simulator.store import numbering
from simulator.store.records import Account, Attempt

#: Replaces the content of a file that the snapshot left out.
PLACEHOLDER = (
    "conzhu-sim: the snapshot left the contents of this file out. 快照未包含该文件的内容。\n"
).encode()
Row = dict[str, Any]


def load(
    session: Session, platform: PlatformConfig, document: Mapping[str, Any], name: str | None = None
) -> Account:
    """Open an account with the state of a snapshot, its clock frozen when it was saved.

    The account gets the snapshot's name, `btc_id` and numbers. With another `name`, those that are
    taken here are drawn anew; orders, claims and the like always keep theirs.

    Raises:
        SimulatorError: the document is not a snapshot, has a newer version, or contradicts itself.
        Conflict: the name, the `btc_id` or numbers are taken here.
    """
    check(document)
    saved = document["account"]
    _check_known(platform, document)
    if name is None and session.scalar(select(Account.id).where(Account.name == saved["name"])):
        raise Conflict(
            f"There is an account {saved['name']!r} here already: load the snapshot with --account "
            "NAME, under another name.",
            f"账户 {saved['name']!r} 在此已存在：请用 --account NAME 以其他名称加载。",
        )
    account = accounts.open_account(
        session,
        platform.catalogue,
        name or saved["name"],
        saved["kind"],
        saved["company"],
        saved["key_bits"],
    )
    _take_number(session, account, saved["btc_id"], anew=name is not None)
    accounts.set_switches(account, saved["switches"])
    accounts.set_allow_list(account, saved["allow_list"])
    for interface, url in saved["endpoints"].items():
        accounts.set_endpoint(session, platform.catalogue, account, interface, url)
    account.access_party, account.disabled = saved["access_party"], saved["disabled"]
    account.sequence = saved["sequence"]
    account.clock = AccountClock(0.0, saved["now"])
    session.flush()
    try:
        _Loading(session, account, document, anew=name is not None).write()
    except IntegrityError as error:
        raise Malformed("two records have the same number", "有两条记录编号相同") from error
    return account


def _take_number(session: Session, account: Account, wanted: int, anew: bool) -> None:
    """Give the account the `btc_id` of the snapshot; if that is taken, it keeps its own.

    Raises:
        Conflict: it is taken, and the account must not get another (`anew`).
    """
    if account.id == wanted:
        return
    taken = session.scalar(select(Account.name).where(Account.id == wanted))
    if taken is None:
        account.id = wanted
        session.flush()
    elif not anew:
        raise Conflict(
            f"The account {taken!r} has the snapshot's btc_id {wanted} already: load it with "
            "--account NAME, which draws another.",
            f"账户 {taken!r} 已使用快照的 btc_id {wanted}：请用 --account NAME 加载并另行编号。",
        )


def _check_known(platform: PlatformConfig, document: Mapping[str, Any]) -> None:
    """Check that this simulator has the interfaces, products and rules that a snapshot names.

    Raises:
        Damaged: it does not have one of them.
    """
    kind = document["account"]["kind"]
    if kind not in KINDS:
        raise Malformed(f"account.kind: there is no {kind!r}", f"account.kind：没有 {kind!r}")
    known = {
        "pushes": ("interface", {i.id for i in platform.catalogue.of_kind(kind, "push")}),
        "orders": ("ktype", {product.ktype for product in KINDS[kind].products}),
        "faults": ("rule", set(fault_rules.RULES)),
    }
    for section, (member, names) in known.items():
        for number, row in enumerate(document[section]):
            if row[member] not in names:
                where, named = f"{section}[{number}].{member}", row[member]
                raise Malformed(
                    f"{where}: this simulator has no {named!r} for this kind of account",
                    f"{where}：本模拟器没有适用于该类账户的 {named!r}",
                )
    issued = {row["order_no"] for row in document["guarantees"] if row["current"]}
    for number, row in enumerate(document["claims"]):
        if row["order_no"] not in issued:
            where, named = f"claims[{number}].order_no", row["order_no"]
            raise Malformed(
                f"{where}: the order {named!r} has no guarantee to claim on",
                f"{where}：订单 {named!r} 没有可索赔的保函",
            )


@dataclass
class _Loading:
    """Writes the records of one snapshot."""

    session: Session
    account: Account
    document: Mapping[str, Any]
    #: Whether numbers that are taken here are drawn anew.
    anew: bool
    #: The new id of each record, by section and by the number that the file has for it.
    _placed: dict[str, dict[Any, int]] = field(default_factory=dict)

    def write(self) -> None:
        for section in SECTIONS:
            rows = [self._record(section, n, row) for n, row in enumerate(self._rows(section))]
            if section.numbered:
                self._number(section, rows)
            self._insert(section, rows)
        attempts = [
            {**_values(ATTEMPTS, attempt), "push_id": self._placed["pushes"][push["id"]]}
            for push in self.document["pushes"]
            for attempt in push["attempts"]
        ]
        for attempt in attempts:
            attempt["faults"] = [self._tag(tag) for tag in attempt["faults"]]
        if attempts:
            self.session.execute(insert(cast(Table, Attempt.__table__)), attempts)

    def _rows(self, section: Section) -> list[Row]:
        return cast(list[Row], self.document[section.name])

    def _record(self, section: Section, place: int, row: Row) -> Row:
        values = {"account_id": self.account.id, **_values(section, row)}
        for column, reference in section.references.items():
            values[column] = self._resolve(f"{section.name}[{place}]", row, reference)
        if section.name == "files":
            values["content"] = _content(f"files[{place}]", row)
        if section.name == "pushes":
            values["attempts"] = len(row["attempts"])
        if section.name == "journal":
            values["faults"] = [self._tag(tag) for tag in values["faults"]]
        return values

    def _resolve(self, where: str, row: Row, reference: Any) -> int | None:
        named = row[reference.member]
        if named is None:
            return None
        found = self._placed[reference.section].get(named)
        if found is None:
            where = f"{where}.{reference.member}"
            raise Malformed(f"{where}: it has no {named!r}", f"{where}：快照中没有 {named!r}")
        return found

    def _number(self, section: Section, rows: list[Row]) -> None:
        """Keep the ids that people know if they are free here, or else draw new ones.

        Raises:
            Conflict: they are taken, and new ones must not be drawn.
        """
        table = cast(Table, section.record.__table__)
        last = numbering.find_last(self.session, table)
        known = [row["id"] for row in rows]
        if known and min(known) <= last:
            if not self.anew:
                raise Conflict(
                    f"Numbers of the snapshot's {section.name} are in use here already: load "
                    "it with --account NAME, which draws others, or into an empty simulator "
                    "(`conzhu-sim serve --ephemeral`).",
                    f"快照中 {section.name} 的编号在本模拟器已被使用：请用 --account NAME 加载并"
                    "另行编号，或加载到空的模拟器（`conzhu-sim serve --ephemeral`）。",
                )
            for number, row in enumerate(rows, last + 1):
                row["id"] = number
        self._placed[section.name] = {
            before: row["id"] for before, row in zip(known, rows, strict=True)
        }

    def _insert(self, section: Section, rows: list[Row]) -> None:
        if not rows:
            self._placed.setdefault(section.name, {})
            return
        table = cast(Table, section.record.__table__)
        self.session.execute(insert(table), rows)
        if section.numbered:
            numbering.continue_after(self.session, table)
            return
        self._placed[section.name] = dict(self._names(section))

    def _names(self, section: Section) -> Iterator[tuple[Any, int]]:
        """Yield the number that the file has for each record, and the record's id."""
        record: Any = section.record
        for reference in (each for s in SECTIONS for each in s.references.values()):
            if reference.section == section.name:
                known_by = getattr(record, reference.known_by)
                found = self.session.execute(
                    select(known_by, record.id).where(record.account_id == self.account.id)
                )
                yield from ((row[0], row[1]) for row in found)

    def _tag(self, tag: Row) -> Row:
        """Return the tag of a rule that struck, with the id that the rule has here."""
        return {**tag, "id": self._placed["faults"].get(tag["id"], tag["id"])}


def _values(section: Section, row: Row) -> Row:
    return {column: row[column] for column in section.columns}


def _content(where: str, row: Row) -> bytes:
    if row["content"] is None:
        return PLACEHOLDER
    try:
        return base64.b64decode(row["content"], validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(f"{where}.content is not Base64", f"{where}.content 不是 Base64") from None
