"""Which protocol an endpoint speaks, by the first bytes that it sends."""

import re

_STARTS = (
    ("TLS", rb"[\x15\x16]\x03[\x00-\x04]"),
    ("HTTP", rb"HTTP/1\.|<(?i:!doctype html|html|head)"),
    ("HTTP/2", rb"PRI \* HTTP/2|\x00[\x00-\xff]{2}[\x04\x07][\x00-\xff]\x00\x00\x00\x00"),
    ("SSH", rb"SSH-[12]"),
    ("FTP", rb"220[ -][^\r\n]*(?i:ftp)"),
    ("SMTP", rb"220[ -][^\r\n]*(?i:smtp)"),
    ("SMTP/FTP", rb"220[ -]"),
    ("IMAP", rb"\* OK "),
    ("POP3", rb"\+OK "),
    ("Redis", rb"-(?:ERR|DENIED|NOAUTH|MISCONF) "),
    ("MySQL", rb"[\x00-\xff]{3}\x00\x0a\d+\.\d"),
    ("AMQP", rb"AMQP[\x00-\x09]"),
)


def recognize(first: bytes) -> str | None:
    """Return the protocol's name; None where the bytes prove none."""
    return next((name for name, start in _STARTS if re.match(start, first, re.DOTALL)), None)


def show(first: bytes) -> str:
    """Return the bytes for people: text as text, the rest as hexadecimal numbers."""
    line = first.splitlines()[0][:40] if first else b""
    text = line.decode("latin-1")
    return text if text.isascii() and text.isprintable() else first[:9].hex(" ")
