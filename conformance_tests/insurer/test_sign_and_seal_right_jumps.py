"""Right jumps to the order's page (2.1): judged by effect alone, they lead to its order (P51)."""

from conformance_tests.suite.messages.notices import Notice
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.scene import Matter
from conformance_tests.suite.scenes.insurer.scene import RETURN_URL, Scene

_BLOCKS = (
    "Cut the ciphertext into blocks of the key's size (256 bytes for 2048 bits), decrypt each, "
    "join the bytes, and only then decode them as UTF-8.",
    "按密钥长度（2048 位为 256 字节）切分密文，逐段解密并拼接字节，最后再按 UTF-8 解码。",
)
_SORT = (
    "Build the base string from the parameters as decrypted: sort them by name, leave only `sign` "
    "out, take no fixed list and no order of arrival.",
    "用解密得到的全部参数拼签名串：按参数名升序排列，只去掉 sign，不要用固定列表或接收顺序。",
)
_AS_IT_IS = (
    "Verify the sign over the values exactly as decrypted: no second URL-decoding, no trimming, "
    "no escaping of HTML or quotes before it (a global filter may do it).",
    "必须用解密得到的原值验签：之前不要再次 URL 解码、去空格、转义 HTML 或引号（检查全局过滤器）。",
)


def _expect_read(scene: Scene, jump: Matter, notice: Notice) -> None:
    answer = scene.platform.send(notice)
    expect(
        scene.read_after(jump),
        f"the order was not read by 2.3 after the jump: {answer}",
        f"跳转后没有用 2.3 读取订单：{answer.zh}",
    )


@check(
    "insurer/2.1/encryption",
    "valid",
    zh="正确的跳转之后会读取订单",
    fix=(
        "Decrypt, verify, and read the order by 2.3 when the principal's browser comes.",
        "投保人跳转到达后，解密、验签，并调用 2.3 获取订单。",
    ),
    decision="P51",
)
def test_a_right_jump_leads_to_its_order(scene: Scene) -> None:
    jump = scene.matter("order_page")

    _expect_read(scene, jump, jump.notice)


@check(
    "insurer/2.1/encryption",
    "many-blocks",
    zh="由多个 RSA 分段组成的跳转之后会读取订单",
    fix=_BLOCKS,
    decision="P51",
)
def test_a_jump_of_many_blocks_leads_to_its_order(scene: Scene) -> None:
    jump = scene.matter("order_page", f"{RETURN_URL}?from={'a' * 400}")

    _expect_read(scene, jump, jump.notice)


@check(
    "insurer/2.1/encryption",
    "unknown-parameter",
    zh="带有未知参数的跳转之后会读取订单",
    fix=_SORT,
    level=Level.SHOULD,
    decision="P11",
)
def test_a_jump_may_carry_an_unknown_parameter(scene: Scene) -> None:
    jump = scene.matter("order_page")

    _expect_read(scene, jump, jump.notice.saying(trace_no="T20260101"))


@check(
    "insurer/5.1/rule",
    "form-characters/order_page",
    zh="回跳地址中的 + & = % 等字符原样参加验签",
    fix=_AS_IT_IS,
    decision="P51",
)
def test_a_return_address_with_a_query_is_taken_as_it_is(scene: Scene) -> None:
    jump = scene.matter("order_page", f"{RETURN_URL}?a=1&b=%2B+%25&c=%E6%B5%8B#d")

    _expect_read(scene, jump, jump.notice)
