"""The files that the suite attaches to claims are what their suffix says, to other readers, too."""

import binascii
import gzip
import io
import struct
import tarfile
import zipfile
from xml.etree import ElementTree

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from conformance_tests.suite.messages.attachments import TYPES, make, make_zip

_EVERY_BYTE = bytes(range(256))
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _made(type_: str) -> io.BytesIO:
    return io.BytesIO(make(f"proof.{type_}"))


@pytest.mark.parametrize("type_", TYPES)
def test_files_of_other_names_are_other_files(type_: str) -> None:
    assert make(f"first.{type_}") != make(f"second.{type_}")
    assert make(f"first.{type_}") == make(f"first.{type_}")


@pytest.mark.parametrize(
    ("type_", "name", "size"),
    [
        ("png", "PNG", (16, 16)),
        ("jpg", "JPEG", (8, 8)),
        ("gif", "GIF", (1, 1)),
        ("bmp", "BMP", (1, 1)),
    ],
)
def test_a_picture_is_drawn(type_: str, name: str, size: tuple[int, int]) -> None:
    with Image.open(_made(type_)) as picture:
        picture.load()

        assert (picture.format, picture.size) == (name, size)


def test_the_chunks_of_a_png_are_whole() -> None:
    rest, kinds = make("proof.png")[8:], []
    while rest:
        (size,) = struct.unpack(">I", rest[:4])
        kinds.append(rest[4:8])
        assert struct.unpack(">I", rest[8 + size : 12 + size]) == (
            binascii.crc32(rest[4 : 8 + size]),
        )
        rest = rest[12 + size :]

    assert kinds == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]


def test_a_pdf_has_a_page_with_its_name_on_it() -> None:
    page = PdfFileReader(_made("pdf"), strict=True).root["/Pages"]["/Kids"][0]

    assert b"(proof.pdf) Tj" in page["/Contents"].data


def test_a_docx_is_a_package_with_a_document() -> None:
    with zipfile.ZipFile(_made("docx")) as package:
        parts = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}

    assert set(parts) == {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
    assert [each.text for each in parts["word/document.xml"].iter(f"{_WORD}t")] == ["proof.docx"]


def test_a_zip_is_whole_and_holds_every_byte() -> None:
    with zipfile.ZipFile(_made("zip")) as archive:
        assert archive.testzip() is None
        assert _EVERY_BYTE in archive.read("proof.zip")


@pytest.mark.parametrize("size", [70_000, 10_000_000, 10 * 1024 * 1024 + 1])
def test_a_zip_has_the_size_that_was_asked_for(size: int) -> None:
    made = make_zip("large.zip", size)

    assert len(made) == size
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None


def test_a_tar_and_a_gzip_hold_every_byte() -> None:
    with tarfile.open(fileobj=_made("tar")) as archive:
        member = archive.extractfile("proof.bin")
        assert member is not None
        assert _EVERY_BYTE in member.read()
    assert _EVERY_BYTE in gzip.decompress(make("proof.gzip"))


def test_the_headers_of_a_rar_are_whole() -> None:
    """As the format's own description says it: each header with its CRC, one member, stored."""
    made = make("proof.rar")
    assert made.startswith(b"Rar!\x1a\x07\x00")
    place, kinds = 7, []
    while place < len(made):
        crc, kind, _, size = struct.unpack_from("<HBHH", made, place)
        assert crc == binascii.crc32(made[place + 2 : place + size]) & 0xFFFF
        kinds.append(kind)
        place += size
        if kind == 0x74:
            packed, whole, _, content_crc = struct.unpack_from("<IIBI", made, place - size + 7)
            content = made[place : place + packed]
            assert packed == whole == len(content)
            assert content_crc == binascii.crc32(content)
            assert _EVERY_BYTE in content
            place += packed

    assert kinds == [0x73, 0x74, 0x7B]


def test_what_is_no_document_has_the_beginning_of_none() -> None:
    setup = make("setup")

    assert not any(setup.startswith(make(f"setup.{type_}")[:2]) for type_ in TYPES)
