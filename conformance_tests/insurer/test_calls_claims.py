"""The calls about claims (3.2, 3.3), and what 4.1 asks for."""

import pytest

from conformance_tests.suite.checks import check
from conformance_tests.suite.deeds import Deeds
from conformance_tests.suite.outcomes import Level

_DECISIONS = {
    "accept_claim": "ACCEPT",
    "agree_claim": "AGREE_INDEMNITY",
    "refuse_claim": "REFUSE_INDEMNITY",
    "finish_claim": "FINISH_INDEMNITY",
}
_AS_NOTIFIED = (
    "Send guarantee_no, principal, creditor and guarantor as the claim's notice and 2.3 had them.",
    "guarantee_no、principal、creditor、guarantor 应与理赔通知及 2.3 中的内容一致。",
)


@check(
    "insurer/3.2/request",
    "do-type-{action}",
    zh="理赔操作类型正确",
    fix=(
        "do_type is ACCEPT, REFUSE_INDEMNITY, AGREE_INDEMNITY or FINISH_INDEMNITY, in capitals.",
        "do_type 取值：ACCEPT、REFUSE_INDEMNITY、AGREE_INDEMNITY、FINISH_INDEMNITY（大写）。",
    ),
)
@pytest.mark.parametrize("action", _DECISIONS)
def test_a_claim_is_decided_by_its_do_type(deeds: Deeds, action: str) -> None:
    sent = deeds.of(action).params.get("do_type")

    assert sent == _DECISIONS[action], f"`{action}` came as do_type {sent!r}"


@check(
    "insurer/3.2/request",
    "refuse-reason",
    zh="拒绝赔付带有理由",
    fix=(
        "Send refuse_reason with REFUSE_INDEMNITY.",
        "do_type 为 REFUSE_INDEMNITY 时必须填写 refuse_reason。",
    ),
)
def test_a_refused_claim_has_its_reason(deeds: Deeds) -> None:
    params = deeds.of("refuse_claim").params

    assert params.get("refuse_reason"), "REFUSE_INDEMNITY came without refuse_reason"


@check("insurer/3.2/request", "guarantee-no", zh="理赔操作的保函编号与通知一致", fix=_AS_NOTIFIED)
def test_a_decision_names_the_claims_guarantee(deeds: Deeds) -> None:
    deed = deeds.of("accept_claim")

    sent, known = deed.params.get("guarantee_no"), deed.matter["guarantee_no"]
    assert sent == known, f"guarantee_no is {sent!r}, the claim is about {known}"


@check(
    "insurer/3.2/request",
    "number-after-reissue",
    zh="保函更新后以新编号处理理赔",
    level=Level.SHOULD,
    decision="P47",
    fix=(
        "After a re-issue (2.11) name the guarantee by its new number, in claims that were open "
        "before, too.",
        "保函更新（2.11）后应使用新编号，包括更新前已提出的理赔。",
    ),
)
def test_an_open_claim_follows_the_guarantee_to_its_new_number(deeds: Deeds) -> None:
    deed = deeds.of("accept_claim_reissued")

    sent, present = deed.params.get("guarantee_no"), deed.matter["guarantee_no"]
    assert sent == present, f"the guarantee is {present} now, the claim was decided under {sent}"


@check("insurer/3.3/request", "names", zh="3.3 的名称与理赔一致", fix=_AS_NOTIFIED)
def test_a_claim_is_read_by_its_own_names(deeds: Deeds) -> None:
    deed = deeds.of("refresh_claim")

    differing = [
        f"{name} is {deed.params.get(name)!r} instead of {deed.matter[name]!r}"
        for name in ("guarantee_no", "principal", "creditor")
        if deed.params.get(name) != deed.matter[name]
    ]

    assert not differing, "; ".join(differing)


@check(
    "insurer/4.1/request",
    "file-id",
    zh="按 2.3 的 file_id 换取文件地址",
    fix=(
        "Keep the file_id of 2.3 beside each file and send it to 4.1, not the URL.",
        "保存 2.3 返回的 file_id，调用 4.1 时发送 file_id 而不是 URL。",
    ),
)
def test_a_file_is_asked_for_by_its_id(deeds: Deeds) -> None:
    deed = deeds.of("renew_file_url")

    sent, known = deed.params.get("file_id"), deed.matter["file_id"]
    assert sent == known, f"file_id is {sent!r}, the file is {known}"
