"""`conzhu-sim claim`: what beneficiaries do with claims."""

import base64
from pathlib import Path
from typing import Any

import click

from simulator import shapes
from simulator.cli.command import command, group
from simulator.cli.output import announcements
from simulator.cli.output.columns import columns
from simulator.cli.output.render import Column
from simulator.cli.output.terminal import Terminal

claim = group("claim", "Claims of beneficiaries.", "受益人的理赔。", "claim list")

_LIST = (
    *columns(shapes.Claim, "claim_no", "status", "order_no", "guarantee_no", "claim_amount"),
    Column("reason", "索赔原因", lambda row: row["fields"].get("claim_reason"), rest=True),
    *columns(shapes.Claim, "refuse_reason", "note"),
)


@command("list", "列出理赔。", "claim list", claim)
def list_claims(terminal: Terminal) -> None:
    """List the claims, oldest first."""
    terminal.table(terminal.account_client.get("claims"), _LIST)


@command("apply", "受益人申请理赔（3.1）。", "claim apply 1234567890 --amount 50000.00", claim)
@click.argument("order_no")
@click.option("--amount", help="Yuan; all of it by default. 索赔金额（元）。")
@click.option("--reason", help="Why. 索赔原因。")
@click.option("--no-file", is_flag=True, help="Without the claim letter. 不附索赔函。")
@click.option("--file", "files", multiple=True, help="Send this file instead. 改附该文件。")
def apply(
    terminal: Terminal,
    order_no: str,
    amount: str | None,
    reason: str | None,
    no_file: bool,
    files: tuple[str, ...],
) -> None:
    """Let the beneficiary apply for a claim (3.1)."""
    body: dict[str, Any] = {"order_no": order_no, "with_file": not no_file}
    if amount is not None:
        body["claim_amount"] = amount
    if reason is not None:
        body["fields"] = {"claim_reason": reason}
    if files:
        body["files"] = [
            {
                "name": Path(file).name,
                "content": base64.b64encode(Path(file).read_bytes()).decode(),
            }
            for file in files
        ]
    row = terminal.account_client.post("claims", **body)
    terminal.done(
        row,
        f"The claim {row['claim_no']} on {row['guarantee_no']} is {row['status']}: "
        f"{row['claim_amount']} yuan.",
        f"理赔 {row['claim_no']}（保函 {row['guarantee_no']}）状态为 {row['status']}，"
        f"金额 {row['claim_amount']} 元。",
    )
    announcements.report(terminal, row["claim_no"])


@command("revoke", "受益人撤销理赔。", "claim revoke 123456789012", claim)
@click.argument("claim_no")
def revoke(terminal: Terminal, claim_no: str) -> None:
    """Let the beneficiary revoke an open claim."""
    before = announcements.find_newest(terminal, claim_no)
    row = terminal.account_client.post("claims", claim_no, "revoke")
    terminal.done(
        row,
        f"The claim {row['claim_no']} is {row['status']}.",
        f"理赔 {row['claim_no']} 状态为 {row['status']}。",
    )
    announcements.report(terminal, claim_no, before)


@command("close", "平台结束担保公司的理赔。", "claim close 123456789012", claim)
@click.argument("claim_no")
def close(terminal: Terminal, claim_no: str) -> None:
    """Let the platform close a guarantor's claim (CLAIM_CLOSE)."""
    row = terminal.account_client.post("claims", claim_no, "close")
    terminal.done(
        row,
        f"The claim {row['claim_no']} is {row['status']}.",
        f"理赔 {row['claim_no']} 状态为 {row['status']}。",
    )
