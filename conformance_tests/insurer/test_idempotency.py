"""Repeated notices: handled once, answered every time (2.x, 注意事项 2 and 3)."""

from conformance_tests.suite.checks import check
from conformance_tests.suite.insurer import Scene

_ONCE = (
    "Look the notice up by its own number first; if it was handled, only answer 200.",
    "先按业务编号检查是否已处理；已处理的直接返回成功，不再重复处理。",
)


@check("insurer/2.8/2", "repeated", zh="重复的开票申请只开一张发票", fix=_ONCE, quick=True)
def test_a_repeated_invoice_application_has_no_second_effect(scene: Scene) -> None:
    order_no = scene.shared_issued()
    invoice_id, push = scene.platform.apply_for_invoice(order_no)

    first = scene.platform.deliver(push)
    again = scene.platform.repeat(push)
    scene.target.act("issue_invoice", invoice_id=invoice_id)
    scene.platform.settle()

    assert first.acknowledged, f"the notice was not acknowledged: {first}"
    assert again.acknowledged, f"the repeated notice was not acknowledged: {again}"
    assert len(scene.platform.calls("insurer_push_invoice", invoice_id)) == 1
