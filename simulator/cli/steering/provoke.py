"""`conzhu-sim codes provoke`: have the platform say a code, and see how that comes about."""

import json
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.arguments import Whole
from simulator.cli.command import command
from simulator.cli.output.render import Column, format_members
from simulator.cli.output.terminal import Terminal
from simulator.cli.program import program
from simulator.domain.institution import KINDS
from simulator.errors import NotFound, SimulatorError, Text

if TYPE_CHECKING:
    from simulator.recipes.book import Book, Excuse
    from simulator.recipes.player import Played

KIND = click.option(
    "--kind",
    type=click.Choice(sorted(KINDS)),
    default="insurer",
    show_default=True,
    help="Whose manual. 机构类型。",
)
_HEAD = (
    Column("code", "状态码", "code"),
    Column("never given", "不会返回", "reason"),
    Column("why", "原因", "why"),
    Column("recipe", "触发方式", "purpose"),
)


@command("provoke", "让平台返回某个状态码，并说明原因。", "codes provoke 2422", None, False)
@click.argument("code", type=Whole(min=0))
@KIND
def provoke(terminal: Terminal, code: int, kind: str) -> None:
    """Have the platform say a code, in an account made for that, or show why it never does."""
    from simulator.recipes.book import Book
    from simulator.recipes.player import play

    book = Book.load(kind)
    if code in book.excuses:
        _show_excuse(terminal, book.excuses[code])
        return
    if code not in book.recipes:
        raise NotFound(
            f"There is no code {code}; see `{program()} codes list`.",
            f"没有状态码 {code}；参见 `{program()} codes list`。",
        )
    played = play(terminal.client, book, code)
    _show_played(terminal, book, played)
    if not played.as_expected:
        raise SimulatorError(
            f"The answer should have been {code}: please report it.",
            f"应返回 {code}：请反馈此问题。",
        )


def _show_excuse(terminal: Terminal, excuse: "Excuse") -> None:
    shown = {"code": excuse.code, "reason": excuse.reason, "why": excuse.why.as_json()}
    terminal.show(shown, lambda: terminal.draw_record(shown, _HEAD))


def _show_played(terminal: Terminal, book: "Book", played: "Played") -> None:
    recipe = book.recipes[played.code]
    shown = {
        "code": played.code,
        "purpose": recipe.purpose.as_json(),
        "steps": list(recipe.steps),
        "sent": dict(played.sent),
        "answer": dict(played.answer),
        "explanation": list(played.notes),
    }
    terminal.show(shown, lambda: _draw(terminal, shown))


def _draw(terminal: Terminal, shown: dict[str, Any]) -> None:
    terminal.draw_record(shown, _HEAD)
    terminal.say("\nSteps", "\n步骤")
    for step in shown["steps"]:
        print(json.dumps(step, ensure_ascii=False)[1:-1])
    terminal.say("\nSent by the last step", "\n最后一步发送")
    print(format_members(shown["sent"]))
    terminal.say("\nAnswer", "\n应答")
    print(format_members({name: shown["answer"].get(name) for name in ("status", "data")}))
    terminal.say("\nExplanation", "\n说明")
    for note in shown["explanation"] or [Text("nothing to explain", "无需说明").as_json()]:
        terminal.say(note["en"], note["zh"])
