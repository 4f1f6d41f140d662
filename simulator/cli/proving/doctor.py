"""`conzhu-sim doctor`: whether a target is ready to be tested; one finding if it is not."""

from typing import TYPE_CHECKING

import click

from simulator.cli.command import command
from simulator.cli.output.snippets import draw_snippets
from simulator.cli.output.terminal import Terminal
from simulator.errors import Text

if TYPE_CHECKING:
    from conformance_tests.suite.doctor.examination import Examined

_SUITE_ERROR = 3
#: Declarations that are named.
_MOST = 10


@command(
    "doctor",
    "检查目标是否可以测试；否则指出首个问题。",
    "doctor target.yaml",
    account=False,
)
@click.argument("target", default="reference")
@click.option(
    "--kind",
    type=click.Choice(["insurer", "guarantor"]),
    default="insurer",
    show_default=True,
    help="For the reference. 机构类型。",
)
@click.option(
    "--platform", default="", metavar="URL", help="Control API of a running simulator. 控制接口。"
)
@click.option(
    "--public-url",
    default="",
    metavar="URL",
    help="How the target reaches the platform. 目标访问平台的地址。",
)
def doctor(terminal: Terminal, target: str, kind: str, platform: str, public_url: str) -> None:
    """Look whether a target is ready to be tested, and stop at the first thing that is wrong.

    The exit code is 0 if it is, 2 if the target file or the letter is wrong, 4 if it is the target.
    """
    # Brings the whole simulator along, which `--help` should not.
    from conformance_tests.suite.doctor.examination import Found, examine

    steps: list[dict[str, dict[str, str]]] = []

    def tell(step: Text, remark: Text) -> None:
        steps.append({"step": step.as_json(), "remark": remark.as_json()})
        en, zh = (f" ({remark.en})", f"（{remark.zh}）") if remark.en else ("", "")
        terminal.say(f"✓ {step.en}{en}", f"✓ {step.zh}{zh}")

    wrong: Text | None = None
    snippet: str | None = None
    examined: Examined | None = None
    code = 0
    try:
        examined = examine(target, kind, platform, public_url, terminal.token, tell)
    except Found as found:
        wrong, code, snippet = found.text, found.code, found.snippet
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        wrong = Text(
            f"The doctor itself failed ({said}); please report it.",
            f"检查程序自身出错（{said}）；请反馈。",
        )
        code = _SUITE_ERROR
    if terminal.as_json:
        terminal.json(
            {
                "ready": wrong is None,
                "steps": steps,
                "wrong": wrong and wrong.as_json(),
                "snippet": snippet,
                "untried": examined and examined.untried and examined.untried.as_json(),
                "undeclared": list(examined.undeclared) if examined else [],
            }
        )
    elif wrong:
        terminal.say(f"✗ {wrong.en}", f"✗ {wrong.zh}")
        draw_snippets(terminal, [snippet])
    elif examined:
        _conclude(terminal, examined)
    raise SystemExit(code)


def _conclude(terminal: Terminal, examined: "Examined") -> None:
    """Say what a target is ready for, and what more its file could declare."""
    from conformance_tests.suite.report import undeclared

    for each in examined.undeclared[:_MOST]:
        text = undeclared.describe(each)
        terminal.say(f"- {text.en}", f"- {text.zh}")
    more = len(examined.undeclared) - _MOST
    if more > 0:
        terminal.say(f"- … and {more} more (--json)", f"- ……另有 {more} 项（--json）")
    if examined.untried:
        terminal.say(
            "The target can be tested by `conzhu-sim conformance run`, but no order was brought "
            f"as far as its guarantee ({examined.untried.en}): what builds on one is not judged.",
            "可用 `conzhu-sim conformance run` 测试目标，但未能将订单走到出函"
            f"（{examined.untried.zh}）：依赖保函的检查项不会判定。",
        )
        return
    terminal.say(
        "The target is ready: `conzhu-sim conformance run` tests it.",
        "目标已就绪：可用 `conzhu-sim conformance run` 测试。",
    )
