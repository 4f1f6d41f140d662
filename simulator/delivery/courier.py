"""Posts one form, and returns within the limit whatever the other side does (P17).

The limit covers the whole attempt (look-up, connect, handshake, headers, body) and is enforced by
shutting down the socket, because a library's read time-out starts anew with every byte. Redirects
are not followed, cookies not kept, proxies not used.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

import requests

from simulator import clock
from simulator.delivery import first_bytes, resolving
from simulator.delivery.deadlines import Deadline
from simulator.http_server import connection_faults
from simulator.protocol.form_files import FormFile

#: Bytes of an answer that are read, at most.
BODY_LIMIT = 64 * 1024
#: Bytes by which a protocol is recognised.
_FIRST = 64

Failure = Literal[
    "timeout",
    "unreachable",
    "name",
    "name_slow",
    "broken",
    "too_large",
    "address",
    "cut",
    "https_needed",
    "http_needed",
    "not_http",
    "tls",
    "certificate",
    "certificate_expired",
    "certificate_self_signed",
    "certificate_issuer",
    "certificate_host",
]
#: What the library's `verify_code` of a certificate means; the numbers are X509_V_ERR_*.
_CERTIFICATES: Mapping[int, Failure] = {
    10: "certificate_expired",
    18: "certificate_self_signed",
    19: "certificate_issuer",
    20: "certificate_issuer",
    21: "certificate_issuer",
    62: "certificate_host",
    64: "certificate_host",
}


@dataclass(frozen=True)
class Received:
    """What came back: an HTTP answer, or the reason why there is none.

    `seconds` is the time from the start of the attempt to its end.
    """

    seconds: float
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: Failure | None = None
    detail: str = ""


def post(
    url: str,
    fields: Mapping[str, str],
    files: Sequence[FormFile],
    limit: float,
    cut: bool = False,
) -> Received:
    """Post a form, multipart if there are files; return what came back within `limit` seconds.

    With `cut` the connection is reset in the middle of the request.
    """
    started = clock.monotonic()
    deadline = Deadline(limit)
    try:
        received = _exchange(url, fields, files, deadline, cut)
    except _Failed as failed:
        received = Received(0, failure=failed.failure, detail=failed.detail)
    except Exception as error:
        # Whatever a hostile answer does to the HTTP library, only this attempt fails.
        received = Received(0, failure="broken", detail=f"{type(error).__name__}: {error}")
    finally:
        deadline.cancel()
    seconds = clock.monotonic() - started
    if received.failure == "name_slow":
        return Received(seconds, failure="name_slow", detail=f"{received.detail}: {limit:g} s")
    # The socket's own time-out may fire just before the deadline.
    if deadline.over or (received.failure is not None and seconds >= limit):
        return Received(seconds, failure="timeout", detail=f"{limit:g}")
    return Received(
        seconds,
        received.status,
        received.headers,
        received.body,
        received.failure,
        received.detail,
    )


class _FinalAnswer(http.client.HTTPResponse):
    """The final answer: the library reads past 100 alone, RFC 9110 15.2 asks for every 1xx."""

    def begin(self) -> None:
        """Read the status line and the headers of the first answer that is not interim."""
        super().begin()
        while 100 <= self.status < 200:
            # The library reads a head only as long as there is none.
            self.headers = None  # type: ignore[assignment]
            super().begin()


class _Failed(Exception):
    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = detail


def _exchange(
    url: str,
    fields: Mapping[str, str],
    files: Sequence[FormFile],
    deadline: Deadline,
    cut: bool,
) -> Received:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Failed("address", url)
    prepared = _prepare(url, fields, files)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(parts.hostname, port)
    connection.response_class = _FinalAnswer
    connection.sock = _connect(parts.hostname, port, parts.scheme == "https", deadline)
    try:
        headers = {
            **prepared.headers,
            "User-Agent": "conzhu-sim",
            "Accept": "application/json",
            "Connection": "close",
        }
        body = prepared.body or b""
        if cut:
            # The header announces the whole length.
            connection.request("POST", prepared.path_url, body[: len(body) // 2], headers)
            connection_faults.reset(connection.sock)
            raise _Failed("cut", f"{len(body) // 2} of {len(body)} bytes")
        try:
            connection.request("POST", prepared.path_url, body=body, headers=headers)
        except OSError:
            # It may have said what it speaks before it closed.
            with suppress(OSError):
                _expect_http(connection.sock)
            raise
        _expect_http(connection.sock)
        answer = connection.getresponse()
        content = answer.read(BODY_LIMIT + 1)
        if len(content) > BODY_LIMIT:
            raise _Failed("too_large", str(BODY_LIMIT))
        if answer.length:
            # The library accepts a body that is shorter than its Content-Length.
            raise _Failed("broken", f"IncompleteRead: {answer.length} bytes are missing")
        return Received(0, answer.status, dict(answer.getheaders()), content)
    except (OSError, http.client.HTTPException) as error:
        failure: Failure = "broken"
        foreign = isinstance(error, http.client.BadStatusLine | http.client.UnknownProtocol)
        if foreign and not isinstance(error, OSError):
            failure = "not_http"
        raise _Failed(failure, f"{type(error).__name__}: {error}".rstrip()) from error
    finally:
        connection.close()


def _expect_http(connected: socket.socket) -> None:
    """Wait for the first bytes of an answer, and leave them where they are."""
    # Behind TLS nothing else is to be expected, and nothing can be left.
    if not isinstance(connected, ssl.SSLSocket):
        _refuse_other_protocol(connected.recv(_FIRST, socket.MSG_PEEK), "HTTP")


def _refuse_other_protocol(first: bytes, expected: str) -> None:
    """Raise an error if the first bytes prove another protocol than the expected one."""
    spoken, shown = first_bytes.recognize(first), first_bytes.show(first)
    if spoken in (None, expected):
        return
    failures: Mapping[str, Failure] = {"TLS": "https_needed", "HTTP": "http_needed"}
    if spoken in failures:
        raise _Failed(failures[spoken], shown)
    raise _Failed("not_http", f"{spoken}: {shown}")


def _prepare(
    url: str, fields: Mapping[str, str], files: Sequence[FormFile]
) -> requests.PreparedRequest:
    if files:
        parts = [(file.field, (file.name, file.content, file.media_type)) for file in files]
        return requests.Request("POST", url, data=dict(fields), files=parts).prepare()
    prepared = _empty_form(url).copy()
    prepared.prepare_body(dict(fields), None)
    return prepared


@lru_cache(maxsize=256)
def _empty_form(url: str) -> requests.PreparedRequest:
    """Return a form without fields: parsing the URL takes as long as sending the form."""
    return requests.Request("POST", url, data={}).prepare()


def _connect(host: str, port: int, secure: bool, deadline: Deadline) -> socket.socket:
    try:
        found = resolving.addresses(host, port, deadline.left())
    except resolving.TooSlow as error:
        raise _Failed("name_slow", host) from error
    except (OSError, UnicodeError) as error:
        raise _Failed("name", f"{host}: {error}") from error
    reason = ""
    for family, kind, protocol, _, address in found:
        connected = socket.socket(family, kind, protocol)
        connected.settimeout(deadline.left())
        try:
            connected.connect(address)
        except OSError as error:
            reason = str(error)
            connected.close()
            continue
        deadline.watch(connected)
        return _wrap_tls(connected, host, deadline) if secure else connected
    raise _Failed("unreachable", f"{host}:{port}: {reason}")


def _wrap_tls(connected: socket.socket, host: str, deadline: Deadline) -> socket.socket:
    context = ssl.create_default_context()
    address = connected.getpeername()[:2]
    try:
        wrapped = context.wrap_socket(
            connected, server_hostname=host, do_handshake_on_connect=False
        )
    except (OSError, ValueError) as error:
        connected.close()
        raise _Failed("tls", str(error)) from error
    try:
        deadline.watch(wrapped)
        wrapped.do_handshake()
    except ssl.SSLCertVerificationError as error:
        wrapped.close()
        failure = _CERTIFICATES.get(error.verify_code, "certificate")
        raise _Failed(failure, str(error)) from error
    except OSError as error:
        wrapped.close()
        # An alert proves TLS, and an early end proves nothing.
        if isinstance(error, ssl.SSLError) and not re.search("ALERT|EOF", str(error.reason)):
            _refuse_other_protocol(_probe(address, context, host, deadline), "TLS")
        raise _Failed("tls", str(error)) from error
    return wrapped


def _probe(
    address: tuple[str, int], context: ssl.SSLContext, host: str, deadline: Deadline
) -> bytes:
    """Return what a TLS greeting gets back: the library keeps the bytes it did not understand."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname=host).do_handshake()
    try:
        with socket.create_connection(address, deadline.left()) as connected:
            deadline.watch(connected)
            connected.sendall(outgoing.read())
            return connected.recv(_FIRST)
    except OSError:
        return b""
