"""What principals, beneficiaries and platform people do: orders, guarantees, invoices, claims."""

from typing import Any

from sqlalchemy import select

from simulator import paths, shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.pushes import ask_now
from simulator.control.routing import BASE64, FIELDS, FLAG, TEXT, Request, decode, route
from simulator.operations import outgoing
from simulator.operations.business import (
    applications,
    blocks,
    claims,
    files,
    guarantees,
    invoices,
    orders,
    owned,
)
from simulator.operations.registry import Desk
from simulator.store.records import Claim, Guarantee, Invoice, Order, StoredFile

_ACCOUNT = "/accounts/{account}"
_FILE = {
    "type": "object",
    "properties": {"name": TEXT, "content": BASE64},
    "required": ["name", "content"],
    "additionalProperties": False,
}
_OF_ORDER = {"order_no": TEXT}


def _of_order(desk: Desk, request: Request, record: type[Claim] | type[Guarantee]) -> list[Any]:
    """Return the conditions on a list: the account's, and an order's where one was named."""
    conditions: list[Any] = [record.account_id == desk.account.id]
    if (order_no := request.query.get("order_no")) is not None:
        conditions.append(record.order_id == owned.fetch(desk, Order, order_no).id)
    return conditions


@route("list_orders", f"GET {_ACCOUNT}/orders", "List the orders", "列出订单")
def list_orders(control: Control, request: Request) -> list[shapes.Order]:
    """List an account's orders, oldest first."""
    with control.view(request.path["account"]) as desk:
        return [rendering.render_order(row) for row in owned.everything(desk, Order)]


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
        return rendering.render_order(owned.fetch(desk, Order, request.path["order_no"]))


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
        return orders.order_page(desk, owned.fetch(desk, Order, request.path["order_no"]))

    return ask_now(control, request.path["account"], jump)


@route(
    "list_guarantees",
    f"GET {_ACCOUNT}/guarantees",
    "List the guarantees, all or an order's",
    "列出保函（全部或某订单的）",
    query=_OF_ORDER,
)
def list_guarantees(control: Control, request: Request) -> list[shapes.Guarantee]:
    """List an account's guarantees, oldest first, replaced ones among them."""
    with control.view(request.path["account"]) as desk:
        rows = desk.session.execute(
            select(Guarantee, Order.order_no)
            .join(Order, Order.id == Guarantee.order_id)
            .where(*_of_order(desk, request, Guarantee))
            .order_by(Guarantee.id)
        )
        return [rendering.render_guarantee(row, order_no) for row, order_no in rows]


@route(
    "show_file",
    f"GET {_ACCOUNT}/files/{{file_id}}",
    "Show a file that the account holds, its bytes in Base64",
    "查看账户文件（Base64）",
)
def show_file(control: Control, request: Request) -> shapes.File:
    """Show a file: an order's, a claim's, or what the institution sent."""
    with control.view(request.path["account"]) as desk:
        return rendering.render_file(owned.fetch(desk, StoredFile, request.path["file_id"]))


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
        guarantee = owned.fetch(desk, Guarantee, request.body["guarantee_no"])
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
        return guarantees.query(desk, owned.fetch(desk, Guarantee, request.body["guarantee_no"]))

    return ask_now(control, request.path["account"], question)


@route("list_invoices", f"GET {_ACCOUNT}/invoices", "List the invoices", "列出发票")
def list_invoices(control: Control, request: Request) -> list[shapes.Invoice]:
    """List an account's invoices, oldest first."""
    with control.view(request.path["account"]) as desk:
        return [rendering.render_invoice(row) for row in owned.everything(desk, Invoice)]


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


@route(
    "change_bid_opening",
    f"POST {_ACCOUNT}/bid-openings",
    "The trading centre changes or delays a block's bid opening (2.10)",
    "交易中心变更或延期开标（2.10）",
    body={
        "block_number": TEXT,
        "block_name": TEXT,
        "type": {"enum": ["change", "delay"]},
        "open_tender_time": TEXT,
    },
    required=("block_number", "type", "open_tender_time"),
    keeps=("id", "about"),
)
def change_bid_opening(control: Control, request: Request) -> shapes.Push:
    """Move a block's bid opening and announce it."""
    with control.desk(request.path["account"]) as desk:
        push = blocks.change_bid_opening(
            desk,
            request.body["block_number"],
            request.body["type"],
            request.body["open_tender_time"],
            request.body.get("block_name"),
        )
        return rendering.render_push(control.platform, push)


def _render_claim(desk: Desk, claim: Claim) -> shapes.Claim:
    return rendering.render_claim(claim, *claims.subject(desk, claim))


@route(
    "list_claims",
    f"GET {_ACCOUNT}/claims",
    "List the claims, all or an order's",
    "列出理赔（全部或某订单的）",
    query=_OF_ORDER,
)
def list_claims(control: Control, request: Request) -> list[shapes.Claim]:
    """List an account's claims, oldest first."""
    with control.view(request.path["account"]) as desk:
        wanted = select(Claim).where(*_of_order(desk, request, Claim)).order_by(Claim.id)
        found = desk.session.scalars(wanted).all()
        # Asked once for each order: one may have many claims.
        about = {
            order_id: claims.subject(desk, claim)
            for order_id, claim in {row.order_id: row for row in found}.items()
        }
        return [rendering.render_claim(row, *about[row.order_id]) for row in found]


@route("show_claim", f"GET {_ACCOUNT}/claims/{{claim_no}}", "Show a claim", "查看理赔")
def show_claim(control: Control, request: Request) -> shapes.Claim:
    """Show one claim by its number."""
    with control.view(request.path["account"]) as desk:
        return _render_claim(desk, owned.fetch(desk, Claim, request.path["claim_no"]))


@route(
    "apply_for_claim",
    f"POST {_ACCOUNT}/claims",
    "The beneficiary applies for a claim (3.1)",
    "受益人申请理赔（3.1）",
    body={
        "order_no": TEXT,
        "claim_amount": TEXT,
        "fields": {"type": "object", "additionalProperties": TEXT},
        "with_file": FLAG,
        "files": {"type": "array", "items": _FILE},
    },
    required=("order_no",),
    keeps=("claim_no", "order_no", "guarantee_no"),
)
def apply_for_claim(control: Control, request: Request) -> shapes.Claim:
    """Make a claim and announce it; with a letter unless it has `files`, or `with_file` false."""
    body = request.body
    with control.desk(request.path["account"]) as desk:
        kept = [
            claims.keep_file(desk, file["name"], decode(file["content"], "files"))
            for file in body.get("files", [])
        ]
        if not kept and body.get("with_file", True):
            letter = paths.fixtures() / "files" / "claim-letter.pdf"
            kept = [files.keep_fixture(desk, letter, "索赔函.pdf").file_id]
        claim = claims.apply(
            desk, body["order_no"], body.get("claim_amount"), body.get("fields", {}), kept
        )
        return _render_claim(desk, claim)


@route(
    "revoke_claim",
    f"POST {_ACCOUNT}/claims/{{claim_no}}/revoke",
    "The beneficiary revokes a claim",
    "受益人撤销理赔",
    keeps=("claim_no",),
)
def revoke_claim(control: Control, request: Request) -> shapes.Claim:
    """Let the beneficiary revoke an open claim (P48)."""
    with control.desk(request.path["account"]) as desk:
        return _render_claim(desk, claims.move(desk, request.path["claim_no"], "revoke"))


@route(
    "close_claim",
    f"POST {_ACCOUNT}/claims/{{claim_no}}/close",
    "The platform closes a guarantor's claim (CLAIM_CLOSE)",
    "平台结束担保公司的理赔（CLAIM_CLOSE）",
    keeps=("claim_no",),
)
def close_claim(control: Control, request: Request) -> shapes.Claim:
    """Let the platform close a claim that was settled, recovered or refused (P55)."""
    with control.desk(request.path["account"]) as desk:
        return _render_claim(desk, claims.move(desk, request.path["claim_no"], "close"))
