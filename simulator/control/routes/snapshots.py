"""Snapshots: an account saved as one document, and opened again from one."""

from typing import cast

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import FIELDS, TEXT, WHOLE, Request, route
from simulator.operations.snapshots import loading, saving


@route(
    "save_snapshot",
    "GET /accounts/{account}/snapshot",
    "Save an account as a snapshot, without credentials; personal values masked unless 1",
    "保存账户快照（不含密钥）；with_personal_data 为 1 时不脱敏",
    query={"with_personal_data": WHOLE, "journal": WHOLE},
)
def save_snapshot(control: Control, request: Request) -> shapes.Snapshot:
    """Return the whole state; of the journal the newest `journal` entries, all by default."""
    query = request.query
    entries = int(query["journal"]) if "journal" in query else None
    with control.desk(request.path["account"]) as desk:
        state, wall = saving.read_state(desk, entries), desk.wall
    # Outside of the transaction: masking a long journal takes its time.
    unmasked = query.get("with_personal_data", "0") != "0"
    return cast(shapes.Snapshot, saving.build_document(state, wall, unmasked))


@route(
    "load_snapshot",
    "POST /snapshots",
    "Load a snapshot into a new account, with new credentials, its clock standing still",
    "将快照加载到新账户（重新生成密钥，时钟静止）",
    body={"snapshot": FIELDS, "name": TEXT},
    required=("snapshot",),
)
def load_snapshot(control: Control, request: Request) -> shapes.Account:
    """Load all of it or nothing; with a `name`, numbers that are taken here are drawn anew."""
    with control.database.writing() as session:
        account = loading.load(
            session, control.platform, request.body["snapshot"], request.body.get("name")
        )
        return rendering.render_account(account)
