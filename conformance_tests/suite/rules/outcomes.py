"""How a check can end, and how binding what it checks is (P36)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from conformance_tests.suite.rules.reasons import Observed, Reason
from simulator.errors import Text


class Level(StrEnum):
    """MUST: a clause binds the institution. SHOULD: good sense. INFORM: can be read two ways."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    INFORM = "INFORM"


#: What each level is called.
LEVELS: Mapping[str, Text] = {
    Level.MUST: Text("binding", "强制"),
    Level.SHOULD: Text("good sense", "建议"),
    Level.INFORM: Text("two readings", "参考"),
}


class Outcome(StrEnum):
    """The end of a check; never two of them mixed.

    FAILED is the target's fault, ERROR is ours; WARNED and INFORMED fail no gate;
    NOT_APPLICABLE was not declared by the target file; BLOCKED could not be judged because
    something earlier went wrong; ATTESTED rests on a person's word.
    """

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    INFORMED = "informed"
    NOT_APPLICABLE = "not_applicable"
    BLOCKED = "blocked"
    ATTESTED = "attested"
    ERROR = "error"


#: What each outcome is called, and what it means.
OUTCOMES: Mapping[str, tuple[Text, Text]] = {
    Outcome.FAILED: (
        Text("failed", "失败"),
        Text("the target breaks a binding clause", "目标违反强制条款"),
    ),
    Outcome.ERROR: (
        Text("error", "套件错误"),
        Text("the suite itself failed: not the target's fault", "套件自身出错，与目标无关"),
    ),
    Outcome.BLOCKED: (
        Text("blocked", "受阻"),
        Text("could not be judged: an earlier step did not work", "前置步骤未成功，无法判定"),
    ),
    Outcome.WARNED: (
        Text("warned", "警告"),
        Text("should be better; fails no gate", "建议改进，不影响结论"),
    ),
    Outcome.INFORMED: (
        Text("informed", "提示"),
        Text("the manual can be read two ways; worth knowing", "手册可有两种理解，仅供参考"),
    ),
    Outcome.ATTESTED: (
        Text("attested", "人工确认"),
        Text("rests on a person's word", "依据人工确认"),
    ),
    Outcome.NOT_APPLICABLE: (
        Text("not applicable", "不适用"),
        Text("the target file does not declare what it needs", "目标文件未声明所需能力"),
    ),
    Outcome.PASSED: (Text("passed", "通过"), Text("as the clause says", "符合条款")),
}
#: What a check comes to, at its level, when its rule is broken.
WORST = {
    Level.MUST: Outcome.FAILED,
    Level.SHOULD: Outcome.WARNED,
    Level.INFORM: Outcome.INFORMED,
}


class End(Exception):
    """Ends a check for a reason: one that is a value, or two sentences about what was seen.

    `fix` is what to change, where what came says it better than the check can.
    """

    def __init__(self, en: str, zh: str, fix: Text | None = None) -> None:
        super().__init__(en)
        self.reason: Reason = Observed(Text(en, zh))
        self.fix = fix

    @classmethod
    def because(cls, reason: Reason, fix: Text | None = None) -> Self:
        """Return the end that has this reason."""
        end = cls(reason.text.en, reason.text.zh, fix)
        end.reason = reason
        return end

    @property
    def text(self) -> Text:
        """The reason as a sentence."""
        return self.reason.text


class EarlyEnd(End):
    """Ends a check with an outcome that is no broken rule."""

    outcome: Outcome


class NotApplicable(EarlyEnd):
    """The target file does not declare what the check needs."""

    outcome = Outcome.NOT_APPLICABLE


class Blocked(EarlyEnd):
    """An earlier step went wrong, so that the rule itself could not be judged."""

    outcome = Outcome.BLOCKED


class Warned(EarlyEnd):
    """The rule itself holds; something beside it should be put right."""

    outcome = Outcome.WARNED


class Informed(EarlyEnd):
    """The rule itself holds; something about it is worth knowing."""

    outcome = Outcome.INFORMED


class TargetFault(End, AssertionError):
    """The target broke the rule; the sentences say what came instead."""


def expect(holds: object, en: str, zh: str) -> None:
    """Hold the target to the rule of the check at hand; the sentences say what came instead.

    Raises:
        TargetFault: the rule is broken.
    """
    if not holds:
        raise TargetFault(en, zh)


class NoEffect(Blocked):
    """The target was asked to act, and the platform saw no accepted call for it."""
