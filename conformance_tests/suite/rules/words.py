"""What the outcomes are called, for people."""

from collections.abc import Mapping

from conformance_tests.suite.rules.outcomes import Outcome
from simulator.errors import Text

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
