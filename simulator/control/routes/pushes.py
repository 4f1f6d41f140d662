"""Pushes: list, show with every attempt, send again by hand; and questions, asked at once."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator import clock, shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import TEXT, WHOLE, Request, route
from simulator.errors import Conflict, NotFound, SimulatorError
from simulator.operations import outgoing
from simulator.operations.outgoing import Notice
from simulator.operations.pushes import on_demand
from simulator.operations.registry import Desk
from simulator.store.records import Attempt, Push


def ask_now(control: Control, account: str, compose: Callable[[Desk], Notice]) -> shapes.Push:
    """Write a question, send it in this thread whatever the clock says, and show what came back.

    Raises:
        Conflict: no endpoint is registered for its interface.
    """
    with control.desk(account) as desk:
        push = outgoing.ask(desk, compose(desk))
    return _deliver_now(control, push.id)


def _deliver_now(control: Control, push_id: int) -> shapes.Push:
    lease = control.dispatcher.outbox.acquire_one(push_id, clock.wall_now())
    control.dispatcher.deliver(lease)
    control.dispatcher.nudge()
    with control.database.reading() as session:
        return _render_with_attempts(control, session.get_one(Push, push_id), session)


def _render_with_attempts(control: Control, push: Push, session: Session) -> shapes.Push:
    attempts = session.scalars(
        select(Attempt).where(Attempt.push_id == push.id).order_by(Attempt.number)
    ).all()
    return rendering.render_push(control.platform, push, attempts)


def _states(asked: str) -> list[str]:
    states = asked.split(",")
    for state in states:
        if state not in outgoing.STATES:
            known = ", ".join(outgoing.STATES)
            raise SimulatorError(
                f"A push has no state {state!r}; the states are: {known}.",
                f"推送没有状态 {state!r}；可用状态：{known}。",
            )
    return states


def _fetch(desk: Desk, number: str) -> Push:
    known = number.isdecimal() and len(number) < 10
    push = desk.session.get(Push, int(number)) if known else None
    if push is None or push.account_id != desk.account.id:
        raise NotFound(
            f"The account {desk.account.name} has no push {number}.",
            f"账户 {desk.account.name} 没有推送 {number}。",
        )
    return push


@route(
    "list_pushes",
    "GET /accounts/{account}/pushes",
    "List the pushes",
    "列出推送",
    query={"interface": TEXT, "about": TEXT, "state": TEXT, "limit": WHOLE},
)
def list_pushes(control: Control, request: Request) -> list[shapes.Push]:
    """List the newest pushes that match, oldest first.

    `interface` is an id or a name, `state` one state or several with commas between them.
    """
    query = request.query
    with control.view(request.path["account"]) as desk:
        found = select(Push).where(Push.account_id == desk.account.id)
        if "interface" in query:
            catalogue = control.platform.catalogue
            wanted = catalogue.fetch(desk.account.kind, query["interface"])
            found = found.where(Push.interface == wanted.id)
        if "about" in query:
            found = found.where(Push.about == query["about"])
        if "state" in query:
            found = found.where(Push.state.in_(_states(query["state"])))
        newest = found.order_by(Push.id.desc()).limit(int(query.get("limit", 100)))
        rows = list(reversed(desk.session.scalars(newest).all()))
        return [rendering.render_push(control.platform, row) for row in rows]


@route(
    "push_on_demand",
    "POST /accounts/{account}/pushes",
    "Push what is on record about something, members replaced by `content`, even untruly",
    "推送某订单、理赔等的现有内容，可用 content 替换参数（可用于假通知）",
    body={
        "interface": TEXT,
        "about": TEXT,
        "content": {"type": "object", "additionalProperties": TEXT},
    },
    required=("interface", "about"),
    keeps=("id", "name", "about"),
)
def push_on_demand(control: Control, request: Request) -> shapes.Push:
    """Announce a notice, which the schedule then repeats; a question and a page are sent now."""
    account, body = request.path["account"], request.body

    def compose(desk: Desk) -> Notice:
        return on_demand.compose(desk, body["interface"], body["about"], body.get("content", {}))

    with control.view(account) as desk:
        delivery = outgoing.interface_of(desk, body["interface"]).delivery
    if delivery in ("question", "page"):
        return ask_now(control, account, compose)
    with control.desk(account) as desk:
        return rendering.render_push(control.platform, outgoing.announce(desk, compose(desk)))


@route(
    "show_push",
    "GET /accounts/{account}/pushes/{push}",
    "Show a push and all its attempts",
    "查看推送及每次尝试",
)
def show_push(control: Control, request: Request) -> shapes.Push:
    """Show a push with what each attempt sent, what came back, and the verdict."""
    with control.view(request.path["account"]) as desk:
        return _render_with_attempts(control, _fetch(desk, request.path["push"]), desk.session)


@route(
    "resend_push",
    "POST /accounts/{account}/pushes/{push}/resend",
    "Send a push again by hand, now",
    "立即手动重发推送",
    keeps=("id", "name", "about"),
)
def resend_push(control: Control, request: Request) -> shapes.Push:
    """Make one attempt now; a failed one leaves the push's state and schedule as they were."""
    with control.view(request.path["account"]) as desk:
        push = _fetch(desk, request.path["push"])
    return _deliver_now(control, push.id)


@route(
    "give_up_push",
    "POST /accounts/{account}/pushes/{push}/give-up",
    "Give a push up: it is not sent again by itself",
    "放弃推送：不再自动重发",
    keeps=("id", "name", "about"),
)
def give_up_push(control: Control, request: Request) -> shapes.Push:
    """End a push that waits, as if its last attempt had failed; by hand it can still be sent."""
    with control.desk(request.path["account"]) as desk:
        push = _fetch(desk, request.path["push"])
        if push.state not in (outgoing.PENDING, outgoing.HELD):
            raise Conflict(
                f"Push {push.id} is not waiting to be sent ({push.state}): there is nothing to "
                "give up.",
                f"推送 {push.id} 不在等待发送（{push.state}），无需放弃。",
            )
        push.state, push.due = outgoing.EXHAUSTED, None
        return _render_with_attempts(control, push, desk.session)
