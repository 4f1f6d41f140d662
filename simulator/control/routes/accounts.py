"""Accounts: create, letter, endpoints, allow-list, switches, disable, new keys, reset."""

from typing import cast

from sqlalchemy import select

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import FIELDS, FLAG, TEXT, WHOLE, Request, route
from simulator.errors import SimulatorError
from simulator.operations.accounts import accounts, letters
from simulator.store.records import Account


@route("list_accounts", "GET /accounts", "List the accounts", "列出账户")
def list_accounts(control: Control, request: Request) -> list[shapes.Account]:
    """List the accounts in the order of their ids."""
    with control.database.reading() as session:
        rows = session.scalars(select(Account).order_by(Account.id))
        return [rendering.render_account(row) for row in rows]


@route(
    "create_account",
    "POST /accounts",
    "Open an account; with a `letter`, with the credentials that an institution uses already",
    "开户；给出 letter 时沿用机构已有的开户信",
    body={
        "name": TEXT,
        "kind": TEXT,
        "company": TEXT,
        "key_bits": WHOLE,
        "seed": TEXT,
        "letter": FIELDS,
    },
    required=("name",),
)
def create_account(control: Control, request: Request) -> shapes.Account:
    """Open an account; its letter holds the credentials."""
    arguments = {"seed": control.settings.seed, **request.body}
    with control.database.writing() as session:
        if "letter" in arguments:
            if extra := sorted({"kind", "company", "key_bits"} & set(arguments)):
                raise SimulatorError(
                    f"The letter says the {extra[0]} already: leave that out.",
                    f"开户信中已有 {extra[0]}：请去掉该参数。",
                )
            row = letters.open_account(session, control.platform, **arguments)
        else:
            row = accounts.open_account(session, control.platform.catalogue, **arguments)
        return rendering.render_account(row)


@route("show_account", "GET /accounts/{account}", "Show an account", "查看账户")
def show_account(control: Control, request: Request) -> shapes.Account:
    """Show an account without its credentials."""
    with control.view(request.path["account"]) as desk:
        return rendering.render_account(desk.account)


@route(
    "show_letter",
    "GET /accounts/{account}/letter",
    "Show the account letter, credentials included",
    "查看开户信（含密钥）",
)
def show_letter(control: Control, request: Request) -> shapes.Letter:
    """Return the account letter (P1)."""
    with control.view(request.path["account"]) as desk:
        return cast(shapes.Letter, letters.build_letter(control.platform, desk.account))


@route(
    "change_account",
    "PATCH /accounts/{account}",
    "Change an account: disabled, allow_list, switches, endpoints (null removes one)",
    "修改账户：disabled、allow_list、switches、endpoints（null 表示删除）",
    body={
        "disabled": FLAG,
        "allow_list": {"type": "array", "items": TEXT},
        "switches": FIELDS,
        "endpoints": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
    },
    keeps=("switches",),
    keeps_if=lambda request, answer: "switches" in request.body,
)
def change_account(control: Control, request: Request) -> shapes.Account:
    """Change what is given, and leave the rest."""
    with control.desk(request.path["account"]) as desk:
        row, body = desk.account, request.body
        row.disabled = body.get("disabled", row.disabled)
        if "allow_list" in body:
            accounts.set_allow_list(row, body["allow_list"])
        accounts.set_switches(row, body.get("switches", {}))
        for name, url in body.get("endpoints", {}).items():
            accounts.set_endpoint(desk.session, control.platform.catalogue, row, name, url)
        return rendering.render_account(row)


@route(
    "renew_keys",
    "POST /accounts/{account}/keys",
    "Give an account new keys; its tokens end",
    "更换账户密钥（现有 token 失效）",
    body={"key_bits": {"enum": [1024, 2048]}},
)
def renew_keys(control: Control, request: Request) -> shapes.Letter:
    """Give an account a new key pair and api_secret, and return the new letter."""
    with control.desk(request.path["account"]) as desk:
        accounts.renew_keys(desk.session, desk.account, request.body.get("key_bits"))
        return cast(shapes.Letter, letters.build_letter(control.platform, desk.account))


@route(
    "reset_account",
    "POST /accounts/{account}/reset",
    "Empty an account: orders, pushes, tokens, journal, rules; its clock is real again",
    "清空账户：订单、推送、token、日志、故障规则；时钟恢复为真实时间",
    body={"seed": TEXT},
)
def reset_account(control: Control, request: Request) -> shapes.Account:
    """Empty one account; credentials, endpoints, allow-list and switches stay.

    With a `seed` its numbers begin anew: what is done again then gets the same ones.
    """
    with control.desk(request.path["account"]) as desk:
        accounts.reset(desk.session, desk.account, request.body.get("seed", ""))
        return rendering.render_account(desk.account)


@route("close_account", "DELETE /accounts/{account}", "Close an account", "销户")
def close_account(control: Control, request: Request) -> shapes.Done:
    """Remove an account with all that belongs to it."""
    with control.desk(request.path["account"]) as desk:
        accounts.reset(desk.session, desk.account)
        desk.session.delete(desk.account)
    return {"done": True}


@route("reset_all", "POST /reset", "Empty all accounts", "清空所有账户")
def reset_all(control: Control, request: Request) -> shapes.Done:
    """Empty every account; the accounts themselves stay."""
    with control.database.writing() as session:
        for row in session.scalars(select(Account).order_by(Account.id).with_for_update()):
            accounts.reset(session, row)
    return {"done": True}
