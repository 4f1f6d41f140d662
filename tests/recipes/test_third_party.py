"""A third party asks the platform about a guarantee: 5.3's codes, or what the institution says."""

import base64
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from calls.insurer import Insurer
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform
from werkzeug.serving import make_server

from reference_institution.app import create_app
from reference_institution.letter import AccountLetter
from simulator import paths
from simulator.errors import SimulatorError

PDF = (paths.fixtures() / "files" / "application.pdf").read_bytes()
TEXT = base64.b64encode(PDF).decode()


@pytest.fixture
def insurer(platform: Platform, institution: Institution) -> Insurer:
    """The insurer of the test's account, which has issued GX-1."""
    insurer = Insurer(platform, institution)
    insurer.bring(platform.create_order(), "HAS_OUT_GUARANTEE")
    return insurer


@pytest.fixture
def serial(insurer: Insurer, platform: Platform) -> str:
    """The serial number of GX-1."""
    return str(platform.get("guarantees")[0]["serial_num"])


def verify(platform: Platform, **body: str) -> Any:
    return platform.post("third-party", "verify", **body)


def query(platform: Platform, **body: str) -> Any:
    return platform.post("third-party", "query", **body)


def test_the_data_of_the_institution_is_handed_on(
    platform: Platform, endpoint: Endpoint, serial: str
) -> None:
    data = {"serial_num": serial, "sign_name": "签约人", "sign_time": "2026-01-05 10:00:00"}
    data = {**data, "issuer": "签发机构", "is_modified": 1}
    endpoint.answers = [(200, json.dumps({"status": 200, "data": data}).encode())]

    answer = verify(platform, serial_num=serial, pdf=TEXT)

    [push] = platform.pushes(interface="verify")
    assert answer == {"status": 200, "data": data, "why": None, "push": push["id"]}
    assert (push["state"], push["about"]) == ("answered", "GX-1")
    assert [(post.path, post.files) for post in endpoint.posts] == [
        ("/verify", {"guarantee_pdf": PDF})
    ]


def test_a_refusal_of_the_institution_is_the_general_failure(
    platform: Platform, endpoint: Endpoint, serial: str
) -> None:
    endpoint.answers = [(200, b'{"status":2702}')]

    answer = query(platform, serial_num=serial, guarantee_no="GX-1")

    assert (answer["status"], answer["data"]) == (404, "失败")
    assert "保函不存在" in answer["why"]["en"]
    assert platform.push(answer["push"])["state"] == "unanswered"


def test_a_silent_institution_is_the_general_failure(platform: Platform, serial: str) -> None:
    platform.change(endpoints={"query": "http://127.0.0.1:9/query"})

    answer = query(platform, serial_num=serial, guarantee_no="GX-1")

    assert answer["status"] == 404
    assert "endpoint" in answer["why"]["en"]


@pytest.mark.parametrize("serial_num", ["0", "x", "²", "-1", "9" * 18, "9" * 19, "9" * 5000])
def test_an_unknown_serial_number_is_no_guarantee(
    platform: Platform, endpoint: Endpoint, serial: str, serial_num: str
) -> None:
    verified = verify(platform, serial_num=serial_num, pdf=TEXT)
    queried = query(platform, serial_num=serial_num, guarantee_no="GX-1")

    assert [verified["status"], queried["status"]] == [2502, 2602]
    assert verified["data"] == queried["data"] == "该保函不存在"
    assert endpoint.posts == platform.pushes(interface="query") == []


def test_both_numbers_must_be_of_one_guarantee(
    platform: Platform, insurer: Insurer, endpoint: Endpoint, serial: str
) -> None:
    second = insurer.bring(platform.create_order(), "WAIT_OUT_GUARANTEE")
    assert insurer.issue(second, guarantee_no="GX-2")["status"] == 200

    answer = query(platform, serial_num=serial, guarantee_no="GX-2")

    assert answer["status"] == 2602
    assert "GX-1" in answer["why"]["en"]
    assert "GX-1" in answer["why"]["zh"]


def test_missing_goes_before_unknown_and_unknown_before_closed(
    platform: Platform, serial: str
) -> None:
    assert verify(platform)["status"] == 2500
    assert verify(platform, serial_num="1")["status"] == 2501
    assert verify(platform, serial_num="1", pdf="")["status"] == 2501
    assert verify(platform, serial_num="1", pdf=TEXT)["status"] == 2502
    assert query(platform, serial_num=serial)["status"] == 2600
    assert query(platform, guarantee_no="GX-9")["status"] == 2601
    assert query(platform, guarantee_no="GX-9", serial_num=serial)["status"] == 2602
    platform.change(disabled=True)
    assert verify(platform, serial_num=serial, pdf=TEXT)["status"] == 2503
    assert query(platform, guarantee_no="GX-1", serial_num=serial)["status"] == 2603


def test_a_refused_request_leaves_nothing_behind(platform: Platform, serial: str) -> None:
    answer = verify(platform, serial_num=serial, pdf=TEXT)

    assert (answer["status"], answer["push"]) == (2504, None)
    assert answer["data"] == "该保函的开函保险公司暂未开放查询接口"
    assert platform.pushes(interface="verify") == []


def test_a_pdf_that_is_not_base64_is_no_request(platform: Platform, serial: str) -> None:
    with pytest.raises(SimulatorError, match="not Base64"):
        verify(platform, serial_num=serial, pdf="%PDF")


@pytest.fixture
def served(platform: Platform, tmp_path: Path) -> Iterator[str]:
    """The reference institution on a real port, for the account: its address."""
    app = create_app(AccountLetter.from_json(platform.letter()), tmp_path)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["institution"].orders.close()


def test_the_reference_institution_answers_a_third_party(
    platform: Platform, institution: Institution, served: str
) -> None:
    platform.change(endpoints={name: f"{served}/{name}" for name in ("verify", "query")})
    order_no = platform.create_order()["order_no"]
    for action in ("offer", "pay", "issue"):
        body = {"order_no": order_no}
        done = requests.post(f"{served}/actions/{action}", json=body, timeout=30).json()
        assert done["status"] == 200, done
    [guarantee] = platform.get("guarantees")
    serial = str(guarantee["serial_num"])
    url = institution.call("insurer_get_file_url", file_id=guarantee["file_id"])["data"]["file_url"]
    issued = base64.b64encode(requests.get(url, timeout=30).content).decode()

    queried = query(platform, guarantee_no=guarantee["guarantee_no"], serial_num=serial)
    verified = verify(platform, serial_num=serial, pdf=issued)
    stranger = verify(platform, serial_num=serial, pdf=TEXT)

    assert queried["status"] == 200
    assert queried["data"]["warrantee"] == platform.order(order_no)["principal"]
    assert verified["status"] == 200
    assert (verified["data"]["serial_num"], verified["data"]["is_modified"]) == (serial, 2)
    # The fixture's PDF carries no signature of this institution.
    assert stranger["status"] == 404
    assert "无法识别该文件" in stranger["why"]["zh"]
