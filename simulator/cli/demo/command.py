"""`conzhu-sim demo`: a whole guarantee's life between a simulator and the reference institution."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text as Line

from reference_institution.app import create_app
from reference_institution.letter import AccountLetter
from simulator.app import Listener, Simulator
from simulator.cli.accounts import letters
from simulator.cli.demo.guarantor import GuarantorStory
from simulator.cli.demo.insurer import InsurerStory
from simulator.cli.demo.story import Story
from simulator.domain.institution import KINDS
from simulator.domain.switches import SWITCHES
from simulator.driver import Account, ControlClient
from simulator.errors import Text
from simulator.settings import Settings

_THREADS = 16
_STORIES: dict[str, type[Story]] = {"insurer": InsurerStory, "guarantor": GuarantorStory}
_ARTICLES = {"insurer": "an", "guarantor": "a"}


@contextmanager
def _institution(letter: dict[str, Any]) -> Iterator[str]:
    """Run the reference institution of a letter on a free port; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        listener = Listener("127.0.0.1", 0, _THREADS)
        app = create_app(AccountLetter.from_json(letter), Path(folder))
        listener.start(app)
        try:
            yield f"http://127.0.0.1:{listener.port}"
        finally:
            listener.stop()
            app.extensions["institution"].orders.close()


def play(
    key_bits: int,
    switches: dict[str, Any],
    tell: Callable[[Line], None],
    language: str,
    kind: str = "insurer",
) -> None:
    """Start both sides on free ports, live the whole life, and stop them again.

    Raises:
        SimulatorError: a step did not do what it should.
    """
    simulator = Simulator(Settings(port=0, control_port=0), ephemeral=True)
    simulator.start()
    try:
        control = ControlClient(simulator.control_url)
        account = Account.open(control, "demo", kind=kind, key_bits=key_bits)
        with _institution(dict(account.letter.json)) as address:
            pushes = control.get("lookup")["pushes"][kind]
            endpoints = letters.reference_endpoints(address, pushes)
            account.change(endpoints=endpoints, switches=switches)
            account.freeze()
            _STORIES[kind](account, address, tell, language).run()
    finally:
        simulator.stop()


@click.command()
@click.option("--kind", type=click.Choice(list(_STORIES)), default="insurer")
@click.option("--key-bits", type=click.Choice(["1024", "2048"]), default="2048")
@click.option("--plaintext", type=click.Choice(list(SWITCHES["plaintext"].choices or ())))
@click.option("--repeat", type=click.Choice(list(SWITCHES["repeat"].choices or ())))
@click.pass_context
def demo(
    context: click.Context, kind: str, key_bits: str, plaintext: str | None, repeat: str | None
) -> None:
    """Live a whole guarantee's life against the reference institution, and print the timeline.

    完整演示一份保函的生命周期，并打印时间线。

    Example / 示例: conzhu-sim demo --kind guarantor --plaintext query
    """
    language = getattr(context.obj, "lang", "en")
    console = Console(highlight=False)
    on_screen = sys.stdout.isatty()
    given = {"plaintext": plaintext, "repeat": repeat}
    switches = {name: value for name, value in given.items() if value is not None}
    title = KINDS[kind].title
    begun = Text(
        f"This demo has a simulator and {_ARTICLES[kind]} {title.en} of its own, on free ports; it "
        "leaves nothing behind.",
        f"本演示自带模拟器和{title.zh}，使用空闲端口，结束后不留任何数据。",
    )
    console.print(Line(begun.zh if language == "zh" else begun.en), soft_wrap=not on_screen)
    play(
        int(key_bits),
        switches,
        lambda line: console.print(
            line,
            no_wrap=True,
            overflow="ellipsis" if on_screen else "ignore",
            crop=on_screen,
            soft_wrap=not on_screen,
        ),
        language,
        kind,
    )
    done = Text(
        "The whole life was lived; every push was answered.", "全流程完成，所有推送均已应答。"
    )
    console.print(Line(f"\n{done.zh if language == 'zh' else done.en}", "bold green"))
