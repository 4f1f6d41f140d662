"""Whatever is sent to the protocol's port is answered HTTP 200, JSON, with a documented code."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from calls.insurer import Insurer
from calls.mutations import (
    http_request,
    insurer_with_business,
    json_values,
    right_calls,
    texts,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.raw import DOCUMENTED, exchange

from simulator.driver import ControlClient
from simulator.protocol import rsa

EXAMPLES = settings(
    max_examples=70,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
paths = st.sampled_from(["/api/insurer/v1", "/api/insurer/v1/", "/api/guarantor/v1", "/show.php"])


@pytest.fixture(scope="module")
def insurer(control: ControlClient) -> Iterator[Insurer]:
    """An insurer with an issued order and a claim, for all examples of this module."""
    with insurer_with_business(control, "garbage") as insurer:
        yield insurer


@pytest.fixture(scope="module")
def calls(insurer: Insurer) -> dict[str, dict[str, Any]]:
    """The business parameters of a sensible call of each method."""
    return right_calls(insurer)


def check(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    content = answer.json()
    assert content["status"] in DOCUMENTED
    return dict(content)


@settings(EXAMPLES, max_examples=160)
@given(data=st.data())
def test_a_message_near_a_right_one_gets_a_documented_code(
    insurer: Insurer, calls: dict[str, dict[str, Any]], data: st.DataObject
) -> None:
    request = http_request(data.draw, insurer, calls)

    answer = exchange(insurer.institution.url, request)

    assert answer.status == 200
    assert answer.documented()


@EXAMPLES
@given(
    param=st.binary(max_size=600).map(lambda raw: base64.b64encode(raw).decode()) | texts,
    plain=st.none() | st.binary(max_size=300) | json_values.map(lambda v: json.dumps(v).encode()),
    sealed_with=st.sampled_from(["own_public", "common_public"]),
    token=st.none() | st.just("") | st.just("living") | texts | st.text("+/=AZ09", min_size=1),
    path=paths,
    extra=st.dictionaries(texts, texts, max_size=3),
)
def test_a_form_of_garbage_gets_a_documented_code(
    insurer: Insurer,
    param: str,
    plain: bytes | None,
    sealed_with: str,
    token: str | None,
    path: str,
    extra: dict[str, str],
) -> None:
    institution = insurer.institution
    if plain is not None:
        sealed = rsa.seal(plain, getattr(institution, sealed_with))
        param = base64.b64encode(sealed).decode()
    form = {**extra, "param": param}
    if token is not None:
        form["access_token"] = institution.token if token == "living" else token
    url = institution.url.replace("/api/insurer/v1", path)

    assert check(requests.post(url, data=form, timeout=30))["status"] != 200


@EXAMPLES
@given(
    method=st.sampled_from(["POST", "POST", "GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]),
    path=paths | st.text("/api%20?#.:;@&=é\\", max_size=12).map(lambda text: f"/{text}"),
    query=st.dictionaries(st.sampled_from(["param", "access_token", "sss"]) | texts, texts),
    kind=st.sampled_from(
        [
            *["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml"],
            *["multipart/form-data", "application/json", "x; charset=nonsense", "", "é".encode()],
            "application/x-www-form-urlencoded; charset=gb2312",
        ]
    ),
    body=st.binary(max_size=300)
    | st.sampled_from(
        [
            b"param=%ff%fe&access_token=%00",
            b"param&&==&access_token",
            b"&" * 5000,
            b'--x\r\nContent-Disposition: form-data; name="param"\r\n\r\na\r\n--x--\r\n',
            b'--x\r\nContent-Disposition: form-data; name="param"; filename="\xff"\r\n\r\na',
            b"--x\r\n\r\n" * 1200,
        ]
    ),
)
def test_a_request_of_garbage_gets_a_documented_code(
    insurer: Insurer, method: str, path: str, query: dict[str, str], kind: Any, body: bytes
) -> None:
    url = insurer.institution.url.replace("/api/insurer/v1", path)
    headers = {"Content-Type": kind}

    answer = requests.request(
        method, url, params=query, headers=headers, data=body, timeout=30, allow_redirects=False
    )

    assert check(answer)["status"] != 200
