"""2.7 保函查验 of insurers: what the checks for both kinds do not say."""

import pytest

from conformance_tests.both.test_query import (
    TELL,
    asked_about,
    expect_day,
    expect_fixed,
    told,
)
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.insurer.scene import Scene
from conformance_tests.suite.scenes.insurer.target_actions import Actions


@check("insurer/2.7/data", "{name}", zh="应答的固定值与手册一致", fix=TELL)
@pytest.mark.parametrize(("name", "value"), [("ktype", "4")])
def test_the_kind_of_guarantee_is_the_tables(scene: Scene, name: str, value: str) -> None:
    expect_fixed(name, told(scene).get(name), value)


# After a re-issue (2.11).


@check("insurer/2.7/function", "new-{name}", zh="更新后按新编号返回新的担保期间", fix=TELL)
@pytest.mark.parametrize(
    ("name", "known_as"),
    [("guarantee_start_date", "start_date"), ("guarantee_end_date", "end_date")],
    ids=["start", "end"],
)
def test_the_new_number_tells_the_new_period(
    scene: Scene, deeds: Actions, name: str, known_as: str
) -> None:
    present = scene.platform.guarantee(deeds.reissued_order())

    answer = scene.platform.send(asked_about(scene, present))

    said = answer.data.get(name) if isinstance(answer.data, dict) else None
    expect(
        said,
        f"2.7 does not tell {name} of the new guarantee: {answer}",
        f"2.7 没有返回新保函的 {name}：{answer.zh}",
    )
    expect_day(name, str(said), present[known_as])


@check(
    "insurer/2.7/function",
    "old-number",
    zh="更新后的旧编号仍为旧内容或已不存在",
    level=Level.INFORM,
    decision="P39",
    fix=(
        "Whether the old number still answers is yours to choose: tell its old period, or 2702.",
        "旧编号是否仍可查验由机构决定：返回原担保期间，或返回 2702。",
    ),
)
def test_the_old_number_tells_nothing_new(scene: Scene, deeds: Actions) -> None:
    reissue = deeds.of("reissue")
    old = reissue.guarantee

    answer = scene.platform.send(asked_about(scene, old))

    period = answer.data.get("guarantee_end_date") if isinstance(answer.data, dict) else None
    expect(
        answer.status == "2702" or period == old["end_date"],
        f"the old number {old['guarantee_no']} tells neither its own period nor 2702: {answer}",
        f"原保函编号 {old['guarantee_no']} 返回的既不是原担保期间，也不是 2702：{answer.zh}",
    )
