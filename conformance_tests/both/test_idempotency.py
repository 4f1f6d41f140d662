"""Repeated notices: handled once, answered every time (2.x, 注意事项 2 and 3).

Three checks for each way in which a notice comes again: from the answers, from the target's own
count of its records (a probe), and from the calls that it makes about the matter afterwards.
"""

from collections.abc import Sequence

from conformance_tests.suite.platform.seen import Attempt, Call
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import NOTICES
from conformance_tests.suite.rules.outcomes import TargetFault, Warned, expect
from conformance_tests.suite.scenes.both.repeats import Repeats

_ONCE = (
    "Look the notice up by its own number first; if it was handled, only answer 200.",
    "先按业务编号检查是否已处理；已处理的直接返回成功，不再重复处理。",
)
_ANSWER = (
    'Answer a notice that was handled before like the first time: {{"status":200}}, no error.',
    '对已处理过的通知同样返回 {{"status":200}}，不要返回错误。',
)
_BY_CONTENT = (
    "Recognise a repeat by its business number ({number}), never by sign, timestamp or param, "
    "and never refuse an old timestamp.",
    "按业务编号（{number}）识别重复，不要依据 sign、timestamp 或 param，也不要因时间戳过旧而拒绝。",
)
_UNIQUE = (
    "Let the database decide: a unique key on the business number, and one statement that inserts "
    "or finds; looking first and inserting then lets two requests through.",
    "由数据库保证唯一：对业务编号建唯一索引，用一条语句插入或忽略；先查后插会让并发请求都通过。",
)
_COMMIT = (
    "Write what was handled in the same transaction as its effect, before you answer; the platform "
    "may never see your answer and sends the notice again.",
    "处理结果与业务数据应在同一事务中先提交再应答；应答可能丢失，平台会再次推送。",
)
_PERSIST = (
    "Keep in the database which notices were handled, not in the memory of the process.",
    "已处理的通知应保存在数据库中，而不是进程内存中。",
)


def _expect_acknowledged(answers: Sequence[Attempt]) -> None:
    refused = [answer for answer in answers if not answer.reached]
    if refused:
        raise TargetFault(
            f"a repeat of a notice that was handled was not acknowledged: {refused[0]}",
            f"已处理过的通知重复到达时未被确认：{refused[0].zh}",
        )


def _expect_one_record(records: int) -> None:
    expect(
        records == 1,
        f"the target has {records} records of one matter",
        f"同一业务在目标中有 {records} 条记录",
    )


def _expect_one_call(calls: Sequence[Call]) -> None:
    shown = ", ".join(call.answered.en for call in calls) or "none"
    shown_zh = "；".join(call.answered.zh for call in calls) or "无"
    expect(
        len(calls) == 1,
        f"{len(calls)} calls instead of one for one matter (answered: {shown})",
        f"同一业务产生了 {len(calls)} 次调用，应为 1 次（平台返回：{shown_zh}）",
    )


# The notice once more, signed and sealed afresh: what the platform's queue does.


@check(
    "{kind}/{section}/2",
    "repeated-acknowledged",
    each=NOTICES,
    zh="重复的通知被确认",
    fix=_ANSWER,
)
def test_a_repeated_notice_is_acknowledged(repeats: Repeats, interface: str) -> None:
    _expect_acknowledged(repeats.answers("repeated", interface))


@check(
    "{kind}/{section}/2",
    "repeated-one-record",
    each=NOTICES,
    zh="重复的通知不产生第二条记录",
    fix=_BY_CONTENT,
)
def test_a_repeated_notice_makes_no_second_record(repeats: Repeats, interface: str) -> None:
    _expect_one_record(repeats.records("repeated", interface))


@check(
    "{kind}/{section}/2",
    "repeated-one-effect",
    each=NOTICES,
    zh="重复的通知不产生第二次业务操作",
    fix=_ONCE,
)
def test_a_repeated_notice_has_no_second_effect(repeats: Repeats, interface: str) -> None:
    _expect_one_call(repeats.effects("repeated", interface))


# The same bytes again: what a queue does that stores the sealed form.


@check(
    "{kind}/{section}/2",
    "identical-acknowledged",
    each=NOTICES,
    zh="逐字节重发的通知被确认",
    fix=_ANSWER,
)
def test_a_notice_repeated_byte_for_byte_is_acknowledged(repeats: Repeats, interface: str) -> None:
    _expect_acknowledged(repeats.answers("identical", interface))


@check(
    "{kind}/{section}/2",
    "identical-one-record",
    each=NOTICES,
    zh="逐字节重发的通知不产生第二条记录",
    fix=_ONCE,
)
def test_a_notice_repeated_byte_for_byte_makes_no_second_record(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_record(repeats.records("identical", interface))


# Eight at the same instant.


@check(
    "{kind}/{section}/2",
    "at-once-acknowledged",
    each=NOTICES,
    zh="同一时刻到达的八份相同通知得到确认",
    fix=_UNIQUE,
)
def test_one_of_eight_notices_at_the_same_instant_is_acknowledged(
    repeats: Repeats, interface: str
) -> None:
    answers = repeats.answers("at-once", interface)

    expect(
        any(answer.reached for answer in answers),
        f"none was acknowledged: {answers[0]}",
        f"没有一份得到确认：{answers[0].zh}",
    )
    # Whoever lost the race may be told to come again; the platform does.
    if not all(answer.reached for answer in answers):
        refused = next(answer for answer in answers if not answer.reached)
        raise Warned(
            f"a copy that arrived at the same instant was not acknowledged: {refused}",
            f"同时到达的一份通知未被确认：{refused.zh}",
        )


@check(
    "{kind}/{section}/2",
    "at-once-one-record",
    each=NOTICES,
    zh="同一时刻到达的八份相同通知只产生一条记录",
    fix=_UNIQUE,
)
def test_eight_notices_at_the_same_instant_make_one_record(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_record(repeats.records("at-once", interface))


@check(
    "{kind}/{section}/2",
    "at-once-one-effect",
    each=NOTICES,
    zh="同一时刻到达的八份相同通知只产生一次业务操作",
    fix=_UNIQUE,
)
def test_eight_notices_at_the_same_instant_have_one_effect(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_call(repeats.effects("at-once", interface))


# The acknowledgement was lost on its way, and the platform comes again by its schedule.


@check(
    "{kind}/{section}/2",
    "ack-lost-acknowledged",
    each=NOTICES,
    zh="应答丢失后再次推送的通知被确认",
    fix=_ANSWER,
)
def test_a_notice_whose_acknowledgement_was_lost_is_acknowledged_again(
    repeats: Repeats, interface: str
) -> None:
    _expect_acknowledged(repeats.answers("ack-lost", interface))


@check(
    "{kind}/{section}/2",
    "ack-lost-one-record",
    each=NOTICES,
    zh="应答丢失后再次推送的通知不产生第二条记录",
    fix=_COMMIT,
)
def test_a_notice_whose_acknowledgement_was_lost_makes_no_second_record(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_record(repeats.records("ack-lost", interface))


# The target was restarted in between.


@check(
    "{kind}/{section}/2",
    "restarted-acknowledged",
    each=NOTICES,
    zh="重启后重复到达的通知被确认",
    fix=_PERSIST,
)
def test_a_notice_repeated_after_a_restart_is_acknowledged(
    repeats: Repeats, interface: str
) -> None:
    _expect_acknowledged(repeats.answers("restarted", interface))


@check(
    "{kind}/{section}/2",
    "restarted-one-record",
    each=NOTICES,
    zh="重启后重复到达的通知不产生第二条记录",
    fix=_PERSIST,
)
def test_a_notice_repeated_after_a_restart_makes_no_second_record(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_record(repeats.records("restarted", interface))


@check(
    "{kind}/{section}/2",
    "restarted-one-effect",
    each=NOTICES,
    zh="重启后重复到达的通知不产生第二次业务操作",
    fix=_PERSIST,
)
def test_a_notice_repeated_after_a_restart_has_no_second_effect(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_call(repeats.effects("restarted", interface))


# The matter was dealt with in between.


@check(
    "{kind}/{section}/2",
    "dealt-with-one-effect",
    each=NOTICES,
    zh="业务办结后重复到达的通知不再产生业务操作",
    fix=_ONCE,
)
def test_a_notice_repeated_after_its_matter_was_dealt_with_changes_nothing(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_call(repeats.effects("dealt-with", interface))
