"""Sign and seal: what is right is taken, in however many blocks it comes (2.x, 5.1, 5.2)."""

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import ANSWERED, NOTICES, TYPED, VERIFY
from conformance_tests.suite.rules.outcomes import Blocked, Level, expect
from conformance_tests.suite.scenes.both import blocks
from conformance_tests.suite.scenes.both.scene import Scene

_RIGHT = (
    'Answer what opens and verifies with HTTP 200 and {{"status":200}} (a question: with data).',
    '解密、验签通过的推送应返回 HTTP 200 与 {{"status":200}}（查询类还须返回 data）。',
)
_BLOCKS = (
    "Cut the ciphertext into blocks of the key's size (256 bytes for 2048 bits), decrypt each, "
    "join the bytes, and only then decode them as UTF-8.",
    "按密钥长度（2048 位为 256 字节）切分密文，逐段解密并拼接字节，最后再按 UTF-8 解码。",
)
#: Parameters that stand elsewhere for who ignores case, or sorts names joined with their values.
_AWKWARD = {"Trace_No": "1", "trace": "zz", "trace_no": "2", "trace1": "3", "traceNo": "4"}
_SORT = (
    "Build the base string from the parameters as decrypted: sort them by name, leave only `sign` "
    "out, take no fixed list and no order of arrival.",
    "用解密得到的全部参数拼签名串：按参数名升序排列，只去掉 sign，不要用固定列表或接收顺序。",
)


@check(
    "{kind}/{section}/encryption",
    "valid",
    each=ANSWERED,
    zh="正确的推送得到成功应答",
    fix=_RIGHT,
)
def test_what_is_rightly_signed_and_sealed_is_taken(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    answer = scene.platform.send(matter.notice)

    expect(answer.taken, f"it was not taken: {answer}", f"未得到成功应答：{answer.zh}")


@check(
    "{kind}/{section}/encryption",
    "one-block",
    each=VERIFY,
    zh="只有一个 RSA 分段的推送得到成功应答",
    fix=_BLOCKS,
)
def test_a_question_of_one_block_is_answered(scene: Scene, interface: str) -> None:
    question = scene.matter(interface).notice
    if blocks.count(question) > 1:
        raise Blocked(
            "the serial number is too long for one block", "保函序列号过长，无法放入一个分段"
        )

    answer = scene.platform.send(question)

    expect(
        answer.taken,
        f"a question in one block was not answered: {answer}",
        f"单个分段的请求未得到成功应答：{answer.zh}",
    )


@check(
    "{kind}/{section}/encryption",
    "many-blocks",
    each=NOTICES,
    zh="由多个 RSA 分段组成的推送得到成功应答",
    fix=_BLOCKS,
)
def test_a_notice_of_many_blocks_is_acknowledged(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface, blocks.long_text(interface))

    answer = scene.platform.send(matter.notice)

    number = blocks.count(matter.notice)
    expect(
        answer.taken,
        f"a notice in {number} blocks was not acknowledged: {answer}",
        f"由 {number} 个分段组成的通知未被确认：{answer.zh}",
    )


@check(
    "{kind}/5.1/utf-8",
    "across-blocks/{interface}",
    each=NOTICES,
    zh="一个汉字的字节跨越两个分段时仍能正确处理",
    fix=(
        "Join the bytes of all decrypted blocks before decoding them; a character may be cut in "
        "two by a block's end, so never make a string of each block.",
        "先拼接各段解密后的字节再解码；一个汉字可能被分段截断，切勿逐段转成字符串。",
    ),
)
def test_a_character_may_lie_across_two_blocks(scene: Scene, interface: str) -> None:
    matter = blocks.across(scene, interface)

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"a character across two blocks broke the notice: {answer}",
        f"汉字跨越两个分段时通知处理失败：{answer.zh}",
    )


@check(
    "{kind}/{section}/encryption",
    "whole-blocks",
    each=TYPED,
    zh="明文恰好填满最后一个分段时仍能正确处理",
    fix=_BLOCKS,
)
def test_the_last_block_may_be_full_to_the_last_byte(scene: Scene, interface: str) -> None:
    matter = blocks.filled(scene, interface)

    answer = scene.platform.send(matter.notice)

    expect(
        answer.taken,
        f"a notice whose last block is full was not taken: {answer}",
        f"最后一个分段填满的通知未得到成功应答：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "any-order/{interface}",
    each=ANSWERED,
    zh="参数书写顺序不影响验签",
    fix=_SORT,
)
def test_the_parameters_may_be_written_in_any_order(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    answer = scene.platform.send(matter.notice.in_opposite_order())

    expect(
        answer.taken,
        f"the same in the opposite order was not taken: {answer}",
        f"参数按相反顺序书写时未得到成功应答：{answer.zh}",
    )


@check(
    "{kind}/{section}/encryption",
    "unknown-parameter",
    each=ANSWERED,
    zh="带有未知参数的推送得到成功应答",
    fix=_SORT,
    level=Level.SHOULD,
    decision="P11",
)
def test_an_unknown_parameter_is_signed_over_and_ignored(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    answer = scene.platform.send(matter.notice.saying(trace_no="T20260101"))

    expect(
        answer.taken,
        f"an unknown parameter broke the sign: {answer}",
        f"带有未知参数时未得到成功应答：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "awkward-names/{interface}",
    each=ANSWERED,
    zh="含大写字母、数字、下划线的参数名按字节排序后参加签名",
    fix=(
        "Sort by the parameter's name alone, byte by byte: capitals before small letters, a name "
        "before a longer one that begins with it; do not ignore case, do not sort joined strings.",
        "仅按参数名逐字节排序：大写字母在小写之前，短名在以其开头的长名之前；"
        "不要忽略大小写，也不要对拼接后的字符串排序。",
    ),
    level=Level.SHOULD,
    decision="P11",
    needs=["{kind}/{section}/encryption/unknown-parameter"],
)
def test_names_that_sort_awkwardly_are_signed_in_their_order(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    answer = scene.platform.send(matter.notice.saying(**_AWKWARD))

    expect(
        answer.taken,
        f"parameters that sort awkwardly broke the sign: {answer}",
        f"参数名排序特殊时验签失败：{answer.zh}",
    )


@check(
    "{kind}/5.1/rule",
    "old-timestamp/{interface}",
    each=ANSWERED,
    zh="三小时前签名的推送（最后一次重发的时间）得到成功应答",
    fix=(
        "No period of validity is documented, and retries go on for three hours: do not refuse "
        "an old timestamp.",
        "手册未规定时间戳有效期，重发会持续三小时：请勿因时间戳过旧而拒绝。",
    ),
    level=Level.INFORM,
    decision="P9",
)
def test_what_was_signed_three_hours_ago_is_still_taken(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    answer = scene.platform.send(matter.notice.stamped_earlier(11_040))

    expect(
        answer.taken,
        f"an old timestamp was refused: {answer}",
        f"时间戳较旧的推送被拒绝：{answer.zh}",
    )
