"""Invoices that principals apply for (2.8)."""

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import TEXT, Request, route
from simulator.operations.business import invoices, lookup
from simulator.store.records import Invoice

_ACCOUNT = "/accounts/{account}"


@route("list_invoices", f"GET {_ACCOUNT}/invoices", "List the invoices", "列出发票")
def list_invoices(control: Control, request: Request) -> list[shapes.Invoice]:
    """List an account's invoices, oldest first."""
    with control.view(request.path["account"]) as desk:
        return [rendering.render_invoice(row) for row in lookup.find_all(desk, Invoice)]


@route(
    "apply_for_invoice",
    f"POST {_ACCOUNT}/invoices",
    "The principal applies for an invoice (2.8)",
    "投保人申请开票（2.8）",
    body={
        "order_nos": {"type": "array", "items": TEXT, "minItems": 1},
        "fields": {"type": "object", "additionalProperties": TEXT},
    },
    required=("order_nos",),
    keeps=("invoice_id",),
)
def apply_for_invoice(control: Control, request: Request) -> shapes.Invoice:
    """Make an invoice application and announce it."""
    with control.desk(request.path["account"]) as desk:
        fields = request.body.get("fields", {})
        invoice = invoices.apply(desk, list(request.body["order_nos"]), fields)
        return rendering.render_invoice(invoice)
