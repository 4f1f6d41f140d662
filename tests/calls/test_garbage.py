"""Whatever arrives at the protocol's door is answered HTTP 200, JSON, with a documented code."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from calls.insurer import (
    BRANCHES,
    COMPANIES,
    DECIDE,
    FILE_URL,
    GET_ORDER,
    INVOICE,
    ISSUE,
    ISSUE_ANEW,
    POLICY,
    Insurer,
    sha256,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.institution import Institution
from support.platform import Platform

from simulator.client import ControlClient
from simulator.protocol import envelope, plaintext, rsa

CODES = json.loads((Path(__file__).parents[2] / "schemas" / "codes.json").read_text("utf-8"))
DOCUMENTED = {row["code"] for row in CODES["platform"]}
EXAMPLES = settings(
    max_examples=70,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
literals = st.sampled_from(["1e999", "-0", "1E400", "0.10", "123456789012345678901234567890"])
odd_texts = st.sampled_from(
    [
        *[
            "",
            "0",
            "-1",
            "1e9",
            "\x00",
            "２０３０",
            "null",
            "NaN",
            "%",
            "' OR 1=1 --",
            "😀",
            "\ufffe",
        ],
        *["0000-00-00", "9999-12-31", "2031-02-29", "99991231235959", "00000000000000", "9" * 5000],
        *["0000-01-01 00:00:00", "99999999999999.99", "3", "REFUSE_INDEMNITY", "../../etc/passwd"],
    ]
)
paths = st.sampled_from(["/api/insurer/v1", "/api/insurer/v1/", "/api/guarantor/v1", "/show.php"])


@pytest.fixture(scope="module")
def insurer(control: ControlClient) -> Iterator[Insurer]:
    """An insurer with an issued order and a claim, for all examples of this module."""
    control.post("accounts", name="garbage", key_bits=1024)
    platform = Platform(control, "garbage")
    insurer = Insurer(platform, Institution(platform.letter()))
    order = insurer.bring(platform.create_order(order_no="1000000001"), "HAS_OUT_GUARANTEE")
    platform.create_order(order_no="1000000002")
    platform.post("claims", order_no=order["order_no"])
    platform.switch(max_clock_skew=86399)
    yield insurer
    control.delete("accounts", "garbage")


def check(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    content = answer.json()
    assert content["status"] in DOCUMENTED
    return dict(content)


def valid_calls(insurer: Insurer) -> dict[str, dict[str, Any]]:
    """Return the business parameters of a sensible call of each method."""
    order = insurer.platform.order("1000000001")
    other = insurer.platform.order("1000000002")
    [claim] = insurer.platform.get("claims")
    names = {name: order[name] for name in ("order_no", "principal", "creditor")}
    pushed = {
        **names,
        "guarantee_no": "GX-1",
        "guarantor": order["accept_insurer"],
        "out_guarantee_time": "2030-10-30 15:12:12",
        "guarantee_pdf_hash": sha256(POLICY),
    }
    dates = {"guarantee_no_old": "GX-1", "date1": "2031-01-01", "date2": "2031-06-01"}
    about_claim = {"claim_no": claim["claim_no"], "guarantee_no": "GX-1"}
    return {
        "get_access_token": {},
        GET_ORDER: {"order_no": order["order_no"]},
        DECIDE: insurer.decision(other, "1", "1"),
        ISSUE: pushed,
        ISSUE_ANEW: {**pushed, **dates},
        INVOICE: {"invoice_id": "1", "invoice_pdf_hash": sha256(POLICY)},
        "update_claim": {**about_claim, "do_type": "AGREE_INDEMNITY"},
        "get_claim_detail": {**names, **about_claim, "guarantor": order["accept_insurer"]},
        FILE_URL: {"file_id": order["files"][0]["file_id"]},
        BRANCHES: {"insurer_name": insurer.institution.letter["access_party"]},
        COMPANIES: {"order_no": order["order_no"]},
    }


def written(parameters: dict[str, Any]) -> bytes:
    """Write JSON as it is, wild literals among it, though it be none."""
    members = (f"{json.dumps(name)}:{text}" for name, text in parameters.items())
    return ("{" + ",".join(members) + "}").encode()


@EXAMPLES
@given(data=st.data())
def test_a_right_call_with_wild_values_gets_a_documented_code(
    insurer: Insurer, data: st.DataObject
) -> None:
    institution = insurer.institution
    method, business = data.draw(st.sampled_from(sorted(valid_calls(insurer).items())))
    right = {name: json.dumps(v) for name, v in institution.parameters(method, **business).items()}
    wild = json_values.map(json.dumps) | literals | odd_texts.map(json.dumps)
    names = st.sampled_from([*right, "status", "note", "extra", ""]) | texts
    changed = {**right, **data.draw(st.dictionaries(names, wild, min_size=1, max_size=3))}
    for name in data.draw(st.lists(st.sampled_from(sorted(changed)), max_size=2)):
        changed.pop(name, None)
    try:
        said = plaintext.read(written(changed))
        sign = envelope.signed(said, institution.letter["api_secret"])["sign"]
        changed["sign"] = json.dumps(sign)
    except ValueError:
        pass  # no JSON, or unsignable: sent without a sign
    files = data.draw(st.sampled_from([{}, {"guarantee_pdf": ("g", POLICY)}, {"x": ("", b"")}]))
    param = base64.b64encode(rsa.seal(written(changed), institution.own_public)).decode()
    form = {"param": param, "access_token": institution.token}

    check(requests.post(institution.url, data=form, files=files, timeout=30))


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
