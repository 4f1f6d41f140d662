"""The calls about claims (3.2)."""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.insurer.target_actions import Actions

_DECISIONS = {
    "accept_claim": "ACCEPT",
    "agree_claim": "AGREE_INDEMNITY",
    "refuse_claim": "REFUSE_INDEMNITY",
    "finish_claim": "FINISH_INDEMNITY",
}


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
def test_a_claim_is_decided_by_its_do_type(deeds: Actions, action: str) -> None:
    sent = deeds.of(action).params.get("do_type")

    expect(
        sent == _DECISIONS[action],
        f"`{action}` came as do_type {sent!r}",
        f"操作 `{action}` 发送的 do_type 为 {sent!r}",
    )


@check(
    "insurer/3.2/request",
    "refuse-reason",
    zh="拒绝赔付带有理由",
    fix=(
        "Send refuse_reason with REFUSE_INDEMNITY.",
        "do_type 为 REFUSE_INDEMNITY 时必须填写 refuse_reason。",
    ),
)
def test_a_refused_claim_has_its_reason(deeds: Actions) -> None:
    params = deeds.of("refuse_claim").params

    expect(
        params.get("refuse_reason"),
        "REFUSE_INDEMNITY came without refuse_reason",
        "REFUSE_INDEMNITY 没有填写 refuse_reason",
    )


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
def test_an_open_claim_follows_the_guarantee_to_its_new_number(deeds: Actions) -> None:
    deed = deeds.of("accept_claim_reissued")

    sent, present = deed.params.get("guarantee_no"), deed.matter["guarantee_no"]
    expect(
        sent == present,
        f"the guarantee is {present} now, the claim was decided under {sent}",
        f"保函编号已更新为 {present}，理赔操作仍使用 {sent}",
    )
