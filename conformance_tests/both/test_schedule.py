"""The retry schedule as the target lives it: attempts lost, or acknowledgements lost (注意事项 1).

The first attempts of a notice do not arrive, or arrive and their acknowledgements do not; in the
end it was acknowledged, and was acted upon once. The platform's clock is walked, nothing waits.
"""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import Group
from conformance_tests.suite.rules.outcomes import expect
from conformance_tests.suite.scenes.both.repeats import Repeats

#: The notice that meets every number of lost attempts, and those that meet the most.
_EVERY: Group = {"insurer": ("invoice_application",), "guarantor": ("release",)}
_OTHERS: Group = {
    "insurer": ("order_status", "bid_opening", "claim"),
    "guarantor": ("application", "order_status", "claim"),
}
_ONCE = (
    "Look the notice up by its business number first, answer 200 for one that was handled, and "
    "act upon it once, however often it comes within three hours.",
    "先按业务编号检查是否已处理，已处理的直接返回 200；三小时内无论到达多少次，只处理一次。",
)
_LATE = (
    "Take a notice also when it first arrives hours after its event: judge it by the state of the "
    "business data, not by the clock.",
    "通知可能在事件发生数小时后才首次到达：应按业务数据的状态判断，而不是按时间。",
)


def _expect_one_effect(repeats: Repeats, interface: str, rule: str, times: int) -> None:
    task = repeats.task(interface)

    last = repeats.lose(rule, task.matter, times)
    calls = repeats.calls_of(task)

    expect(
        last.acknowledged,
        f"attempt {times + 1} was not acknowledged: {last}",
        f"第 {times + 1} 次推送未被确认：{last.zh}",
    )
    shown = ", ".join(call.answered.en for call in calls) or "none"
    shown_zh = "；".join(call.answered.zh for call in calls) or "无"
    expect(
        len(calls) == 1,
        f"{len(calls)} calls instead of one (answered: {shown})",
        f"产生了 {len(calls)} 次调用，应为 1 次（平台返回：{shown_zh}）",
    )


@pytest.mark.parametrize("times", range(1, 10))
@check(
    "{kind}/{section}/1",
    "ack-lost-{times}",
    each=_EVERY,
    zh="前若干次应答丢失的通知只处理一次",
    fix=_ONCE,
)
def test_a_notice_whose_first_acknowledgements_are_lost_is_acted_upon_once(
    repeats: Repeats, interface: str, times: int
) -> None:
    _expect_one_effect(repeats, interface, "lose_ack", times)


@pytest.mark.parametrize("times", [1, 5, 9])
@check(
    "{kind}/{section}/1",
    "not-delivered-{times}",
    each=_EVERY,
    zh="前若干次未送达的通知仍处理一次",
    fix=_LATE,
)
def test_a_notice_whose_first_attempts_are_lost_is_acted_upon_once(
    repeats: Repeats, interface: str, times: int
) -> None:
    _expect_one_effect(repeats, interface, "no_delivery", times)


@check(
    "{kind}/{section}/1",
    "ack-lost-9",
    each=_OTHERS,
    zh="前九次应答丢失的通知只处理一次",
    fix=_ONCE,
)
def test_a_notice_whose_nine_acknowledgements_are_lost_is_acted_upon_once(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_effect(repeats, interface, "lose_ack", 9)


@check(
    "{kind}/{section}/1",
    "not-delivered-9",
    each=_OTHERS,
    zh="前九次未送达的通知在第十次被处理一次",
    fix=_LATE,
)
def test_a_notice_that_arrives_at_its_tenth_attempt_is_acted_upon_once(
    repeats: Repeats, interface: str
) -> None:
    _expect_one_effect(repeats, interface, "no_delivery", 9)
