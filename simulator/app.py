"""The composition root: settings, clock, store, catalogue, outbox, the two listeners.

The only module that sees all floors. `Simulator` can be started and stopped in any process; the
command `conzhu-sim serve` is a few lines around it.
"""

import errno
import fcntl
import hashlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from waitress import wasyncore

from simulator import clock, ids, paths, threads
from simulator.certificates import self_signed
from simulator.certificates.given import open_context
from simulator.control import api as control_api
from simulator.control import guard
from simulator.control.context import Control
from simulator.control.waiting import Waiters
from simulator.delivery.dispatcher import Dispatcher
from simulator.delivery.heartbeat import Heartbeat
from simulator.delivery.outbox import Outbox
from simulator.delivery.walk import Walker
from simulator.domain.hostility import Hostility
from simulator.errors import SimulatorError
from simulator.gateway import web
from simulator.gateway.broken_requests import BrokenRequests
from simulator.gateway.downloads import Downloads
from simulator.gateway.pages import Pages
from simulator.gateway.pipeline import Pipeline
from simulator.http_server.channels import Limits
from simulator.http_server.server import App, open_server

# guarantor_orders is imported for the functions that it registers.
from simulator.operations import registry
from simulator.operations.accounts import keys
from simulator.operations.business import directory, guarantor_orders  # noqa: F401
from simulator.operations.registry import PlatformConfig
from simulator.operations.traffic import Traffic
from simulator.processes.workers import Workers
from simulator.protocol.catalogue import Catalogue
from simulator.settings import Settings, web_address
from simulator.store.database import Database, cannot_open
from simulator.store.journal import Writer
from simulator.store.journal_feed import Feed, FeedWriter
from simulator.store.location import find_file, parse_url

_PROTOCOL_THREADS = 24
_CONTROL_THREADS = 16
#: The lock file's content while a master with workers runs; it remains after a kill.
_HAD_WORKERS = "workers"
#: Seconds to wait for the workers of a killed master to end.
_PATIENCE = 30.0


class Listener:
    """A port on which one application is served, by threads of its own."""

    def __init__(self, host: str, port: int, threads: int, patience: float = 0) -> None:
        """Bind an address; wait `patience` seconds at most for another process to release it.

        Raises:
            SimulatorError: the address cannot be used.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._threads = threads
        try:
            _bind(self._socket, (host, port), patience)
        except OSError as error:
            self._socket.close()
            raise SimulatorError(
                f"The address {host}:{port} cannot be used ({error.strerror}): stop what listens "
                "there, or choose another port (`serve --port`, `--control-port`; in a target file "
                "`platform: {port: …}`).",
                f"无法使用地址 {host}:{port}（{error.strerror}）：请停止占用该端口的程序，"
                "或改用其他端口（`serve --port`、`--control-port`；目标文件中为 "
                "`platform: {port: …}`）。",
            ) from error
        self._prepare()

    @classmethod
    def around(cls, listening: socket.socket, threads: int) -> "Listener":
        """Return a listener on a socket that is bound already, a master's for its worker."""
        listener = cls.__new__(cls)
        listener._socket, listener._threads = listening, threads
        listener._prepare()
        return listener

    def _prepare(self) -> None:
        self.port: int = self._socket.getsockname()[1]
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None

    def listen(self) -> int:
        """Queue connections in the socket, and return its descriptor for the workers."""
        self._socket.listen(1024)
        return self._socket.fileno()

    def start(
        self,
        app: App,
        limits: Limits = Limits(),  # noqa: B008
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Serve the application from now on, by https if there is a context for it."""
        self._map: dict[int, Any] = {}
        self._server = open_server(app, self._socket, self._threads, limits, self._map, tls)
        self._thread = threading.Thread(target=self._run, name=f"port-{self.port}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # waitress's run() ends only by a signal; this loop also ends on request.
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, map=self._map, count=1, use_poll=True)
        self._server.task_dispatcher.shutdown()
        self._server.held_connections.close()
        # Closed before that, the trigger's number may be another file's when it is pulled.
        self._woken.wait()
        wasyncore.close_all(self._map)

    def stop(self) -> None:
        """Stop serving; returns when the port is closed, at once if it is closed already."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._thread is None:
            self._socket.close()
        else:
            self._server.trigger.pull_trigger()
            self._woken.set()
            self._thread.join()


def _bind(listening: socket.socket, address: tuple[str, int], patience: float) -> None:
    end = clock.monotonic() + patience
    pause = threading.Event()
    while True:
        try:
            return listening.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or clock.monotonic() > end:
                raise
        pause.wait(0.1)


def _write_lock(lock: IO[str] | None, settings: Settings) -> float:
    """Return the seconds to wait for the protocol's address, and write the lock file.

    The workers of a killed master hold the socket a little longer than it did.
    """
    if lock is None:
        return 0.0
    lock.seek(0)
    orphans = lock.read() == _HAD_WORKERS
    lock.truncate(0)
    if settings.workers > 1:
        lock.write(_HAD_WORKERS)
        lock.flush()
    return _PATIENCE if orphans else 0.0


def _find_certificate(settings: Settings) -> str:
    if not settings.tls_self_signed:
        return settings.tls_cert
    hosts = settings.host, urlsplit(settings.public_url).hostname or ""
    return str(self_signed.prepare(settings.data, hosts))


class ProtocolService:
    """Serves calls, in the simulator's own process or in each of its workers."""

    threads = _PROTOCOL_THREADS

    def __init__(
        self,
        settings: Settings,
        traffic: Traffic,
        feed: FeedWriter,
        nudge: Callable[[], None] | None = None,
    ) -> None:
        #: Of https; None for http.
        self.tls = open_context(settings.tls_cert, settings.tls_key) if settings.tls_cert else None
        self.database = Database(settings.database_url, settings.synchronous)
        catalogue = Catalogue.load(paths.schemas())
        registry.check_complete(catalogue)
        private = keys.platform_key(settings.platform_key_bits)
        self.platform = PlatformConfig(
            catalogue=catalogue,
            private_key=private,
            public_url=settings.base_url,
            secret=hashlib.sha256(private.export_key("DER")).hexdigest(),
            upload_limit=settings.upload_limit,
            hostility=Hostility(settings.seed, settings.hostile) if settings.hostile else None,
        )
        #: Asks for a tick, because a call may have announced a push.
        self.nudge = nudge or (lambda: None)
        self.journal = Writer(settings.journal_limit, feed)
        pipeline = Pipeline(
            self.database, self.platform, traffic, self.journal, lambda: self.nudge()
        )
        self.app = web.create_app(
            pipeline,
            Downloads(self.database, self.platform, self.journal),
            Pages(self.database, self.platform, self.journal),
            settings.body_limit,
        )
        refuse = BrokenRequests(pipeline).refuse
        self.limits = Limits(settings.body_limit, settings.request_seconds, refuse)


class Simulator:
    """A simulated platform. With `ephemeral`, its data is deleted when it stops."""

    def __init__(self, settings: Settings, ephemeral: bool = False) -> None:
        self._temporary = tempfile.TemporaryDirectory() if ephemeral else None
        if self._temporary:
            settings = replace(settings, data=self._temporary.name, database="")
        self._lock: IO[str] | None = None
        self._listeners: list[Listener] = []
        self._workers: Workers | None = None
        self._feed = Feed()
        try:
            self._open(settings)
        except (SQLAlchemyError, UnicodeDecodeError) as error:
            self._release()
            raise cannot_open(settings.database_url, error) from error
        except BaseException:
            self._release()
            raise

    def _open(self, settings: Settings) -> None:
        Path(settings.data).mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _lock(settings)
        patience = _write_lock(self._lock, settings)
        protocol = Listener(settings.host, settings.port, _PROTOCOL_THREADS, patience)
        self._listeners.append(protocol)
        control = Listener(settings.control_host, settings.control_port, _CONTROL_THREADS)
        self._listeners.append(control)
        self.settings = replace(
            settings,
            port=protocol.port,
            tls_cert=_find_certificate(settings),
            control_port=control.port,
            control_token=guard.token_for(settings),
            # The hostile profile needs a seed, which has to be known to repeat it.
            seed=settings.seed or (ids.new_seed()[:12] if settings.hostile else ""),
        )
        if settings.workers > 1:
            self._workers = Workers(self.settings, protocol.listen(), self._feed.writer.descriptor)
        traffic = self._workers.traffic if self._workers else Traffic()
        self._protocol = ProtocolService(self.settings, traffic, self._feed.writer)
        self.database, self.platform = self._protocol.database, self._protocol.platform
        directory.fill(self.database)
        self.journal = self._protocol.journal
        owner = f"process-{ids.new_seed()[:8]}"
        outbox = Outbox(self.database, self.platform, owner, self.journal)
        self.dispatcher = Dispatcher(outbox)
        self._protocol.nudge = self.dispatcher.nudge
        walker = Walker(self.database, self.dispatcher, traffic)
        self._heartbeat = Heartbeat(self.dispatcher, walker)
        self._waiters = Waiters(self.database, self._feed)
        self.control = Control(
            self.database,
            self.platform,
            self.dispatcher,
            walker,
            self.journal,
            self._waiters,
            self.settings,
        )
        self._control_app: Flask = control_api.create_app(self.control)
        # Leases and walks of a process that is gone: this one holds the lock, so all of them.
        alone = self._lock is not None
        outbox.recover(clock.wall_now(), everything=alone)
        walker.recover(everything=alone)

    def start(self) -> None:
        """Serve on both ports and start to deliver.

        Raises:
            SimulatorError: the system has too few threads for it.
        """
        try:
            self._start()
        except RuntimeError as error:
            if not threads.is_shortage(error):
                raise
            raise SimulatorError(
                "There are not enough threads to start: raise `ulimit -u` or the container's limit "
                "of processes, or end other programs.",
                "可用线程不足，无法启动：请调大 `ulimit -u` 或容器的进程数上限，或结束其他程序。",
            ) from error

    def _start(self) -> None:
        if self._workers:
            self._workers.start()
        else:
            service = self._protocol
            self._listeners[0].start(service.app, service.limits, service.tls)
        seconds = self.settings.request_seconds
        self._listeners[1].start(
            self._control_app, Limits(control_api.BODY_LIMIT, seconds, control_api.refuse_broken)
        )
        self._waiters.start()
        self._heartbeat.start()

    @property
    def control_url(self) -> str:
        """The address of the control API."""
        return web_address(self.settings.control_host, self.settings.control_port)

    def stop(self) -> None:
        """Close both ports, let the attempts under way end, and close the database."""
        if self._workers:
            self._workers.stop()
        self._listeners[0].stop()
        self._listeners[1].stop()
        self._heartbeat.stop()
        self.dispatcher.close()
        self._waiters.close()
        self.database.close()
        self._listeners.clear()
        self._release()

    def _release(self) -> None:
        for listener in self._listeners:
            listener.stop()
        self._feed.close()
        if self._lock:
            self._lock.truncate(0)
            self._lock.close()
        if self._temporary:
            self._temporary.cleanup()


def _lock(settings: Settings) -> IO[str] | None:
    """Lock a SQLite file exclusively by a file beside it; other databases have their own locks."""
    found = find_file(parse_url(settings.database_url))
    if found is None:
        return None
    # The same file by another name, a link's, is the same database.
    path = Path(f"{found.resolve()}.lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise SimulatorError(
            f"Another simulator is using {found}: stop it, or choose another "
            "folder with --data (or --ephemeral).",
            f"另一个模拟器正在使用 {found}：请先停止它，或用 --data（或 --ephemeral）另选目录。",
        ) from None
    return file
