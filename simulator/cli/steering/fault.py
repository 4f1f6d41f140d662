"""`conzhu-sim fault`: the platform misbehaves on purpose."""

from typing import Any

import click

from simulator import shapes, texts
from simulator.cli.arguments import Whole, parse_pairs, parse_whole_or_text
from simulator.cli.command import command, group
from simulator.cli.output.columns import columns
from simulator.cli.output.render import Column
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError

fault = group(
    "fault",
    "Fault rules: the platform misbehaves on purpose.",
    "故障规则：平台有意出错。",
    "fault add lose_ack --interface order_status --times 2",
)

_LIST = columns(
    shapes.Fault,
    *("id", "rule", "interface", "about", "attempt", "times", "value", "hits"),
    times=lambda row: _describe_times(row["times"]),
    value=lambda row: row["value"] or None,
)
_RULES = (
    Column("rule", "规则", "rule"),
    Column("strikes", "作用于", lambda row: texts.load("labels")["strikes"][row["strikes"]]),
    Column("what it does", "作用", lambda row: {"en": row["en"], "zh": row["zh"]}, rest=True),
)


def _describe_times(times: int | None) -> Any:
    return {"en": "always", "zh": "不限"} if times is None else times


@command("list", "列出故障规则（含已用完的）。", "fault list", fault)
def list_faults(terminal: Terminal) -> None:
    """List the account's rules, spent ones among them."""
    terminal.table(terminal.account_client.get("faults"), _LIST)


@command(
    "add",
    "设置故障规则；可用的 RULE 见 `conzhu-sim fault rules`。",
    "fault add answer --interface insurer_push_guarantee --value code=404",
    fault,
)
@click.argument("rule")
@click.option("--interface", help="A push's name or a call's method. 接口名称。")
@click.option("--about", help="An order, claim or invoice number. 对象编号。")
@click.option("--attempt", type=Whole(min=1), help="Only this attempt. 仅第几次。")
@click.option("--times", type=Whole(min=1), help="How often; once by default. 次数。")
@click.option("--always", is_flag=True, help="Until it is removed. 直到删除。")
@click.option(
    "--value", "values", multiple=True, metavar="NAME=VALUE", help="What the rule takes. 取值。"
)
def add(terminal: Terminal, rule: str, always: bool, values: tuple[str, ...], **given: Any) -> None:
    """Set a fault rule; `conzhu-sim fault rules` lists the RULEs that there are."""
    if always and given["times"] is not None:
        raise SimulatorError(
            "Give either --times or --always.", "--times 与 --always 只能给出其一。"
        )
    body: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if always:
        body["times"] = None
    if values:
        body["value"] = {
            name: parse_whole_or_text(text) for name, text in parse_pairs(values).items()
        }
    row = terminal.account_client.post("faults", rule=rule, **body)
    if "id" in row:
        terminal.show(row, lambda: terminal.draw_table([row], _LIST))
    else:
        terminal.done(row, f"{rule}: done at once.", f"{rule}：已立即执行。")


@command("remove", "删除一条故障规则；`all` 删除全部。", "fault remove 1", fault)
@click.argument("number")
def remove(terminal: Terminal, number: str) -> None:
    """Remove a fault rule by its number, or `all` of the account's."""
    if number == "all":
        _remove_all(terminal)
        return
    done = terminal.account_client.delete("faults", number)
    terminal.done(done, f"The rule {number} is removed.", f"规则 {number} 已删除。")


def _remove_all(terminal: Terminal) -> None:
    numbers = [row["id"] for row in terminal.account_client.get("faults")]
    for each in numbers:
        terminal.account_client.delete("faults", str(each))
    listed = ", ".join(map(str, numbers))
    terminal.done(
        {"done": True, "removed": numbers},
        f"All rules of {terminal.account} are removed: {listed}."
        if numbers
        else f"{terminal.account} has no fault rules.",
        f"{terminal.account} 的全部规则已删除：{listed}。"
        if numbers
        else f"{terminal.account} 没有故障规则。",
    )


@command("rules", "列出可用的规则。", "fault rules", fault, False)
def rules(terminal: Terminal) -> None:
    """List the rules that there are."""
    known = terminal.client.get("lookup")["faults"]
    terminal.table([{"rule": rule, **meaning} for rule, meaning in known.items()], _RULES)
