"""The command `conzhu-sim` itself: global options, the commands by name, errors as one sentence.

The module of a command is imported when that command is used, so `--help` stays fast and the
offline commands need nothing of the server.
"""

import errno
import importlib
import io
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import click

from simulator import __version__
from simulator.cli import usage
from simulator.cli.output.terminal import (
    DEFAULT_ACCOUNT,
    DEFAULT_CONTROL,
    LANGUAGES,
    Terminal,
    language,
)
from simulator.errors import SimulatorError, Text
from simulator.extras import describe_missing
from simulator.texts.dialects import DIALECTS

#: Each command: where its click command is, `module:name` below this package, and a summary.
_COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serve:serve", "Start the simulator. 启动模拟器。"),
    "demo": ("demo.command:demo", "Show a whole guarantee's life. 演示保函全流程。"),
    "account": ("accounts.account:account", "Accounts and their letters. 账户与开户信。"),
    "order": ("business.order:order", "Orders of principals. 投保人的订单。"),
    "guarantee": (
        "business.guarantee:guarantee",
        "Guarantees, and questions on them. 保函与验真。",
    ),
    "invoice": ("business.invoice:invoice", "Invoice applications. 开票申请。"),
    "bid": ("business.bid:bid", "Changed bid openings. 开标变更与延期。"),
    "claim": ("business.claim:claim", "Claims of beneficiaries. 受益人的理赔。"),
    "release": ("business.release:release", "Revoked guarantees of a block. 保函撤销与解保。"),
    "push": ("observing.push:push", "Pushes and their attempts. 推送及每次尝试。"),
    "journal": ("observing.journal:journal", "Every exchange, decrypted. 全部往来报文（明文）。"),
    "clock": ("steering.clock:clock", "The account's clock. 账户时钟。"),
    "fault": ("steering.fault:fault", "Misbehaviour on purpose. 故障规则。"),
    "snapshot": ("accounts.snapshot:snapshot", "An account's state as a file. 账户快照。"),
    "outage": ("observing.outage:outage", "What an outage would have cost. 假设中断的影响。"),
    "codes": ("offline.codes:codes", "The documented status codes. 状态码表。"),
    "sign": ("offline.primitives:sign", "Compute a sign, offline. 离线计算签名。"),
    "seal": ("offline.primitives:seal", "Make a param, offline. 离线生成 param。"),
    "open": ("offline.primitives:open_", "Open a param, offline. 离线解密 param。"),
    "explain": ("offline.explain:explain", "Why a message is wrong, offline. 离线诊断报文错误。"),
    "target": ("proving.target:target", "Target files of the suite. 一致性测试的目标文件。"),
    "doctor": ("proving.doctor:doctor", "Is a target ready to be tested? 目标是否可以测试？"),
    "conformance": ("proving.conformance:conformance", "Prove an integration. 一致性测试。"),
    "scenario": ("proving.scenario:scenario", "Timelines as files. 业务场景。"),
    "version": ("version:version", "Show the version. 显示版本。"),
}


class Root(click.Group):
    """The group of all commands, each imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command by its name; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(f"simulator.cli.{module}"), attribute)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands' summaries without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def main(self, args: Sequence[str] | None = None, *further: Any, **extra: Any) -> Any:
        """Run a command line; what a stream's encoding lacks is written as an escape."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        written = sys.argv[1:] if args is None else args
        # What does not fit is found before the options are read, so the language is looked up.
        asked = (
            usage.find_language(written) or os.environ.get("CONZHU_LANG") or language(os.environ)
        )
        with usage.chinese_messages() if asked == "zh" else nullcontext():
            return super().main(args, *further, **extra)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the global options."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise usage.localize(error) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command; whatever goes wrong is told in one sentence."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise usage.localize(error) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            ctx.exit(130)
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            # A command is imported before its options reach the terminal.
            terminal = ctx.obj or Terminal(lang=ctx.params["lang"])
            missing = describe_missing(error)
            terminal.complain(missing or _sentence(error))
            ctx.exit(2 if missing else 1)


def _sentence(error: Exception) -> Text:
    if isinstance(error, SimulatorError):
        return error.text
    if isinstance(error, FileNotFoundError) and error.filename:
        return Text(
            f"There is no such file or folder: {error.filename}.",
            f"没有这个文件或目录：{error.filename}。",
        )
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return Text(
            f"This did not work: {place}{error.strerror}.", f"操作失败：{place}{error.strerror}。"
        )
    kind = type(error).__name__
    return Text(
        f"conzhu-sim itself failed ({kind}: {error}); please report it.",
        f"conzhu-sim 内部错误（{kind}：{error}）；请反馈。",
    )


@click.group(
    cls=Root,
    help="A local fake of the conzhu e-guarantee platform.\n\n"
    "本地的电子保函平台（conzhu）模拟器。\n\n\b\nExample: conzhu-sim serve",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--control",
    envvar="CONZHU_CONTROL",
    default=DEFAULT_CONTROL,
    show_default=True,
    metavar="URL",
    help="Address of the control API (CONZHU_CONTROL). 控制接口地址。",
)
@click.option(
    "--lang",
    envvar="CONZHU_LANG",
    type=click.Choice(LANGUAGES),
    default=lambda: language(os.environ),
    help="Language of messages (CONZHU_LANG). 提示语言。",
)
@click.option(
    "--dialect",
    envvar="CONZHU_DIALECT",
    type=click.Choice([*DIALECTS]),
    help="Programming language of code (CONZHU_DIALECT). 代码所用的编程语言。",
)
@click.option(
    "--account",
    "-a",
    envvar="CONZHU_ACCOUNT",
    default=DEFAULT_ACCOUNT,
    show_default=True,
    metavar="NAME",
    help="The account to work on (CONZHU_ACCOUNT). 操作的账户。",
)
@click.option(
    "--token",
    envvar="CONZHU_TOKEN",
    default="",
    metavar="TOKEN",
    help="Its token, where it asks for one (CONZHU_TOKEN). 控制接口令牌。",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 输出 JSON。")
@click.version_option(__version__, message="conzhu-sim %(version)s")
@click.pass_context
def root(
    ctx: click.Context,
    control: str,
    lang: str,
    dialect: str | None,
    account: str,
    token: str,
    as_json: bool,
) -> None:
    """Keep what was chosen for the command that follows."""
    ctx.obj = Terminal(control, lang, as_json, account, token, dialect or "")
