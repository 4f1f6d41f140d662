"""Files that an account holds."""

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import Request, route
from simulator.operations.business import lookup
from simulator.store.records import StoredFile

_ACCOUNT = "/accounts/{account}"


@route(
    "show_file",
    f"GET {_ACCOUNT}/files/{{file_id}}",
    "Show a file that the account holds, its bytes in Base64",
    "查看账户文件（Base64）",
)
def show_file(control: Control, request: Request) -> shapes.File:
    """Show a file: an order's, a claim's, or what the institution sent."""
    with control.view(request.path["account"]) as desk:
        return rendering.render_file(lookup.fetch(desk, StoredFile, request.path["file_id"]))
