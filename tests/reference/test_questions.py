"""Verifying and querying a guarantee, and the PDF behind both."""

from pathlib import Path
from typing import Any

import pytest

from reference_institution.certificates import AUTHORITY_NAME, open_seal
from reference_institution.signed_pdf import NotOurs, make_document, read_signature

from .conftest import SERIAL


def verify(live: Any, pdf: bytes | None, serial_num: str = SERIAL, **sealing: Any) -> Any:
    param = live.param({"serial_num": serial_num}, **sealing)
    return live.post("/verify", {"param": param}, pdf)


def test_an_untouched_guarantee_is_verified_with_its_signer(live: Any) -> None:
    answer = verify(live, live.issued()["pdf"])
    assert answer["status"] == 200
    assert answer["data"].pop("sign_time")[:2] == "20"
    assert answer["data"] == {
        "serial_num": SERIAL,
        "sign_name": "演示财产保险股份有限公司",
        "issuer": AUTHORITY_NAME,
        "is_modified": 2,
    }


def test_a_guarantee_changed_after_signing_is_never_called_untouched(live: Any) -> None:
    pdf = live.issued()["pdf"]
    for place in range(20, len(pdf), len(pdf) // 40):
        changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        answer = verify(live, changed)
        assert answer["status"] == 2605 or answer["data"]["is_modified"] == 1
    appended = verify(live, pdf + b"\n% added\n")
    assert (appended["status"], appended["data"]["is_modified"]) == (200, 1)


def test_another_guarantee_of_ours_is_not_the_one_that_was_issued(live: Any) -> None:
    live.issued()
    other = make_document("投标保函", [("保函编号", "PL2")], live.institution.seal)
    assert verify(live, other)["data"]["is_modified"] == 1


def test_a_file_that_cannot_be_verified_gets_its_own_code(live: Any, tmp_path: Path) -> None:
    pdf = live.issued()["pdf"]
    foreign = make_document("投标保函", [], open_seal(tmp_path / "other", "别的公司"))
    assert verify(live, foreign)["status"] == 2605
    assert verify(live, b"%PDF-1.4 and nothing more")["status"] == 2605
    assert verify(live, pdf, serial_num="1")["status"] == 2605
    assert verify(live, pdf, serial_num="")["status"] == 2600
    assert verify(live, None)["status"] == 2601
    assert verify(live, b"<html>")["status"] == 2602
    assert verify(live, pdf, secret="guessed")["status"] == 2607
    assert live.post("/verify", {"param": "AAAA"}, pdf)["status"] == 2606


@pytest.mark.parametrize("megabytes", [21, 30])
def test_a_file_that_is_too_large_is_said_to_be(live: Any, megabytes: int) -> None:
    live.issued()
    assert verify(live, b"%PDF-1.4" + b" " * (megabytes * 1024 * 1024))["status"] == 2603


def test_a_query_is_answered_with_the_table_of_the_manual(live: Any) -> None:
    live.issued()
    answer = live.push("/query", {"guarantee_no": "PL1812487543", "serial_num": SERIAL})
    assert answer == {
        "status": 200,
        "data": {
            "guarantee_no": "PL1812487543",
            "serial_num": SERIAL,
            "ktype": 4,
            "warrantee": "福州飞翔建筑有限公司",
            "beneficiary": "福州力杨置业有限公司",
            "proitem": "福州市希望小学维修",
            "variety": 1,
            "amount": "10000.00",
            "guarantee_start_date": "2026-03-02",
            # 60 days of validity and 28 days of grace after 2 March.
            "guarantee_end_date": "2026-05-29",
            "is_avert": 2,
        },
    }


@pytest.mark.parametrize(
    ("guarantee_no", "serial_num", "code"),
    [
        ("", SERIAL, 2700),
        ("PL1812487543", "", 2701),
        ("PL9", SERIAL, 2702),
        ("PL1812487543", "1", 2702),
    ],
)
def test_a_query_that_fits_no_guarantee_gets_its_code(
    live: Any, guarantee_no: str, serial_num: str, code: int
) -> None:
    live.issued()
    said = {"guarantee_no": guarantee_no, "serial_num": serial_num}
    assert live.push("/query", said)["status"] == code


def test_a_serial_number_that_never_reached_us_is_learnt_from_the_first_question(
    live: Any,
) -> None:
    guarantee = live.issued()
    live.institution.store.keep_guarantee(guarantee)
    assert live.records("guarantees", "PL1812487543")[0]["serial_num"] is None
    assert verify(live, guarantee["pdf"])["data"]["is_modified"] == 2
    assert live.records("guarantees", SERIAL)[0]["guarantee_no"] == "PL1812487543"


def test_drafting_the_same_guarantee_again_gives_the_same_file(live: Any) -> None:
    assert live.issued()["pdf"] == live.issued()["pdf"]


def test_a_signature_is_still_verified_after_a_restart(tmp_path: Path) -> None:
    pdf = make_document("投标保函", [("受益人", "福州")], open_seal(tmp_path, "演示保险"))
    report = read_signature(pdf, open_seal(tmp_path, "演示保险"))
    assert report.intact
    assert (report.signer, report.issuer) == ("演示保险", AUTHORITY_NAME)
    with pytest.raises(NotOurs):
        read_signature(b"%PDF-1.4", open_seal(tmp_path, "演示保险"))
