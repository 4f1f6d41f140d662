"""Who may drive the control API: its address is asked for by its name, and beyond loopback a token.

A page in the developer's browser can post to this machine too, under a name that its owner lets
point here (DNS rebinding); such requests bear a foreign `Host` or `Origin`.
"""

import hmac
import ipaddress
import secrets
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulator.errors import SimulatorError
from simulator.settings import Settings, url_host

_ANYWHERE = ("", "0.0.0.0", "::")
_READING = ("GET", "HEAD")


class Denied(SimulatorError):
    """This request is not let in; `status` is 401, 403 or 415."""

    def __init__(self, status: int, en: str, zh: str) -> None:
        super().__init__(en, zh)
        self.status = status


def token_for(settings: Settings) -> str:
    """Return the token that the control API asks for; on loopback none, unless one is set."""
    if settings.control_token or _is_loopback(settings.control_host):
        return settings.control_token
    return secrets.token_urlsafe(32)


def _is_loopback(host: str) -> bool:
    return host.lower() == "localhost" or (_is_address(host) and _parse(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        _parse(host)
    except ValueError:
        return False
    return True


def _parse(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(host)


@dataclass(frozen=True)
class RequestHead:
    """What of a request the guard looks at; an absent header is None."""

    method: str
    host: str | None
    origin: str | None
    authorization: str | None
    media_type: str
    has_body: bool


@dataclass(frozen=True)
class Guard:
    """Lets requests in or not, by the settings of a running simulator."""

    settings: Settings
    _own: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        port, host = self.settings.control_port, self.settings.control_host.lower()
        names = {"localhost", "127.0.0.1", "[::1]", url_host(host)}
        own = {f"{name}:{port}" for name in names} | {url_host(host)}
        object.__setattr__(self, "_own", frozenset(own | (names if port == 80 else set())))

    def check(self, head: RequestHead) -> None:
        """Let a request pass.

        Raises:
            Denied: it comes under a foreign name, from a foreign page, or without the token.
        """
        host = (head.host or "").lower()
        if not self._is_own(host):
            raise Denied(
                403,
                f"The control API does not answer as {head.host!r}: use its own address "
                f"(127.0.0.1:{self.settings.control_port}, or where it listens).",
                f"控制接口不以 {head.host!r} 的名义应答：请使用其自身地址"
                f"（127.0.0.1:{self.settings.control_port} 或其监听地址）。",
            )
        if head.origin is not None:
            self._check_page(head, host, head.origin)
        self._check_token(head.authorization)

    def _is_own(self, netloc: str) -> bool:
        if netloc in self._own:
            return True
        if self.settings.control_host not in _ANYWHERE:
            return False
        # It listens on all addresses, perhaps behind a mapped port: a numeric address cannot be
        # made to point elsewhere, and of names only those count that it was told or has.
        try:
            name = urlsplit(f"//{netloc}").hostname or ""
        except ValueError:
            return False
        told = urlsplit(self.settings.public_url).hostname
        known = {"localhost", socket.gethostname().lower(), told}
        return _is_address(name) or name in known

    def _check_page(self, head: RequestHead, host: str, origin: str) -> None:
        scheme, _, netloc = origin.lower().partition("://")
        if scheme not in ("http", "https") or (netloc != host and netloc not in self._own):
            raise Denied(
                403,
                f"The control API takes nothing from a page of {origin!r}: use the command "
                "conzhu-sim, or a program.",
                f"控制接口不接受来自网页 {origin!r} 的请求：请使用命令 conzhu-sim 或程序调用。",
            )
        if head.method not in _READING and head.has_body:
            self._check_type(head.media_type)

    @staticmethod
    def _check_type(media_type: str) -> None:
        if media_type != "application/json":
            raise Denied(
                415,
                f"A page's request must be application/json, not {media_type or 'of no type'}.",
                f"网页请求的类型必须为 application/json，而不是 {media_type or '空'}。",
            )

    def _check_token(self, authorization: str | None) -> None:
        token = self.settings.control_token
        if not token:
            return
        scheme, _, given = (authorization or "").partition(" ")
        fits = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
        if scheme.lower() != "bearer" or not fits:
            what = (
                ("bears another token", "请求中的令牌不正确")
                if authorization
                else ("bears none", "请求中没有令牌")
            )
            raise Denied(
                401,
                f"The control API asks for its token, and this request {what[0]}: give the one "
                "that `conzhu-sim serve` printed (--token or CONZHU_TOKEN).",
                f"控制接口需要令牌，{what[1]}：请提供 `conzhu-sim serve` 启动时显示的令牌"
                "（--token 或 CONZHU_TOKEN）。",
            )
