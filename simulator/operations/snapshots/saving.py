"""Save an account: its records as JSON, with personal data masked unless it is asked for.

The masked values are those that `protocol/personal.py` recognizes by name or form. A file's
content and a push's wire form cannot be masked, so they are left out.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from simulator import __version__, clock
from simulator.errors import Text
from simulator.operations.accounts.accounts import check_at_rest
from simulator.operations.registry import Desk
from simulator.operations.snapshots.form import FORMAT, VERSION, add_checksum
from simulator.operations.snapshots.tables import ACCOUNT, ATTEMPTS, SECTIONS, Section
from simulator.protocol import personal
from simulator.store.records import Attempt, Base, JournalEntry, Push, StoredFile

_LEFT_OUT = "(left out of the snapshot 快照中已略去)"
_MASKED = Text(
    "Personal values are masked; the contents of files and the wire form of pushes are left out. "
    "It has no credentials: loading draws new ones.",
    "个人信息已脱敏；文件内容与推送密文已略去。不含任何密钥：加载时重新生成。",
)
_UNMASKED = Text(
    "It holds personal values unmasked: do not give it to anyone who must not see them. It has no "
    "credentials: loading draws new ones.",
    "其中含未脱敏的个人信息，请勿交给无权查看的人。不含任何密钥：加载时重新生成。",
)


def read_state(desk: Desk, entries: int | None = None) -> dict[str, Any]:
    """Return an account's present state, with the newest `entries` of the journal or all.

    Raises:
        Conflict: its clock is being moved, or an attempt of a push is under way.
    """
    check_at_rest(desk.session, desk.account, Text("save", "保存"))
    account = desk.account
    named = _names(desk)
    state: dict[str, Any] = {
        "account": {
            "btc_id": account.id,
            **{name: getattr(account, name) for name in ACCOUNT},
            "now": desk.now,
        }
    }
    for section in SECTIONS:
        limit = entries if section.record is JournalEntry else None
        rows = _rows(desk, section, limit)
        state[section.name] = [_build_row(section, row, named) for row in rows]
    attempts = _attempts(desk)
    for push in state["pushes"]:
        push["attempts"] = attempts.get(push["id"], [])
    return state


def build_document(
    state: Mapping[str, Any], wall: float, with_personal_data: bool
) -> dict[str, Any]:
    """Return the snapshot of a state that `read_state` returned."""
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
    return add_checksum({**head, **shown})


def mask(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return an account's state without personal data."""
    bare = {
        **state,
        "files": [{**file, "content": None} for file in state["files"]],
        "pushes": [
            {**push, "attempts": [_drop_wire_form(each) for each in push["attempts"]]}
            for push in state["pushes"]
        ],
    }
    known = personal.find(bare)
    # Numbers that link records are kept, even if they look like telephone numbers.
    numbers = _numbers_in(state)
    shown = {"account": state["account"]}
    for section in SECTIONS:
        rows = bare[section.name]
        masked = _restore(rows, personal.mask(rows, known), numbers)
        shown[section.name] = [
            _restore_fixed(section, *each) for each in zip(rows, masked, strict=True)
        ]
    return shown


def _restore_fixed(
    section: Section, row: Mapping[str, Any], masked: dict[str, Any]
) -> dict[str, Any]:
    kept = {**masked, **{column: row[column] for column in section.fixed}}
    if "attempts" in row:
        pairs = zip(row["attempts"], masked["attempts"], strict=True)
        kept["attempts"] = [_restore_fixed(ATTEMPTS, *each) for each in pairs]
    return kept


def _drop_wire_form(attempt: Mapping[str, Any]) -> dict[str, Any]:
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
    """Return masked data with the values of `kept` restored."""
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
    """Return the numbers that people know records by, for records that others refer to."""
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
    built = {column: _json(getattr(row, column)) for column in section.columns}
    for column, reference in section.references.items():
        # None if there is none, or if it is gone: a journal entry may outlive its push.
        built[reference.member] = named[reference.section].get(getattr(row, column))
    return built


def _json(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
