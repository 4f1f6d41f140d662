"""What is no call at all: wrong addresses, methods and forms are 1050, and are never redirected."""

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
from calls.insurer import ABSENT, BRANCHES, POLICY, Insurer

from simulator.driver import ControlClient
from simulator.protocol import envelope

NO_CALL = {"status": 1050, "data": "非法访问"}


@pytest.fixture
def base(insurer: Insurer) -> str:
    """The address of the protocol."""
    parts = urlsplit(insurer.institution.url)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture
def form(insurer: Insurer) -> dict[str, str]:
    """The form of a call that is right in every respect."""
    institution = insurer.institution
    parameters = insurer.sign(BRANCHES, insurer_name="无")
    param = envelope.seal(parameters, institution.own_public)
    return {"param": param, "access_token": institution.token}


def ask(method: str, url: str, **options: Any) -> Any:
    """Return the JSON of an answer that must be HTTP 200 and no redirect."""
    answer = requests.request(method, url, timeout=10, allow_redirects=False, **options)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return answer.json()


@pytest.mark.parametrize("path", ["/api/insurer/v1", "/api/insurer/v1/"])
def test_with_and_without_the_last_slash_is_one_address(
    base: str, form: dict[str, str], path: str
) -> None:
    assert ask("POST", base + path, data=form) == {"status": 200, "data": []}


@pytest.mark.parametrize(
    "path",
    [
        *["", "/", "/api", "/api/insurer", "/api/insurer/v2", "/api/insurer/v11", "/api/bank/v1"],
        *["/API/insurer/v1", "/api/Insurer/v1", "/api/insurer/v1/x", "/api/insurer/v1//"],
        *["/api//insurer/v1", "/api/insurer%20/v1", "/show.php", "/%ff"],
    ],
)
def test_another_path_is_no_call(base: str, form: dict[str, str], path: str) -> None:
    assert ask("POST", base + path, data=form) == NO_CALL


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_only_a_post_is_a_call(base: str, form: dict[str, str], method: str) -> None:
    assert ask(method, f"{base}/api/insurer/v1", data=form) == NO_CALL


@pytest.mark.parametrize("query", [{}, {"param": "x"}, {"access_token": "x"}, {"a": "b"}])
def test_a_get_that_is_no_files_url_is_no_call(base: str, query: dict[str, str]) -> None:
    assert ask("GET", f"{base}/api/insurer/v1", params=query) == NO_CALL


def test_a_call_made_by_get_is_no_call_but_a_wrong_files_url(
    base: str, form: dict[str, str]
) -> None:
    assert ask("GET", f"{base}/api/insurer/v1", params=form)["status"] == 1006


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"param": ABSENT}, "The form has no field `param` (it has: access_token)"),
        ({"param": ""}, "The field `param` of the form is empty."),
        ({"param": " "}, "The field `param` of the form is empty."),
    ],
)
def test_a_form_without_param_is_no_call(
    base: str, control: ControlClient, form: dict[str, str], fields: dict[str, Any], why: str
) -> None:
    sent = {name: value for name, value in {**form, **fields}.items() if value is not ABSENT}

    assert ask("POST", f"{base}/api/insurer/v1", data=sent) == NO_CALL
    assert why in control.get("journal")[-1]["notes"][0]["en"]


@pytest.mark.parametrize("in_query", [True, False])
def test_param_is_read_from_the_body_alone(base: str, form: dict[str, str], in_query: bool) -> None:
    place = {"params": form} if in_query else {"data": form}

    answer = ask("POST", f"{base}/api/insurer/v1", **place)

    assert answer == (NO_CALL if in_query else {"status": 200, "data": []})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{"param": "x"}'),
        ("text/plain", "param=x"),
        ("application/xml", "<param>x</param>"),
        ("multipart/form-data", "param=x"),
        ("multipart/form-data; boundary=b", "--b\r\nnonsense"),
        ("application/x-www-form-urlencoded", ""),
        ("", "param=x"),
    ],
)
def test_a_body_that_is_no_form_with_param_is_no_call(
    base: str, control: ControlClient, kind: str, body: str
) -> None:
    url = f"{base}/api/insurer/v1"

    assert ask("POST", url, data=body.encode(), headers={"Content-Type": kind}) == NO_CALL
    assert control.get("journal")[-1]["notes"][0]["zh"]


def test_a_json_body_is_told_to_post_a_form(base: str, control: ControlClient) -> None:
    ask("POST", f"{base}/api/insurer/v1", json={"param": "x"})

    first, named = control.get("journal")[-1]["notes"]
    assert first["en"] == "The form has no field `param` (it has: none)."
    assert named["en"].startswith("The body is JSON, not a form. Content-Type is application/json.")


@pytest.mark.parametrize("form_type", ["multipart", "urlencoded", "urlencoded with a charset"])
def test_a_form_may_come_in_either_type_without_a_file(
    base: str, form: dict[str, str], form_type: str
) -> None:
    options: dict[str, Any] = {
        "multipart": {"files": {name: (None, value) for name, value in form.items()}},
        "urlencoded": {"data": form},
        "urlencoded with a charset": {
            "data": "&".join(f"{name}={quote(value, safe='')}" for name, value in form.items()),
            "headers": {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        },
    }[form_type]

    assert ask("POST", f"{base}/api/insurer/v1", **options)["status"] == 200


def test_a_form_that_is_not_url_encoded_loses_its_pluses(base: str, form: dict[str, str]) -> None:
    body = "&".join(f"{name}={value}" for name, value in form.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = ask("POST", f"{base}/api/insurer/v1", data=body, headers=headers)

    assert answer["status"] == 1006


def test_a_body_too_large_fails_and_a_small_one_does_not(
    narrow: Insurer, narrow_control: ControlClient
) -> None:
    assert narrow.call(BRANCHES, insurer_name="无")["status"] == 200

    answer = narrow.call(BRANCHES, insurer_name="长" * 7000)

    assert answer["status"] == 404
    assert answer["data"].startswith("失败")
    assert "larger than 20000 bytes" in narrow_control.get("journal")[-1]["notes"][0]["en"]


def test_a_file_too_large_is_refused_with_phps_number(narrow: Insurer) -> None:
    order = narrow.bring(narrow.platform.create_order(), "WAIT_OUT_GUARANTEE")

    answer = narrow.issue(order, POLICY + b"\n" * 2000)

    assert answer == {"status": 2421, "data": "文件接收失败,[error_no:1]"}
    assert narrow.issue(order)["status"] == 200
