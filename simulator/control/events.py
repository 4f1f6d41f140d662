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
#: Letters of a text above which only its digest is kept: files come in Base64.
_LONGEST = 2000


def keep(control: Control, route: Route, request: Request, answer: Any, wall: float) -> None:
    """Write what was done into the journal of the account that it was done to."""
    if route.keeps is None or not route.keeps_if(request, answer):
        return
    members = {member: answer[member] for member in route.keeps if member in answer}
    body = _shorten(masking.mask(request.body))
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
                sent={"event": route.name, "path": path, "body": body},
                received=members,
            )
            control.journal.write(desk.session, entry)
    except NotFound:
        # Somebody closed the account just now: there is no journal left to keep it in.
        return
    except SQLAlchemyError as error:
        # It was done: who asked for it is told so, or would do it again. Only a recording lacks it.
        _LOG.warning("%s was not noted in the journal: %s", route.name, type(error).__name__)


def _about(path: Mapping[str, str], members: Mapping[str, Any]) -> str | None:
    numbers = ("order_no", "claim_no", "invoice_id", "revoke_no", "about")
    found = next((members[name] for name in numbers if name in members), None)
    return found or next(iter(path.values()), None)


def _shorten(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST:
        digest = hashlib.sha256(value.encode()).hexdigest()
        return {"left_out": len(value), "sha256": digest}
    if isinstance(value, Mapping):
        return {name: _shorten(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_shorten(member) for member in value]
    return value
