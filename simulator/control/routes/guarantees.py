"""Guarantees, and the questions on them (2.6, 2.7)."""

from sqlalchemy import select

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routes.order_filter import OF_ORDER, filter_by_order
from simulator.control.routes.pushes import ask_now
from simulator.control.routing import BASE64, TEXT, Request, decode, route
from simulator.operations import outgoing
from simulator.operations.business import files, guarantees, lookup
from simulator.operations.registry import Desk
from simulator.store.records import Guarantee, Order

_ACCOUNT = "/accounts/{account}"


@route(
    "list_guarantees",
    f"GET {_ACCOUNT}/guarantees",
    "List the guarantees, all or an order's",
    "列出保函（全部或某订单的）",
    query=OF_ORDER,
)
def list_guarantees(control: Control, request: Request) -> list[shapes.Guarantee]:
    """List an account's guarantees, oldest first, replaced ones among them."""
    with control.view(request.path["account"]) as desk:
        rows = desk.session.execute(
            select(Guarantee, Order.order_no)
            .join(Order, Order.id == Guarantee.order_id)
            .where(*filter_by_order(desk, request, Guarantee))
            .order_by(Guarantee.id)
        )
        return [rendering.render_guarantee(row, order_no) for row, order_no in rows]


@route(
    "verify_guarantee",
    f"POST {_ACCOUNT}/guarantees/verify",
    "Ask the institution to verify a guarantee (2.6); a PDF may stand in for the stored one",
    "请机构验真（2.6）；可上传其他 PDF 代替原件",
    body={"guarantee_no": TEXT, "pdf": BASE64},
    required=("guarantee_no",),
    keeps=("id", "name", "about"),
)
def verify_guarantee(control: Control, request: Request) -> shapes.Push:
    """Ask 2.6 and return the institution's answer."""

    def question(desk: Desk) -> outgoing.Notice:
        guarantee = lookup.fetch(desk, Guarantee, request.body["guarantee_no"])
        if "pdf" not in request.body:
            return guarantees.verify(desk, guarantee)
        content = decode(request.body["pdf"], "pdf")
        stored = files.keep(desk, "uploaded.pdf", "application/pdf", content)
        return guarantees.verify(desk, guarantee, stored.file_id)

    return ask_now(control, request.path["account"], question)


@route(
    "query_guarantee",
    f"POST {_ACCOUNT}/guarantees/query",
    "Ask the institution for a guarantee's particulars (2.7)",
    "请机构查验（2.7）",
    body={"guarantee_no": TEXT},
    required=("guarantee_no",),
    keeps=("id", "name", "about"),
)
def query_guarantee(control: Control, request: Request) -> shapes.Push:
    """Ask 2.7 and return the institution's answer."""

    def question(desk: Desk) -> outgoing.Notice:
        return guarantees.query(desk, lookup.fetch(desk, Guarantee, request.body["guarantee_no"]))

    return ask_now(control, request.path["account"], question)
