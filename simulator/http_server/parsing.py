"""Reads a request off the wire: how much of it is kept, and in which way it may be broken."""

import re

from waitress.buffers import OverflowableBuffer
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest

from simulator.http_server.broken_requests import Cause, find_protocol

#: Bytes of a request's head.
HEADERS = 64 * 1024
#: A chunk's size line, and what follows the last chunk; waitress would keep any length.
_CHUNK_LINES = 16 * 1024
#: What of a body stays in memory; the rest waits in a temporary file.
IN_MEMORY = 128 * 1024
#: By so many bytes the protocols that are no HTTP are known.
_BEGINNING = 16
#: A request's line as HTTP has it: a method in capitals, an address without bytes beyond ASCII.
_FIRST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Z-]+ [!-~]+( HTTP/\d\.\d)?[ \t]*\r\n")


class _Counted(OverflowableBuffer):  # type: ignore[misc]
    """A body of which only `most` bytes are kept; its length is that of the whole."""

    def __init__(self, most: int) -> None:
        super().__init__(IN_MEMORY)
        self._most, self._length = most, 0

    def append(self, data: bytes) -> None:
        self._length += len(data)
        if self._length <= self._most:
            super().append(data)

    def __len__(self) -> int:
        return self._length


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Reads one request; `cause` says in which way one is broken that has an `error`."""

    completed: bool = False
    cause: Cause = "head"
    #: waitress logs it when the client has gone, though of a broken request it never read one.
    path: str = ""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; what of it is broken stands in `cause`."""
        try:
            super().parse_header(header_plus)
        except (ValueError, ParsingError) as error:
            # A length of 5,000 digits, or an address like `http://[`, besides what waitress names.
            if header_plus.lower().count(b"\r\ncontent-length:") > 1:
                self.cause = "two_lengths"
            elif not _FIRST_LINE.match(header_plus):
                self.cause = "first_line"
            raise ParsingError("The request's head cannot be read") from error
        except TransferEncodingNotImplemented:
            self.cause = "coding"
            raise
        if self.body_rcv is not None:
            self.body_rcv.buf = _Counted(self.adj.limits.body)

    def received(self, data: bytes) -> int:
        """Take in what came, and return how many bytes of it are this request's."""
        if self.body_rcv is None and not self.completed:
            other = find_protocol((self.header_plus + data[:_BEGINNING]).lstrip(b"\r\n"))
            if other == "tls" and self.adj.tls:
                # Within TLS: not the address is wrong, but a client or proxy that encrypts twice.
                other = "first_line"
            if other:
                self.refuse(BadRequest("Not HTTP/1"), other)
                return len(data)
        consumed: int = super().received(data)
        if self.error is not None and self.header_bytes_received >= HEADERS:
            self.cause = "large_head"
        chunks = self.body_rcv
        if chunks is not None and self.error is not None:
            self.cause = "body"
        elif isinstance(chunks, ChunkedReceiver) and not self.completed:
            kept = len(chunks.control_line) + len(chunks.trailer)
            if kept > _CHUNK_LINES:
                self.refuse(BadRequest("A chunk has no end"), "body")
        return consumed

    def refuse(self, error: BadRequest, cause: Cause) -> None:
        """Read no further; the request is answered as broken in this way."""
        self.error, self.cause = error, cause
        self.completed = True
