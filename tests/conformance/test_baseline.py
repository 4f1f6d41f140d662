"""The baseline: a gate fails on regressions only, and what is out of date in it is told."""

import json
from pathlib import Path

import pytest
import yaml
from conformance.house import House, report_in, run_checks
from jsonschema import Draft202012Validator

from conformance_tests.suite.report import baseline
from simulator import clock, paths
from simulator.errors import SimulatorError

SOME = """
@check("insurer/2.2/2", "passes", zh="通过", fix=FIX)
def test_that_passes(scene):
    pass

@check("insurer/2.2/2", "fails", zh="失败", fix=FIX)
def test_that_fails(scene):
    raise TargetFault("the target did it wrong", "测试用的失败")

@check("insurer/2.2/2", "needs-it", zh="前置", fix=FIX, needs=["insurer/2.2/2/fails"])
def test_that_needs_it(scene):
    pass
"""
AND_ANOTHER = (
    SOME
    + """
@check("insurer/2.2/2", "fails-too", zh="也失败", fix=FIX)
def test_that_fails_too(scene):
    raise TargetFault("this is new", "测试用的失败")
"""
)
DAY = 86400


def _day(ahead: int) -> str:
    return clock.to_moment(clock.wall_now() + ahead * DAY).date().isoformat()


def _line(check: str, ahead: int = 1) -> dict[str, str]:
    return {
        "check": f"insurer/2.2/2/{check}",
        "reason": "waits for release 4.2",
        "owner": "li.lei",
        "expires": _day(ahead),
    }


def _written(folder: Path, *lines: dict[str, str]) -> str:
    place = folder / "baseline.yaml"
    place.write_text(yaml.safe_dump({"known_failures": list(lines)}), "utf-8")
    return str(place)


def _states(folder: Path) -> dict[str, str]:
    return {e["check"].rpartition("/")[2]: e["state"] for e in report_in(folder)["baseline"]}


def test_a_known_failure_fails_no_gate(small: House, tmp_path: Path) -> None:
    known = _written(tmp_path, _line("fails", ahead=0))

    ended = run_checks(small.target(), tmp_path, SOME, f"--baseline={known}")

    report = report_in(tmp_path)
    [failed] = [each for each in report["findings"] if each["outcome"] == "failed"]
    assert ended.code == 0
    assert failed["known"]["owner"] == "li.lei"
    assert report["counts"]["failed"] == 1, "it is still told"
    assert _states(tmp_path) == {"fails": "known"}


def test_a_regression_beside_a_known_failure_fails(small: House, tmp_path: Path) -> None:
    known = _written(tmp_path, _line("fails"))

    ended = run_checks(small.target(), tmp_path, AND_ANOTHER, f"--baseline={known}")

    assert ended.code == 1
    assert "1 check failed (1 more as known)" in report_in(tmp_path)["conclusion"]["en"]


def test_an_expired_line_excuses_nothing(small: House, tmp_path: Path) -> None:
    known = _written(tmp_path, _line("fails", ahead=-1))

    ended = run_checks(small.target(), tmp_path, SOME, f"--baseline={known}")

    assert ended.code == 1
    assert _states(tmp_path) == {"fails": "expired"}


def test_an_unexpected_pass_and_an_unknown_check_are_told(small: House, tmp_path: Path) -> None:
    known = _written(tmp_path, _line("fails"), _line("passes"), _line("no-such"))

    ended = run_checks(small.target(), tmp_path, SOME, f"--baseline={known}")

    assert ended.code == 0
    assert _states(tmp_path) == {
        "fails": "known",
        "passes": "unexpected_pass",
        "no-such": "unknown",
    }


def test_a_date_may_stand_without_quotation_marks(tmp_path: Path) -> None:
    place = tmp_path / "baseline.yaml"
    place.write_text(
        "known_failures:\n"
        "  - {check: insurer/2.8/2/repeated, reason: later, owner: me, expires: 2026-12-31}\n",
        "utf-8",
    )

    assert baseline.load(str(place)).lines["insurer/2.8/2/repeated"].expires == "2026-12-31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("known_failures: [{check: insurer/2.2/2/x}]", "known_failures.0"),
        ("known: []", "the file itself"),
        ("{", "cannot be read as YAML"),
        (
            "known_failures: [{check: insurer/2.2/2/x, reason: abc, owner: o, "
            "expires: 2026-02-30}]",
            "is no day",
        ),
        (
            "known_failures:\n"
            + 2 * "  - {check: insurer/2.2/2/x, reason: abc, owner: o, expires: 2026-02-20}\n",
            "stands there twice",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    place = tmp_path / "baseline.yaml"
    place.write_text(text, "utf-8")

    with pytest.raises(SimulatorError) as refused:
        baseline.load(str(place))

    assert said in refused.value.text.en
    assert str(place) in refused.value.text.zh


def test_the_example_is_valid_by_its_schema() -> None:
    schema = json.loads((paths.schemas() / "baseline.schema.json").read_text("utf-8"))
    example = Path(__file__).parents[2] / "examples" / "baseline.yaml"

    Draft202012Validator.check_schema(schema)
    assert baseline.load(str(example)).lines
