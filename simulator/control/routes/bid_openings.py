"""Bid openings that the trading centre changes or delays (2.10)."""

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import TEXT, Request, route
from simulator.operations.business import blocks

_ACCOUNT = "/accounts/{account}"


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
