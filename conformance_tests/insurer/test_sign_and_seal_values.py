"""Values that forms, filters and databases break: taken as they were signed (5.1)."""

from conformance_tests.suite.checks import check
from conformance_tests.suite.insurer import NOTICES, RETURN_URL, Scene
from conformance_tests.suite.outcomes import Level

#: Those with a text that its writer typed in freely.
_TYPED = ("invoice_application", "claim")

_AS_IT_IS = (
    "Verify the sign over the values exactly as decrypted: no second URL-decoding, no trimming, "
    "no escaping of HTML or quotes before it (a global filter may do it).",
    "必须用解密得到的原值验签：之前不要再次 URL 解码、去空格、转义 HTML 或引号（检查全局过滤器）。",
)
_EMPTY = (
    "Only `sign` stays out of the base string: empty values and `0` are signed with their names.",
    "只有 sign 不参加签名：空值和 0 也要连同参数名参加签名。",
)


@check(
    "insurer/5.1/rule",
    "form-characters/{interface}",
    each=NOTICES,
    zh="值中的 + & = % 空格等字符原样参加验签",
    fix=_AS_IT_IS,
)
def test_plus_ampersand_equals_percent_and_space_are_taken_as_they_are(
    scene: Scene, interface: str
) -> None:
    matter = scene.matter(interface, "A+B & C=D 50%25 (100%) ?x=%2B;#1")

    answer = scene.platform.send(matter.notice)

    assert answer.taken, f"characters of forms broke the notice: {answer}"


@check(
    "insurer/5.1/rule",
    "form-characters/order_page",
    zh="回跳地址中的 + & = % 等字符原样参加验签",
    fix=_AS_IT_IS,
    decision="P51",
)
def test_a_return_address_with_a_query_is_taken_as_it_is(scene: Scene) -> None:
    jump = scene.matter("order_page", f"{RETURN_URL}?a=1&b=%2B+%25&c=%E6%B5%8B#d")

    answer = scene.platform.send(jump.notice)

    assert scene.read_after(jump), f"the order was not read by 2.3 after the jump: {answer}"


@check(
    "insurer/5.1/rule",
    "quotes-and-markup/{interface}",
    each=NOTICES,
    zh="值中的引号、反斜杠与尖括号原样参加验签",
    fix=_AS_IT_IS,
)
def test_quotes_backslashes_and_markup_are_taken_as_they_are(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "“甲” \"乙\" '丙' <b>&amp;</b> \\ / \\n \\u6d4b")

    answer = scene.platform.send(matter.notice)

    assert answer.taken, f"quotes and markup broke the notice: {answer}"


@check(
    "insurer/5.1/rule",
    "outer-spaces/{interface}",
    each=_TYPED,
    zh="值首尾的空格参加验签",
    fix=_AS_IT_IS,
)
def test_spaces_at_both_ends_of_a_value_are_signed(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "  首尾有空格 ")

    answer = scene.platform.send(matter.notice)

    assert answer.taken, f"spaces at the ends of a value broke the notice: {answer}"


@check(
    "insurer/5.1/rule",
    "several-lines/{interface}",
    each=_TYPED,
    zh="多行文本原样参加验签",
    fix=_AS_IT_IS,
)
def test_a_text_of_several_lines_is_taken_as_it_is(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "第一行\n第二行\r\n\t第三行")

    answer = scene.platform.send(matter.notice)

    assert answer.taken, f"line breaks in a value broke the notice: {answer}"


@check(
    "insurer/5.1/rule",
    "empty-value/{interface}",
    each=_TYPED,
    zh="空值连同参数名参加签名",
    fix=_EMPTY,
)
def test_an_empty_value_is_signed_with_its_name(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "")

    answer = scene.platform.send(matter.notice)

    assert answer.taken, f"an empty value broke the sign: {answer}"


@check(
    "insurer/5.1/rule",
    "empty-value/order_status",
    zh="标段编号为空的通知得到成功应答",
    fix=_EMPTY,
    level=Level.SHOULD,
    decision="P38",
)
def test_an_empty_block_number_is_signed_with_its_name(scene: Scene) -> None:
    order_no = scene.platform.known_order(block_number="")
    notice = scene.platform.notice_of(scene.platform.cancel(order_no))

    answer = scene.platform.send(notice)

    assert answer.taken, f"an empty block number broke the notice: {answer}"


@check(
    "insurer/5.1/rule",
    "zero/{interface}",
    each=_TYPED,
    zh="值为 0 的参数参加签名",
    fix=_EMPTY,
)
def test_the_value_0_is_signed_like_any_other(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "0")

    answer = scene.platform.send(matter.notice)

    assert answer.taken, f"the value 0 broke the sign: {answer}"


@check(
    "insurer/5.1/utf-8",
    "rare-characters/{interface}",
    each=_TYPED,
    zh="生僻字（四字节 UTF-8）不影响通知处理",
    fix=(
        "Use UTF-8 with four bytes everywhere (MySQL: utf8mb4): rare characters of names need it.",
        "全链路使用四字节 UTF-8（MySQL 为 utf8mb4）：姓名中的生僻字需要它。",
    ),
    level=Level.SHOULD,
)
def test_rare_characters_are_taken(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "联系人𠮷𡈽，𩸽")

    answer = scene.platform.send(matter.notice)

    assert answer.taken, f"a rare character broke the notice: {answer}"
