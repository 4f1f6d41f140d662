"""What beneficiaries do at the end: they revoke the guarantees of a block (guarantor 2.8, 2.10)."""

from simulator import paths, shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routes.pushes import ask_now
from simulator.control.routing import FLAG, TEXT, Request, route
from simulator.operations.business import files, lookup, releases
from simulator.operations.outgoing import Notice
from simulator.operations.registry import Desk
from simulator.store.records import Guarantee, Release

_ACCOUNT = "/accounts/{account}"
_NUMBERS = {"type": "array", "items": TEXT}


@route(
    "list_releases",
    f"GET {_ACCOUNT}/releases",
    "List the batches of revoked guarantees",
    "列出撤销批次",
)
def list_releases(control: Control, request: Request) -> list[shapes.Release]:
    """List an account's batches, oldest first."""
    with control.view(request.path["account"]) as desk:
        return [rendering.render_release(row) for row in lookup.find_all(desk, Release)]


@route(
    "revoke_guarantees",
    f"POST {_ACCOUNT}/releases",
    "The beneficiary revokes a block's guarantees, or keeps some as a penalty (2.8)",
    "受益人撤销标段下的保函，或罚没其中部分（2.8）",
    body={
        "block_number": TEXT,
        "block_name": TEXT,
        "guarantee_nos": _NUMBERS,
        "penalty": _NUMBERS,
        "note": TEXT,
        "with_declaration": FLAG,
    },
    required=("block_number",),
    keeps=("revoke_no",),
)
def revoke_guarantees(control: Control, request: Request) -> shapes.Release:
    """Make a batch and announce it, with the signed declaration unless that is left out."""
    body = dict(request.body)
    with control.desk(request.path["account"]) as desk:
        if body.pop("with_declaration", True):
            declaration = paths.fixtures() / "files" / "release-declaration.pdf"
            body["file_id"] = files.keep_fixture(desk, declaration, "撤销保函声明.pdf").file_id
        return rendering.render_release(releases.release(desk, **body))


@route(
    "search_release",
    f"POST {_ACCOUNT}/guarantees/release-search",
    "Ask the guarantor how far a guarantee's release has come (2.10)",
    "请担保公司查询解保情况（2.10）",
    body={"guarantee_no": TEXT},
    required=("guarantee_no",),
    keeps=("id", "name", "about"),
)
def search_release(control: Control, request: Request) -> shapes.Push:
    """Ask 2.10 and return the guarantor's answer."""

    def question(desk: Desk) -> Notice:
        return releases.release_search(
            desk, lookup.fetch(desk, Guarantee, request.body["guarantee_no"])
        )

    return ask_now(control, request.path["account"], question)
