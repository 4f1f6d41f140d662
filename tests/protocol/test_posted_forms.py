"""Forms are read as PHP reads them."""

import io

import pytest

from simulator.protocol import posted_forms

_LIMITS = posted_forms.Limits(1000, 10)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("Application/X-WWW-Form-UrlEncoded", b"param=a&param=MIIB"),
        ("application/x-www-form-urlencoded;charset=GBK", b"param=MIIB"),
        (
            "Multipart/Form-Data; Boundary=x",
            b"--x\r\ncontent-disposition: form-data; name=param\r\n\r\nMIIB\r\n--x--\r\n",
        ),
    ],
)
def test_media_types_have_no_case(content_type: str, body: bytes) -> None:
    form = posted_forms.read(io.BytesIO(body), content_type, _LIMITS)

    assert (form.fields, form.fault) == ({"param": "MIIB"}, None)
