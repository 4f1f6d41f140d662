"""The clock of an account."""

from typing import Any, cast

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import SECONDS, Request, route
from simulator.delivery.walk import Walked
from simulator.errors import SimulatorError
from simulator.shapes.steering import WalkAttempt


@route("show_clock", "GET /accounts/{account}/clock", "Show an account's clock", "查看时钟")
def show_clock(control: Control, request: Request) -> shapes.Clock:
    """Show an account's clock and when its next push is due."""
    return _clock(control, request.path["account"])


def _clock(control: Control, account: str) -> shapes.Clock:
    with control.view(account) as desk:
        due = control.dispatcher.outbox.next_due(desk.account.id)
        return rendering.render_clock(desk.account, due)


def _has_moved(request: Request, answer: Any) -> bool:
    """Return whether the clock moved, was stopped or was set going: what a recording repeats."""
    stood = answer["from"] is not None and answer["from"] == answer["to"]
    return bool(answer["attempts"]) or not stood


@route(
    "move_clock",
    "POST /accounts/{account}/clock",
    "Move an account's clock: freeze, resume, advance (seconds), next, run",
    "操作时钟：freeze 冻结、resume 恢复、advance 推进、next 到下次推送、run 到无待发",
    body={
        "action": {"enum": ["freeze", "resume", "advance", "next", "run"]},
        "seconds": SECONDS,
    },
    required=("action",),
    keeps=("from", "to"),
    keeps_if=_has_moved,
)
def move_clock(control: Control, request: Request) -> shapes.Walk:
    """Move the clock; a walk delivers what is due at each moment on its way (P46)."""
    account, action = request.path["account"], request.body["action"]
    number = control.number_of(account)
    walker = control.walker
    walked: Walked | None = None
    match action:
        case "freeze":
            walker.freeze(number)
        case "resume":
            walker.resume(number)
        case "next":
            walked = walker.advance_to_next_due(number)
        case "run":
            walked = walker.run_until_nothing_is_due(number)
        case _ if "seconds" not in request.body:
            raise SimulatorError("advance needs `seconds`.", "advance 需要 seconds 参数。")
        case _:
            walked = walker.advance(number, float(request.body["seconds"]))
    return {
        "clock": _clock(control, account),
        "attempts": cast(list[WalkAttempt], walked.attempts if walked else []),
        "from": walked.started_at if walked else None,
        "to": walked.ended_at if walked else None,
    }
