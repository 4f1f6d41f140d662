"""Orders: principals apply, submit again and cancel; the platform finishes."""

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routes.pushes import ask_now
from simulator.control.routing import FIELDS, TEXT, Request, route
from simulator.operations import outgoing
from simulator.operations.business import applications, lookup, orders
from simulator.operations.registry import Desk
from simulator.store.records import Order

_ACCOUNT = "/accounts/{account}"


@route("list_orders", f"GET {_ACCOUNT}/orders", "List the orders", "列出订单")
def list_orders(control: Control, request: Request) -> list[shapes.Order]:
    """List an account's orders, oldest first."""
    with control.view(request.path["account"]) as desk:
        return [rendering.render_order(row) for row in lookup.find_all(desk, Order)]


@route(
    "create_order",
    f"POST {_ACCOUNT}/orders",
    "A principal applies: an order is made from a fixture, with changed fields of its table",
    "投保人申请：由预置订单生成，可替换订单表中的字段",
    body={"fixture": TEXT, "fields": FIELDS},
    keeps=("order_no", "block_number", "block_name"),
)
def create_order(control: Control, request: Request) -> shapes.Order:
    """Make an order."""
    with control.desk(request.path["account"]) as desk:
        order = applications.apply(
            desk, request.body.get("fixture", "standard"), request.body.get("fields")
        )
        return rendering.render_order(order)


@route("show_order", f"GET {_ACCOUNT}/orders/{{order_no}}", "Show an order", "查看订单")
def show_order(control: Control, request: Request) -> shapes.Order:
    """Show an order."""
    with control.view(request.path["account"]) as desk:
        return rendering.render_order(lookup.fetch(desk, Order, request.path["order_no"]))


def _act(control: Control, request: Request, event: str, by: str) -> shapes.Order:
    with control.desk(request.path["account"]) as desk:
        note = str(request.body.get("note", ""))
        return rendering.render_order(orders.act(desk, request.path["order_no"], event, by, note))


@route(
    "submit_order",
    f"POST {_ACCOUNT}/orders/{{order_no}}/submit",
    "The principal submits again after a return",
    "投保人重新提交资料",
    keeps=("order_no",),
)
def submit_order(control: Control, request: Request) -> shapes.Order:
    """Let the principal hand in again what the institution sent back."""
    return _act(control, request, "submit", "principal")


@route(
    "cancel_order",
    f"POST {_ACCOUNT}/orders/{{order_no}}/cancel",
    "The principal cancels, before payment",
    "投保人取消订单（支付前）",
    body={"note": TEXT},
    keeps=("order_no",),
)
def cancel_order(control: Control, request: Request) -> shapes.Order:
    """Let the principal cancel."""
    return _act(control, request, "cancel", "principal")


@route(
    "finish_order",
    f"POST {_ACCOUNT}/orders/{{order_no}}/finish",
    "The platform finishes an order",
    "平台完成订单",
    keeps=("order_no",),
)
def finish_order(control: Control, request: Request) -> shapes.Order:
    """Let the platform finish an issued order."""
    return _act(control, request, "finish", "platform")


@route(
    "open_order",
    f"POST {_ACCOUNT}/orders/{{order_no}}/open",
    "Make the principal's jump to the insurer (2.1) without a browser",
    "不用浏览器执行 2.1 跳转",
    keeps=("id", "name", "about"),
)
def open_order(control: Control, request: Request) -> shapes.Push:
    """Post 2.1's form as the principal's browser would, and record what came back."""

    def jump(desk: Desk) -> outgoing.Notice:
        return orders.order_page(desk, lookup.fetch(desk, Order, request.path["order_no"]))

    return ask_now(control, request.path["account"], jump)
