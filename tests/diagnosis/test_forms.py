"""Posts that hold no `param` or no token: what did come is named; a right one gets no finding."""

import gzip
import json

import pytest
from diagnosis.developer import CALL, TOKEN, makes

from simulator.protocol.diagnosis.forms import (
    MULTIPART,
    URLENCODED,
    Posting,
    explain_absent_file,
    explain_absent_token,
    explain_form,
)


def posted(body, content_type=URLENCODED, **more):
    """Ask about a body that was read as no form."""
    return explain_form(
        Posting(content_type=content_type, beginning=body, length=len(body), **more)
    )


def without_token(**more):
    """Ask where the token of a call is."""
    fields = {"param": "MIIB", **more.pop("fields", {})}
    return [explain_absent_token(Posting(fields=fields, **more), more.pop("opened", None))]


@pytest.mark.parametrize("fields", [{"param": "MIIB"}, {"param": "x", "access_token": TOKEN}])
def test_a_form_with_param_gets_no_finding(fields):
    assert explain_form(Posting(URLENCODED, fields=fields, query={"a": "b"})) == []


def test_an_empty_post_gets_no_finding():
    assert explain_form(Posting(URLENCODED)) == []


@makes("param_empty")
@pytest.mark.parametrize("value", ["", "  "])
def test_sending_an_empty_param(value):
    return explain_form(Posting(URLENCODED, fields={"param": value, "access_token": TOKEN}))


@makes("param_as_file")
def test_sending_param_as_a_file():
    return explain_form(Posting(MULTIPART, fields={"access_token": TOKEN}, files={"param"}))


@makes("param_under_another_name")
@pytest.mark.parametrize("name", ["Param", "PARAM", " param", "params", "param[]"])
def test_naming_the_field_otherwise(name):
    return explain_form(Posting(URLENCODED, fields={name: "MIIB"}))


@makes("fields_in_query")
def test_putting_the_fields_into_the_url():
    return explain_form(Posting(URLENCODED, query={"param": "MIIB", "access_token": TOKEN}))


@makes("json_instead_of_form")
@pytest.mark.parametrize("content_type", [URLENCODED, "application/json", "text/plain", ""])
def test_posting_json(content_type):
    return posted(json.dumps({"param": "MIIB"}).encode(), content_type)


@makes("xml_instead_of_form")
def test_posting_xml():
    return posted(b"<xml><param/></xml>", "application/xml")


@makes("form_type_missing")
@pytest.mark.parametrize("content_type", ["", "text/plain; charset=utf-8"])
def test_declaring_no_form(content_type):
    return posted(b"param=MIIB", content_type)


@makes("body_compressed")
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_compressing_the_body(encoding):
    return posted(gzip.compress(b"param=MIIB"), encoding=encoding)


@makes("multipart_as_urlencoded")
def test_declaring_a_multipart_body_as_urlencoded():
    return posted(b"--x\r\nContent-Disposition: form-data")


@makes("urlencoded_as_multipart")
def test_declaring_a_urlencoded_body_as_multipart():
    return posted(b"param=MIIB", f"{MULTIPART}; boundary=x", fault="boundary_not_found")


@makes("boundary_missing")
def test_naming_no_boundary():
    return posted(b"--x\r\n", MULTIPART, fault="no_boundary")


@makes("boundary_differs")
def test_naming_another_boundary():
    return posted(b"--x\r\n", f"{MULTIPART}; boundary=y", fault="boundary_not_found")


@makes("form_not_closed")
def test_not_closing_the_form():
    return posted(b"--x\r\n", f"{MULTIPART}; boundary=x", fault="not_closed")


@makes("part_head_broken")
def test_writing_a_part_without_a_name():
    return posted(b"--x\r\n\r\na", f"{MULTIPART}; boundary=x", fault="broken_head")


@makes("fields_joined_otherwise")
@pytest.mark.parametrize(
    "fields", [{"amp;access_token": TOKEN}, {"param": f"MIIB;access_token={TOKEN}"}]
)
def test_joining_the_fields_otherwise(fields):
    return without_token(fields=fields)


@makes("token_elsewhere")
@pytest.mark.parametrize(
    "place",
    [
        {"query": {"access_token": TOKEN}},
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"headers": {"Access-Token": TOKEN}},
        {"fields": {"accessToken": TOKEN}},
        {"fields": {"token": TOKEN}},
        {"files": {"access_token"}},
    ],
)
def test_putting_the_token_elsewhere(place):
    return without_token(**place)


@makes("token_elsewhere")
def test_sealing_the_token():
    fields = {"param": "MIIB"}
    return [explain_absent_token(Posting(fields=fields), {**CALL, "access_token": TOKEN})]


@makes("token_absent")
@pytest.mark.parametrize("fields", [{}, {"access_token": ""}])
def test_forgetting_the_token(fields):
    return without_token(fields=fields)


@makes("file_as_text_field")
def test_sending_a_file_without_its_name():
    posting = Posting(fields={"param": "MIIB", "guarantee_pdf": "%PDF-1.4"})
    return [explain_absent_file("guarantee_pdf", posting)]


@makes("file_under_another_name")
@pytest.mark.parametrize("name", ["file", "guarantee_pdf[]"])
def test_naming_the_file_otherwise(name):
    return [explain_absent_file("guarantee_pdf", Posting(files={name}))]


def test_no_file_at_all_gets_no_finding():
    assert explain_absent_file("guarantee_pdf", Posting(fields={"param": "MIIB"})) is None
