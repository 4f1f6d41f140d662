"""`conzhu-sim serve` as a process of its own, on free ports."""

import json
import os
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from simulator.driver import ControlClient

FREE = ("--port", "0", "--control-port", "0")
_MAIN = "from simulator.cli import main\nmain()"


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONZHU_")}
    return {**kept, "CONZHU_LANG": "en", "PYTHONWARNINGS": "error"}


@contextmanager
def serve(folder: Path, *arguments: str, lang: str = "en") -> Iterator[subprocess.Popen[str]]:
    """Run a server in a working folder, and end it if it is still there."""
    process = subprocess.Popen(
        [sys.executable, "-c", _MAIN, "--lang", lang, "serve", *FREE, *arguments],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def _until(stream: IO[str] | None, wanted: str) -> list[str]:
    assert stream is not None
    lines = []
    for line in stream:
        lines.append(line.rstrip("\n"))
        if wanted in line:
            return lines
    raise AssertionError("\n".join(lines))


def _stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> str:
    """Stop a server; it must end cleanly. Return what it still printed."""
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    return output


def _refused(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _MAIN, "serve", *FREE, *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    [sentence] = done.stderr.splitlines()
    return sentence


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_ephemeral_server_greets_shows_the_journal_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals
) -> None:
    with serve(tmp_path, "--ephemeral") as process:
        greeting = "\n".join(_until(process.stdout, "Ctrl-C"))
        found = re.search(r"The platform answers at (\S+), the control API at (\S+)\.", greeting)
        assert found
        platform, control = found.groups()
        letter = re.search(r"letter of the account demo: (\S+)", greeting)
        assert letter
        place = Path(letter[1])
        assert json.loads(place.read_text("utf-8"))["platform"] == f"{platform}/api/insurer/v1"
        assert f"export CONZHU_CONTROL={control}" in greeting
        python = shlex.quote(sys.executable)
        insurer = re.search(r"^  (\S+) -m (reference_institution) .+", greeting, re.MULTILINE)
        assert insurer
        assert insurer[1] == python
        _, _, *options = shlex.split(insurer[0].partition("  #")[0])
        assert options[1:5] == ["--letter", letter[1], "--port", "8910"]
        assert options[5] == "--store"
        assert Path(options[6]).parent == place.parent.parent
        advice = (
            "conzhu-sim order create",
            insurer[0].strip(),
            "conzhu-sim account endpoints demo http://127.0.0.1:8910",
            "conzhu-sim order open ORDER_NO",
            "conzhu-sim journal follow",
            "conzhu-sim demo  # has a simulator of its own",
        )
        places = [greeting.index(f"  {line}") for line in advice]
        assert places == sorted(places)
        client = ControlClient(control)
        client.patch("accounts", "demo", endpoints={"order_status": "http://127.0.0.1:9/x"})
        order = client.post("accounts", "demo", "orders")
        client.post("accounts", "demo", "orders", order["order_no"], "cancel")
        line = _until(process.stdout, "insurer/2.2")[-1]
        output = _stop(process, number)

    assert f"push  insurer/2.2  {order['order_no']}  failed  nothing accepts connections" in line
    assert output.splitlines()[-1] == "Stopped."
    assert not place.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_is_there_again(tmp_path: Path) -> None:
    letters = tmp_path / "kept" / "letters"
    with serve(tmp_path, "--data", "kept", "--json", "--quiet") as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        order = ControlClient(addresses["control"]).post("accounts", "demo", "orders")
        first = json.loads((letters / "demo.json").read_text("utf-8"))
        sentence = _refused(tmp_path, "--data", "kept")
        assert _stop(process) == ""
    with serve(tmp_path, "--data", "kept", "--json") as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        client = ControlClient(addresses["control"])
        [kept] = client.get("accounts", "demo", "orders")
        second = json.loads((letters / "demo.json").read_text("utf-8"))
        assert [row["name"] for row in client.get("accounts")] == ["demo"]
        _stop(process)

    assert sentence == (
        "Another simulator is using kept/simulator.db: stop it, or choose another folder with "
        "--data (or --ephemeral)."
    )
    assert addresses["letter"] == str(letters / "demo.json")
    assert kept["order_no"] == order["order_no"]
    assert second["api_secret"] == first["api_secret"]
    assert stat.S_IMODE(letters.stat().st_mode) == 0o700
    written = {path.name: stat.S_IMODE(path.stat().st_mode) for path in letters.iterdir()}
    assert written == dict.fromkeys(
        ("demo.json", "demo.rsa_pk.pem", "demo.rsa_sk.pem", "demo.api_rsa_pk.pem"), 0o600
    )


def test_without_the_demo_account(tmp_path: Path) -> None:
    with serve(tmp_path, "--ephemeral", "--no-demo", lang="zh") as process:
        greeting = "\n".join(_until(process.stdout, "Ctrl-C"))
        control = re.search(r"控制接口：(\S+)。", greeting)
        assert control
        assert ControlClient(control[1]).get("accounts") == []
        assert _stop(process).splitlines()[-1] == "已停止。"

    assert "开户信" not in greeting


def test_settings_come_from_the_file_and_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('seed = "from the file"\npublic_url = "https://a.test"\n')
    with serve(tmp_path, "--ephemeral", "--config", "own.toml", "--json") as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        letter = json.loads(Path(addresses["letter"]).read_text("utf-8"))
        _stop(process)
    with serve(
        tmp_path,
        "--ephemeral",
        "--json",
        "--seed",
        "from the file",
        "--public-url",
        "http://b.test",
    ) as process:
        assert process.stdout is not None
        again = json.loads(process.stdout.readline())
        other = json.loads(Path(again["letter"]).read_text("utf-8"))
        _stop(process)

    assert letter["platform"] == "https://a.test/api/insurer/v1"
    assert other["platform"] == "http://b.test/api/insurer/v1"
    assert other["api_secret"] == letter["api_secret"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Hostile on purpose: "), ("zh", "有意施加故障：")],
)
def test_a_hostile_server_says_its_seed(tmp_path: Path, lang: str, said: str) -> None:
    with serve(tmp_path, "--ephemeral", "--hostile", lang=lang) as process:
        greeting = "\n".join(_until(process.stdout, "Ctrl-C"))
        seed = re.search(r"--seed ([0-9a-f]{12}) ", greeting)
        assert seed
        _stop(process)
    with serve(tmp_path, "--ephemeral", "--hostile", "--seed", seed[1], "--json") as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        health = ControlClient(addresses["control"]).get("health")
        _stop(process)

    assert said in greeting
    assert addresses["hostile"] == health["hostile"] == {"seed": seed[1], "most": 2}


def test_how_hostile_is_said_by_most_or_by_the_settings(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("hostile = 4\n")
    for arguments, most in ((("--most", "3", "--hostile"), 3), ((), 4), (("--hostile",), 4)):
        quiet = ("--ephemeral", "--no-demo", "--config", "own.toml", "--json")
        with serve(tmp_path, *quiet, *arguments) as process:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["hostile"]["most"] == most
            _stop(process)
    assert _refused(tmp_path, "--most", "3") == "--most belongs to --hostile."


def test_wrong_settings_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "bad.toml").write_text("prot = 1")

    assert _refused(tmp_path, "--config", "nix.toml") == "There is no settings file nix.toml."
    assert "there is no setting 'prot'" in _refused(tmp_path, "--config", "bad.toml")
    assert "port must be from 0 to 65535" in _refused(tmp_path, "--port", "99999")
    assert _refused(tmp_path, "--data", "file") == "This did not work: file: File exists."
    assert "The database nix://x cannot be used" in _refused(tmp_path, "--database", "nix://x")


def test_a_port_in_use_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = _refused(tmp_path, "--ephemeral", "--port", str(port))

    assert sentence.startswith(f"The address 127.0.0.1:{port} cannot be used")
