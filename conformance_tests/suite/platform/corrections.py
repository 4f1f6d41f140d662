"""What to change in a call that the platform refuses with a code of 5.3."""

from functools import cache

from conformance_tests.suite.rules.checks import catalogue
from simulator.errors import Text
from simulator.recipes.book import Book

_NOTHING = Text("", "")
#: The code that says nothing but that a call failed.
_FAILED = "404"


def correct_call(kind: str, method: str, status: str) -> Text:
    """Return what to change in a call that the platform refuses with this status."""
    if status == _FAILED:
        return Text(
            f"Correct in {method} what the refusal names.", f"请按拒绝原因更正 {method} 调用。"
        )
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
