"""What is said of refusals: the platform's of the target's call, and HTTP 5xx, which is none."""

import re
from collections.abc import Sequence
from functools import cache

from conformance_tests.suite.checks import catalogue
from conformance_tests.suite.outcomes import NoEffect
from conformance_tests.suite.seen import Call
from simulator.errors import Text
from simulator.recipes import Book

#: HTTP 5xx in answer to a push; what an action of the target file answered is another matter.
_SERVER_ERROR = re.compile(r"(?<!said: )\bHTTP 5\d\d\b")
_NOTHING = Text("", "")
_IS_A_FAULT = Text(
    "; an HTTP 5xx is a fault, neither an acknowledgement nor a refusal (P37)",
    "；HTTP 5xx 属于系统故障，既不是确认，也不是拒绝（P37）",
)
#: What to change where an exception was answered.
CATCH_IT = Text(
    "Find the exception in your own log, and catch it: answer what you take with "
    '{"status":200}, and what you refuse with HTTP 200 or 4xx and a `status` that is not 200, '
    'such as {"status":404,"data":"reason"}.',
    '在系统日志中找到该异常并捕获：接受时返回 {"status":200}；拒绝时以 HTTP 200 或 4xx 返回'
    '不等于 200 的 `status`，例如 {"status":404,"data":"原因"}。',
)


def no_effect(action: str, method: str, calls: Sequence[Call], said: str) -> NoEffect:
    """Return what is said of an action of which the platform saw no accepted call.

    `method` is the call that was waited for, `calls` are those that came, `said` is what the
    action itself answered.
    """
    if not calls:
        return NoEffect(
            f"`{action}` had no effect: no {method} came (the action said: {said})",
            f"操作 `{action}` 没有效果：没有收到 {method}（操作返回：{said}）",
            Text(
                f"Let the action `{action}` lead to {method} within the target's `patience`: look "
                "in your own log why it does not call, and whether it calls the platform of the "
                "letter.",
                f"操作 `{action}` 应在目标文件的 `patience` 秒内引起 {method} 调用："
                "请查看系统日志，确认未调用的原因，以及调用的地址是否为开户信中的平台地址。",
            ),
        )
    last = calls[-1]
    refused = last.answered
    return NoEffect(
        f"`{action}` had no effect: the platform refused {method} with {refused.en} "
        f"(the action said: {said})",
        f"操作 `{action}` 没有效果：平台拒绝了 {method}，{refused.zh}（操作返回：{said}）",
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


def of_fault(message: Text) -> tuple[Text, Text] | None:
    """Return what is said, and to be changed, where a message tells of HTTP 5xx, else None.

    Whatever the check was about: who fails with an exception has not come to its rule.
    """
    if not _SERVER_ERROR.search(message.en):
        return None
    said = Text(message.en + _IS_A_FAULT.en, message.zh + _IS_A_FAULT.zh)
    return said, CATCH_IT
