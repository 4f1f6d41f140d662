"""What is said of an action without effect: no call came, or the platform refused it."""

from collections.abc import Sequence
from functools import cache

from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.rules.outcomes import NoEffect
from conformance_tests.suite.rules.reasons import NoCall, Refused
from simulator.errors import Text
from simulator.recipes.book import Book

_NOTHING = Text("", "")


def no_effect(action: str, method: str, calls: Sequence[Call], said: str) -> NoEffect:
    """Return what is said of an action of which the platform saw no accepted call.

    `method` is the call that was waited for, `calls` are those that came, `said` is what the
    action itself answered.
    """
    if not calls:
        return NoEffect.because(
            NoCall(action, method, said),
            Text(
                f"Let the action `{action}` lead to {method} within the target's `patience`: look "
                "in your own log why it does not call, and whether it calls the platform of the "
                "letter.",
                f"操作 `{action}` 应在目标文件的 `patience` 秒内引起 {method} 调用："
                "请查看系统日志，确认未调用的原因，以及调用的地址是否为开户信中的平台地址。",
            ),
        )
    last = calls[-1]
    return NoEffect.because(
        Refused(action, method, last.status, last.answered, said),
        _correct(last.kind, method, last.status),
    )


def _correct(kind: str, method: str, status: str) -> Text:
    """Return what to change where the platform refuses a call with a code of 5.3."""
    number = int(status) if status.isdecimal() else 0
    code, recipe = catalogue().codes.platform.get(number), _book(kind).recipes.get(number)
    meaning = f": {status} means: {code.en}" if code else ""
    case = Text(f", for example: {recipe.purpose.en}", recipe.purpose.zh) if recipe else _NOTHING
    return Text(
        f"Correct the call {method}{meaning}{case.en.rstrip('.')}. "
        f"`conzhu-sim codes show {status}` names the parameters that give it.",
        f"请更正 {method} 调用{'，例如：' if case.zh else '。'}{case.zh}"
        f"可用 `conzhu-sim codes show {status}` 查看返回该状态码的参数。",
    )


@cache
def _book(kind: str) -> Book:
    return Book.load(kind)
