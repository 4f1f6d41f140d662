"""Claims on a guarantor's guarantees: 3.1 brings them, 3.2 handles, 3.3 reads (P32, P55)."""

import base64
from typing import Any

import pytest
from calls.insurer import ABSENT, POLICY
from guarantor.guarantor import GET_CLAIM, UPDATE_CLAIM, Guarantor
from pushes.contents import open_push
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator import paths
from simulator.errors import SimulatorError

LETTER = (paths.fixtures() / "files" / "claim-letter.pdf").read_bytes()
#: 3.2's do_type and status, and the status of 5.7 that they mean; two are for 分离式 only.
RESULTS = {
    ("1", "1"): "DEAL_PASS",
    ("1", "2"): "DEAL_RETURN",
    ("2", "1"): "CLAIM_MEDIATE",
    ("2", "2"): "GUARANTOR_COMPENSATE",
    ("2", "3"): "GUARANTEE_COMPANY_COMPENSATION",
    ("2", "4"): "POLICYHOLDER_LIQUIDATION",
    ("2", "5"): "REJECT_APPLY",
    ("3", "1"): "COUNTER_GUARANTEE_RECOVERY",
    ("3", "2"): "JUDICIAL_LITIGATION_RECOVERY",
    ("3", "3"): "POLICYHOLDER_LIQUIDATION",
    ("3", "4"): "GUARANTEE_COMPANY_COMPENSATION",
}
SEPARATE_ONLY = {("2", "3"), ("3", "4")}
#: Every place that a claim may stand at, by what led there from its beginning.
WAYS: dict[str, list[str]] = {
    "begun": [],
    "passed": ["1/1"],
    "returned": ["1/2"],
    **{f"settled {n}": ["1/1", f"2/{n}"] for n in "1234"},
    "rejected": ["1/1", "2/5"],
    **{f"recovered {n}": ["1/1", "2/4", f"3/{n}"] for n in "1234"},
    "revoked": ["revoke"],
    "closed": ["1/2", "close"],
}
#: What may follow at each place: do_types, and what beneficiary and platform may do.
MAY = {
    "begun": ({"1"}, {"revoke"}),
    "passed": ({"2"}, {"revoke"}),
    "returned": (set(), {"close"}),
    **{f"settled {n}": ({"3"}, {"close"}) for n in "1234"},
    "rejected": (set(), {"close"}),
    **{f"recovered {n}": (set(), {"close"}) for n in "1234"},
    "revoked": (set(), set()),
    "closed": (set(), set()),
}
LINES = {"standard": "直开式", "separate": "分离式"}


def claimed(guarantor: Guarantor, fixture: str, way: list[str], number: str = "DB-1") -> Any:
    """Return a fresh claim that was brought to a place."""
    platform = guarantor.platform
    order = guarantor.bring(platform.create_order(fixture), "HAS_OUT_GUARANTEE", number=number)
    claim = platform.post("claims", order_no=order["order_no"])
    for event in way:
        if "/" in event:
            do_type, _, status = event.partition("/")
            assert guarantor.update_claim(claim, do_type, status)["status"] == 200, event
        else:
            platform.post("claims", claim["claim_no"], event)
    return guarantor.claim(claim["claim_no"])


@pytest.mark.parametrize(
    ("fixture", "place"),
    [
        (fixture, place)
        for fixture in LINES
        for place, way in WAYS.items()
        if fixture == "separate" or not {"2/3", "3/4"} & set(way)
    ],
)
def test_every_operation_at_every_place(guarantor: Guarantor, fixture: str, place: str) -> None:
    kinds = MAY[place][0]
    claim = claimed(guarantor, fixture, WAYS[place])
    for number, ((do_type, status), meant) in enumerate(RESULTS.items()):
        on_line = fixture == "separate" or (do_type, status) not in SEPARATE_ONLY
        if do_type in kinds and on_line:
            another = claimed(guarantor, fixture, WAYS[place], number=f"DB-1-{number}")
            taken = guarantor.update_claim(another, do_type, status)
            after = guarantor.claim(another["claim_no"])
            assert taken == {"status": 200, "data": "成功"}
            assert (after["status"], after["phase"], after["note"]) == (meant, do_type, "说明")
        else:
            answer = guarantor.update_claim(claim, do_type, status)
            assert answer == {"status": 3209, "data": "参数错误：claim_state"}
            assert guarantor.claim(claim["claim_no"]) == claim


@pytest.mark.parametrize("place", WAYS)
def test_who_may_revoke_and_close(guarantor: Guarantor, place: str) -> None:
    for event, status in (("revoke", "CLAIM_CANCEL"), ("close", "CLAIM_CLOSE")):
        claim = claimed(guarantor, "separate", WAYS[place], number=f"DB-{event}")
        if event in MAY[place][1]:
            moved = guarantor.platform.post("claims", claim["claim_no"], event)
            assert (moved["status"], moved["phase"]) == (status, "")
        else:
            with pytest.raises(SimulatorError, match="not allowed there"):
                guarantor.platform.post("claims", claim["claim_no"], event)


@pytest.mark.parametrize("place", WAYS)
def test_one_open_claim_at_a_time(guarantor: Guarantor, place: str) -> None:
    claim = claimed(guarantor, "separate", WAYS[place])
    ended = place in ("returned", "rejected", "revoked", "closed")
    if ended:
        again = guarantor.platform.post("claims", order_no=claim["order_no"])
        assert again["status"] == "APPLY_WAIT_DEAL"
    else:
        with pytest.raises(SimulatorError, match="is still open"):
            guarantor.platform.post("claims", order_no=claim["order_no"])


@pytest.mark.parametrize(
    ("changes", "status", "data"),
    [
        ({"claim_no": ABSENT}, 3200, "参数缺失：claim_no"),
        ({"guarantee_no": ABSENT}, 3201, "参数缺失：guarantee_no"),
        ({"principal": ABSENT}, 3204, "参数缺失：principal"),
        ({"creditor": ABSENT}, 3205, "参数缺失：creditor"),
        ({"guarantor": ABSENT}, 3206, "参数缺失：guarantor"),
        ({"do_type": ABSENT}, 3207, "参数缺失：claim_state"),
        ({"status": ABSENT}, 3207, "参数缺失：claim_state"),
        ({"do_type": "4"}, 3209, "参数错误：claim_state"),
        ({"status": "6"}, 3209, "参数错误：claim_state"),
        ({"do_type": "1", "status": "3"}, 3209, "参数错误：claim_state"),
        ({"note": ABSENT}, 404, "失败：note"),
        ({"claim_no": "404"}, 404, "失败：claim_no"),
        ({"guarantee_no": "DB-9"}, 404, "失败：guarantee_no"),
        ({"principal": "别家公司"}, 404, "失败：principal"),
        ({"creditor": "别家公司"}, 404, "失败：creditor"),
        ({"guarantor": "别家公司"}, 404, "失败：guarantor"),
    ],
)
def test_a_result_that_is_wrong_has_its_code(
    guarantor: Guarantor, platform: Platform, issued: Any, changes: Any, status: int, data: str
) -> None:
    claim = platform.post("claims", order_no=issued["order_no"])
    right = {**guarantor.about_claim(claim), "do_type": 1, "status": 1, "note": "说明"}
    assert guarantor.call(UPDATE_CLAIM, **{**right, **changes}) == {"status": status, "data": data}
    if set(changes) <= set(guarantor.about_claim(claim)):
        about = {**guarantor.about_claim(claim), **changes}
        assert guarantor.call(GET_CLAIM, **about) == {"status": status, "data": data}
    assert guarantor.claim(claim["claim_no"])["status"] == "APPLY_WAIT_DEAL"


def test_a_claim_is_read_in_the_order_of_the_table(
    guarantor: Guarantor, platform: Platform, issued: Any
) -> None:
    claim = platform.post("claims", order_no=issued["order_no"], claim_amount="1000.5")
    answer = guarantor.call(GET_CLAIM, **guarantor.about_claim(claim))
    assert answer["status"] == 200
    assert list(answer["data"].items()) == [
        ("claim_no", claim["claim_no"]),
        ("status", "APPLY_WAIT_DEAL"),
        ("guarantee_no", "DB-1"),
        ("block_name", issued["block_name"]),
        ("block_number", issued["block_number"]),
        ("principal", issued["principal"]),
        ("creditor", issued["creditor"]),
        ("guarantor", issued["accept_insurer"]),
        ("claim_amount", "1000.50"),
        ("claim_reason", "中标后无正当理由不与招标人订立合同"),
        ("contact_person", "陈测试"),
        ("contact_phone", "13800000000"),
        ("contact_mail", "claim@example.com"),
    ]


def notice(platform: Platform, institution: Institution, endpoint: Endpoint) -> dict[str, str]:
    platform.run()
    post = endpoint.posts[-1]
    assert post.path == "/claim"
    assert post.headers["Content-Type"].startswith("multipart/form-data")
    return open_push(institution, "3.1", post.fields["param"])


def test_a_claim_carries_the_guarantee_and_its_letter(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Any
) -> None:
    claim = platform.post("claims", order_no=issued["order_no"])

    said = notice(platform, institution, endpoint)

    assert endpoint.posts[-1].files == {"guarantee_pdf": POLICY, "attach_file0": LETTER}
    assert (said["request_method"], said["status"]) == ("apply_claim", "APPLY_WAIT_DEAL")
    assert said["claim_no"] == claim["claim_no"]
    assert said["guarantor"] == said["out_guarantee"] == issued["accept_insurer"]
    assert "claim_statement" not in said
    assert "claim_file" not in said


def test_a_revocation_is_the_same_claim_with_another_status(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Any
) -> None:
    claim = platform.post("claims", order_no=issued["order_no"])
    before = notice(platform, institution, endpoint)
    platform.post("claims", claim["claim_no"], "revoke")
    after = notice(platform, institution, endpoint)

    changing = ("sign", "timestamp", "status")
    assert after["status"] == "CLAIM_CANCEL"
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    first, second = (post.files for post in endpoint.posts if post.path == "/claim")
    assert first == second == {"guarantee_pdf": POLICY, "attach_file0": LETTER}


def test_a_close_is_not_pushed(guarantor: Guarantor, platform: Platform) -> None:
    claimed(guarantor, "standard", ["1/1", "2/1", "close"])
    assert len(platform.pushes(interface="claim")) == 1


def attach(*names: str, content: bytes = b"x") -> list[dict[str, str]]:
    return [{"name": name, "content": base64.b64encode(content).decode()} for name in names]


def test_every_listed_type_of_file_is_sent_in_its_order(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Any
) -> None:
    types = [*("doc", "docx", "ppt", "pdf", "xls", "zip", "rar", "tar", "gzip")]
    types += [*("jpg", "png", "gif", "bmp")]
    files = attach(*(f"附件.{type_}" for type_ in types), content=b"\x00\xff")
    platform.post("claims", order_no=issued["order_no"], files=files)

    notice(platform, institution, endpoint)

    sent = endpoint.posts[-1].files
    assert list(sent) == ["guarantee_pdf", *(f"attach_file{n}" for n in range(len(types)))]
    assert {content for name, content in sent.items() if name != "guarantee_pdf"} == {b"\x00\xff"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (attach("letter.exe"), "'letter.exe' with 1 bytes"),
        (attach("pdf"), "'pdf' with 1 bytes"),
        (attach("letter.pdf", content=b""), "with 0 bytes"),
        (attach("letter.pdf", content=bytes(10 * 1024 * 1024 + 1)), "with 10485761 bytes"),
        (attach(*["a.pdf"] * 17), "has 1 to 16 files"),
    ],
)
def test_a_file_that_does_not_go_with_a_claim_is_refused(
    platform: Platform, issued: Any, files: list[dict[str, str]], said: str
) -> None:
    with pytest.raises(SimulatorError, match=said):
        platform.post("claims", order_no=issued["order_no"], files=files)
    assert platform.get("claims") == []


def test_ten_megabytes_are_taken(platform: Platform, issued: Any) -> None:
    files = attach("letter.pdf", content=bytes(10 * 1024 * 1024))
    assert platform.post("claims", order_no=issued["order_no"], files=files)["file_ids"]


def test_a_claim_without_any_file_is_refused(platform: Platform, issued: Any) -> None:
    with pytest.raises(SimulatorError, match="has 1 to 16 files"):
        platform.post("claims", order_no=issued["order_no"], with_file=False)


def test_a_member_that_only_insurers_have_is_refused(platform: Platform, issued: Any) -> None:
    with pytest.raises(SimulatorError, match="no field 'claim_statement'"):
        platform.post("claims", order_no=issued["order_no"], fields={"claim_statement": "x"})
