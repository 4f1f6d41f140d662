"""Reads a posted form as PHP does: any bytes in names, of equal fields the last one (P4).

What cannot be read is not thrown away in silence: it stands in the `Posting`, by which the
diagnosis says why no `param` came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from urllib.parse import parse_qsl

from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
    Preamble,
)

from simulator.protocol.diagnosis.forms import MULTIPART, URLENCODED, FormFault
from simulator.protocol.form_files import Upload

#: Bytes of a body that are kept to say what it is.
BEGINNING = 2048
_CHUNK = 64 * 1024
#: First letters of what is no URL-encoded form, whatever its type says.
_NO_FORM = (b"{", b"[", b"<", b"--", b"\x1f\x8b")


@dataclass(frozen=True)
class Limits:
    """Bytes of all text fields together, and how many fields and files a form may have."""

    fields: int
    parts: int


@dataclass(frozen=True)
class Form:
    """A body as far as it could be read: its fields and files, its first bytes, its size."""

    fields: Mapping[str, str]
    files: Mapping[str, Upload]
    beginning: bytes
    length: int
    fault: FormFault | None = None


def read(stream: IO[bytes], content_type: str, limits: Limits) -> Form:
    """Read a body by its Content-Type.

    Raises:
        RequestEntityTooLarge: it has more fields, or larger ones, than the limits allow.
    """
    written, options = parse_options_header(content_type)
    # Media types have no case (RFC 9110 8.3.1).
    kind = written.lower()
    if kind == MULTIPART:
        return _MultipartReader(stream, limits).read(options.get("boundary", ""))
    body = stream.read(limits.fields + 1)
    if len(body) > limits.fields:
        raise RequestEntityTooLarge
    fields: Mapping[str, str] = {}
    if kind == URLENCODED and not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_NO_FORM):
        fields = _read_urlencoded(body, limits)
    return Form(fields, {}, body[:BEGINNING], len(body))


def _read_urlencoded(body: bytes, limits: Limits) -> Mapping[str, str]:
    text = body.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, True, errors="werkzeug.url_quote", max_num_fields=limits.parts)
    except ValueError:
        raise RequestEntityTooLarge from None
    return dict(pairs)


class _Decoder(MultipartDecoder):
    """Takes part heads in any encoding and without a name, as PHP does."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        try:
            headers = super()._parse_headers(data)
        except UnicodeDecodeError:
            headers = super()._parse_headers(_decode(bytes(data)).encode())
        if "content-disposition" not in headers:
            headers["Content-Disposition"] = "form-data"
        return headers


def _decode(head: bytes) -> str:
    # File names come in the code page of the client's Windows.
    try:
        return head.decode("gb18030")
    except UnicodeDecodeError:
        return head.decode("latin-1")


class _MultipartReader:
    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._fields: dict[str, str] = {}
        self._files: dict[str, Upload] = {}
        self._beginning, self._length, self._text_length = b"", 0, 0
        self._fault: FormFault | None = None
        self._part: Field | File | None = None
        self._content = BytesIO()

    def read(self, boundary: str) -> Form:
        if not boundary or not boundary.isascii():
            self._fault = "no_boundary"
            while self._next_chunk():
                pass
        else:
            self._decode(_Decoder(boundary.encode(), max_parts=self._limits.parts))
        return Form(self._fields, self._files, self._beginning, self._length, self._fault)

    def _next_chunk(self) -> bytes:
        chunk = self._stream.read(_CHUNK)
        self._length += len(chunk)
        if len(self._beginning) < BEGINNING:
            self._beginning = (self._beginning + chunk)[:BEGINNING]
        return chunk

    def _decode(self, decoder: _Decoder) -> None:
        has_begun = False
        while True:
            chunk = self._next_chunk()
            decoder.receive_data(chunk or None)
            while True:
                try:
                    event = decoder.next_event()
                except ValueError:
                    self._fault = "not_closed" if has_begun else "boundary_not_found"
                    return
                if isinstance(event, (NeedData, Epilogue)):
                    break
                has_begun = has_begun or not isinstance(event, Preamble)
                self._take(event)
            if isinstance(event, Epilogue):
                return

    def _take(self, event: Event) -> None:
        if isinstance(event, (Field, File)):
            self._part, self._content = event, BytesIO()
        elif isinstance(event, Data) and self._part is not None:
            self._content.write(event.data)
            if not isinstance(self._part, File):
                self._text_length += len(event.data)
                if self._text_length > self._limits.fields:
                    raise RequestEntityTooLarge
            if not event.more_data:
                self._keep(self._part)

    def _keep(self, part: Field | File) -> None:
        # A part without a name is nobody's: PHP skips it, the typing of the library denies it.
        name: str | None = part.name
        if name is None:
            self._fault = "broken_head"
        elif isinstance(part, File):
            media_type = parse_options_header(part.headers.get("content-type"))[0]
            self._files[name] = Upload(part.filename or name, media_type, self._content.getvalue())
        else:
            self._fields[name] = self._content.getvalue().decode("utf-8", "replace")
