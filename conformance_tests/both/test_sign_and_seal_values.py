"""Values that forms, filters and databases break: taken as they were signed (5.1)."""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import NOTICES, ORDER_STATUS, TYPED
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.scene import Scene
from simulator.protocol.plaintext import Number

_AS_IT_IS = (
    "Verify the sign over the values exactly as decrypted: no second URL-decoding, no trimming, "
    "no escaping of HTML or quotes before it (a global filter may do it).",
    "必须用解密得到的原值验签：之前不要再次 URL 解码、去空格、转义 HTML 或引号（检查全局过滤器）。",
)
#: JSON numbers of which a double keeps the value, at best, but not the text.
_NUMBERS = {"decimals": "1000.00", "exponent": "1E3", "long": "123456789012345678"}
_EMPTY = (
    "Only `sign` stays out of the base string: empty values and `0` are signed with their names.",
    "只有 sign 不参加签名：空值和 0 也要连同参数名参加签名。",
)


@check(
    "{kind}/5.1/rule",
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

    expect(
        answer.taken,
        f"characters of forms broke the notice: {answer}",
        f"值中含有表单字符时通知处理失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "quotes-and-markup/{interface}",
    each=NOTICES,
    zh="值中的引号、反斜杠与尖括号原样参加验签",
    fix=_AS_IT_IS,
)
def test_quotes_backslashes_and_markup_are_taken_as_they_are(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "“甲” \"乙\" '丙' <b>&amp;</b> \\ / \\n \\u6d4b")

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"quotes and markup broke the notice: {answer}",
        f"值中含有引号或尖括号时通知处理失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "outer-spaces/{interface}",
    each=TYPED,
    zh="值首尾的空格参加验签",
    fix=_AS_IT_IS,
)
def test_spaces_at_both_ends_of_a_value_are_signed(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "  首尾有空格 ")

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"spaces at the ends of a value broke the notice: {answer}",
        f"值首尾有空格时通知处理失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "several-lines/{interface}",
    each=TYPED,
    zh="多行文本原样参加验签",
    fix=_AS_IT_IS,
)
def test_a_text_of_several_lines_is_taken_as_it_is(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "第一行\n第二行\r\n\t第三行")

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"line breaks in a value broke the notice: {answer}",
        f"值中有换行时通知处理失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "empty-value/{interface}",
    each=TYPED,
    zh="空值连同参数名参加签名",
    fix=_EMPTY,
)
def test_an_empty_value_is_signed_with_its_name(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "")

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"an empty value broke the sign: {answer}",
        f"含空值时验签失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "empty-value/{interface}",
    each=ORDER_STATUS,
    zh="标段编号为空的通知得到成功应答",
    fix=_EMPTY,
    level=Level.SHOULD,
    decision="P38",
)
def test_an_empty_block_number_is_signed_with_its_name(scene: Scene, interface: str) -> None:
    order_no = scene.platform.known_order(block_number="")
    notice = scene.matter_of(interface, order_no, scene.platform.cancel(order_no)).notice

    answer = scene.platform.send(notice)

    expect(
        answer.taken,
        f"an empty block number broke the notice: {answer}",
        f"标段编号为空时通知处理失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "zero/{interface}",
    each=TYPED,
    zh="值为 0 的参数参加签名",
    fix=_EMPTY,
)
def test_the_value_0_is_signed_like_any_other(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "0")

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"the value 0 broke the sign: {answer}",
        f"值为 0 时验签失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/utf-8",
    "rare-characters/{interface}",
    each=TYPED,
    zh="生僻字与表情符号（四字节 UTF-8）不影响通知处理",
    fix=(
        "Use UTF-8 with four bytes everywhere (MySQL: utf8mb4): rare characters of names need it.",
        "全链路使用四字节 UTF-8（MySQL 为 utf8mb4）：姓名中的生僻字需要它。",
    ),
    level=Level.SHOULD,
)
def test_rare_characters_are_taken(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "联系人𠮷𡈽，𩸽🏗")

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"a rare character broke the notice: {answer}",
        f"含生僻字时通知处理失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/utf-8",
    "beyond-gbk/{interface}",
    each=NOTICES,
    zh="GBK 之外的汉字不影响通知处理",
    fix=(
        "Decode and sign as UTF-8, never as GBK or GB2312, and by name: the default charset of a "
        "machine may be GBK (Java: getBytes(StandardCharsets.UTF_8)).",
        "解码和签名都应显式使用 UTF-8，不要使用 GBK、GB2312 或系统默认编码"
        "（Java 用 getBytes(StandardCharsets.UTF_8)）。",
    ),
)
def test_characters_that_gbk_lacks_are_taken(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, "㐀䶮标段")

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"a character outside GBK broke the notice: {answer}",
        f"含 GBK 之外的汉字时通知处理失败：{answer.zh}",
    )


@pytest.mark.parametrize("written", _NUMBERS)
@check(
    "{kind}/5.1/rule",
    "number-{written}/{interface}",
    each=NOTICES,
    zh="JSON 数字按其原文参加签名",
    fix=(
        "Sign a JSON number by its literal text (`1000.00`, `1E3`, 18 digits): read it as text or "
        "as a decimal, never through a double.",
        "JSON 数字按原文（如 1000.00、1E3、18 位整数）参加签名：按文本或十进制类型读取，"
        "不要经过 double。",
    ),
    level=Level.SHOULD,
    decision="P7",
    needs=["{kind}/{section}/encryption/unknown-parameter"],
)
def test_a_json_number_is_signed_as_it_is_written(
    scene: Scene, interface: str, written: str
) -> None:
    matter = scene.matter(interface)
    literal = Number(_NUMBERS[written])

    answer = scene.platform.send(matter.notice.saying(trace_amount=literal))

    expect(
        answer.taken,
        f"the JSON number {literal} broke the sign: {answer}",
        f"含 JSON 数字 {literal} 时验签失败：{answer.zh}",
    )
