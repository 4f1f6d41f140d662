"""The calls about claims (3.2): the results by do_type and status, and the claim's own names."""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import expect
from conformance_tests.suite.scenes.guarantor.scene import Scene
from conformance_tests.suite.scenes.guarantor.target_actions import Actions

#: What 3.2 says of each result: `do_type` and `status` (P32).
_RESULTS = {
    "accept_claim": ("1", "1"),
    "return_claim": ("1", "2"),
    "mediate_claim": ("2", "1"),
    "compensate_claim": ("2", "2"),
    "compensate_claim_as_company": ("2", "3"),
    "settle_claim_by_principal": ("2", "4"),
    "reject_claim": ("2", "5"),
    "recover_by_counter_guarantee": ("3", "1"),
    "recover_by_court": ("3", "2"),
    "recover_from_principal": ("3", "3"),
    "recover_as_company": ("3", "4"),
}


@check(
    "guarantor/3.2/request",
    "result-{action}",
    zh="理赔结果的 do_type 与 status 正确",
    fix=(
        "do_type is 1 (受理), 2 (理赔) or 3 (追偿), and status is counted anew in each: 1 通过, "
        "2 退回; 1 调解解决, 2 保证人代偿, 3 担保公司代偿, 4 被保证人清偿, 5 驳回申请; "
        "1 反担保代偿, 2 司法处置, 3 被保证人清偿, 4 担保公司代偿.",
        "do_type：1 受理、2 理赔、3 追偿；status 在每个 do_type 下单独编号："
        "受理 1 通过、2 退回；理赔 1 调解解决、2 保证人代偿、3 担保公司代偿、4 被保证人清偿、"
        "5 驳回申请；追偿 1 反担保代偿、2 司法处置、3 被保证人清偿、4 担保公司代偿。",
    ),
)
@pytest.mark.parametrize("action", _RESULTS)
def test_a_result_is_sent_by_its_do_type_and_status(deeds: Actions, action: str) -> None:
    params = deeds.of(action).params

    sent = (params.get("do_type"), params.get("status"))
    expect(
        sent == _RESULTS[action],
        f"`{action}` came as do_type {sent[0]!r} with status {sent[1]!r}",
        f"操作 `{action}` 发送的 do_type 为 {sent[0]!r}，status 为 {sent[1]!r}",
    )


@check(
    "guarantor/3.2/request",
    "names",
    zh="3.2 的名称与理赔一致",
    fix=(
        "Send principal, creditor and guarantor as 3.1 had them.",
        "principal、creditor、guarantor 应与 3.1 中的内容一致。",
    ),
)
def test_a_result_names_the_claim_as_its_notice_does(scene: Scene, deeds: Actions) -> None:
    deed = deeds.of("accept_claim")

    company = str(scene.platform.letter["company"])
    differing = [
        (name, deed.params.get(name), deed.matter[name])
        for name in ("principal", "creditor", "guarantor")
        if deed.params.get(name) not in (deed.matter[name], company if name == "guarantor" else "")
    ]

    expect(
        not differing,
        "; ".join(f"{name} is {sent!r} instead of {known!r}" for name, sent, known in differing),
        "；".join(f"{name} 为 {sent!r}，应为 {known!r}" for name, sent, known in differing),
    )
