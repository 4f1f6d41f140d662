"""Files that are no whole PDF: what they are, by their bytes; a right one gets no finding."""

import base64
import gzip
import io
import zipfile
import zlib

import pytest
from diagnosis.asking import Found, Sent, makes

from simulator import paths
from simulator.protocol import pdf
from simulator.protocol.diagnosis.files import explain_pdf

FIXTURES = sorted((paths.fixtures() / "files").glob("*.pdf"))
RIGHT = FIXTURES[0].read_bytes()


def found(content):
    """Ask what a file is."""
    return Found("file", Sent(content=content))


def archive(*names):
    """Return a ZIP with these members."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as written:
        for name in names:
            written.writestr(name, "<a/>")
    return kept.getvalue()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("around", [(b"", b""), (b"\r\n\r\n", b"\r\n"), (b" \n", b"\0" * 900)])
def test_a_right_file_gets_no_finding(path, around):
    before, behind = around
    content = before + path.read_bytes() + behind

    assert pdf.read(content).is_whole
    assert explain_pdf(content) is None


@makes("file_empty")
def test_sending_nothing():
    return found(b"")


@makes("bytes_before_pdf")
@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"--x\r\nContent-Disposition: form-data\r\n\r\n", b"\0\0"]
)
def test_sending_something_before_the_header(before):
    return found(before + RIGHT)


@makes("bytes_behind_pdf")
@pytest.mark.parametrize("behind", [b"\0" * 5000, b"\r\n--boundary--" + b"x" * 3000])
def test_sending_a_whole_buffer(behind):
    return found(RIGHT + behind)


@makes("file_cut_short")
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_sending_a_part(kept):
    return found(RIGHT[: int(len(RIGHT) * kept)])


@makes("startxref_wrong")
@pytest.mark.parametrize("offset", [b"0", b"7", b"9" * 20, b"4294967296"])
def test_pointing_nowhere(offset):
    head, _, tail = RIGHT.rpartition(b"startxref")
    number = tail.split()[0]
    return found(head + b"startxref" + tail.replace(number, offset))


@makes("startxref_wrong")
def test_inserting_bytes_in_the_middle():
    return found(RIGHT[:20] + b"%more\n" * 9 + RIGHT[20:])


@makes("file_read_as_text")
@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.decode("utf-8", "replace").encode(),
        lambda content: content.decode("latin-1").encode(),
        lambda content: content.decode("latin-1").encode("utf-16"),
    ],
)
def test_reading_it_as_text(change):
    return found(change(RIGHT))


def small():
    """Return a whole PDF with lines that end in LF alone."""
    out = b"%PDF-1.4\n"
    first = len(out)
    out += b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    table = len(out)
    out += b"xref\n0 2\n0000000000 65535 f \n%010d 00000 n \n" % first
    return out + b"trailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table


@makes("file_line_ends_changed")
def test_sending_it_in_a_text_mode():
    content = small()
    assert pdf.read(content).is_whole
    return found(content.replace(b"\n", b"\r\n"))


@makes("file_in_base64")
@pytest.mark.parametrize(
    "encode",
    [
        base64.b64encode,
        base64.encodebytes,
        lambda it: b"data:application/pdf;base64," + base64.b64encode(it),
        base64.urlsafe_b64encode,
    ],
)
def test_sending_base64(encode):
    return found(encode(RIGHT))


@makes("file_in_hexadecimal")
def test_sending_hexadecimal():
    return found(RIGHT.hex().encode())


@makes("file_compressed")
@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_sending_it_compressed(pack):
    return found(pack(RIGHT))


@makes("file_of_another_format")
@pytest.mark.parametrize(
    "content",
    [
        archive("OFD.xml", "Doc_0/Document.xml"),
        archive("[Content_Types].xml", "word/document.xml"),
        archive("a.txt"),
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"<!DOCTYPE html><html>",
        b'<?xml version="1.0"?><error/>',
        b'{"code":500,"msg":"x"}',
        b"[]",
        b"RIFF\0\0\0\0WEBPVP8 ",
    ],
)
def test_sending_something_else(content):
    return found(content)


@makes("object_printed")
@pytest.mark.parametrize(
    "text", [b"[B@1b6d3586", b"[object Object]", b"b'%PDF-1.7\\n'", b"null", b"undefined"]
)
def test_sending_what_an_object_prints(text):
    return found(text)


@makes("place_instead_of_file")
@pytest.mark.parametrize(
    "text", [b"https://example.com/a.pdf", b"C:\\temp\\a.pdf", b"/tmp/a.pdf", b"file:///a.pdf"]
)
def test_sending_the_place_of_a_file(text):
    return found(text)


@pytest.mark.parametrize("content", [b"hello", b"\x00\x01\x02" * 900, "保函".encode()])
def test_what_nothing_proves_is_not_named(content):
    assert explain_pdf(content) is None
