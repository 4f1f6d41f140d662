"""Repeated notices of insurers: what the checks for both kinds do not say (2.8, 3.1)."""

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.insurer.false_notices import names_of_guarantee
from conformance_tests.suite.scenes.insurer.scene import Scene

_ONCE = (
    "Look the notice up by its own number first; if it was handled, only answer 200.",
    "先按业务编号检查是否已处理；已处理的直接返回成功，不再重复处理。",
)
_KEEP_FIRST = (
    "When a known number comes with other content, keep what was there: refuse the notice, or "
    "acknowledge it without effect, and look into it.",
    "编号已存在但内容不同时应保留原有数据：拒绝该通知，或确认但不生效，并人工核查。",
)


@check("insurer/2.8/2", "repeated", zh="重复的开票申请只开一张发票", fix=_ONCE)
def test_a_repeated_invoice_application_has_no_second_effect(scene: Scene) -> None:
    order_no = scene.shared_issued()
    invoice_id, push = scene.platform.apply_for_invoice(order_no)

    first = scene.platform.deliver(push)
    again = scene.platform.repeat(push)
    scene.target.act("issue_invoice", invoice_id=invoice_id)
    scene.platform.settle()

    expect(
        first.acknowledged,
        f"the notice was not acknowledged: {first}",
        f"通知未被确认：{first.zh}",
    )
    expect(
        again.acknowledged,
        f"the repeated notice was not acknowledged: {again}",
        f"重复的通知未被确认：{again.zh}",
    )
    number = len(scene.platform.calls("insurer_push_invoice", invoice_id))
    expect(
        number == 1,
        f"{number} calls of 2.9 instead of one for one invoice",
        f"同一张发票调用了 {number} 次 2.9，应为 1 次",
    )


# The same number with other content: no repeat, but no reason to overwrite either (P41).


@check(
    "insurer/2.8/2",
    "other-content",
    level=Level.SHOULD,
    decision="P41",
    zh="相同 invoice_id、不同内容的开票申请不覆盖原申请",
    fix=_KEEP_FIRST,
)
def test_an_invoice_id_with_other_content_overwrites_nothing(scene: Scene) -> None:
    invoice_id, push = scene.platform.apply_for_invoice(scene.shared_issued())
    scene.platform.deliver(push)

    answer = scene.platform.send(scene.platform.notice_of(push).saying(is_electron="2"))

    # Overwritten, the invoice would be a paper one, and would be reported without its PDF.
    expect(
        scene.target.succeeds("issue_invoice", invoice_id=invoice_id),
        f"the electronic invoice could no longer be issued after {answer}",
        f"收到内容不同的申请后，电子发票无法再开具：{answer.zh}",
    )


@check(
    "insurer/3.1/2",
    "other-content",
    level=Level.SHOULD,
    decision="P41",
    zh="相同 claim_no、不同保函的理赔申请不覆盖原申请",
    fix=_KEEP_FIRST,
)
def test_a_claim_no_with_another_guarantee_overwrites_nothing(scene: Scene) -> None:
    claim = scene.matter("claim")
    scene.platform.send(claim.notice)
    other = names_of_guarantee(scene.platform, scene.reissuable())

    answer = scene.platform.send(claim.notice.saying(**other))

    # Overwritten, the claim would be accepted under a guarantee that it is not about.
    expect(
        scene.target.succeeds("accept_claim", claim_no=claim.about),
        f"the claim could no longer be accepted after {answer}",
        f"收到内容不同的申请后，理赔无法再受理：{answer.zh}",
    )
