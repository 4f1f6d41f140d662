"""Forged jumps to the order's page (2.1): judged by effect alone, they lead to no order (P51)."""

from conformance_tests.suite.messages.notices import torn
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.insurer.scene import RETURN_URL, Scene
from simulator.protocol.key_pool import strangers_key

_VERIFY = (
    "Decrypt and verify a jump as any other push before its order is read by 2.3: the form comes "
    "from a browser, anybody can post it.",
    "跳转与其他推送一样，先解密、验签，再调用 2.3：表单由浏览器提交，任何人都能伪造。",
)
_ANSWER = (
    "Catch what a jump that does not open raises, and show the principal a page that says so.",
    "捕获跳转解密失败的异常，并向投保人显示说明页面。",
)
_NEEDS = ["insurer/2.1/encryption/valid"]


@check(
    "insurer/2.1/encryption",
    "changed-value",
    zh="签名后被篡改的跳转不会读取订单",
    fix=_VERIFY,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_changed_after_signing_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")
    forged = jump.notice.tampered(return_url="https://example.com/phishing")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(forged)

    expect(
        not scene.was_read(jump),
        f"a changed jump led to its order: {answer}",
        f"被篡改的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "sign-missing",
    zh="没有签名的跳转不会读取订单",
    fix=_VERIFY,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_without_a_sign_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.tampered(sign=None))

    expect(
        not scene.was_read(jump),
        f"a jump without a sign led to its order: {answer}",
        f"没有签名的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "sign-empty",
    zh="签名为空的跳转不会读取订单",
    fix=_VERIFY,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_with_an_empty_sign_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.tampered(sign=""))

    expect(
        not scene.was_read(jump),
        f"a jump with an empty sign led to its order: {answer}",
        f"签名为空的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "sign-true",
    zh="签名为 JSON 布尔值 true 的跳转不会读取订单",
    fix=_VERIFY,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_with_true_for_a_sign_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.tampered(sign=True))

    expect(
        not scene.was_read(jump),
        f"a jump with true for a sign led to its order: {answer}",
        f"签名为 true 的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "other-secret",
    zh="用其他 api_secret 签名的跳转不会读取订单",
    fix=_VERIFY,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_signed_with_another_secret_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.signed_with("0123456789abcdef0123456789abcdef"))

    expect(
        not scene.was_read(jump),
        f"another secret's jump led to its order: {answer}",
        f"用其他 api_secret 签名的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "truncated",
    zh="param 被截断的跳转不会读取订单",
    fix=_VERIFY,
    decision="P51",
    needs=_NEEDS,
)
def test_a_truncated_jump_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page", f"{RETURN_URL}?from={'a' * 400}")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.on_the_wire(torn))

    expect(
        not scene.was_read(jump),
        f"a truncated jump led to its order: {answer}",
        f"被截断的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "unsealed",
    zh="未加密的跳转不会读取订单",
    fix=_VERIFY,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_that_is_not_sealed_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.left_unsealed())

    expect(
        not scene.was_read(jump),
        f"a jump in plain text led to its order: {answer}",
        f"未加密的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/method",
    "get",
    zh="以 GET 方式发来的跳转不会读取订单",
    fix=(
        "Take POST only, as documented: what stands in an address ends in every log.",
        "按手册只接受 POST：地址中的参数会留在各级日志里。",
    ),
    level=Level.SHOULD,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_by_get_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.asked_by_get())

    expect(
        not scene.was_read(jump),
        f"a jump by GET led to its order: {answer}",
        f"GET 方式的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/5.1/rule",
    "lower-case/order_page",
    zh="小写签名的跳转不会读取订单",
    fix=(
        "The rule ends in upper case; comparing without regard to case lets no stranger in, but "
        "is looser than the rule.",
        "规则要求转成大写；忽略大小写的比较并不会放行伪造者，但比规则宽松。",
    ),
    level=Level.INFORM,
    decision="P43",
)
def test_a_jump_signed_in_lower_case_leads_nowhere(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.signed_in_lower_case())

    expect(
        not scene.was_read(jump),
        f"a lower-case sign led to the order: {answer}",
        f"小写签名的跳转读取了订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "other-key",
    zh="用他人公钥加密的跳转得到说明页面",
    fix=_ANSWER,
    level=Level.SHOULD,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_sealed_for_somebody_else_gets_a_page(scene: Scene) -> None:
    jump = scene.matter("order_page")
    key = strangers_key(jump.notice.key.size_in_bits()).public_key()

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.sealed_with(key))

    expect(
        not answer.fault,
        f"a jump that does not open broke the page: {answer}",
        f"无法解密的跳转使页面出错：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "garbage",
    zh="param 为无意义数据的跳转得到说明页面",
    fix=_ANSWER,
    level=Level.SHOULD,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_of_garbage_gets_a_page(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.on_the_wire(lambda _: "%%% 这不是 Base64"))

    expect(
        not answer.fault,
        f"garbage broke the page: {answer}",
        f"无意义数据使页面出错：{answer.zh}",
    )


@check(
    "insurer/2.1/form",
    "no-param",
    zh="没有 param 的跳转得到说明页面",
    fix=_ANSWER,
    level=Level.SHOULD,
    decision="P51",
    needs=_NEEDS,
)
def test_a_jump_without_param_gets_a_page(scene: Scene) -> None:
    jump = scene.matter("order_page")

    with scene.valid_twin("order_page"):
        answer = scene.platform.send(jump.notice.on_the_wire(lambda _: None))

    expect(
        not answer.fault,
        f"a form without param broke the page: {answer}",
        f"没有 param 的请求使页面出错：{answer.zh}",
    )
