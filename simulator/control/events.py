"""What people did through the control API, kept in the journal: a recording is made of it.

An event stands beside the exchanges that it led to, from the moment on at which it was asked for;
listings leave events out unless they are asked for by their direction.
"""

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from simulator.control.context import Control
from simulator.control.routing import Request, Route
from simulator.errors import NotFound
from simulator.protocol import masking
from simulator.store import journal
from simulator.store.records import JournalEntry

_LOG = logging.getLogger(__name__)
#: The operations that are kept, and which members of their answers say what came of them.
_KEPT: Mapping[str, tuple[str, ...]] = {
    "create_order": ("order_no", "block_number", "block_name"),
    "submit_order": ("order_no",),
    "cancel_order": ("order_no",),
    "finish_order": ("order_no",),
    "open_order": ("id", "name", "about"),
    "apply_for_invoice": ("invoice_id",),
    "change_bid_opening": ("id", "about"),
    "apply_for_claim": ("claim_no", "order_no", "guarantee_no"),
    "revoke_claim": ("claim_no",),
    "close_claim": ("claim_no",),
    "revoke_guarantees": ("revoke_no",),
    "verify_guarantee": ("id", "name", "about"),
    "query_guarantee": ("id", "name", "about"),
    "search_release": ("id", "name", "about"),
    "verify_for_third_party": ("push",),
    "query_for_third_party": ("push",),
    "push_on_demand": ("id", "name", "about"),
    "resend_push": ("id", "name", "about"),
    "give_up_push": ("id", "name", "about"),
    "add_fault": ("id",),
    "remove_fault": (),
    "change_account": ("switches",),
    "move_clock": ("from", "to"),
}
#: The members of an account's change that a recording can repeat.
_CHANGES = frozenset({"switches"})
#: Letters of a text above which only its digest is kept: files come in Base64.
_LONGEST = 2000


def keep(control: Control, route: Route, request: Request, answer: Any, wall: float) -> None:
    """Write what was done into the journal of the account that it was done to."""
    name = route.function.__name__
    if name not in _KEPT or _changed_nothing(name, request, answer):
        return
    members = {member: answer[member] for member in _KEPT[name] if member in answer}
    body = _shortened(masking.masked(request.body))
    path = {key: value for key, value in request.path.items() if key != "account"}
    try:
        with control.desk(request.path["account"], nudging=False) as desk:
            began = members.get("from")
            entry = JournalEntry(
                account_id=desk.account.id,
                wall=wall,
                at=desk.account.clock.now(wall) if began is None else began,
                direction=journal.EVENT,
                interface=None,
                about=_about(path, members),
                status="done",
                sent={"event": name, "path": path, "body": body},
                received=members,
            )
            journal.record(desk.session, entry, control.settings.journal_limit)
    except NotFound:
        # Somebody closed the account just now: there is no journal left to keep it in.
        return
    except SQLAlchemyError as error:
        # It was done: who asked for it is told so, or would do it again. Only a recording lacks it.
        _LOG.warning("%s was not noted in the journal: %s", name, type(error).__name__)


def _changed_nothing(name: str, request: Request, answer: Any) -> bool:
    """Return whether nothing happened that a recording would have to repeat."""
    if name == "move_clock":
        stood = answer["from"] is not None and answer["from"] == answer["to"]
        return stood and not answer["attempts"]
    return name == "change_account" and not _CHANGES & set(request.body)


def _about(path: Mapping[str, str], members: Mapping[str, Any]) -> str | None:
    numbers = ("order_no", "claim_no", "invoice_id", "revoke_no", "about")
    found = next((members[name] for name in numbers if name in members), None)
    return found or next(iter(path.values()), None)


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST:
        digest = hashlib.sha256(value.encode()).hexdigest()
        return {"left_out": len(value), "sha256": digest}
    if isinstance(value, Mapping):
        return {name: _shortened(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_shortened(member) for member in value]
    return value
