"""The composition root: settings, clock, store, catalogue, outbox, the two doors.

The only module that sees all floors. `Simulator` can be started and stopped in any process; the
command `conzhu-sim serve` is a few lines around it.
"""

import fcntl
import hashlib
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from simulator import clock, ids, paths
from simulator.control import api as control_api
from simulator.control.context import Control
from simulator.delivery.dispatcher import Dispatcher
from simulator.delivery.heartbeat import Heartbeat
from simulator.delivery.outbox import Outbox
from simulator.delivery.walk import Walker
from simulator.errors import SimulatorError
from simulator.gateway import web
from simulator.gateway.downloads import Downloads
from simulator.gateway.pages import Pages
from simulator.gateway.pipeline import Pipeline
from simulator.operations import directory, keys, registry
from simulator.operations.registry import Platform
from simulator.operations.traffic import Traffic
from simulator.protocol.catalogue import Catalogue
from simulator.settings import Settings, web_address
from simulator.store.database import Database

_PROTOCOL_THREADS = 24
_CONTROL_THREADS = 16


class Listener:
    """One door: an application behind a port, with threads of its own."""

    def __init__(self, host: str, port: int, threads: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._threads = threads
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise SimulatorError(
                f"The address {host}:{port} cannot be used ({error.strerror}): stop what listens "
                "there, or choose another port (--port, --control-port).",
                f"无法使用地址 {host}:{port}（{error.strerror}）：请停止占用该端口的程序，"
                "或改用其他端口（--port、--control-port）。",
            ) from error
        self.port: int = self._socket.getsockname()[1]
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, app: Callable[..., Iterable[bytes]]) -> None:
        """Serve the application from now on."""
        self._map: dict[int, Any] = {}
        self._server = create_server(
            app,
            map=self._map,
            sockets=[self._socket],
            threads=self._threads,
            ident="conzhu-sim",
            clear_untrusted_proxy_headers=True,
        )
        self._thread = threading.Thread(target=self._run, name=f"door-{self.port}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # waitress's own run() ends only by a signal; this loop also ends when it is asked to.
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, map=self._map, count=1, use_poll=True)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def stop(self) -> None:
        """Stop serving; returns when the door is shut."""
        self._stopping.set()
        if self._thread is None:
            self._socket.close()
        else:
            self._server.trigger.pull_trigger()
            self._thread.join()


class Simulator:
    """A platform on this machine. With `ephemeral`, nothing is kept when it stops."""

    def __init__(self, settings: Settings, ephemeral: bool = False) -> None:
        self._temporary = tempfile.TemporaryDirectory() if ephemeral else None
        if self._temporary:
            settings = replace(settings, data=self._temporary.name, database="")
        self._lock: IO[str] | None = None
        self._doors: list[Listener] = []
        try:
            self._open(settings)
        except BaseException:
            self._release()
            raise

    def _open(self, settings: Settings) -> None:
        Path(settings.data).mkdir(parents=True, exist_ok=True)
        self._lock = _locked(settings)
        protocol = Listener(settings.host, settings.port, _PROTOCOL_THREADS)
        self._doors.append(protocol)
        control = Listener(settings.control_host, settings.control_port, _CONTROL_THREADS)
        self._doors.append(control)
        self.settings = replace(settings, port=protocol.port, control_port=control.port)
        self.database = Database(settings.database_url)
        catalogue = Catalogue.load(paths.schemas())
        registry.check_complete(catalogue)
        private = keys.platform_key(settings.platform_key_bits)
        self.platform = Platform(
            catalogue=catalogue,
            private_key=private,
            public_url=self.settings.base_url,
            secret=hashlib.sha256(private.export_key("DER")).hexdigest(),
            upload_limit=settings.upload_limit,
        )
        directory.fill(self.database)
        traffic = Traffic()
        outbox = Outbox(
            self.database, self.platform, f"process-{ids.new_seed()[:8]}", settings.journal_limit
        )
        self.dispatcher = Dispatcher(outbox)
        self._heartbeat = Heartbeat(self.dispatcher)
        walker = Walker(self.database, self.dispatcher, traffic)
        self.control = Control(self.database, self.platform, self.dispatcher, walker, self.settings)
        limit = settings.journal_limit
        self._protocol_app = web.create_app(
            Pipeline(self.database, self.platform, traffic, limit, self.dispatcher.nudge),
            Downloads(self.database, self.platform, limit),
            Pages(self.database, self.platform, limit),
            settings.body_limit,
        )
        self._control_app: Flask = control_api.create_app(self.control)
        # Claims and walks of a process that is gone: this one holds the lock, so all of them.
        alone = self._lock is not None
        outbox.recover(clock.wall_now(), everything=alone)
        walker.recover(everything=alone)

    def start(self) -> None:
        """Open both doors and start to deliver."""
        self._doors[0].start(self._protocol_app)
        self._doors[1].start(self._control_app)
        self._heartbeat.start()

    @property
    def control_url(self) -> str:
        """The address of the control API's door."""
        return web_address(self.settings.control_host, self.settings.control_port)

    def stop(self) -> None:
        """Shut both doors, let the attempts under way end, and close the database."""
        self._doors[0].stop()
        self._doors[1].stop()
        self._heartbeat.stop()
        self.dispatcher.close()
        self.database.close()
        self._doors.clear()
        self._release()

    def _release(self) -> None:
        for door in self._doors:
            door.stop()
        if self._lock:
            self._lock.close()
        if self._temporary:
            self._temporary.cleanup()


def _locked(settings: Settings) -> IO[str] | None:
    """Take the exclusive lock beside a SQLite file; other databases lock for themselves."""
    url = settings.database_url
    if not url.startswith("sqlite:///"):
        return None
    path = Path(url.removeprefix("sqlite:///") + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise SimulatorError(
            f"Another simulator is using {path.with_suffix('')}: stop it, or choose another "
            "folder with --data (or --ephemeral).",
            f"另一个模拟器正在使用 {path.with_suffix('')}：请先停止它，"
            "或用 --data（或 --ephemeral）另选目录。",
        ) from None
    return file
