"""2.10 保函解保查询: the five states, and what each of the three numbers counts for."""

import re

import pytest

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, NotApplicable, Warned, expect
from conformance_tests.suite.scenes.guarantor.releases import Releases
from conformance_tests.suite.scenes.guarantor.scene import Scene

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\Z")
_NOBODYS = {"serial_num": "100000000000001", "block_number": "CT-NO-SUCH-BLOCK"}

_TELL = (
    "Answer data with guarantee_no, serial_num, status (1 to 5) and revoke_guarantee_date, by "
    "exactly these names.",
    "data 返回 guarantee_no、serial_num、status（1 至 5）、revoke_guarantee_date，名称须完全一致。",
)
_UNKNOWN = (
    "Look the guarantee up by block_number, guarantee_no and serial_num together; where there is "
    "none answer status 200 with data.status 1.",
    "按 block_number、guarantee_no、serial_num 一起查找；查不到时返回 status 200，"
    "data.status 为 1。",
)
_STATES = (
    "Derive data.status from the lists of 2.8 and your own 2.9: 2 before any notice, 3 for "
    "penalty_data, 4 for current_revoke_data, 5 once 2.9 succeeded.",
    "data.status 取决于 2.8 的名单与 2.9：未收到通知为 2，罚没名单为 3，当次撤销名单为 4，"
    "2.9 成功后为 5。",
)
_DATE = (
    "Store the remove_guarantee_date that you sent by 2.9 and answer it as it was sent.",
    "保存 2.9 上送的 remove_guarantee_date，查询时原样返回。",
)


def expect_state(answer: Answer, wanted: str) -> None:
    """Show what an answer to 2.10 tells of a release."""
    said = answer.member("status")
    expect(
        answer.status == "200" and said == wanted,
        f"data.status is {said or 'missing'}, not {wanted}: {answer}",
        f"data.status {'为 ' + said if said else '缺失'}，应为 {wanted}：{answer.zh}",
    )


def expect_revoked(answer: Answer) -> None:
    """Show that a guarantee is told to be revoked: it waits for its release, or is released."""
    expect_state(answer, "5" if answer.member("status") == "5" else "4")


def expect_unknown(answer: Answer) -> None:
    """Show that a guarantee is told not to exist; a refusal in other words warns."""
    if answer.refused:
        raise Warned(
            f"the question was refused instead of answered with data.status 1: {answer}",
            f"查询被拒绝，而不是返回 data.status 1：{answer.zh}",
        )
    expect_state(answer, "1")


@check("guarantor/2.10/data", "form", zh="解保查询应答符合手册格式", fix=_TELL)
def test_the_answer_has_the_members_of_the_table(scene: Scene, releases: Releases) -> None:
    answer = releases.ask(scene.shared_issued())

    expect(answer.acknowledged, answer.verdict.text.en, answer.verdict.text.zh)


@check("guarantor/2.10/data", "{name}", zh="应答的编号与请求一致", fix=_TELL)
@pytest.mark.parametrize("name", ["guarantee_no", "serial_num"])
def test_the_answer_is_about_the_numbers_asked_for(scene: Scene, name: str) -> None:
    asked = scene.search(scene.shared_issued()).notice

    answer = scene.platform.send(asked)

    said, wanted = answer.member(name), asked.parameters[name]
    expect(
        said == wanted,
        f"{name} is {said or 'missing'}, asked was {wanted}",
        f"{name} {'为 ' + said if said else '缺失'}，请求的是 {wanted}",
    )


@check("guarantor/2.10/data", "1-unknown", zh="不存在的保函返回状态 1", fix=_UNKNOWN)
def test_a_guarantee_that_does_not_exist_is_in_state_1(scene: Scene) -> None:
    right = scene.search(scene.shared_issued()).notice

    with scene.valid_twin("release_search"):
        answer = scene.platform.send(right.saying(guarantee_no="CT-NO-SUCH-GUARANTEE"))

    expect_unknown(answer)


@check(
    "guarantor/2.10/data",
    "1-other-{name}",
    zh="标段编号或序列号不符时返回状态 1",
    level=Level.SHOULD,
    fix=_UNKNOWN,
)
@pytest.mark.parametrize("name", _NOBODYS)
def test_a_number_that_does_not_fit_is_in_state_1(scene: Scene, name: str) -> None:
    right = scene.search(scene.shared_issued()).notice

    with scene.valid_twin("release_search"):
        answer = scene.platform.send(right.saying(**{name: _NOBODYS[name]}))

    expect_unknown(answer)


@check("guarantor/2.10/data", "2-not-revoked", zh="未收到撤销通知返回状态 2", fix=_STATES)
def test_a_guarantee_that_was_not_revoked_is_in_state_2(scene: Scene, releases: Releases) -> None:
    answer = releases.ask(scene.shared_issued())

    expect_state(answer, "2")


@check("guarantor/2.10/function", "separate", zh="分离式保函同样可以查询", fix=_STATES)
def test_a_separate_guarantee_can_be_asked_about(scene: Scene, releases: Releases) -> None:
    answer = releases.ask(scene.shared_issued_separately())

    expect_state(answer, "2")


@check("guarantor/2.10/data", "3-forfeited", zh="被罚没的保函返回状态 3", fix=_STATES)
def test_a_forfeited_guarantee_is_in_state_3(releases: Releases) -> None:
    answer = releases.ask(releases.block().forfeited)

    expect_state(answer, "3")


@check("guarantor/2.10/data", "4-waiting", zh="待解保的保函返回状态 4", fix=_STATES)
def test_a_revoked_guarantee_is_in_state_4(scene: Scene, releases: Releases) -> None:
    order_no = releases.waiting()
    if scene.platform.guarantee(order_no)["removed_at"] is not None:
        raise NotApplicable(
            "the target releases what is revoked at once, so that nothing waits",
            "目标收到撤销通知后立即解保，没有待解保的保函",
        )

    answer = releases.ask(order_no)

    expect_state(answer, "4")


@check("guarantor/2.10/data", "5-released", zh="已解保的保函返回状态 5", fix=_STATES)
def test_a_released_guarantee_is_in_state_5(releases: Releases) -> None:
    order_no, _ = releases.released()

    answer = releases.ask(order_no)

    expect_state(answer, "5")


@check("guarantor/2.10/data", "date", zh="解保日期为 yyyy-MM-dd HH:mm:ss", fix=_DATE)
def test_the_date_of_a_release_is_written_as_the_table_does(releases: Releases) -> None:
    order_no, _ = releases.released()

    answer = releases.ask(order_no)

    said = answer.member("revoke_guarantee_date")
    expect(
        _MOMENT.match(said),
        f"revoke_guarantee_date is {said or 'missing'}: {answer}",
        f"revoke_guarantee_date {'为 ' + said if said else '缺失'}：{answer.zh}",
    )


@check(
    "guarantor/2.10/data",
    "date-of-2.9",
    zh="解保日期与 2.9 上送的一致",
    level=Level.SHOULD,
    fix=_DATE,
)
def test_the_date_of_a_release_is_the_one_that_was_reported(
    scene: Scene, releases: Releases
) -> None:
    order_no, _ = releases.released()

    answer = releases.ask(order_no)

    said = answer.member("revoke_guarantee_date")
    wanted = scene.platform.guarantee(order_no)["removed_at"]
    expect(
        said == wanted,
        f"revoke_guarantee_date is {said or 'missing'}, 2.9 said {wanted}: {answer}",
        f"revoke_guarantee_date {'为 ' + said if said else '缺失'}，"
        f"2.9 上送的是 {wanted}：{answer.zh}",
    )
