"""Every outcome is produced for real by small checks against a small target, and none is mixed."""

from pathlib import Path

from conformance.house import House, house, outcomes_in, report_in, run_checks

EVERY = """
@check("insurer/2.2/2", "passes", zh="通过", fix=FIX)
def test_that_passes(scene):
    assert scene.platform.apply()

@check("insurer/2.2/2", "fails", zh="失败", fix=FIX)
def test_that_fails(scene):
    raise TargetFault("the target did it wrong", "测试用的失败")

@check("insurer/2.2/2", "warns", zh="警告", fix=FIX, level=Level.SHOULD)
def test_that_warns(scene):
    raise TargetFault("could be better", "测试用的失败")

@check("insurer/2.2/2", "informs", zh="提示", fix=FIX, level=Level.INFORM, decision="P43")
def test_that_informs(scene):
    raise TargetFault("worth knowing", "测试用的失败")

@check("insurer/2.2/2", "beside-the-rule", zh="旁注", fix=FIX)
def test_that_warns_beside_its_rule(scene):
    raise Warned("beside the rule", "与规则无关")

@check("insurer/2.2/2", "undeclared", zh="未声明", fix=FIX)
def test_that_is_not_declared(scene):
    scene.target.supports("no_such_feature")

@check("insurer/2.2/2", "stuck", zh="受阻", fix=FIX)
def test_that_is_stuck(scene):
    raise Blocked("the order could not be arranged", "无法准备订单")

@check("insurer/2.2/2", "needs-a-pass", zh="前置通过", fix=FIX, needs=["insurer/2.2/2/passes"])
def test_that_needs_what_passed(scene):
    pass

@check("insurer/2.2/2", "needs-a-failed", zh="前置失败", fix=FIX, needs=["insurer/2.2/2/fails"])
def test_that_needs_what_failed(scene):
    raise TargetFault("never reached", "测试用的失败")

@check("insurer/2.2/2", "needs-undeclared", zh="前置不适用", fix=FIX,
    needs=["insurer/2.2/2/undeclared"])
def test_that_needs_what_is_not_declared(scene):
    pass

@check("insurer/2.2/2", "attested", zh="人工", fix=FIX)
def test_that_rests_on_a_word(scene):
    scene.target.attested = True
"""

HARNESS = """
@check("insurer/2.2/2", "passes", zh="通过", fix=FIX)
def test_that_passes(scene):
    pass

@check("insurer/2.2/2", "fails", zh="失败", fix=FIX)
def test_that_fails(scene):
    raise TargetFault("the target did it wrong", "测试用的失败")

@check("insurer/2.2/2", "breaks", zh="套件出错", fix=FIX)
def test_that_breaks(scene):
    scene.platform.order("no-such-order")

@check("insurer/2.2/2", "asserts", zh="套件断言", fix=FIX)
def test_that_asserts(scene):
    assert False, "what the suite took for granted"
"""

CLEANING_UP = """
import pytest

@pytest.fixture
def spoiled(scene):
    yield scene
    raise AssertionError("the harness could not clean up")

@check("insurer/2.2/2", "passes-then-breaks", zh="清理出错", fix=FIX)
def test_that_breaks_afterwards(spoiled):
    pass
"""

PASSES = """
@check("insurer/2.2/2", "passes", zh="通过", fix=FIX)
def test_that_passes(scene):
    pass
"""

STUCK = """
@check("insurer/2.2/2", "passes", zh="通过", fix=FIX)
def test_that_passes(scene):
    pass

@check("insurer/2.2/2", "stuck", zh="受阻", fix=FIX)
def test_that_is_stuck(scene):
    raise Blocked("the order could not be arranged", "无法准备订单")
"""


def test_each_outcome_is_told_as_what_it_is(small: House, tmp_path: Path) -> None:
    ended = run_checks(small.target(), tmp_path, EVERY)

    assert outcomes_in(tmp_path) == {
        "passes": "passed",
        "fails": "failed",
        "warns": "warned",
        "informs": "informed",
        "beside-the-rule": "warned",
        "undeclared": "not_applicable",
        "stuck": "blocked",
        "needs-a-pass": "passed",
        "needs-a-failed": "blocked",
        "needs-undeclared": "not_applicable",
        "attested": "attested",
    }
    report = report_in(tmp_path)
    assert report["counts"] == {
        "passed": 2,
        "failed": 1,
        "warned": 2,
        "informed": 1,
        "not_applicable": 2,
        "blocked": 2,
        "attested": 1,
        "error": 0,
    }
    assert (ended.code, report["exit_code"], report["conforms"]) == (1, 1, False)
    messages = {each["id"]: (each["message"], each["message_zh"]) for each in report["findings"]}
    assert messages["insurer/2.2/2/needs-a-failed"] == (
        "an earlier check did not pass: insurer/2.2/2/fails",
        "前置检查项未通过：insurer/2.2/2/fails",
    )


def test_the_harness_own_fault_is_an_error_before_any_verdict(small: House, tmp_path: Path) -> None:
    ended = run_checks(small.target(), tmp_path, HARNESS)

    assert outcomes_in(tmp_path) == {
        "passes": "passed",
        "fails": "failed",
        "breaks": "error",
        "asserts": "error",
    }
    assert all(each["message_zh"] for each in report_in(tmp_path)["findings"] if each["message"])
    assert ended.code == 3
    assert "SimulatorError" in ended.out or "NotFound" in ended.out


def test_what_breaks_in_cleaning_up_is_an_error_too(small: House, tmp_path: Path) -> None:
    ended = run_checks(small.target(), tmp_path, CLEANING_UP)

    assert outcomes_in(tmp_path) == {"passes-then-breaks": "error"}
    assert ended.code == 3


def test_what_is_stuck_without_a_failure_does_not_conform(small: House, tmp_path: Path) -> None:
    ended = run_checks(small.target(), tmp_path, STUCK)

    assert ended.code == 1
    assert "no failed check says why" in report_in(tmp_path)["conclusion"]["en"]


def test_a_target_that_works_conforms(small: House, tmp_path: Path) -> None:
    ended = run_checks(small.target(), tmp_path, PASSES)

    assert (ended.code, report_in(tmp_path)["conforms"]) == (0, True)


def test_a_target_that_is_not_there_stops_the_run_at_once(tmp_path: Path) -> None:
    with house(tmp_path) as opened:
        target = opened.target()

    ended = run_checks(target, tmp_path, EVERY)

    report = report_in(tmp_path)
    assert (ended.code, report["exit_code"], report["findings"]) == (4, 4, [])
    assert "accepts no connections" in report["conclusion"]["en"]
    assert "E" not in ended.out.splitlines()[0], "no check is accused, nor the suite"


def test_a_target_that_cannot_be_started_stops_the_run_too(tmp_path: Path) -> None:
    with house(tmp_path) as opened:
        target = opened.target(start={"command": ["{python}", "-c", "print('no licence')"]})

    ended = run_checks(target, tmp_path, PASSES)

    assert ended.code == 4
    assert "no licence" in report_in(tmp_path)["conclusion"]["en"]


def test_a_port_that_is_taken_is_the_target_files_fault(small: House, tmp_path: Path) -> None:
    taken = int(small.url.rpartition(":")[2])

    ended = run_checks(small.target(platform={"port": taken}), tmp_path, PASSES)

    assert ended.code == 2
    assert "cannot be used" in report_in(tmp_path)["conclusion"]["en"]


def test_nothing_that_could_be_judged_conforms_to_nothing(small: House, tmp_path: Path) -> None:
    nothing = EVERY.partition('@check("insurer/2.2/2", "undeclared"')
    only = nothing[1] + nothing[2].partition("@check")[0]

    ended = run_checks(small.target(), tmp_path, only)

    assert outcomes_in(tmp_path) == {"undeclared": "not_applicable"}
    assert ended.code == 1


def test_two_workers_find_what_one_finds(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()

    alone = run_checks("reference", one, EVERY)
    together = run_checks("reference", two, EVERY, "-n2")

    assert (alone.code, together.code) == (1, 1)
    assert outcomes_in(one) == outcomes_in(two)


def test_two_workers_stop_at_once_as_well(tmp_path: Path) -> None:
    with house(tmp_path) as opened:
        target = opened.target(
            start={"command": ["{python}", "-c", "print('no licence', '{port}')"]},
            endpoints={"query": "http://127.0.0.1:{port}/query"},
        )

    ended = run_checks(target, tmp_path, EVERY, "-n2")

    assert (ended.code, report_in(tmp_path)["exit_code"]) == (4, 4)


def test_several_workers_are_refused_for_one_target(small: House, tmp_path: Path) -> None:
    ended = run_checks(small.target(), tmp_path, PASSES, "-n2")

    assert ended.code != 0
    assert "one target has one account" in ended.err
    assert "一个目标只有一个账户" in ended.err
