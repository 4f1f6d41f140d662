"""Claims of beneficiaries (chapter 3)."""

from sqlalchemy import select

from simulator import paths, shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routes.order_filter import OF_ORDER, filter_by_order
from simulator.control.routing import BASE64, FLAG, TEXT, Request, decode, route
from simulator.operations.business import claims, files, lookup
from simulator.operations.registry import Desk
from simulator.store.records import Claim

_ACCOUNT = "/accounts/{account}"
_FILE = {
    "type": "object",
    "properties": {"name": TEXT, "content": BASE64},
    "required": ["name", "content"],
    "additionalProperties": False,
}


def _render_claim(desk: Desk, claim: Claim) -> shapes.Claim:
    return rendering.render_claim(claim, *claims.subject(desk, claim))


@route(
    "list_claims",
    f"GET {_ACCOUNT}/claims",
    "List the claims, all or an order's",
    "列出理赔（全部或某订单的）",
    query=OF_ORDER,
)
def list_claims(control: Control, request: Request) -> list[shapes.Claim]:
    """List an account's claims, oldest first."""
    with control.view(request.path["account"]) as desk:
        wanted = select(Claim).where(*filter_by_order(desk, request, Claim)).order_by(Claim.id)
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
        return _render_claim(desk, lookup.fetch(desk, Claim, request.path["claim_no"]))


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
