"""The stage of a run: a platform with an account of its own, and the target that uses it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conformance_tests.suite.target import placeholders
from conformance_tests.suite.target.file import Target
from simulator import clock, ids
from simulator.app import Simulator
from simulator.driver import ControlClient, TimedAccount
from simulator.errors import SimulatorError
from simulator.settings import Settings

_PORT = 8900
#: Seconds within which a target that the suite starts must accept connections.
_START = 30.0
_POLL = 0.02


class TargetUnreachable(SimulatorError):
    """The target does not run, or cannot be reached: nothing could be judged."""


@dataclass(frozen=True)
class Attachment:
    """A platform that runs already: its control API's address and token."""

    url: str
    token: str = ""


class Stage:
    """Everything that a run starts, and stops again. Use as a context manager.

    `platform` attaches to a running simulator instead of starting one; `public_url` is how the
    target reaches the platform's protocol, where that is not this machine's own address; `shared`
    is a folder that all processes of the run have, where there are several.
    """

    def __init__(
        self,
        target: Target,
        platform: Attachment | None = None,
        public_url: str = "",
        shared: Path | None = None,
    ) -> None:
        self._given = target
        self._shared = shared
        self._attachment = platform
        self._public_url = public_url
        self._exits = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self.account = ""

    def __enter__(self) -> "Stage":
        """Start platform and target, and register the target's endpoints.

        Raises:
            SimulatorError: something could not be started; says what and why.
        """
        try:
            self._open()
        except BaseException:
            self._exits.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what was started."""
        self._exits.close()

    @property
    def is_attached(self) -> bool:
        """Whether the platform is one that others may use at the same time."""
        return self._attachment is not None

    def _open(self) -> None:
        self.folder = Path(self._exits.enter_context(tempfile.TemporaryDirectory()))
        #: Where the run keeps what it learnt of the target's patience.
        self.learnt = (self._shared or self.folder) / "learnt"
        letter = self._read_letter()
        self.control = self._open_platform(letter)
        self.account = self._open_account(letter)
        account = TimedAccount(self.control, self.account)
        self.letter = account.get("letter")
        written = self._write_letter()
        self.target = self._given.fill_in(
            {
                "port": str(_free_port()),
                "letter": str(written),
                "store": str(self.folder / "store"),
                "python": sys.executable,
                **placeholders.of_letter(self.letter),
            }
        )
        account.change(
            endpoints=dict(self.target.endpoints),
            switches=dict(self.target.account.get("switches", {})),
        )
        account.freeze()
        if self.target.start:
            self._exits.callback(self.stop_target)
            self.start_target()

    def _read_letter(self) -> dict[str, Any] | None:
        path = self._given.letter_path
        if path is None:
            return None
        try:
            return dict(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise SimulatorError(
                f"The account letter {path} of the target file cannot be read: {error}.",
                f"无法读取目标文件指定的开户信 {path}：{error}。",
            ) from error

    def _open_platform(self, letter: Mapping[str, Any] | None) -> ControlClient:
        if self._attachment:
            return ControlClient(self._attachment.url, self._attachment.token)
        wanted = dict(self._given.document.get("platform", {}))
        known = urlsplit(str((letter or {}).get("platform", "")))
        default = known.port or (0 if self._given.start else _PORT)
        settings = Settings(
            host=wanted.get("host", "127.0.0.1"),
            port=wanted.get("port", default),
            control_port=0,
            public_url=self._public_url or wanted.get("public_url", ""),
            seed=ids.new_seed(),
        )
        simulator = Simulator(settings, ephemeral=True)
        self._exits.callback(simulator.stop)
        simulator.start()
        return ControlClient(simulator.control_url)

    def _open_account(self, letter: Mapping[str, Any] | None) -> str:
        if letter is not None:
            for account in self.control.get("accounts"):
                if str(account["btc_id"]) == str(letter.get("btc_id")):
                    return str(account["name"])
        name = f"conformance-{ids.new_seed()[:8]}"
        wanted = {
            key: self._given.account[key]
            for key in ("key_bits", "company")
            if key in self._given.account
        }
        opened = {"letter": letter} if letter is not None else {"kind": self._given.kind, **wanted}
        self.control.post("accounts", name=name, **opened)
        if self._attachment:
            self._exits.callback(self.control.delete, "accounts", name)
        return name

    def _write_letter(self) -> Path:
        given = self._given.account.get("write_letter")
        place = self._given.path.parent / given if given else self.folder / "letter.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self.letter, file, ensure_ascii=False, indent=2)
        return place

    def start_target(self) -> None:
        """Start the target by the command of its file, and wait until it accepts connections.

        Raises:
            TargetUnreachable: it ended, or did not come up in time; shows what it printed.
        """
        start = self.target.start or {}
        log = (self.folder / "target.log").open("ab")
        self._exits.callback(log.close)
        environment = {**os.environ, **start.get("environment", {})}
        folder = self.target.path.parent / start["folder"] if "folder" in start else None
        try:
            self._process = subprocess.Popen(
                start["command"], cwd=folder, env=environment, stdout=log, stderr=log
            )
        except OSError as error:
            raise TargetUnreachable(
                f"The target cannot be started by {start['command'][0]}: {error.strerror}.",
                f"无法用 {start['command'][0]} 启动目标：{error.strerror}。",
            ) from error
        end = clock.monotonic() + float(start.get("seconds", _START))
        while not self.reachable():
            ended = self._process.poll() is not None
            if ended or clock.monotonic() > end:
                why, why_zh = ("ended", "已退出") if ended else ("does not answer", "未响应")
                raise TargetUnreachable(
                    f"The target {why} after its start: {self.printed()}",
                    f"目标启动后{why_zh}：{self.printed()}",
                )
            pause(_POLL)

    def printed(self) -> str:
        """Return the last lines that a started target printed."""
        text = (self.folder / "target.log").read_text("utf-8", "replace").strip()
        return " / ".join(text.splitlines()[-5:]) or "(it printed nothing)"

    def stop_target(self) -> None:
        """Stop the target as an operator would, and wait for its end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def reachable(self) -> bool:
        """Return whether every endpoint accepts connections."""
        return not self.unreachable()

    def unreachable(self) -> dict[str, str]:
        """Return the endpoints that accept no connections, by their names."""
        urls = {urlsplit(url).netloc: url for url in self.target.endpoints.values()}
        dead = {netloc for netloc, url in urls.items() if not accepts_connections(url)}
        endpoints = self.target.endpoints.items()
        return {name: url for name, url in endpoints if urlsplit(url).netloc in dead}

    def require_target(self) -> None:
        """Refuse to go on without the target.

        Raises:
            TargetUnreachable: an endpoint accepts no connections; names it.
        """
        for name, url in self.unreachable().items():
            raise TargetUnreachable(
                f"The target's endpoint {name} at {url} accepts no connections: start the target, "
                "then run `conzhu-sim doctor` on its file.",
                f"目标的 {name} 接收地址 {url} 无法连接：请先启动目标，"
                "再用 `conzhu-sim doctor` 检查目标文件。",
            )

    def secrets(self) -> list[str]:
        """Return what must not be shown of the account's letter, in every form that it has."""
        private = self.letter["rsa_sk"]
        return [
            str(self.letter["api_key"]),
            str(self.letter["api_secret"]),
            *(str(form) for form in (private.values() if isinstance(private, dict) else [private])),
        ]

    def about_platform(self) -> dict[str, str]:
        """Return what the platform of this run is: its address and version, and the account."""
        health = self.control.get("health")
        return {
            "url": str(self.letter["platform"]),
            "version": str(health["version"]),
            "account": self.account,
        }


def accepts_connections(url: str) -> bool:
    """Return whether something listens at the host and port of a URL."""
    place = urlsplit(url)
    port = place.port or (443 if place.scheme == "https" else 80)
    try:
        with socket.create_connection((place.hostname or "", port), timeout=2):
            return True
    except OSError:
        return False


def pause(seconds: float) -> None:
    """Wait; for what happens on the other side of HTTP there is nothing to be notified by."""
    threading.Event().wait(seconds)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
