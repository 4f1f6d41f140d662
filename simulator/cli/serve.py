"""`conzhu-sim serve`: the simulator in this process, until it is told to stop."""

import logging
import shlex
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from simulator import texts
from simulator.app import Simulator
from simulator.certificates.self_signed import find_ca
from simulator.cli.accounts import letters
from simulator.cli.arguments import Whole
from simulator.cli.command import command
from simulator.cli.output import entries
from simulator.cli.output.terminal import DEFAULT_CONTROL, Terminal
from simulator.cli.program import program, python, shorten_path
from simulator.driver import ControlClient
from simulator.errors import SimulatorError, Text
from simulator.settings import MOST_HOSTILE, Settings, load

_DEMO = "demo"
_INSURER_PORT = 8910
#: Faults of `--hostile` in a row.
_IN_A_ROW = 2
#: Seconds until the journal is asked again after it could not be read.
_PATIENCE = 5.0


@command("serve", "启动模拟器，逐条显示往来报文。", "serve --ephemeral --port 8900", None, False)
@click.option("--host", help="Address on which the protocol is served. 协议监听地址。")
@click.option("--port", type=Whole(), help="Its port, 8900 by default. 协议端口。")
@click.option("--control-host", help="Address on which the control API is served. 控制接口地址。")
@click.option("--control-port", type=Whole(), help="Its port, 8901 by default. 控制接口端口。")
@click.option("--public-url", help="URL at which institutions reach the protocol. 对外地址。")
@click.option("--tls-cert", metavar="FILE", help="Serve by https: the certificate. 证书（PEM）。")
@click.option("--tls-key", metavar="FILE", help="Its private key, PEM. 证书的私钥（PEM）。")
@click.option(
    "--tls-self-signed",
    is_flag=True,
    default=None,
    help="Serve by https with a local CA of its own. 用自建的本地 CA 提供 https。",
)
@click.option("--data", metavar="DIR", help="Where everything is kept. 数据目录。")
@click.option("--database", metavar="URL", help="SQLAlchemy URL or a file. 数据库。")
@click.option("--synchronous", metavar="normal|full", help="What a power cut may cost. 断电保护。")
@click.option("--ephemeral", is_flag=True, help="Keep nothing. 退出后不保留数据。")
@click.option("--workers", type=Whole(), help="Processes that serve calls. 处理调用的进程数。")
@click.option("--seed", help="Makes new accounts and faults repeatable. 新账户与故障的种子。")
@click.option("--hostile", is_flag=True, help="Mild faults for all accounts. 随机施加轻微故障。")
@click.option(
    "--most",
    type=Whole(1, MOST_HOSTILE),
    help=f"Mild faults in a row, {_IN_A_ROW} at most by default. 最多连续几次。",
)
@click.option("--config", metavar="FILE", help="Settings file (TOML). 设置文件。")
@click.option("--no-demo", is_flag=True, help="Do not open the account demo. 不开演示账户。")
@click.option("--quiet", is_flag=True, help="No line for each exchange. 不显示报文。")
def serve(
    terminal: Terminal,
    config: str | None,
    ephemeral: bool,
    no_demo: bool,
    quiet: bool,
    hostile: bool,
    most: int | None,
    **given: Any,
) -> None:
    """Start the simulator, and print a line for each exchange until Ctrl-C."""
    overrides = {name: value for name, value in given.items() if value is not None}
    settings = load(config, overrides=overrides)
    if hostile:
        settings = replace(settings, hostile=most or settings.hostile or _IN_A_ROW)
    elif most is not None:
        raise SimulatorError("--most belongs to --hostile.", "--most 须与 --hostile 一起使用。")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    # A queue of one call is no news for the person in front of it.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with _running(settings, ephemeral) as simulator:
        client = ControlClient(simulator.control_url, simulator.settings.control_token)
        letter = None if no_demo else _demo_letter(client, simulator.settings)
        # A token that was given is known; a log is no place to repeat it.
        drawn = "" if settings.control_token else simulator.settings.control_token
        _greet(terminal, simulator, letter, drawn)
        if quiet:
            stopping.wait()
        else:
            _follow(terminal, client, stopping)
    terminal.say("Stopped.", "已停止。")


@contextmanager
def _running(settings: Settings, ephemeral: bool) -> Iterator[Simulator]:
    simulator = Simulator(settings, ephemeral)
    simulator.start()
    try:
        yield simulator
    finally:
        simulator.stop()


def _demo_letter(client: ControlClient, settings: Settings) -> Path:
    """Open the account `demo` if there is none, and write its letter."""
    if not any(row["name"] == _DEMO for row in client.get("accounts")):
        client.post("accounts", name=_DEMO)
    folder = Path(settings.data) / "letters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return letters.write(client.get("accounts", _DEMO, "letter"), folder.resolve())


def _greet(terminal: Terminal, simulator: Simulator, letter: Path | None, token: str) -> None:
    settings, control = simulator.settings, simulator.control_url
    protocol = settings.base_url
    if terminal.as_json:
        place = str(letter) if letter else None
        said: dict[str, Any] = {"protocol": protocol, "control": control, "letter": place}
        if settings.tls_self_signed:
            said["ca"] = str(find_ca(settings.data).resolve())
        if settings.hostile:
            said["hostile"] = {"seed": settings.seed, "most": settings.hostile}
        terminal.json({**said, **({"token": token} if token else {})}, indent=None)
        return
    terminal.say(
        f"The platform answers at {protocol}, the control API at {control}.",
        f"平台地址：{protocol}，控制接口：{control}。",
    )
    if letter:
        terminal.say(f"The letter of the account demo: {letter}", f"账户 demo 的开户信：{letter}")
    if settings.tls_self_signed:
        _tell_trust(terminal, find_ca(settings.data))
    if settings.hostile:
        seed = shlex.quote(settings.seed)
        terminal.say(
            f"Hostile on purpose: mild faults strike all accounts, {settings.hostile} in a row at "
            f"the most, tagged `hostile` in the journal; --seed {seed} repeats them.",
            f"有意施加故障：对所有账户随机施加轻微故障，最多连续 {settings.hostile} 次，"
            f"日志中标记为 hostile；用 --seed {seed} 可重现。",
        )
    terminal.say("\nTry next, in another terminal:", "\n接下来可在另一个终端试试：")
    if control != DEFAULT_CONTROL:
        print(f"  export CONZHU_CONTROL={control}")
    if token:
        print(f"  export CONZHU_TOKEN={shlex.quote(token)}")
    for line, remark in _advice(settings, letter):
        print(f"  {line}{f'  # {terminal.translate(remark)}' if remark else ''}")
    terminal.say("\nCtrl-C stops it.\n", "\n按 Ctrl-C 停止。\n")


def _tell_trust(terminal: Terminal, ca: Path) -> None:
    """Say how clients come to trust the local CA, for each language."""
    # In full: clients are started in folders of their own.
    place = shlex.quote(str(ca.resolve()))
    terminal.say(f"Clients have to trust the local CA {place}:", f"客户端需信任本地 CA {place}：")
    for language, how in texts.load("trusting").items():
        print(f"  {language:7} {terminal.translate(how.format(ca=place))}")


def _advice(settings: Settings, letter: Path | None) -> Iterator[tuple[str, Text | None]]:
    """Give the commands to try, each as it can be pasted, and what is to be said of it."""
    simulate, data, trusting = program(), Path(settings.data), ""
    if settings.tls_self_signed:
        ca = shorten_path(find_ca(settings.data).resolve())
        trusting = f"REQUESTS_CA_BUNDLE={shlex.quote(ca)} "
    letters_folder = letter.parent if letter else data / "letters"
    own_letter = shlex.quote(shorten_path(letters_folder / f"{_DEMO}.json"))
    if letter is None:
        folder = shlex.quote(shorten_path(letters_folder))
        yield f"{simulate} account create {_DEMO}", None
        yield f"{simulate} account letter {_DEMO} --out {folder}", None
    yield f"{simulate} order create", None
    yield (
        f"{trusting}{python()} -m reference_institution --letter {own_letter} "
        f"--port {_INSURER_PORT} --store {shlex.quote(shorten_path(data / 'insurer'))}",
        Text("the reference insurer, in a terminal of its own", "参考保险公司，另开一个终端"),
    )
    yield f"{simulate} account endpoints {_DEMO} http://127.0.0.1:{_INSURER_PORT}", None
    yield f"{simulate} order open ORDER_NO", None
    yield f"{simulate} journal follow", None
    yield (
        f"{simulate} account create guarantor-demo --kind guarantor",
        Text("an account of a guarantee company", "担保公司账户"),
    )
    yield f"{simulate} demo", Text("has a simulator of its own", "自带独立的模拟器")


def _follow(terminal: Terminal, client: ControlClient, stopping: threading.Event) -> None:
    seen = entries.newest(client.get("journal", limit=1))
    pause = entries.PAUSE
    while not stopping.wait(pause):
        try:
            found = client.get("journal", after=seen, limit=entries.BATCH)
        except SimulatorError as error:
            if pause != _PATIENCE:
                terminal.complain(error.text)
            pause = _PATIENCE
            continue
        if pause == _PATIENCE:
            terminal.say("The journal can be read again.", "日志已可读取。")
        pause = entries.PAUSE
        entries.tell(terminal, found)
        seen = entries.newest(found) or seen
