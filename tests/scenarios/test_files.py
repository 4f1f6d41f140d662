"""Scenario files: what is shipped is whole and right, and what is wrong is told at its line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from conformance_tests.scenarios.files import documents, durations, loading, shape, vocabulary
from conformance_tests.scenarios.files.problems import FileMistake
from conformance_tests.scenarios.play import acting
from simulator.control.openapi import document
from simulator.control.routes import ROUTES
from simulator.delivery.verdict import MEANINGS
from simulator.errors import SimulatorError

Write = Callable[[str], Path]
SHIPPED = loading.shipped_names()
_HAN = re.compile(r"[\u4e00-\u9fff]")
_APPLIED = "steps:\n  - act: principal.apply\n"


def test_at_least_25_are_shipped_for_both_kinds() -> None:
    assert len(SHIPPED) >= 25
    kinds = [name.partition("/")[0] for name in SHIPPED]
    assert min(kinds.count(kind) for kind in ("insurer", "guarantor")) >= 10


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_is_right_and_says_its_purpose_in_both_languages(name: str) -> None:
    [path] = loading.find(name)

    scenario = loading.load(path)

    assert scenario.name == name
    assert scenario.kind == name.partition("/")[0]
    assert scenario.argument == name
    assert _HAN.search(scenario.purpose.zh)
    assert not _HAN.search(scenario.purpose.en)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_published_schema_takes_every_shipped_scenario(name: str) -> None:
    [path] = loading.find(name)
    validator = Draft202012Validator(shape.schema())

    assert list(validator.iter_errors(documents.read(path).content)) == []
    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(shape.schema())


def test_things_have_the_members_that_the_control_api_shows() -> None:
    described = document(ROUTES, "http://x")["components"]["schemas"]
    for name, thing in vocabulary.THINGS.items():
        shown = described[name.capitalize()]["properties"]
        assert sorted(thing.members) == sorted(shown), name


def test_every_act_of_the_platform_can_be_done() -> None:
    named = {name for kind in vocabulary.BOTH for name in vocabulary.acts(kind)}
    done = {name for name in named if not name.startswith("institution.")}
    assert done == set(acting._ON_PLATFORM)


@pytest.mark.parametrize(
    ("text", "line", "en", "zh"),
    [
        ("", 1, "`steps` is missing here: add it.", "缺少 `steps`"),
        ("steps: []\n", 3, "`steps` cannot be []", "`steps` 不能是 []"),
        ("stepps:\n  - act: x\n", 3, "Did you mean steps?", "是否应为 steps？"),
        ("steps:\n  - act: principal.aply\n", 4, "Did you mean principal.apply", "没有操作"),
        (_APPLIED + "  - ecpect: {state: CANCEL}\n", 5, "Did you mean expect?", "expect"),
        (_APPLIED + "  - act: principal.open\n    push: claim\n", 6, "make two of it", "拆成两步"),
        (_APPLIED + "  - push: order_statuz\n", 5, "Did you mean order_status", "没有推送"),
        (
            _APPLIED + "  - expect:\n      answer: order_status\n      verdict: ack_losst\n",
            7,
            "or the code of a verdict of docs/troubleshooting.md. Did you mean ack_lost?",
            "是否应为 ack_lost？",
        ),
        (
            "for_each:\n  - {said: ack_losst}\n"
            + _APPLIED
            # A word of a row is told where it is used.
            + "  - expect: {answer: order_status, verdict: '${row.said}'}\n",
            7,
            "there is no verdict 'ack_losst'. Did you mean ack_lost?",
            "没有判定 'ack_losst'",
        ),
        (
            "for_each:\n  - {end: WAIT_PAY}\n  - {end: CANCLE}\n"
            + _APPLIED
            + "  - expect: {state: '${row.end}'}\n",
            8,
            "there is no state 'CANCLE'. Did you mean CANCEL?",
            "没有状态 'CANCLE'",
        ),
        (
            _APPLIED + "  - act: institution.offer\n    effect: refussed\n",
            6,
            "is one of accepted, refused, open, not 'refussed'. Did you mean refused?",
            "是否应为 refused？",
        ),
        (
            _APPLIED + "  - expect: {push: order_status, state: exausted}\n",
            5,
            "Did you mean exhausted",
            "没有状态 'exausted'",
        ),
        (_APPLIED + "  - advance: 3h05\n", 5, "a duration", "推进时钟：时长"),
        (_APPLIED + "  - expect: {state: WAIT_PAID}\n", 5, "Did you mean WAIT_PAY", "没有状态"),
        (
            _APPLIED + "  - expect:\n      call: insurer_push_guarantees\n",
            6,
            "Did you mean insurer_push_guarantee",
            "没有调用",
        ),
        (
            _APPLIED + "  - expect:\n      state: CANCEL\n      having:\n        prise: x\n",
            8,
            "Did you mean price?",
            "没有字段",
        ),
        (
            _APPLIED + "  - expect: {call: insurer_push_guarantee, parms: {}}\n",
            5,
            "there is no member `parms` here. Did you mean params?",
            "没有 `parms`",
        ),
        (
            _APPLIED + "  - act: institution.offer\n    with: {prize: 1}\n",
            6,
            "Did you mean price?",
            "没有参数",
        ),
        (
            "steps:\n  - act: principal.cancel\n",
            4,
            "no step before this one makes `order`",
            "此前没有步骤产生 `order`",
        ),
        (
            _APPLIED + "  - expect: {state: CANCEL, of: '${ordre}'}\n",
            5,
            "no step before this one makes ${ordre}. Did you mean order?",
            "此前没有步骤产生 ${ordre}",
        ),
        (
            _APPLIED + "  - push: order_status\n    about: ${order.blok_number}\n",
            6,
            "no order has the member 'blok_number'. Did you mean block_number",
            "没有 'blok_number'",
        ),
        (_APPLIED + "  - push: claim\n    about: ${order\n", 6, "has no end", "没有结束"),
        (
            _APPLIED + "  - fault: {rule: lose_acks}\n",
            5,
            "Did you mean lose_ack",
            "没有故障规则",
        ),
        (
            _APPLIED + "  - fault: {rule: lose_ack, interface: insurer_push_guarantee}\n",
            5,
            "there is no interface that lose_ack strikes, 'insurer_push_guarantee'",
            "没有lose_ack 适用的接口",
        ),
        (
            _APPLIED + "  - fault: {rule: copies, value: {copy: 3}}\n",
            5,
            "there is no value of copies 'copy'. Did you mean copies?",
            "没有规则参数",
        ),
        (
            _APPLIED
            + "  - expect: {call: insurer_push_guarantee, params: {order_no: {matches: '('}}}\n",
            5,
            "is not a regular expression",
            "不是有效的正则表达式",
        ),
        (
            "for_each:\n  - {k: 1}\n  - {l: 2}\n" + _APPLIED,
            5,
            "every row has the same names",
            "每一行的名称",
        ),
        (
            "for_each:\n  - {k: 1}\n" + _APPLIED + "  - advance: ${row.away}\n",
            7,
            "the rows of `for_each` have no 'away'",
            "没有 'away'",
        ),
        (
            "for_each:\n  - {away: soon}\n" + _APPLIED + "  - advance: ${row.away}\n",
            7,
            "'soon' is no duration",
            "不是时长",
        ),
        (_APPLIED + "    as: Order\n", 5, 'cannot be "Order"', "不能是"),
        (
            _APPLIED + "  - act: principal.cancel\n    effect: refused\n",
            6,
            "only an act of the institution has an `effect`",
            "只有机构的操作",
        ),
        ("steps:\n  - act: principal.apply\n    act: x\n", 5, "occurs twice here", "重复出现"),
        ("steps:\n  - act: [principal\n", 5, "this is not YAML", "不是有效的 YAML"),
        ("steps: &all\n  - *all\n", 1, "refers to what contains it", "引用了自身"),
        (f"steps: {'[' * 5000}\n", 1, "nested too deeply", "嵌套过深"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(
    write: Write, text: str, line: int, en: str, zh: str
) -> None:
    place = write(text)

    with pytest.raises(FileMistake) as wrong:
        loading.load(place)

    assert wrong.value.line == line
    assert wrong.value.text.en.startswith(f"{place}:{line}: ")
    assert en in wrong.value.text.en
    assert zh in wrong.value.text.zh


def _told(place: Path) -> list[tuple[int, str]]:
    """Return the line and the sentence of each mistake of a file."""
    with pytest.raises(FileMistake) as wrong:
        loading.load(place)
    en, zh = (text.split("\n") for text in (wrong.value.text.en, wrong.value.text.zh))
    assert len(en) == len(zh)
    said = [re.fullmatch(rf"{re.escape(str(place))}:(\d+): (.*)", line) for line in en]
    return [(int(each[1]), each[2]) for each in said if each]


def test_every_mistake_is_told_at_its_line(write: Write) -> None:
    place = write(
        "pace: swfit\n"
        "steps:\n"
        "  - act: principal.aply\n"
        "  - act: principal.open\n"
        "  - ecpect: {state: CANCEL}\n"
        "  - expect:\n"
        "      call: insurer_push_guarantees\n"
        "      abuot: ${order}\n"
        "      since: begin\n"
        "  - expect: {answer: order_status, verdict: ack_losst}\n"
        "  - expect: {state: CANCLE, having: {prise: '1', pryce: '2'}}\n"
        "  - expect: {records: orders, key: '${ordre}', count: 1}\n"
    )

    told = _told(place)

    # Line 6 needs an order: what line 5 meant makes one.
    assert [line for line, _ in told] == [3, 5, 7, 10, 11, 12, 13, 13, 13, 14]
    assert "Did you mean swift?" in told[0][1]
    assert "Did you mean principal.apply" in told[1][1]
    assert "no member `abuot` here. Did you mean about?" in told[3][1]
    assert "no step before this one makes ${ordre}. Did you mean order?" in told[-1][1]


def test_a_reference_is_not_told_where_a_wrong_step_may_have_made_it(write: Write) -> None:
    place = write(
        "steps:\n"
        "  - {act: principal.apply, ass: bid}\n"
        "  - act: principal.cancel\n"
        "    with: {order: '${bid}', nota: x}\n"
        "  - expect: {state: CANCEL, of: '${bid}'}\n"
    )

    assert [line for line, _ in _told(place)] == [4, 6]


def test_no_more_than_ten_mistakes_are_told_and_the_others_counted(write: Write) -> None:
    place = write(_APPLIED + "  - push: order_statuz\n" * 13)

    with pytest.raises(FileMistake) as wrong:
        loading.load(place)

    en, zh = (text.split("\n") for text in (wrong.value.text.en, wrong.value.text.zh))
    assert (len(en), en[-1], zh[-1]) == (11, "... and 3 more.", "……另有 3 处。")
    assert wrong.value.line == 5


def test_the_verdicts_are_those_that_the_platform_gives() -> None:
    assert set(shape.verdicts()) == {"failed", *MEANINGS}


def test_values_are_read_as_they_are_written(write: Write) -> None:
    place = write(_APPLIED + "    with: {price: 1000.00, day: 2026-08-01, no: no, n: 7, t: true}\n")

    given = loading.load(place).steps[0].spec["with"]

    assert given == {"price": "1000.00", "day": "2026-08-01", "no": "no", "n": 7, "t": True}


def test_a_name_that_two_scenarios_have_is_refused_with_both() -> None:
    with pytest.raises(SimulatorError, match=r"guarantor/outage, insurer/outage"):
        loading.find("outage")


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("nowhere.yaml", ":"),
        ("insurer/happy-paths", ". Did you mean insurer/happy-path"),
        ("claim-payd.yaml", ". Did you mean insurer/claim-paid"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(given: str, near: str) -> None:
    with pytest.raises(SimulatorError) as missing:
        loading.find(given)

    en, zh = missing.value.text.en, missing.value.text.zh
    assert en.startswith(f"There is no scenario, file or folder {given!r}{near}")
    assert en.endswith("`conzhu-sim scenario list` shows all shipped ones.")
    assert zh.endswith("`conzhu-sim scenario list` 可列出全部。")
    assert len([name for name in SHIPPED if name in en]) <= 3


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15s", 15), ("30m", 1800), ("2h", 7200), ("3h05m", 11100), ("1d", 86400), ("0s", 0)],
)
def test_stretches_of_time_are_read_and_written_alike(text: str, seconds: int) -> None:
    assert durations.parse(text) == seconds
    assert durations.format_seconds(seconds) == text


@pytest.mark.parametrize("text", ["", "5", "3h05", "-1s", "soon", "1s2m"])
def test_what_is_no_stretch_of_time_is_refused(text: str) -> None:
    with pytest.raises(SimulatorError, match="is no duration"):
        durations.parse(text)
