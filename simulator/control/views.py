"""Records as the control API shows them. Moments are Unix seconds; `*_at` in account time."""

import base64
from collections.abc import Sequence
from typing import Any

from simulator import clock
from simulator.clock import spoken
from simulator.delivery.remedies import remedy
from simulator.domain.switches import SWITCHES
from simulator.operations.registry import Platform
from simulator.protocol.catalogue import Interface
from simulator.store.records import (
    Account,
    Attempt,
    Claim,
    Fault,
    Guarantee,
    Invoice,
    JournalEntry,
    Order,
    Push,
    Release,
    StoredFile,
)


def account(row: Account) -> dict[str, Any]:
    """Show an account, without its credentials (the letter has those)."""
    return {
        "name": row.name,
        "btc_id": row.id,
        "kind": row.kind,
        "company": row.company,
        "access_party": row.access_party,
        "key_bits": row.key_bits,
        "disabled": row.disabled,
        "allow_list": row.allow_list,
        "endpoints": row.endpoints,
        "switches": {name: row.switch(name) for name in SWITCHES},
        "clock": clock_of(row),
    }


def clock_of(row: Account, next_due: float | None = None) -> dict[str, Any]:
    """Show an account's clock: `real` runs, `ahead` s before the wall's; `frozen` stands still."""
    wall = clock.wall_now()
    now = row.clock.now(wall)
    return {
        "mode": "real" if row.frozen_at is None else "frozen",
        "now": round(now, 3),
        "ahead": round(row.clock_offset, 3) if row.frozen_at is None else None,
        "text": spoken(now),
        "moving": row.walk_owner is not None,
        "next_due": next_due,
    }


def order(row: Order) -> dict[str, Any]:
    """Show an order with all that the platform knows of it."""
    return {
        "order_no": row.order_no,
        "ktype": row.ktype,
        "state": row.state,
        "block_number": row.block_number,
        "block_name": row.block_name,
        "principal": row.principal,
        "creditor": row.creditor,
        "accept_insurer": row.accept_insurer,
        "bid_deadline": row.bid_deadline,
        "valid_day": row.valid_day,
        "guarantee_amount": row.guarantee_amount,
        "guarantee_start_date": row.guarantee_start_date,
        "guarantee_end_date": row.guarantee_end_date,
        "price": row.price,
        "real_pay": row.real_pay,
        "order_amount": row.order_amount,
        "reply": row.reply,
        "details": row.details,
        "files": [*row.sign_files, *row.attach_files],
        "history": row.history,
    }


def guarantee(row: Guarantee, order_no: str) -> dict[str, Any]:
    """Show a guarantee; `current` is false once it was issued anew.

    It is `revoked` once a batch named it, `forfeited` if that batch kept it, and `removed_at` is
    when its guarantor released it.
    """
    return {
        "guarantee_no": row.guarantee_no,
        "serial_num": row.serial_num,
        "order_no": order_no,
        "guarantor": row.guarantor,
        "out_guarantee_time": row.out_guarantee_time,
        "start_date": row.start_date,
        "end_date": row.end_date,
        "file_id": row.file_id,
        "sha256": row.sha256,
        "trans_no": row.trans_no,
        "current": row.current,
        "revoked": row.release_id is not None,
        "forfeited": row.forfeited,
        "removed_at": row.removed_at,
    }


def release(row: Release) -> dict[str, Any]:
    """Show a batch of revoked guarantees."""
    return {
        "revoke_no": row.revoke_no,
        "block_number": row.block_number,
        "block_name": row.block_name,
        "creditor": row.creditor,
        "note": row.note,
        "file_id": row.file_id,
    }


def invoice(row: Invoice) -> dict[str, Any]:
    """Show an invoice: what was applied for, and whether the insurer pushed it."""
    return {
        "invoice_id": row.invoice_id,
        "electronic": row.is_electron,
        "issued": row.issued,
        "sha256": row.sha256,
        "fields": row.fields,
    }


def claim(row: Claim, order_no: str, guarantee_no: str) -> dict[str, Any]:
    """Show a claim."""
    return {
        "claim_no": row.claim_no,
        "status": row.status,
        "order_no": order_no,
        "guarantee_no": guarantee_no,
        "claim_amount": row.claim_amount,
        "phase": row.phase,
        "refuse_reason": row.refuse_reason,
        "note": row.note,
        "file_id": row.file_ids[0] if row.file_ids else None,
        "file_ids": row.file_ids,
        "fields": row.fields,
    }


def file(row: StoredFile) -> dict[str, Any]:
    """Show a file with its bytes."""
    return {
        "file_id": row.file_id,
        "name": row.name,
        "media_type": row.media_type,
        "sha256": row.sha256,
        "content": base64.b64encode(row.content).decode(),
    }


def push(
    platform: Platform, row: Push, attempts: Sequence[Attempt] | None = None
) -> dict[str, Any]:
    """Show a push; with its attempts where they are given."""
    interface = platform.catalogue.interfaces[row.interface]
    shown = {
        "id": row.id,
        "interface": row.interface,
        "name": interface.name,
        "about": row.about,
        "state": row.state,
        "content": row.content,
        "created_at": row.created_at,
        "due": row.due,
        "attempts_made": row.attempts,
        "answer": row.answer,
    }
    if attempts is not None:
        shown["attempts"] = [attempt(interface, each) for each in attempts]
    return shown


def attempt(interface: Interface, row: Attempt) -> dict[str, Any]:
    """Show one attempt: when, what was sent, what came back, the verdict, what follows.

    The verdict comes with its `remedy`, None where its sentence says already what to change.
    """
    verdict = row.verdict
    if verdict:
        further = remedy(interface, verdict["code"])
        verdict = {**verdict, "remedy": further.as_json() if further else None}
    return {
        "number": row.number,
        "by_hand": row.by_hand,
        "started_at": row.started_at,
        "started_wall": row.started_wall,
        "outcome": row.outcome,
        "verdict": verdict,
        "sent": row.sent,
        "received": row.received,
        "faults": row.faults,
        "next_due": row.next_due,
    }


def journal_entry(row: JournalEntry) -> dict[str, Any]:
    """Show a journal entry."""
    return {
        "id": row.id,
        "btc_id": row.account_id,
        "wall": row.wall,
        "at": row.at,
        "direction": row.direction,
        "interface": row.interface,
        "about": row.about,
        "status": row.status,
        "sent": row.sent,
        "received": row.received,
        "notes": row.notes,
        "faults": row.faults,
        "peer": row.peer,
        "milliseconds": row.milliseconds,
        "push": row.push_id,
        "attempt": row.attempt,
    }


def fault(row: Fault) -> dict[str, Any]:
    """Show a fault rule; `times` is how often it still strikes, None without end."""
    return {
        "id": row.id,
        "rule": row.rule,
        "interface": row.interface,
        "about": row.about,
        "attempt": row.attempt,
        "times": row.times,
        "value": row.value,
        "hits": row.hits,
    }
