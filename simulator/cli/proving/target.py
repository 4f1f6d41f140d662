"""`conzhu-sim target`: the file that says where an institution is and how it is made to act."""

import shlex
import sys
from pathlib import Path

import click

from simulator.cli.command import command, group
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError, Text

_USAGE = 2
_NAME = {
    "insurer": "Our insurer, test environment 本公司测试环境",
    "guarantor": "Our guarantee company, test environment 本公司测试环境",
}

target = group(
    "target",
    "The file that says where your system is, and how it acts.",
    "说明系统地址与操作方式的目标文件。",
    "target init target.yaml --base http://127.0.0.1:8080/conzhu",
)


@command(
    "init",
    "生成带注释的目标文件。",
    "target init target.yaml --base http://127.0.0.1:8080/conzhu",
    target,
    account=False,
)
@click.argument("file", default="target.yaml")
@click.option(
    "--kind",
    type=click.Choice(["insurer", "guarantor"]),
    default=None,
    show_default="insurer",
    help="The institution's. 机构类型。",
)
@click.option("--name", default=None, help="What reports call it. 报告中的名称。")
@click.option(
    "--base", default=None, metavar="URL", help="Where its endpoints are. 接收地址的公共前缀。"
)
@click.option(
    "--endpoint",
    "endpoints",
    multiple=True,
    metavar="PUSH=URL",
    help="One endpoint that is elsewhere. 单独指定某接收地址。",
)
@click.option(
    "--actions", default=None, metavar="URL", help="Where its test endpoints are. 测试接口前缀。"
)
@click.option(
    "--start", default=None, metavar="COMMAND", help="Starts it for each run. 启动系统的命令。"
)
@click.option("--letter", default=None, metavar="FILE", help="Its account letter. 开户信文件。")
@click.option("--force", is_flag=True, help="Overwrite the file. 覆盖已有文件。")
def init(
    terminal: Terminal,
    file: str,
    kind: str | None,
    name: str | None,
    base: str | None,
    endpoints: tuple[str, ...],
    actions: str | None,
    start: str | None,
    letter: str | None,
    force: bool,
) -> None:
    """Write a commented target file; on a terminal, what no option says is asked.

    Elsewhere only --base must be given.
    """
    from conformance_tests.suite.doctor import template
    from conformance_tests.suite.doctor.target_file import check_target_file
    from conformance_tests.suite.target import file as files

    place = Path(file)
    try:
        if place.exists() and not force:
            raise SimulatorError(
                f"{file} is there already: name another file, or overwrite it with --force.",
                f"{file} 已存在：请换一个文件名，或用 --force 覆盖。",
            )
        kind = kind or _ask(terminal, "insurer or guarantor", "机构类型", "insurer")
        if kind not in _NAME:
            raise SimulatorError(
                f"{kind} is no kind of institution: insurer or guarantor.",
                f"机构类型没有 {kind}：应为 insurer 或 guarantor。",
            )
        wanted = template.Wanted(
            kind=kind,
            name=name or _ask(terminal, "What reports call it", "报告中的名称", _NAME[kind]),
            base=base or _ask(terminal, "Where its endpoints are (URL)", "接收地址前缀（URL）"),
            endpoints=dict(_pair(each, template.pushes(kind)) for each in endpoints),
            start=shlex.split(
                _given(
                    terminal, start, "Command that starts it, empty if it runs", "启动命令，可空"
                )
            ),
            letter=_given(
                terminal, letter, "Its account letter, empty for a new account", "开户信文件，可空"
            ),
            actions=_given(
                terminal, actions, "Its test endpoints (URL), empty if none", "测试接口前缀，可空"
            ),
        )
        text = template.compose(wanted)
        check_target_file(files.parse(place, text))
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("w" if force else "x", encoding="utf-8") as written:
            written.write(text)
    except (SimulatorError, ValueError) as error:
        said = Text(str(error), str(error))
        terminal.complain(error.text if isinstance(error, SimulatorError) else said)
        raise SystemExit(_USAGE) from error
    terminal.done(
        {"file": file},
        f"{file} is written. Next: `conzhu-sim doctor {shlex.quote(file)}`.",
        f"已生成 {file}。下一步：`conzhu-sim doctor {shlex.quote(file)}`。",
    )


def _ask(terminal: Terminal, en: str, zh: str, default: str | None = None) -> str:
    """Return a person's answer; without a terminal the default.

    Raises:
        SimulatorError: there is neither.
    """
    if _attended(terminal):
        return str(click.prompt(terminal.translate(Text(en, zh)), default=default))
    if default is None:
        raise SimulatorError(
            "Give --base: nobody sits at a terminal who could be asked.",
            "请给出 --base：当前没有终端，无法询问。",
        )
    return default


def _given(terminal: Terminal, option: str | None, en: str, zh: str) -> str:
    if option is not None:
        return option
    return _ask(terminal, en, zh, "")


def _attended(terminal: Terminal) -> bool:
    return sys.stdin.isatty() and not terminal.as_json


def _pair(given: str, pushes: list[str]) -> tuple[str, str]:
    name, _, url = given.partition("=")
    if name not in pushes or not url:
        raise SimulatorError(
            f"--endpoint {given}: write PUSH=URL; the pushes are {', '.join(pushes)}.",
            f"--endpoint {given}：请写成 推送=URL；推送有 {'、'.join(pushes)}。",
        )
    return name, url
