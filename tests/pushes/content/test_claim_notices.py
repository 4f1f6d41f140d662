"""What 3.1 says, when a claim is applied for and when it is revoked (P48)."""

import requests
from pushes.conftest import Issued
from pushes.contents import open_push
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator import paths


def receive_push(
    platform: Platform, institution: Institution, endpoint: Endpoint, section: str
) -> dict[str, str]:
    """Walk until all is delivered, and return the last push, checked."""
    platform.run()
    post = endpoint.posts[-1]
    assert post.path == f"/{platform.pushes()[-1]['name']}"
    assert list(post.fields) == ["param"]
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"
    return open_push(institution, section, post.fields["param"])


def test_a_claim_says_what_is_claimed_and_carries_its_letter(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    claim = platform.post(
        "claims",
        order_no=issued.order_no,
        claim_amount="1000.5",
        fields={"claim_reason": "不签合同", "claim_statement": "附索赔函"},
    )

    said = receive_push(platform, institution, endpoint, "3.1")

    file_url = said.pop("claim_file")
    assert said.pop("sign")
    assert said.pop("timestamp")
    assert said == {
        "request_method": "apply_claim",
        "claim_no": claim["claim_no"],
        "claim_status": "WAIT_ACCEPT",
        "guarantee_no": issued.guarantee_no,
        "block_name": issued.order["block_name"],
        "block_number": issued.order["block_number"],
        "principal": issued.order["principal"],
        "creditor": issued.order["creditor"],
        "claim_amount": "1000.50",
        "claim_reason": "不签合同",
        "contact_person": "陈测试",
        "contact_phone": "13800000000",
        "contact_mail": "claim@example.com",
        "claim_statement": "附索赔函",
    }
    assert file_url.startswith(f"{institution.url}?param=")
    letter = requests.get(file_url, timeout=10)
    assert letter.headers["Content-Type"] == "application/pdf"
    assert letter.content == (paths.fixtures() / "files" / "claim-letter.pdf").read_bytes()


def test_a_claim_without_a_letter_has_an_empty_url(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    platform.post("claims", order_no=issued.order_no, with_file=False)

    said = receive_push(platform, institution, endpoint, "3.1")

    assert said["claim_file"] == ""
    assert said["claim_statement"] == ""
    assert said["claim_amount"] == issued.order["guarantee_amount"]


def test_a_revoked_claim_is_announced_as_the_same_claim(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    claim = platform.post("claims", order_no=issued.order_no)
    before = receive_push(platform, institution, endpoint, "3.1")
    platform.post("claims", claim["claim_no"], "revoke")

    after = receive_push(platform, institution, endpoint, "3.1")

    changing = ("sign", "timestamp", "claim_file", "claim_status")
    assert (before["claim_status"], after["claim_status"]) == ("WAIT_ACCEPT", "REVOKED")
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    assert requests.get(after["claim_file"], timeout=10).content.startswith(b"%PDF-")


def test_a_switch_keeps_revocations_unannounced(
    platform: Platform, endpoint: Endpoint, issued: Issued
) -> None:
    platform.switch(push_claim_revocation=False)
    claim = platform.post("claims", order_no=issued.order_no)

    revoked = platform.post("claims", claim["claim_no"], "revoke")

    assert revoked["status"] == "REVOKED"
    platform.run()
    assert len(endpoint.posts) == 1
