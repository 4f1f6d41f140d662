"""Real files of the formats that 3.1 lists: small, and whole to whoever opens them.

Made here, so that an institution which looks into attachments finds what their suffix says. doc,
ppt and xls are not among them: nothing simple makes a whole one, and half a one may be refused.
"""

import gzip
import io
import itertools
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping

#: Every byte there is, and what those stumble over who take a file for text or for a form.
_BLOCK = bytes(range(256)) + b"\r\n--\r\n\x1a\x00"
_PAYLOAD = 1024
_NOBODYS_TIME = (1980, 1, 1, 0, 0, 0)


def make(name: str) -> bytes:
    """Return a whole file of the format that a name's suffix says; other names, other bytes.

    A file of another suffix is no document of any kind.
    """
    return _MAKERS.get(_suffix(name), _payload)(name)


def make_zip(name: str, size: int) -> bytes:
    """Return a whole zip of exactly so many bytes."""
    empty = len(_zip({name: b""}))
    return _zip({name: _payload(name, size - empty)})


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _payload(name: str, size: int = _PAYLOAD) -> bytes:
    start = name.encode()
    return (start + _BLOCK * (size // len(_BLOCK) + 1))[:size]


# Archives: nothing in them is compressed, so that all bytes travel as they are.


def _zip(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _NOBODYS_TIME), content)
    return target.getvalue()


def _tar(name: str) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("proof.bin")
        content = _payload(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def _rar(name: str) -> bytes:
    """Return an archive of RAR 2.0 to 4, which every reader knows, with one stored member."""
    content, member = _payload(name), b"proof.bin"
    described = struct.pack(
        "<IIBIIBBHI",
        *(len(content), len(content), 0, zlib.crc32(content), 0x00210000),
        *(20, ord("0"), len(member), 0x20),
    )
    return b"".join(
        [
            b"Rar!\x1a\x07\x00",
            _rar_header(0x73, 0, bytes(6)),
            _rar_header(0x74, 0x8000, described + member),
            content,
            _rar_header(0x7B, 0x4000, b""),
        ]
    )


def _rar_header(kind: int, flags: int, rest: bytes) -> bytes:
    checked = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(checked) & 0xFFFF) + checked


# Documents.

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DOCX = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
    "word/document.xml": (
        f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>NAME</w:t></w:r></w:p>'
        "</w:body></w:document>"
    ),
}


def _docx(name: str) -> bytes:
    return _zip({part: (_XML + x.replace("NAME", name)).encode() for part, x in _DOCX.items()})


def _pdf(name: str) -> bytes:
    drawn = f"BT /F1 18 Tf 60 760 Td ({name}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    parts = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"]
    parts += [b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, 1)]
    starts = list(itertools.accumulate(map(len, parts)))
    rows = b"".join(b"%010d 00000 n \n" % start for start in starts[:-1])
    size = len(parts)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % size)
    parts.append(b"startxref\n%d\n%%%%EOF\n" % starts[-1])
    return b"".join(parts)


# Pictures of one colour, with the name of the file in a comment where there may be one.


def _png(name: str) -> bytes:
    rows = b"".join(b"\0" + bytes([row * 16]) * 16 for row in range(16))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Title\0" + name.encode()),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))
        for kind, said in chunks
    )


def _jpg(name: str) -> bytes:
    """Return one grey block of 8 x 8: its two tables of codes have one code each."""
    segments = [
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        (0xFE, name.encode()),
        (0xDB, b"\0" + b"\x01" * 64),
        (0xC0, struct.pack(">BHHB", 8, 8, 8, 1) + b"\x01\x11\0"),
        (0xC4, b"\x00\x01" + bytes(15) + b"\0"),
        (0xC4, b"\x10\x01" + bytes(15) + b"\0"),
        (0xDA, b"\x01\x01\0\0\x3f\0"),
    ]
    head = b"".join(
        b"\xff" + bytes([kind]) + struct.pack(">H", len(said) + 2) + said for kind, said in segments
    )
    # No difference, no coefficients, ones to the end of the byte.
    return b"\xff\xd8" + head + b"\x3f\xff\xd9"


def _gif(name: str) -> bytes:
    comment = name.encode()[:255]
    return b"".join(
        [
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff",
            b"\x21\xfe" + bytes([len(comment)]) + comment + b"\0",
            b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b",
        ]
    )


def _bmp(name: str) -> bytes:
    pixels = zlib.crc32(name.encode()).to_bytes(4, "big")[:3].ljust(4, b"\0")
    head = struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, len(pixels), 2835, 2835, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 54 + len(pixels), 0, 0, 54) + head + pixels


_MAKERS: Mapping[str, Callable[[str], bytes]] = {
    "docx": _docx,
    "pdf": _pdf,
    "zip": lambda name: _zip({name: _payload(name)}),
    "rar": _rar,
    "tar": _tar,
    "gzip": lambda name: gzip.compress(_payload(name), compresslevel=0, mtime=0),
    "jpg": _jpg,
    "png": _png,
    "gif": _gif,
    "bmp": _bmp,
}
#: The formats that there are whole files of.
TYPES = tuple(_MAKERS)
