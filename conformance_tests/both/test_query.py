"""2.7 保函查验: its codes (5.6), and that it tells of a guarantee what the order says."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from conformance_tests.suite.messages.notices import Answer, Notice
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, TargetFault, Warned, expect
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.scenes.both.target_actions import TargetActions

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?\Z")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
_UNKNOWN = {"number": "CT-NO-SUCH-GUARANTEE", "quote": "x' OR '1'='1"}

_CODES = (
    "Answer with the code of 5.6 that says what is wrong, as JSON in `status`.",
    "按 5.6 在 status 中返回对应的状态码。",
)
_LOOK_UP = (
    "Look the guarantee up by guarantee_no and serial_num together, with bound parameters; where "
    "there is none answer 2702.",
    "按 guarantee_no 与 serial_num 一起查找保函（使用参数绑定）；查不到时返回 2702。",
)
TELL = (
    "Answer data with exactly the members of the table, filled from the order; amounts in yuan, "
    "dates yyyy-MM-dd.",
    "data 应包含手册表中的全部字段，内容与订单一致；金额单位为元，日期为 yyyy-MM-dd。",
)


def question(scene: Scene) -> Notice:
    """Return the right question about the guarantee that is shared."""
    return scene.matter("query").notice


def asked_about(scene: Scene, guarantee: Mapping[str, Any]) -> Notice:
    """Return the right question about a guarantee."""
    number, serial_num = str(guarantee["guarantee_no"]), str(guarantee["serial_num"])
    return scene.platform.compose("query", guarantee_no=number, serial_num=serial_num)


def ask_wrongly(scene: Scene, wrong: Notice) -> Answer:
    """Ask a wrong question, right ones just before and just after it (else nothing is shown)."""
    with scene.valid_twin("query"):
        return scene.platform.send(wrong)


def expect_code(answer: Answer, code: str) -> None:
    """Show that an answer carries this code."""
    expect(
        answer.status == code,
        f"not answered {code}: {answer}",
        f"应返回 {code}，实际返回：{answer.zh}",
    )


def told(scene: Scene) -> Mapping[str, Any]:
    """Return the data of the answer to the right question.

    Raises:
        TargetFault: there is none.
    """
    answer = scene.platform.send(question(scene))
    expect(
        answer.status == "200",
        f"the right question was not answered: {answer}",
        f"正确的查验请求未得到应答：{answer.zh}",
    )
    if not isinstance(answer.data, dict):
        raise TargetFault(
            f"the answer has no object data: {answer}", f"应答的 data 不是对象：{answer.zh}"
        )
    return answer.data


# The codes of 5.6.


@check("{kind}/5.6/codes", "2700", zh="缺少 guarantee_no 返回 2700", fix=_CODES)
def test_a_missing_guarantee_number_is_2700(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).omitting("guarantee_no"))

    expect_code(answer, "2700")


@check("{kind}/5.6/codes", "2701", zh="缺少 serial_num 返回 2701", fix=_CODES)
def test_a_missing_serial_number_is_2701(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).omitting("serial_num"))

    expect_code(answer, "2701")


@check(
    "{kind}/5.6/codes",
    "{code}-empty",
    zh="必填参数为空按缺失处理",
    level=Level.SHOULD,
    decision="P38",
    fix=_CODES,
)
@pytest.mark.parametrize(("code", "name"), [("2700", "guarantee_no"), ("2701", "serial_num")])
def test_an_empty_parameter_is_a_missing_one(scene: Scene, code: str, name: str) -> None:
    answer = ask_wrongly(scene, question(scene).saying(**{name: ""}))

    expect_code(answer, code)


@check("{kind}/5.6/codes", "2702-{which}", zh="未知的保函编号返回 2702", fix=_LOOK_UP)
@pytest.mark.parametrize("which", _UNKNOWN)
def test_an_unknown_guarantee_is_2702(scene: Scene, which: str) -> None:
    answer = ask_wrongly(scene, question(scene).saying(guarantee_no=_UNKNOWN[which]))

    expect_code(answer, "2702")


@check(
    "{kind}/5.6/codes",
    "2702-other-serial",
    zh="保函编号与序列号不符返回 2702",
    level=Level.SHOULD,
    fix=_LOOK_UP,
)
def test_a_serial_number_of_nobody_is_2702(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).saying(serial_num="100000000000001"))

    expect_code(answer, "2702")


@check(
    "{kind}/5.6/codes",
    "2702-swapped",
    zh="序列号属于其他保函返回 2702",
    level=Level.SHOULD,
    fix=_LOOK_UP,
)
def test_the_serial_number_of_another_guarantee_is_2702(scene: Scene, deeds: TargetActions) -> None:
    other = scene.platform.guarantee(str(deeds.of("issue").order["order_no"]))

    answer = ask_wrongly(scene, question(scene).saying(serial_num=str(other["serial_num"])))

    expect_code(answer, "2702")


# What the answer tells.


@check("{kind}/2.7/data", "form", zh="查验应答符合手册格式", fix=TELL)
def test_the_answer_has_the_members_of_the_table(scene: Scene) -> None:
    answer = scene.platform.send(question(scene))

    expect(answer.acknowledged, answer.verdict.text.en, answer.verdict.text.zh)


@check("{kind}/2.7/data", "{name}", zh="应答的编号与请求一致", fix=TELL)
@pytest.mark.parametrize("name", ["guarantee_no", "serial_num"])
def test_the_answer_is_about_the_numbers_asked_for(scene: Scene, name: str) -> None:
    wanted = question(scene).parameters[name]

    said = told(scene).get(name)

    expect(
        str(said) == wanted,
        f"{name} is {said}, asked was {wanted}",
        f"{name} 为 {said}，请求的是 {wanted}",
    )


@check("{kind}/2.7/data", "{name}", zh="应答的固定值与手册一致", fix=TELL)
@pytest.mark.parametrize(("name", "value"), [("variety", "1")])
def test_the_kind_of_guarantee_is_the_tables(scene: Scene, name: str, value: str) -> None:
    expect_fixed(name, told(scene).get(name), value)


def expect_fixed(name: str, said: object, value: str) -> None:
    """Show that a member has its fixed value, as a number or its text."""
    expect(
        str(said) == value, f"{name} is {said!r}, not {value}", f"{name} 为 {said!r}，应为 {value}"
    )


@check("{kind}/2.7/data", "{name}", zh="应答的名称与订单一致", fix=TELL)
@pytest.mark.parametrize(
    ("name", "known_as"),
    [("warrantee", "principal"), ("beneficiary", "creditor"), ("proitem", "block_name")],
)
def test_the_names_are_the_orders(scene: Scene, name: str, known_as: str) -> None:
    order = scene.platform.order(scene.shared_issued())

    said = told(scene).get(name)

    wanted = order[known_as]
    expect(
        said == wanted,
        f"{name} is {said!r}, the order's {known_as} {wanted!r}",
        f"{name} 为 {said!r}，订单的 {known_as} 为 {wanted!r}",
    )


@check("{kind}/2.7/data", "amount", zh="担保金额与订单一致", fix=TELL)
def test_the_amount_is_the_orders_in_yuan(scene: Scene) -> None:
    order = scene.platform.order(scene.shared_issued())

    said = _amount(told(scene).get("amount"))

    wanted = Decimal(order["guarantee_amount"])
    expect(
        said == wanted,
        f"amount is {said}, the order's guarantee_amount {wanted} yuan",
        f"amount 为 {said}，订单的 guarantee_amount 为 {wanted} 元",
    )


def _amount(said: object) -> Decimal:
    written = isinstance(said, str) and _DECIMAL.match(said)
    number = isinstance(said, (int, float)) and not isinstance(said, bool)
    expect(
        written or number,
        f"amount is {said!r}, no amount with at most two decimals",
        f"amount 为 {said!r}，不是最多两位小数的金额",
    )
    return Decimal(str(said))


@check("{kind}/2.7/data", "{name}", zh="担保期间与订单一致", fix=TELL)
@pytest.mark.parametrize("name", ["guarantee_start_date", "guarantee_end_date"])
def test_the_period_is_the_orders(scene: Scene, name: str) -> None:
    wanted = scene.platform.order(scene.shared_issued())[name]

    said = str(told(scene).get(name))

    expect_day(name, said, wanted)


def expect_day(name: str, said: str, wanted: str) -> None:
    """Show that a day is the wanted one; one written without zeros warns (P10)."""
    if not _DAY.match(said) and _padded(said) == wanted:
        raise Warned(
            f"{name} is {said}: write month and day with two digits (P10)",
            f"{name} 为 {said}：月和日应写成两位（P10）",
        )
    expect(said == wanted, f"{name} is {said}, not {wanted}", f"{name} 为 {said}，应为 {wanted}")


def _padded(day: str) -> str:
    return "-".join(part.zfill(2) for part in day.split("-"))


@check("{kind}/2.7/data", "is_avert", zh="是否转开取值 1 或 2", fix=TELL)
def test_whether_it_was_converted_is_1_or_2(scene: Scene) -> None:
    said = told(scene).get("is_avert")

    expect(str(said) in ("1", "2"), f"is_avert is {said!r}", f"is_avert 为 {said!r}")


@check(
    "{kind}/2.7/data",
    "is_avert-direct",
    zh="直接出具的保函不是转开",
    level=Level.INFORM,
    fix=(
        "转开 is a guarantee given through another institution: of one that you issue yourself, "
        "is_avert is 2.",
        "转开指通过其他机构开立；自行出具的保函 is_avert 一般为 2。",
    ),
)
def test_a_guarantee_of_ones_own_was_not_converted(scene: Scene) -> None:
    said = told(scene).get("is_avert")

    expect(
        str(said) == "2",
        f"is_avert is {said!r} of a guarantee that the target itself issued",
        f"目标自行出具的保函，is_avert 却为 {said!r}",
    )


@check(
    "{kind}/2.7/function",
    "finished",
    zh="交易完成后仍可查验",
    level=Level.SHOULD,
    fix=(
        "Answer 2.7 whatever the order's status: FINISH ends the deal, not the guarantee.",
        "无论订单状态如何都应能查验保函：FINISH 只表示交易完成。",
    ),
)
def test_a_guarantee_of_a_finished_order_is_still_told(scene: Scene, deeds: TargetActions) -> None:
    deed = deeds.of("issue_without_token")
    order_no = str(deed.order["order_no"])
    scene.platform.deliver(scene.platform.finish(order_no))
    scene.platform.settle()
    guarantee = scene.platform.guarantee(order_no)

    answer = scene.platform.send(asked_about(scene, guarantee))

    expect(
        answer.status == "200",
        f"after FINISH 2.7 was answered: {answer}",
        f"FINISH 之后，2.7 的应答为：{answer.zh}",
    )
