"""Settings of the server: defaults, a TOML file, the environment, the command line, in order."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from simulator.errors import SimulatorError

#: Read from the working directory if it exists.
DEFAULT_FILE = "conzhu-sim.toml"
_PREFIX = "CONZHU_"
#: Faults in a row at most: a push has ten attempts (P16), and one has to get through.
MOST_HOSTILE = 9


#: Names after the prefix that the command line and the tests read.
_OTHERS = ("control", "lang", "account", "token", "test_database_url")


@dataclass(frozen=True)
class Settings:
    """The settings, described in `texts/settings.json`; each is also `CONZHU_<NAME>`.

    Sizes are in bytes. `public_url` is the URL at which institutions and browsers reach the
    protocol, by default that of host and port. `database` is an SQLAlchemy URL or a file's path.
    """

    host: str = "127.0.0.1"
    port: int = 8900
    control_host: str = "127.0.0.1"
    control_port: int = 8901
    control_token: str = ""
    public_url: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    tls_self_signed: bool = False
    data: str = ".simulator"
    database: str = ""
    synchronous: str = "normal"
    journal_limit: int = 20_000
    body_limit: int = 32 * 1024 * 1024
    upload_limit: int = 10 * 1024 * 1024
    request_seconds: int = 25
    platform_key_bits: int = 2048
    workers: int = 1
    seed: str = ""

    hostile: int = 0

    @property
    def base_url(self) -> str:
        """The protocol's base URL, without a slash at the end."""
        own = web_address(self.host, self.port, "https" if self.speaks_tls else "http")
        return (self.public_url or own).rstrip("/")

    @property
    def speaks_tls(self) -> bool:
        """Whether the protocol is served by https; the control API never is."""
        return bool(self.tls_cert) or self.tls_self_signed

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        if "://" in self.database:
            return self.database
        return f"sqlite:///{self.database or Path(self.data) / 'simulator.db'}"


def web_address(host: str, port: int, scheme: str = "http") -> str:
    """Return the URL of a listening address on this machine: `0.0.0.0` becomes `127.0.0.1`."""
    reached = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"{scheme}://{url_host(reached)}:{port}"


def url_host(host: str) -> str:
    """Return a host as a URL has it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def load(
    file: str | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Return the settings from a TOML file, then the environment, then `overrides`.

    Raises:
        SimulatorError: a file cannot be read, or a name or a value is wrong; says where.
    """
    settings = Settings()
    path = Path(file or DEFAULT_FILE)
    if file or path.exists():
        settings = _apply(settings, _read(path), str(path))
    given = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(_PREFIX) and name.removeprefix(_PREFIX).lower() not in _OTHERS
    }
    settings = _apply(settings, given, "the environment")
    settings = _apply(settings, overrides or {}, "the command line")
    if settings.port and settings.port == settings.control_port:
        raise SimulatorError(
            f"port and control_port are both {settings.port}: give each its own "
            "(--port, --control-port).",
            f"port 与 control_port 同为 {settings.port}：请分别设置（--port、--control-port）。",
        )
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SimulatorError(
            f"There is no settings file {path}.", f"找不到设置文件 {path}。"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SimulatorError(
            f"The settings file {path} cannot be read: {error}.",
            f"无法读取设置文件 {path}：{error}。",
        ) from error


def _apply(settings: Settings, changes: Mapping[str, Any], where: str) -> Settings:
    types = {each.name: type(getattr(settings, each.name)) for each in fields(Settings)}
    checked: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in types:
            known = ", ".join(types)
            raise SimulatorError(
                f"{where}: there is no setting {name!r}; the settings are: {known}.",
                f"{where}：没有设置项 {name!r}；可用的设置项：{known}。",
            )
        if types[name] is bool:
            checked[name] = _read_switch(name, value, where)
            continue
        try:
            if types[name] is int and isinstance(value, (bool, float)):
                raise ValueError(value)
            checked[name] = int(value) if types[name] is int else value
        except (TypeError, ValueError):
            raise SimulatorError(
                f"{where}: {name} must be a whole number (got {value!r}).",
                f"{where}：{name} 必须是整数（收到 {value!r}）。",
            ) from None
        if types[name] is str and not isinstance(value, str):
            raise SimulatorError(
                f"{where}: {name} must be a text in quotes (got {value!r}).",
                f"{where}：{name} 必须是带引号的文本（收到 {value!r}）。",
            )
    changed = replace(settings, **checked)
    _check(changed, where)
    return changed


def _read_switch(name: str, value: Any, where: str) -> bool:
    found = {"true": True, "1": True, "false": False, "0": False, "": False}.get(str(value).lower())
    if found is None:
        raise SimulatorError(
            f"{where}: {name} must be true or false (got {value!r}).",
            f"{where}：{name} 必须为 true 或 false（收到 {value!r}）。",
        )
    return found


def _check(settings: Settings, where: str) -> None:
    for name in ("port", "control_port"):
        if not 0 <= getattr(settings, name) <= 65535:
            raise SimulatorError(
                f"{where}: {name} must be from 0 to 65535 (got {getattr(settings, name)}).",
                f"{where}：{name} 必须在 0 到 65535 之间（收到 {getattr(settings, name)}）。",
            )
    for name in ("journal_limit", "body_limit", "upload_limit", "request_seconds"):
        if getattr(settings, name) < 1:
            raise SimulatorError(
                f"{where}: {name} must be at least 1.", f"{where}：{name} 必须至少为 1。"
            )
    if not 0 <= settings.hostile <= MOST_HOSTILE:
        raise SimulatorError(
            f"{where}: hostile must be from 0 to {MOST_HOSTILE} (got {settings.hostile}).",
            f"{where}：hostile 必须在 0 到 {MOST_HOSTILE} 之间（收到 {settings.hostile}）。",
        )
    if settings.synchronous not in ("normal", "full"):
        raise SimulatorError(
            f"{where}: synchronous must be normal or full (got {settings.synchronous!r}).",
            f"{where}：synchronous 必须为 normal 或 full（收到 {settings.synchronous!r}）。",
        )
    token = settings.control_token
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise SimulatorError(
            f"{where}: control_token must be of visible ASCII characters.",
            f"{where}：control_token 必须由可见的 ASCII 字符组成。",
        )
    if settings.tls_key and not settings.tls_cert:
        raise SimulatorError(
            f"{where}: tls_key belongs to tls_cert: give the certificate too.",
            f"{where}：tls_key 须与 tls_cert 一起设置：请同时给出证书。",
        )
    if settings.tls_cert and settings.tls_self_signed:
        raise SimulatorError(
            f"{where}: give either tls_cert or tls_self_signed.",
            f"{where}：tls_cert 与 tls_self_signed 只能设置其一。",
        )
    bits, url = settings.platform_key_bits, settings.public_url
    if bits not in (1024, 2048):
        raise SimulatorError(
            f"{where}: platform_key_bits must be 1024 or 2048 (got {bits}).",
            f"{where}：platform_key_bits 必须为 1024 或 2048（收到 {bits}）。",
        )
    if url and not url.startswith(("http://", "https://")):
        raise SimulatorError(
            f"{where}: public_url must start with http:// or https:// (got {url!r}).",
            f"{where}：public_url 必须以 http:// 或 https:// 开头（收到 {url!r}）。",
        )
