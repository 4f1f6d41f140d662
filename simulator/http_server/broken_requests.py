"""What the server cannot serve at all, and what that proves of the client."""

from dataclasses import dataclass
from typing import Literal

Cause = Literal[
    "tls",
    "http2",
    "ssh",
    "two_lengths",
    "large_head",
    "first_line",
    "coding",
    "head",
    "body",
    "plain",
    "certificate_refused",
    "old_tls",
    "handshake",
    "handshake_left",
]

#: How a connection of another protocol begins; the client would wait for an answer of its kind.
_OTHERS: tuple[tuple[bytes, Cause], ...] = (
    (b"\x16", "tls"),
    (b"PRI * HTTP/2", "http2"),
    (b"SSH-", "ssh"),
)


@dataclass(frozen=True)
class BrokenRequest:
    """A request that the server refuses by itself.

    `status` is the HTTP status that waitress would send, `peer` the client's address.
    """

    cause: Cause
    status: int
    peer: str


def find_protocol(beginning: bytes) -> Cause | None:
    """Return which other protocol begins so; None where it may be HTTP/1."""
    return next((cause for start, cause in _OTHERS if beginning.startswith(start)), None)
