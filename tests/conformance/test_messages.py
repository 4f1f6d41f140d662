"""What is said of a broken rule: in both languages always, and of HTTP 5xx that it is a fault."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.house import house, report_in, run, run_checks
from conformance.proving import ROOT, target_of

from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.report import judging
from conformance_tests.suite.rules.checks import Check
from conformance_tests.suite.rules.outcomes import Blocked, Level, NoEffect, Outcome, TargetFault
from conformance_tests.suite.rules.reasons import Breakdown
from conformance_tests.suite.scenes.both import refusals
from simulator.errors import Text
from simulator.protocol.diagnosis.catalogue import MISTAKES

HAN = re.compile(r"[\u4e00-\u9fff]")
#: Who says something of the target takes the sentence in English, then the one in Chinese.
SAYING = {
    "expect": 3,
    "TargetFault": 2,
    "Blocked": 2,
    "Warned": 2,
    "Informed": 2,
    "NoEffect": 2,
    "NotApplicable": 2,
}
MODULES = sorted((ROOT / "conformance_tests").rglob("*.py"))


def _said(module: Path) -> Iterator[tuple[int, list[ast.expr]]]:
    """Every sentence pair of a module that is written where it is said, with its line."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            number = SAYING.get(node.func.id)
            if number:
                assert len(node.args) >= number, (module.name, node.lineno)
                yield node.lineno, node.args[number - 2 : number]


def _is_written(node: ast.expr) -> bool:
    return isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_every_sentence_about_the_target_is_there_in_both_languages(module: Path) -> None:
    for line, (en, zh) in _said(module):
        if _is_written(zh):
            assert HAN.search(ast.unparse(zh)), f"{module.name}:{line} has no Chinese"
            assert not HAN.search(ast.unparse(en)), f"{module.name}:{line} has Chinese first"


@pytest.mark.parametrize(
    "module",
    [each for each in MODULES if each.name.startswith("test_")],
    ids=lambda path: path.stem,
)
def test_no_check_says_something_in_one_language_by_a_bare_assertion(module: Path) -> None:
    bare = [n.lineno for n in ast.walk(ast.parse(module.read_text("utf-8"))) if _is_bare(n)]

    assert not bare, f"{module.name}: use expect(holds, en, zh)"


def _is_bare(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert)


def _fails_instead_of_refusing(app: Any) -> Any:
    """A front that lets every refusal end as the error page of a framework."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        begun: list[Any] = []
        body = b"".join(app(environ, lambda *given: begun.extend(given)))
        pushed = environ["PATH_INFO"].count("/") == 1
        if pushed and begun[0].startswith("200") and b'"status":200' not in body.replace(b" ", b""):
            start_response("500 Internal Server Error", [("Content-Type", "text/html")])
            return [b"<h1>Whitelabel Error Page</h1>"]
        start_response(*begun)
        return [body]

    return answer


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report on an institution that answers HTTP 500 where it should refuse."""
    folder = tmp_path_factory.mktemp("failing")
    with house(folder, front=_fails_instead_of_refusing) as opened:
        target = str(opened.target())
        words = ["conformance", "run", target, "--quick", "--report", str(folder / "report")]
        ended = run(*words, folder=folder)
    assert ended.code == 1, ended.err
    return report_in(folder)


def test_what_a_broken_institution_is_told_is_never_empty_in_chinese(
    failing: dict[str, Any],
) -> None:
    told = [each for each in failing["findings"] if each["message"]]

    assert len(told) > 10
    assert all(HAN.search(each["message_zh"]) for each in told)
    assert all(HAN.search(each["text"]["zh"]) for each in failing["causes"])


def test_a_server_error_is_a_fault_and_no_refusal(failing: dict[str, Any]) -> None:
    [cause] = [each for each in failing["causes"] if each["outcome"] == "failed"]
    changed = next(
        f for f in failing["findings"] if f["id"].endswith("2.8/encryption/changed-value")
    )

    assert changed["outcome"] == "failed"
    assert "HTTP 5xx is a fault, neither an acknowledgement nor a refusal" in changed["message"]
    assert "既不是确认，也不是拒绝" in changed["message_zh"]
    assert "catch it" in changed["fix"]["en"]
    assert '{"status":404' in changed["fix"]["zh"]
    assert changed["id"] in cause["checks"]
    assert "HTTP 5xx" in cause["text"]["en"]


CHECK = Check(
    id="insurer/2.2/2/made-up",
    clause="insurer/2.2/2",
    level=Level.MUST,
    rule=Text("Made up", "虚构"),
    fix=Text("Verify the sign.", "请验签。"),
    interface=None,
    decision=None,
    needs=(),
)


@pytest.mark.parametrize(
    ("shown", "outcome", "said"),
    [
        (judging.Shown(), Outcome.PASSED, ""),
        (judging.Shown(secrets=["api_secret"]), Outcome.FAILED, "api_secret"),
        (judging.Shown([Breakdown("http://a/", None, 500)]), Outcome.WARNED, "HTTP 5xx"),
        (judging.Shown([Breakdown("http://a/", "timeout", 0)]), Outcome.PASSED, ""),
        (judging.Shown(insides=["a Go stack trace"]), Outcome.WARNED, "a Go stack trace"),
    ],
)
def test_what_passes_is_judged_by_its_answers_all_the_same(
    shown: judging.Shown, outcome: Outcome, said: str
) -> None:
    end = judging.judge(CHECK, None, "call", False, shown)

    assert end.outcome == outcome
    assert said in (end.reason.text.en if end.reason else "")


def test_what_an_action_answered_is_no_answer_to_a_push() -> None:
    fault = TargetFault("no offer came (the action said: HTTP 500 x)", "没有报价")

    assert judging.judge(CHECK, fault, "call", False).fix == CHECK.fix


@pytest.mark.parametrize("when", ["setup", "call"])
def test_what_blocks_says_what_to_change_itself(when: str) -> None:
    plain = judging.judge(CHECK, Blocked("it did not come", "没有到达"), when, False)
    refused = judging.judge(CHECK, _refused("2421"), when, False)

    assert (plain.outcome, refused.outcome) == (Outcome.BLOCKED, Outcome.BLOCKED)
    assert "earlier step" in plain.fix.en
    assert "earlier step" not in refused.fix.en


def _refused(code: str) -> NoEffect:
    note = {"en": "guarantee_pdf is cut short.", "zh": "guarantee_pdf 被截断。"}
    received = {"status": int(code), "data": "文件接收失败,[error_no:3]"}
    entry = {"interface": "insurer/2.5", "status": code, "notes": [note], "received": received}
    return refusals.no_effect("issue", "insurer_push_guarantee", [Call(entry)], "HTTP 200 {}")


def test_a_refused_call_is_named_with_code_remark_reason_and_what_to_change() -> None:
    refused = _refused("2421")

    assert "refused insurer_push_guarantee with 2421 文件接收失败,[error_no:3]" in refused.text.en
    assert "guarantee_pdf is cut short." in refused.text.en
    assert "guarantee_pdf 被截断。" in refused.text.zh
    assert refused.fix is not None
    assert "the file was not received" in refused.fix.en
    assert "The PDF of a guarantee was cut short on its way" in refused.fix.en
    assert "`conzhu-sim codes show 2421`" in refused.fix.en
    assert "推送保函的 PDF 在传输中被截断" in refused.fix.zh


def test_a_code_that_nobody_documented_is_told_all_the_same() -> None:
    fix = _refused("9999").fix

    assert fix is not None
    assert "Correct the call insurer_push_guarantee." in fix.en


def test_an_action_that_led_to_no_call_says_so() -> None:
    nothing = refusals.no_effect("issue", "insurer_push_guarantee", [], "HTTP 200 {}")

    assert "no insurer_push_guarantee came" in nothing.text.en
    assert HAN.search(nothing.text.zh)
    assert nothing.fix is not None


BLOCKED = """
@check("insurer/2.2/2", "stuck", zh="受阻", fix=FIX)
def test_that_is_stuck(scene):
    scene.issued()
"""


def test_a_refused_guarantee_blocks_with_the_platforms_own_words(tmp_path: Path) -> None:
    target = target_of(tmp_path, ["broken_institutions", "sends-the-pdf-in-base64"])

    run_checks(target, tmp_path, BLOCKED)

    [stuck] = report_in(tmp_path)["findings"]
    assert stuck["outcome"] == "blocked"
    assert "the platform refused insurer_push_guarantee with 2426 " in stuck["message"]
    assert "does not start with %PDF-" in stuck["message"]
    assert "平台拒绝了 insurer_push_guarantee，2426 " in stuck["message_zh"]
    assert "`conzhu-sim codes show 2426`" in stuck["fix"]["en"]
    [cause] = report_in(tmp_path)["causes"]
    sent = MISTAKES["file_in_base64"]
    assert cause["fix"] == sent.remedy.as_json(), "the bytes prove what was wrong"
    assert sent.title.zh in cause["text"]["zh"]
