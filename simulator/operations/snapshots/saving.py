"""Saving an account: its records as JSON, what tells about persons masked unless it is asked for.

Masked is what `protocol/personal.py` knows by its name or its form, wherever it stands. A file's
bytes and a push's wire form cannot be masked, and are left out.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from simulator import __version__, clock
from simulator.errors import Conflict, Text
from simulator.operations import outgoing
from simulator.operations.registry import Desk
from simulator.operations.snapshots.form import FORMAT, VERSION, whole
from simulator.operations.snapshots.tables import ACCOUNT, ATTEMPTS, SECTIONS, Section
from simulator.protocol import personal
from simulator.store.records import Attempt, Base, JournalEntry, Push, StoredFile

_LEFT_OUT = "(left out of the snapshot 快照中已略去)"
_MASKED = Text(
    "Personal values are masked; the contents of files and the wire form of pushes are left out. "
    "No credentials are in it: loading draws new ones.",
    "个人信息已脱敏；文件内容与推送密文已略去。不含任何密钥：加载时重新生成。",
)
_UNMASKED = Text(
    "It holds personal values as they are: give it to nobody who must not see them. No credentials "
    "are in it: loading draws new ones.",
    "其中含未脱敏的个人信息，请勿交给无权查看的人。不含任何密钥：加载时重新生成。",
)


def read(desk: Desk, entries: int | None = None) -> dict[str, Any]:
    """Return an account's state as it is now; of the journal the newest `entries`, else all.

    Raises:
        Conflict: its clock is being moved, or an attempt of a push is under way.
    """
    _check_at_rest(desk)
    account = desk.account
    named = _names(desk)
    said: dict[str, Any] = {
        "account": {
            "btc_id": account.id,
            **{name: getattr(account, name) for name in ACCOUNT},
            "now": desk.now,
        }
    }
    for section in SECTIONS:
        limit = entries if section.record is JournalEntry else None
        rows = _rows(desk, section, limit)
        said[section.name] = [_build_row(section, row, named) for row in rows]
    attempts = _attempts(desk)
    for push in said["pushes"]:
        push["attempts"] = attempts.get(push["id"], [])
    return said


def document(state: Mapping[str, Any], wall: float, with_personal_data: bool) -> dict[str, Any]:
    """Return what `read` gave as a whole snapshot."""
    shown = dict(state) if with_personal_data else mask(state)
    note = _UNMASKED if with_personal_data else _MASKED
    head = {
        "format": FORMAT,
        "version": VERSION,
        "simulator": __version__,
        "saved": clock.spoken(wall),
        "personal_data": with_personal_data,
        "note": note.as_json(),
    }
    return whole({**head, **shown})


def mask(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return an account's state in which nothing tells about a person."""
    bare = {
        **state,
        "files": [{**file, "content": None} for file in state["files"]],
        "pushes": [
            {**push, "attempts": [_without_wire_form(each) for each in push["attempts"]]}
            for push in state["pushes"]
        ],
    }
    known = personal.find(bare)
    # Numbers by which records know each other stay, even where they look like a telephone's.
    numbers = _numbers_in(state)
    shown = {"account": state["account"]}
    for section in SECTIONS:
        rows = bare[section.name]
        said = _restore(rows, personal.mask(rows, known), numbers)
        shown[section.name] = [_fixed(section, *each) for each in zip(rows, said, strict=True)]
    return shown


def _fixed(section: Section, row: Mapping[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    kept = {**said, **{column: row[column] for column in section.fixed}}
    if "attempts" in row:
        pairs = zip(row["attempts"], said["attempts"], strict=True)
        kept["attempts"] = [_fixed(ATTEMPTS, *each) for each in pairs]
    return kept


def _without_wire_form(attempt: Mapping[str, Any]) -> dict[str, Any]:
    sent = attempt["sent"]
    return {**attempt, "sent": {**sent, "param": _LEFT_OUT} if "param" in sent else sent}


def _numbers_in(state: Mapping[str, Any]) -> set[str]:
    known_by = (
        ("orders", "order_no"),
        ("guarantees", "guarantee_no"),
        ("guarantees", "serial_num"),
        ("claims", "claim_no"),
        ("invoices", "invoice_id"),
        ("releases", "revoke_no"),
        ("files", "file_id"),
    )
    return {str(row[name]) for section, name in known_by for row in state[section]}


def _restore(before: Any, after: Any, kept: set[str]) -> Any:
    """Return what was masked, with those values as they were that are kept."""
    if isinstance(before, Mapping):
        return {
            name: after[name]
            if personal.is_personal(str(name))
            else _restore(value, after[name], kept)
            for name, value in before.items()
        }
    if isinstance(before, (list, tuple)):
        return [_restore(*each, kept) for each in zip(before, after, strict=True)]
    return before if isinstance(before, str) and before in kept else after


def _check_at_rest(desk: Desk) -> None:
    account = desk.account
    if account.walk_owner is not None:
        raise Conflict(
            f"The clock of {account.name} is being moved; save again when that is done.",
            f"账户 {account.name} 的时钟正在被推进；请完成后再保存。",
        )
    in_flight = select(Push.id).where(
        Push.account_id == account.id, Push.state == outgoing.IN_FLIGHT
    )
    if desk.session.scalar(in_flight.limit(1)) is not None:
        raise Conflict(
            "A push is being delivered right now; save again in a moment, or freeze the clock "
            "before.",
            "有推送正在发送；请稍后再保存，或先冻结时钟。",
        )


def _rows(desk: Desk, section: Section, limit: int | None) -> Sequence[Base]:
    record: Any = section.record
    found = select(record).where(record.account_id == desk.account.id)
    if record is StoredFile:
        found = found.options(undefer(StoredFile.content))
    newest = desk.session.scalars(found.order_by(record.id.desc()).limit(limit)).all()
    return list(reversed(newest))


def _attempts(desk: Desk) -> dict[int, list[dict[str, Any]]]:
    """Return the attempts of the account's pushes, oldest first."""
    found = desk.session.scalars(
        select(Attempt)
        .join(Push, Push.id == Attempt.push_id)
        .where(Push.account_id == desk.account.id)
        .order_by(Attempt.push_id, Attempt.number)
    )
    attempts: dict[int, list[dict[str, Any]]] = {}
    for row in found:
        attempts.setdefault(row.push_id, []).append(_build_row(ATTEMPTS, row, {}))
    return attempts


def _names(desk: Desk) -> dict[str, dict[int, Any]]:
    """Return by what number people know each record that others refer to."""
    referred = {
        reference.section: reference.known_by
        for section in SECTIONS
        for reference in section.references.values()
    }
    named: dict[str, dict[int, Any]] = {}
    for section in SECTIONS:
        if section.name in referred:
            record: Any = section.record
            own = select(record).where(record.account_id == desk.account.id)
            named[section.name] = {
                row.id: getattr(row, referred[section.name]) for row in desk.session.scalars(own)
            }
    return named


def _build_row(
    section: Section, row: Base, named: Mapping[str, Mapping[int, Any]]
) -> dict[str, Any]:
    said = {column: _json(getattr(row, column)) for column in section.columns}
    for column, reference in section.references.items():
        # None, or what is gone by now: a journal's entry may outlive its push.
        said[reference.member] = named[reference.section].get(getattr(row, column))
    return said


def _json(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
