"""Repeated notices: handled once, answered every time (2.x, 注意事项 2 and 3).

Three checks for each way in which a notice comes again: from the answers, from the target's own
count of its records (a probe), and from the calls that it makes about the matter afterwards.
"""

from collections.abc import Sequence

import pytest

from conformance_tests.suite.checks import check
from conformance_tests.suite.false_notices import names_of_guarantee
from conformance_tests.suite.insurer import NOTICES, Scene
from conformance_tests.suite.outcomes import Level, Warned
from conformance_tests.suite.repeats import Repeats
from conformance_tests.suite.seen import Attempt, Call

_ONCE = (
    "Look the notice up by its own number first; if it was handled, only answer 200.",
    "先按业务编号检查是否已处理；已处理的直接返回成功，不再重复处理。",
)
_ANSWER = (
    'Answer a notice that was handled before like the first time: {{"status":200}}, no error.',
    '对已处理过的通知同样返回 {{"status":200}}，不要返回错误。',
)
_BY_CONTENT = (
    "Recognise a repeat by its business number (invoice_id, claim_no, order_no with its status, "
    "block with its time), never by sign, timestamp or param, and never refuse an old timestamp.",
    "按业务编号（invoice_id、claim_no、订单号与状态、标段与时间）识别重复，"
    "不要依据 sign、timestamp 或 param。",
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
_KEEP_FIRST = (
    "When a known number comes with other content, keep what was there: refuse the notice, or "
    "acknowledge it without effect, and look into it.",
    "编号已存在但内容不同时应保留原有数据：拒绝该通知，或确认但不生效，并人工核查。",
)


@pytest.fixture
def repeats(scene: Scene) -> Repeats:
    """Notices that come again."""
    return Repeats(scene)


def _assert_acknowledged(answers: Sequence[Attempt]) -> None:
    refused = [str(answer) for answer in answers if not answer.reached]
    assert not refused, f"a repeat of a notice that was handled was not acknowledged: {refused[0]}"


def _assert_one_record(records: int) -> None:
    assert records == 1, f"the target has {records} records of one matter"


def _assert_one_call(calls: Sequence[Call]) -> None:
    shown = ", ".join(f"{call.status} {call.remark}".strip() for call in calls) or "none"
    assert len(calls) == 1, f"{len(calls)} calls instead of one for one matter (answered: {shown})"


# The notice once more, signed and sealed afresh: what the platform's queue does.


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


@check(
    "insurer/{section}/2",
    "repeated-acknowledged",
    each=NOTICES,
    zh="重复的通知被确认",
    fix=_ANSWER,
)
def test_a_repeated_notice_is_acknowledged(repeats: Repeats, interface: str) -> None:
    _assert_acknowledged(repeats.answers("repeated", interface))


@check(
    "insurer/{section}/2",
    "repeated-one-record",
    each=NOTICES,
    zh="重复的通知不产生第二条记录",
    fix=_BY_CONTENT,
)
def test_a_repeated_notice_makes_no_second_record(repeats: Repeats, interface: str) -> None:
    _assert_one_record(repeats.records("repeated", interface))


@check(
    "insurer/{section}/2",
    "repeated-one-effect",
    each=NOTICES,
    zh="重复的通知不产生第二次业务操作",
    fix=_ONCE,
)
def test_a_repeated_notice_has_no_second_effect(repeats: Repeats, interface: str) -> None:
    _assert_one_call(repeats.effects("repeated", interface))


# The same bytes again: what a queue does that stores the sealed form.


@check(
    "insurer/{section}/2",
    "identical-acknowledged",
    each=NOTICES,
    zh="逐字节重发的通知被确认",
    fix=_ANSWER,
)
def test_a_notice_repeated_byte_for_byte_is_acknowledged(repeats: Repeats, interface: str) -> None:
    _assert_acknowledged(repeats.answers("identical", interface))


@check(
    "insurer/{section}/2",
    "identical-one-record",
    each=NOTICES,
    zh="逐字节重发的通知不产生第二条记录",
    fix=_ONCE,
)
def test_a_notice_repeated_byte_for_byte_makes_no_second_record(
    repeats: Repeats, interface: str
) -> None:
    _assert_one_record(repeats.records("identical", interface))


# Eight at the same instant.


@check(
    "insurer/{section}/2",
    "at-once-acknowledged",
    each=NOTICES,
    zh="同一时刻到达的八份相同通知得到确认",
    fix=_UNIQUE,
)
def test_one_of_eight_notices_at_the_same_instant_is_acknowledged(
    repeats: Repeats, interface: str
) -> None:
    answers = repeats.answers("at-once", interface)

    assert any(answer.reached for answer in answers), f"none was acknowledged: {answers[0]}"
    # Whoever lost the race may be told to come again; the platform does.
    if not all(answer.reached for answer in answers):
        refused = next(answer for answer in answers if not answer.reached)
        raise Warned(f"a copy that arrived at the same instant was not acknowledged: {refused}")


@check(
    "insurer/{section}/2",
    "at-once-one-record",
    each=NOTICES,
    zh="同一时刻到达的八份相同通知只产生一条记录",
    fix=_UNIQUE,
)
def test_eight_notices_at_the_same_instant_make_one_record(
    repeats: Repeats, interface: str
) -> None:
    _assert_one_record(repeats.records("at-once", interface))


@check(
    "insurer/{section}/2",
    "at-once-one-effect",
    each=NOTICES,
    zh="同一时刻到达的八份相同通知只产生一次业务操作",
    fix=_UNIQUE,
)
def test_eight_notices_at_the_same_instant_have_one_effect(
    repeats: Repeats, interface: str
) -> None:
    _assert_one_call(repeats.effects("at-once", interface))


# The acknowledgement was lost on its way, and the platform comes again by its schedule.


@check(
    "insurer/{section}/2",
    "ack-lost-acknowledged",
    each=NOTICES,
    zh="应答丢失后再次推送的通知被确认",
    fix=_ANSWER,
)
def test_a_notice_whose_acknowledgement_was_lost_is_acknowledged_again(
    repeats: Repeats, interface: str
) -> None:
    _assert_acknowledged(repeats.answers("ack-lost", interface))


@check(
    "insurer/{section}/2",
    "ack-lost-one-record",
    each=NOTICES,
    zh="应答丢失后再次推送的通知不产生第二条记录",
    fix=_COMMIT,
)
def test_a_notice_whose_acknowledgement_was_lost_makes_no_second_record(
    repeats: Repeats, interface: str
) -> None:
    _assert_one_record(repeats.records("ack-lost", interface))


# The target was restarted in between.


@check(
    "insurer/{section}/2",
    "restarted-acknowledged",
    each=NOTICES,
    zh="重启后重复到达的通知被确认",
    fix=_PERSIST,
)
def test_a_notice_repeated_after_a_restart_is_acknowledged(
    repeats: Repeats, interface: str
) -> None:
    _assert_acknowledged(repeats.answers("restarted", interface))


@check(
    "insurer/{section}/2",
    "restarted-one-record",
    each=NOTICES,
    zh="重启后重复到达的通知不产生第二条记录",
    fix=_PERSIST,
)
def test_a_notice_repeated_after_a_restart_makes_no_second_record(
    repeats: Repeats, interface: str
) -> None:
    _assert_one_record(repeats.records("restarted", interface))


@check(
    "insurer/{section}/2",
    "restarted-one-effect",
    each=NOTICES,
    zh="重启后重复到达的通知不产生第二次业务操作",
    fix=_PERSIST,
)
def test_a_notice_repeated_after_a_restart_has_no_second_effect(
    repeats: Repeats, interface: str
) -> None:
    _assert_one_call(repeats.effects("restarted", interface))


# The matter was dealt with in between.


@check(
    "insurer/{section}/2",
    "dealt-with-one-effect",
    each=NOTICES,
    zh="业务办结后重复到达的通知不再产生业务操作",
    fix=_ONCE,
)
def test_a_notice_repeated_after_its_matter_was_dealt_with_changes_nothing(
    repeats: Repeats, interface: str
) -> None:
    _assert_one_call(repeats.effects("dealt-with", interface))


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
    assert scene.target.succeeds("issue_invoice", invoice_id=invoice_id), (
        f"the electronic invoice could no longer be issued after {answer}"
    )


@check(
    "insurer/3.1/2",
    "other-content",
    level=Level.SHOULD,
    decision="P41",
    zh="相同 claim_no、不同保函的理赔申请不覆盖原申请",
    fix=_KEEP_FIRST,
)
def test_a_claim_no_with_another_guarantee_overwrites_nothing(
    scene: Scene, repeats: Repeats
) -> None:
    claim = scene.matter("claim")
    scene.platform.send(claim.notice)
    other = names_of_guarantee(scene.platform, repeats.reissuable())

    answer = scene.platform.send(claim.notice.saying(**other))

    # Overwritten, the claim would be accepted under a guarantee that it is not about.
    assert scene.target.succeeds("accept_claim", claim_no=claim.about), (
        f"the claim could no longer be accepted after {answer}"
    )
