"""Writes `click.json` in the form that gettext reads, `zh/LC_MESSAGES/click.mo`: `make docs`.

A test compares the file with what this writes.
"""

import struct

from simulator import texts
from simulator.errors import Text

CATALOGUE = texts.FOLDER / "zh" / "LC_MESSAGES" / "click.mo"
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"
_MAGIC = 0x950412DE


def compiled() -> bytes:
    """Return the catalogue; each message can be asked for as a singular and as a plural."""
    messages = {"": _HEADER}
    for text in texts.load("click").values():
        if isinstance(text, Text):
            messages |= {text.en: text.zh, f"{text.en}\0{text.en}": text.zh}
    entries = sorted((key.encode(), value.encode()) for key, value in messages.items())
    start = 28 + 16 * len(entries)
    tables, strings = [], b""
    for column in (0, 1):
        for entry in entries:
            tables.append(struct.pack("<2I", len(entry[column]), start + len(strings)))
            strings += entry[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(entries), 28, 28 + 8 * len(entries), 0, start)
    return head + b"".join(tables) + strings


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(compiled())
