"""Claims with their attachments (3.1), and verifying and querying a guarantee (2.6, 2.7)."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from reference.conftest import SERIAL
from reference.guarantor.conftest import COMPANY, NAMES, claim

from reference_institution.guarantor.claims import RESULTS, phase_of

LETTER = ("索赔函.pdf", b"%PDF-1.4 a letter")


@pytest.fixture
def pdf(live: Any) -> bytes:
    """The PDF of the order's guarantee."""
    return bytes(live.issued()["pdf"])


def files(pdf: bytes, *attached: tuple[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Return the files of a claim; a letter is the first attachment."""
    numbered = enumerate((LETTER, *attached))
    return {"guarantee_pdf": ("保函.pdf", pdf), **{f"attach_file{n}": f for n, f in numbered}}


def test_a_claim_is_kept_once_with_its_whole_attachments(
    live: Any, pdf: bytes, serve: Any, tmp_path: Path
) -> None:
    large = b"\x00\xff\r\n--\r\n" * (1024 * 1024)
    sent = files(pdf, ("照片.JPG", large), ("a.gzip", b"x"))

    with ThreadPoolExecutor(4) as pool:
        pushes = pool.map(lambda _: live.push("/claim", claim(live.order), sent), range(8))
        assert list(pushes) == [{"status": 200}] * 8

    again = serve(tmp_path)
    assert again.push("/claim", claim(live.order), sent) == {"status": 200}
    assert len(again.records("claims", "C1")) == 1
    kept = again.records("attachments", "C1")
    assert [(each["field"], each["name"], each["size"]) for each in kept] == [
        ("attach_file0", "索赔函.pdf", len(LETTER[1])),
        ("attach_file1", "照片.JPG", len(large)),
        ("attach_file2", "a.gzip", 1),
    ]
    assert again.institution.store.attached_file(kept[1]["sha256"]).read_bytes() == large
    assert len(list((tmp_path / "attachments").iterdir())) == 3


@pytest.mark.parametrize(
    "name", ["guarantee_no", "request_method", "status", "guarantor", "out_guarantee", *NAMES]
)
def test_a_claim_that_does_not_fit_the_guarantee_is_refused(
    live: Any, pdf: bytes, name: str
) -> None:
    said = claim(live.order, **{name: "别的"})
    assert live.push("/claim", said, files(pdf))["status"] == 404
    assert live.records("claims", "C1") == live.records("attachments", "C1") == []


def test_a_claim_without_its_files_or_with_broken_ones_is_refused(live: Any, pdf: bytes) -> None:
    whole = files(pdf)
    too_large = b" " * (10 * 1024 * 1024 + 1)
    for sent in (
        {},
        {"guarantee_pdf": whole["guarantee_pdf"]},
        {"attach_file0": LETTER},
        files(pdf + b" "),
        files(pdf[:-100]),
        {**whole, "attach_file2": LETTER},
        {"guarantee_pdf": whole["guarantee_pdf"], "attach_file1": LETTER},
        files(pdf, ("a.exe", b"x")),
        files(pdf, ("pdf", b"x")),
        files(pdf, ("a.pdf", b"")),
        files(pdf, ("a.zip", too_large)),
        files(pdf, *[LETTER] * 16),
    ):
        assert live.push("/claim", claim(live.order), sent)["status"] == 404
    assert live.records("claims", "C1") == []
    assert live.push("/claim", claim(live.order), files(pdf, ("a.zip", too_large[1:]))) == {
        "status": 200
    }


@pytest.mark.parametrize("change", ["amount", "attachment"])
def test_the_same_claim_with_other_content_is_refused_and_overwrites_nothing(
    live: Any, pdf: bytes, change: str
) -> None:
    live.push("/claim", claim(live.order), files(pdf))
    other = claim(live.order, claim_amount="1.00") if change == "amount" else claim(live.order)
    more = [] if change == "amount" else [("a.doc", b"x")]
    assert live.push("/claim", other, files(pdf, *more))["status"] == 404
    assert live.records("claims", "C1")[0]["content"]["claim_amount"] == "10000.00"
    assert len(live.records("attachments", "C1")) == 1


def test_a_revoked_claim_changes_its_state_and_a_late_application_does_not_undo_it(
    live: Any, pdf: bytes
) -> None:
    for status in ("APPLY_WAIT_DEAL", "CLAIM_CANCEL", "APPLY_WAIT_DEAL"):
        assert live.push("/claim", claim(live.order, status=status), files(pdf)) == {"status": 200}
    live.institution.store.advance_claim("C1", "DEAL_PASS", 1)
    assert [each["status"] for each in live.records("claims", "C1")] == ["CLAIM_CANCEL"]


def test_every_result_has_its_phase() -> None:
    ends = {("1", "2"), ("2", "5")}
    for result in RESULTS:
        assert phase_of(*result) == (4 if result in ends else int(result[0])), result


@pytest.mark.parametrize(("ktype", "proposer"), [("1", "福州飞翔建筑有限公司"), ("2", COMPANY)])
def test_a_query_is_answered_with_the_table_of_the_manual(
    live: Any, ktype: str, proposer: str
) -> None:
    live.institution.store.remember_order({**live.order, "ktype": ktype})
    live.issued()
    answer = live.push("/query", {"guarantee_no": "BH1812487543", "serial_num": SERIAL})
    assert answer == {
        "status": 200,
        "data": {
            "guarantee_no": "BH1812487543",
            "serial_num": SERIAL,
            "ktype": int(ktype),
            "proposer": proposer,
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


def test_an_untouched_guarantee_is_verified_and_a_changed_one_is_told(
    live: Any, pdf: bytes
) -> None:
    def verify(content: bytes | None) -> Any:
        return live.post("/verify", {"param": live.param({"serial_num": SERIAL})}, content)

    untouched = verify(pdf)["data"]
    assert (untouched["sign_name"], untouched["is_modified"]) == (COMPANY, 2)
    assert verify(pdf + b"\n% added\n")["data"]["is_modified"] == 1
    assert verify(None)["status"] == 2601
    assert verify(b"%PDF-1.4" + b" " * (30 * 1024 * 1024))["status"] == 2603
