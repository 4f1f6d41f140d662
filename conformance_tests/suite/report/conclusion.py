"""What a whole run comes to: whether the target conforms, in one sentence, and the exit code."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from conformance_tests.suite.report.baseline import Baseline
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.rules.outcomes import Blocked, EarlyEnd, Level, NotApplicable, Outcome
from conformance_tests.suite.rules.reasons import Needs
from simulator.errors import Text


class Exit(IntEnum):
    """How a run ends for the shell."""

    CONFORMS = 0
    DOES_NOT = 1
    USAGE = 2
    SUITE_ERROR = 3
    UNREACHABLE = 4
    STOPPED = 130


@dataclass(frozen=True)
class Halt:
    """Why a run could not begin, or had to stop: nothing more can be said of the target."""

    code: int
    text: Text


@dataclass
class Course:
    """What was asked of a run, and what it met beside its findings; JSON, for the workers.

    `ids` are all checks of the target's kind, `selected` how many of them were to run.
    """

    ids: list[str] = field(default_factory=list)
    selected: int = 0
    platform: dict[str, str] = field(default_factory=dict)
    halt: list[Any] | None = None

    def stop(self, halt: Halt) -> None:
        """Keep why the run has to stop."""
        self.halt = [int(halt.code), halt.text.en, halt.text.zh]

    @property
    def halted(self) -> Halt | None:
        """Why the run had to stop, if it had to."""
        return None if self.halt is None else Halt(self.halt[0], Text(*self.halt[1:]))


#: Ends after which what needs a check can still be judged.
PASSES = (Outcome.PASSED, Outcome.WARNED, Outcome.INFORMED, Outcome.ATTESTED)
#: Ends that `--certify` does not allow.
_SKIPS = (Outcome.NOT_APPLICABLE, Outcome.BLOCKED)


def for_want_of(check: str, outcome: str) -> EarlyEnd:
    """Return how a check ends that needs another, which came to this outcome."""
    if outcome == Outcome.NOT_APPLICABLE:
        return NotApplicable.because(Needs(check, applicable=False))
    return Blocked.because(Needs(check))


def reconcile(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings as one process would have found them.

    A worker does not know what a check came to that another worker ran: what needs a check that
    did not pass is blocked here, or not applicable as that one is.
    """
    found = {finding.id: finding for finding in findings}
    changed = True
    while changed:
        changed = False
        for finding in list(found.values()):
            missing = [n for n in finding.needs if n in found and found[n].outcome not in PASSES]
            if not missing or finding.outcome in (Outcome.BLOCKED, Outcome.ERROR):
                continue
            end = for_want_of(missing[0], found[missing[0]].outcome)
            if finding.outcome != end.outcome:
                found[finding.id] = replace(
                    finding,
                    outcome=str(end.outcome),
                    message=end.text.en,
                    message_zh=end.text.zh,
                    reason=end.reason.as_json(),
                )
                changed = True
    return list(found.values())


@dataclass(frozen=True)
class Conclusion:
    """The end of a run: its exit code, and the sentence that says why."""

    code: Exit
    text: Text

    @property
    def conforms(self) -> bool:
        """Whether the target conforms, as far as it was judged."""
        return self.code == Exit.CONFORMS


def checks_of(number: int, word: str = "check") -> str:
    """Return so many checks in English: `1 check`, `2 checks`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many checks came to each outcome."""
    counted = Counter(finding.outcome for finding in findings)
    return {str(outcome): counted[outcome] for outcome in Outcome}


def conclude(
    findings: Sequence[Finding], baseline: Baseline, course: Course, certify: bool
) -> Conclusion:
    """Return what a run comes to. What makes the run itself doubtful goes before all verdicts."""
    if course.halted:
        return Conclusion(Exit(course.halted.code), course.halted.text)
    errors = _with(findings, Outcome.ERROR)
    if errors:
        return Conclusion(
            Exit.SUITE_ERROR,
            Text(
                f"The suite itself failed in {checks_of(len(errors))} ({errors[0].id}): nothing is "
                "said about the target there; please report it.",
                f"套件自身在 {len(errors)} 个检查项中出错（{errors[0].id}）："
                "这不是目标的问题，请反馈。",
            ),
        )
    failed = _with(findings, Outcome.FAILED)
    new = [each for each in failed if not baseline.excuses(each.id, each.outcome)]
    if new:
        known = len(failed) - len(new)
        besides = (f" ({known} more as known)", f"，另有 {known} 项为已知") if known else ("", "")
        return Conclusion(
            Exit.DOES_NOT,
            Text(
                f"The target does not conform: {checks_of(len(new))} failed{besides[0]}.",
                f"目标不符合要求：{len(new)} 个检查项失败{besides[1]}。",
            ),
        )
    if certify and (lacking := lacks(findings, course)):
        return Conclusion(Exit.DOES_NOT, lacking[0])
    blocked = _with(findings, Outcome.BLOCKED)
    stuck = [each for each in blocked if not baseline.excuses(each.id, each.outcome)]
    if stuck and not failed:
        return Conclusion(
            Exit.DOES_NOT,
            Text(
                f"{checks_of(len(stuck))} could not be judged, and no failed check says why; the "
                f"first: {stuck[0].id}: {stuck[0].message}",
                f"{len(stuck)} 个检查项无法判定，且没有失败项说明原因；首个：{stuck[0].id}："
                f"{stuck[0].message_zh or stuck[0].message}",
            ),
        )
    judged = sum(each.outcome in PASSES for each in findings)
    if not judged and not failed:
        return Conclusion(
            Exit.DOES_NOT,
            Text("Nothing could be judged, so nothing conforms.", "没有任何检查项可以判定。"),
        )
    if failed:
        return Conclusion(
            Exit.CONFORMS,
            Text(
                f"No regression: {checks_of(len(failed))} failed, as is known.",
                f"无新增问题：{len(failed)} 个失败项均为已知。",
            ),
        )
    return Conclusion(
        Exit.CONFORMS,
        Text(
            f"The target conforms, by {checks_of(judged)} that judged it.",
            f"目标符合要求（共判定 {judged} 个检查项）。",
        ),
    )


def lacks(findings: Sequence[Finding], course: Course) -> list[Text]:
    """Return what a run lacks for a certificate."""
    lacking = []
    if len(findings) < len(course.ids):
        missing = len(course.ids) - len(findings)
        lacking.append(
            Text(
                f"No certificate: of {checks_of(len(course.ids))} {missing} did not run.",
                f"不能出具证书：{len(course.ids)} 个检查项中有 {missing} 个未运行。",
            )
        )
    skipped = [each for each in findings if each.outcome in _SKIPS]
    if skipped:
        lacking.append(
            Text(
                f"No certificate: {checks_of(len(skipped))} skipped, and none may be; the first: "
                f"{skipped[0].id}: {skipped[0].message}",
                f"不能出具证书：有 {len(skipped)} 个检查项被跳过；首个：{skipped[0].id}："
                f"{skipped[0].message_zh or skipped[0].message}",
            )
        )
    broken = [
        each
        for each in findings
        if each.level == Level.MUST and each.outcome in (Outcome.FAILED, Outcome.ERROR)
    ]
    if broken:
        number = checks_of(len(broken), "binding check")
        lacking.append(
            Text(
                f"No certificate: {number} did not pass; the first: {broken[0].id}.",
                f"不能出具证书：{len(broken)} 个强制检查项未通过；首个：{broken[0].id}。",
            )
        )
    return lacking


def _with(findings: Iterable[Finding], outcome: Outcome) -> list[Finding]:
    return [finding for finding in findings if finding.outcome == outcome]
