"""File URLs (P35): downloaded, over after two hours of the account's time, renewed by 4.1."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import pytest
import requests
from calls.insurer import BRANCHES, FILE_URL, GET_ORDER, Insurer

from simulator.protocol import envelope

FILES = Path(__file__).parents[3] / "fixtures" / "files"
OVER = {"status": 1006, "data": "解密失败,token错误或已过期"}


@pytest.fixture
def data(insurer: Insurer, order: Any) -> dict[str, Any]:
    """2.3's data of the standard order, which has a file of each kind."""
    return insurer.read(order)


def get(url: str) -> Any:
    answer = requests.get(url, timeout=10, allow_redirects=False)
    assert answer.status_code == 200
    return answer


def parts(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def url_of(base: str, **query: str) -> str:
    return f"{base}?{urlencode(query)}"


def test_every_file_of_an_order_is_downloaded_as_it_is(data: dict[str, Any]) -> None:
    [signed] = data["guarantee_sign_files"]
    [attached] = data["attach_files"]

    for file, name in ((signed, "application.pdf"), (attached, "tender-notice.pdf")):
        answer = get(file["file_url"])
        assert answer.content == (FILES / name).read_bytes()
        assert answer.headers["Content-Type"] == "application/pdf"
    assert list(signed) == ["file_id", "file_url", "file_name"]
    assert list(attached) == ["file_id", "file_url"]


@pytest.mark.parametrize("fixture", ["standard", "difficult"])
def test_the_file_keeps_its_chinese_name(insurer: Insurer, fixture: str) -> None:
    [file] = insurer.read(insurer.platform.create_order(fixture))["guarantee_sign_files"]

    said = get(file["file_url"]).headers["Content-Disposition"]

    assert said == f"inline; filename*=UTF-8''{quote(file['file_name'], safe='')}"
    assert unquote(said.partition("''")[2]) == file["file_name"]


def test_a_files_url_has_the_form_of_the_sample(insurer: Insurer, data: dict[str, Any]) -> None:
    url = data["guarantee_sign_files"][0]["file_url"]
    assert url.startswith(f"{insurer.institution.url}?param=")
    assert list(parts(url)) == ["param", "access_token"]
    assert "+" in parts(url)["access_token"]
    assert "+" not in url
    assert get(url.replace("/v1?", "/v1/?")).content.startswith(b"%PDF-")


def test_a_url_ends_after_two_hours_and_is_renewed(insurer: Insurer, data: dict[str, Any]) -> None:
    file = data["guarantee_sign_files"][0]
    insurer.platform.advance(3600)
    renewed = insurer.call(FILE_URL, file_id=file["file_id"])["data"]
    assert list(renewed) == ["file_url"]

    insurer.platform.advance(3599)
    assert get(file["file_url"]).content == get(renewed["file_url"]).content
    insurer.platform.advance(1)
    assert get(file["file_url"]).json() == OVER
    insurer.platform.advance(3599)
    assert get(renewed["file_url"]).content.startswith(b"%PDF-")
    insurer.platform.advance(1)
    assert get(renewed["file_url"]).json() == OVER


def test_each_reading_of_an_order_gives_urls_that_live_two_hours(
    insurer: Insurer, order: Any
) -> None:
    urls = []
    for _ in range(2):
        urls.append(insurer.read(order)["attach_files"][0]["file_url"])
        insurer.platform.advance(7199)

    assert get(urls[0]).json() == OVER
    assert get(urls[1]).content.startswith(b"%PDF-")


def test_a_token_opens_its_own_file_alone(data: dict[str, Any]) -> None:
    base = data["attach_files"][0]["file_url"].partition("?")[0]
    one = parts(data["guarantee_sign_files"][0]["file_url"])
    other = parts(data["attach_files"][0]["file_url"])

    crossed = url_of(base, param=one["param"], access_token=other["access_token"])

    assert get(crossed).json() == OVER


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({}, {"status": 4500, "data": "参数缺失：file_id"}),
        ({"file_id": ""}, {"status": 4500, "data": "参数缺失：file_id"}),
        ({"file_id": "12345"}, {"status": 4501, "data": "文件不存在"}),
    ],
)
def test_a_url_without_a_file_or_of_an_unknown_one_is_refused(
    insurer: Insurer, data: dict[str, Any], content: dict[str, str], answer: dict[str, Any]
) -> None:
    url = data["attach_files"][0]["file_url"]
    sealed = envelope.seal({**content, "timestamp": "1"}, insurer.institution.common_public)

    swapped = url_of(url.partition("?")[0], param=sealed, access_token=parts(url)["access_token"])

    assert get(swapped).json() == answer


@pytest.mark.parametrize("position", [0, 9, 20, 40, 60])
def test_a_tampered_token_is_refused(data: dict[str, Any], position: int) -> None:
    url = data["attach_files"][0]["file_url"]
    token = parts(url)["access_token"]
    other = "B" if token[position] == "A" else "A"
    changed = token[:position] + other + token[position + 1 :]

    tampered = url_of(url.partition("?")[0], param=parts(url)["param"], access_token=changed)

    assert get(tampered).json() == OVER


@pytest.mark.parametrize("param", ["x", "AAAA", "A" * 344])
def test_a_param_that_cannot_be_opened_is_refused(data: dict[str, Any], param: str) -> None:
    url = data["attach_files"][0]["file_url"]

    broken = url_of(url.partition("?")[0], param=param, access_token=parts(url)["access_token"])

    assert get(broken).json() == OVER


def test_a_files_token_is_none_for_calls_nor_a_calls_token_for_files(
    insurer: Insurer, data: dict[str, Any]
) -> None:
    url = data["attach_files"][0]["file_url"]
    calls_token = insurer.institution.token

    swapped = url_of(url.partition("?")[0], param=parts(url)["param"], access_token=calls_token)
    assert get(swapped).json() == OVER
    insurer.institution._token = parts(url)["access_token"]
    assert insurer.call(BRANCHES, insurer_name="无")["status"] == 1006


def test_a_url_at_the_guarantors_address_is_refused(data: dict[str, Any]) -> None:
    url = data["attach_files"][0]["file_url"].replace("/insurer/", "/guarantor/")

    assert get(url).json() == OVER


@pytest.mark.parametrize(
    ("parameters", "answer"),
    [
        ({}, {"status": 4400, "data": "参数缺失：file_id"}),
        ({"file_id": ""}, {"status": 4400, "data": "参数缺失：file_id"}),
        ({"file_id": "12345"}, {"status": 4401, "data": "文件不存在"}),
    ],
)
def test_4_1_refuses_what_is_no_file(insurer: Insurer, parameters: Any, answer: Any) -> None:
    assert insurer.call(FILE_URL, **parameters) == answer


def test_4_1_gives_no_url_for_another_institutions_file(
    insurer: Insurer, stranger: Insurer
) -> None:
    order = stranger.platform.create_order()
    file_id = stranger.read(order)["guarantee_sign_files"][0]["file_id"]

    assert stranger.call(FILE_URL, file_id=file_id)["status"] == 200
    assert insurer.call(FILE_URL, file_id=file_id)["status"] == 4401


def test_a_download_leaves_one_journal_entry(insurer: Insurer, data: dict[str, Any]) -> None:
    file = data["guarantee_sign_files"][0]

    get(file["file_url"])
    insurer.platform.advance(7200)
    get(file["file_url"])

    served, refused = insurer.platform.journal(direction="download")
    assert (served["status"], served["about"]) == ("200", file["file_name"])
    assert served["received"] == {"bytes": (FILES / "application.pdf").stat().st_size}
    assert refused["status"] == "1006"
    assert "The file URL ended 0 s ago" in refused["notes"][0]["en"]
    assert insurer.entry()["interface"] == "insurer/2.3"
    assert GET_ORDER in insurer.entry()["sent"]["params"].values()
