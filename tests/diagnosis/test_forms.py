"""Posts that hold no `param` or no token: what did come is named; a right one gets no finding."""

import gzip
import json

import pytest
from diagnosis.asking import FILE, Found, Sent, makes, right_param
from diagnosis.developer import CALL, TOKEN, signature

from simulator.protocol.diagnosis.forms import (
    MULTIPART,
    URLENCODED,
    Posting,
    explain_absent_file,
    explain_form,
)


def post(*arguments, **more):
    """Ask about a post, by what could be read of it."""
    return Found("form", Sent(posting=Posting(*arguments, **more)))


def post_body(body, content_type=URLENCODED, **more):
    """Ask about a body that was read as no form."""
    return post(content_type=content_type, beginning=body, length=len(body), **more)


def post_without_token(opened=None, **more):
    """Ask where the token of a call is."""
    files = frozenset({FILE, *more.pop("files", ())})
    fields = {"param": right_param(), **more.pop("fields", {})}
    opened = opened or CALL
    signed = {**opened, "sign": signature(opened)}
    posting = Posting(fields=fields, files=files, **more)
    return Found("token", Sent(posting=posting, parameters=signed))


@pytest.mark.parametrize("fields", [{"param": "MIIB"}, {"param": "x", "access_token": TOKEN}])
def test_a_form_with_param_gets_no_finding(fields):
    assert explain_form(Posting(URLENCODED, fields=fields, query={"a": "b"})) == []


def test_an_empty_post_gets_no_finding():
    assert explain_form(Posting(URLENCODED)) == []


@makes("param_empty")
@pytest.mark.parametrize("value", ["", "  "])
def test_sending_an_empty_param(value):
    return post(URLENCODED, fields={"param": value, "access_token": TOKEN})


@makes("param_as_file")
def test_sending_param_as_a_file():
    return post(MULTIPART, fields={"access_token": TOKEN}, files=frozenset({"param"}))


@makes("param_under_another_name")
@pytest.mark.parametrize("name", ["Param", " param", "params", "param[0]", "\ufeffparam", "?param"])
def test_naming_the_field_otherwise(name):
    return post(URLENCODED, fields={name: "MIIB"})


@makes("not_encrypted")
def test_posting_the_parameters_themselves():
    return post(URLENCODED, fields={"method": "get_access_token", "sign": "0", "api_key": "1"})


@makes("fields_in_query")
def test_putting_the_fields_into_the_url():
    return post(URLENCODED, query={"param": right_param(), "access_token": TOKEN})


@makes("json_instead_of_form")
@pytest.mark.parametrize("content_type", [URLENCODED, "application/json", "text/plain", ""])
def test_posting_json(content_type):
    return post_body(json.dumps({"param": "MIIB"}).encode(), content_type)


@makes("xml_instead_of_form")
def test_posting_xml():
    return post_body(b"<xml><param/></xml>", "application/xml")


@makes("form_type_missing")
@pytest.mark.parametrize("content_type", ["", "text/plain; charset=utf-8"])
def test_declaring_no_form(content_type):
    return post_body(b"param=MIIB", content_type)


@makes("json_instead_of_form")
@pytest.mark.parametrize("encoding", ["UTF-8", "gzip", "br"])
def test_naming_an_encoding_that_the_body_does_not_have(encoding):
    return post_body(b'{"param":"MIIB"}', encoding=encoding)


@pytest.mark.parametrize("body", [b"{param=MIIB, access_token=x}", b"[2026-01-01] call"])
def test_brackets_alone_are_not_named_json(body):
    assert post_body(body) == []


@makes("form_type_missing", certain=False)
def test_declaring_no_form_where_none_is():
    return post_body(b"MIIB", "text/plain")


@makes("url_encoded_twice")
def test_encoding_the_whole_body():
    return post(URLENCODED, fields={f"param={right_param()}&access_token=x": ""})


@makes("body_compressed")
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_compressing_the_body(encoding):
    return post_body(gzip.compress(b"param=MIIB"), encoding=encoding)


@makes("multipart_as_urlencoded")
def test_declaring_a_multipart_body_as_urlencoded():
    return post_body(b"--x\r\nContent-Disposition: form-data")


@makes("urlencoded_as_multipart")
def test_declaring_a_urlencoded_body_as_multipart():
    return post_body(b"param=MIIB", f"{MULTIPART}; boundary=x", fault="boundary_not_found")


@makes("boundary_missing")
def test_naming_no_boundary():
    return post_body(b"--x\r\n", MULTIPART, fault="no_boundary")


@makes("boundary_differs")
def test_naming_another_boundary():
    return post_body(b"--x\r\n", f"{MULTIPART}; boundary=y", fault="boundary_not_found")


@makes("form_not_closed")
def test_not_closing_the_form():
    return post_body(b"--x\r\n", f"{MULTIPART}; boundary=x", fault="not_closed")


@makes("part_head_broken")
def test_writing_a_part_without_a_name():
    return post_body(b"--x\r\n\r\na", f"{MULTIPART}; boundary=x", fault="broken_head")


@makes("fields_joined_otherwise")
@pytest.mark.parametrize(
    "fields",
    [
        {"amp;access_token": TOKEN},
        {"param": f"{right_param()};access_token={TOKEN}"},
        {"param": f"{right_param()}\r\naccess_token={TOKEN}"},
        {"param": f"{right_param()}\\u0026access_token={TOKEN}"},
        {"param": f"{right_param()}&access_token={TOKEN}"},
    ],
)
def test_joining_the_fields_otherwise(fields):
    return post_without_token(fields=fields)


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
    return post_without_token(**place)


@makes("token_elsewhere")
def test_sealing_the_token():
    return post_without_token({**CALL, "access_token": TOKEN})


@makes("token_elsewhere", certain=False)
@pytest.mark.parametrize(
    "place",
    [{"headers": {"Authorization": "Bearer someone-elses"}}, {"fields": {"token": "of a page"}}],
)
def test_what_may_be_a_token_is_only_supposed_to_be_one(place):
    return post_without_token(**place)


@makes("token_absent")
@pytest.mark.parametrize(
    "place",
    [
        {"headers": {"Authorization": "Basic dXNlcjpwYXNzd29yZA=="}},
        {"query": {"access_token": ""}},
        {"headers": {"Authorization": " "}},
    ],
)
def test_what_is_no_token_is_not_taken_for_one(place):
    return post_without_token(**place)


@makes("token_absent")
@pytest.mark.parametrize("fields", [{}, {"access_token": ""}])
def test_forgetting_the_token(fields):
    return post_without_token(fields=fields)


def post_without_file(fields=(), **more):
    """Ask where the file of a call is."""
    fields = {"param": right_param(), "access_token": TOKEN, **dict(fields)}
    return Found("absent file", Sent(posting=Posting(fields=fields, **more)))


@makes("file_as_text_field")
def test_sending_a_file_without_its_name():
    return post_without_file(fields={FILE: "%PDF-1.4"})


@makes("file_under_another_name")
@pytest.mark.parametrize("name", ["file", "guarantee_pdf[]"])
def test_naming_the_file_otherwise(name):
    return post_without_file(files=frozenset({name}))


def test_no_file_at_all_gets_no_finding():
    assert post_without_file() == []
    other = Posting(files=frozenset({"invoice_pdf"}))
    assert explain_absent_file(FILE, {FILE, "invoice_pdf"}, other) is None
