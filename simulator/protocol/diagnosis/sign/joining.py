"""Mistakes in sorting and joining names and values."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from simulator.errors import Text
from simulator.protocol import plaintext
from simulator.protocol.diagnosis.findings import format_names
from simulator.protocol.diagnosis.sign.recipes import Pair, Pairs, by_name
from simulator.protocol.diagnosis.sign.steps import Step
from simulator.protocol.plaintext import Parameters, Value


def order_steps(parameters: Parameters) -> Iterator[Step]:
    """Return the mistakes in the order of the parameters."""

    def order(mistake: str, key: Callable[[Pair], Any], en: str, zh: str) -> Step:
        return Step(mistake, Text(en, zh), {"order": lambda pairs: sorted(pairs, key=key)})

    written = format_names([name for name in parameters if name != "sign"])
    detail = Text(f"Signed as written: {written}.", f"按书写顺序签名：{written}。")
    yield Step("not_sorted", detail, {"order": list})
    case, case_zh = "sorted_ignoring_case", "排序时忽略了大小写。"
    lower = "Sorted as if all names were in lower case."
    yield order(case, lambda pair: pair[0].lower(), lower, case_zh)
    upper = "Sorted as if all names were in upper case, so that `_` comes after the letters."
    upper_zh = "按全大写排序，下划线因此排在字母之后。"
    yield order(case, lambda pair: pair[0].upper(), upper, upper_zh)
    language = "Sorted as in a dictionary, `_` ignored (Collator, localeCompare)."
    language_zh = "按字典规则排序，忽略了下划线（Collator、localeCompare）。"
    yield order(case, lambda pair: pair[0].replace("_", "").lower(), language, language_zh)
    reverse = Text("The last name comes first.", "参数名按降序排列。")
    yield Step("sorted_backwards", reverse, {"order": lambda pairs: by_name(pairs)[::-1]})
    values = "The pairs are in the order of their values."
    yield order("sorted_by_value", lambda pair: pair[1], values, "按参数值排序。")
    pairs, pairs_zh = "Name and value were joined first, then sorted.", "先拼接名称与值，再排序。"
    yield order("sorted_as_pairs", lambda pair: pair[0] + pair[1], pairs, pairs_zh)
    equal = "The texts name=value were sorted, not the names."
    equal_zh = "排序的是“名称=值”文本，而不是参数名。"
    yield order("sorted_as_pairs", lambda pair: f"{pair[0]}={pair[1]}", equal, equal_zh)


def join_steps(parameters: Parameters, secret: str) -> Iterator[Step]:
    """Return the mistakes in putting names and values together."""

    def join_with(inner: str, outer: str) -> Callable[[Pairs], str]:
        return lambda pairs: outer.join(name + inner + text for name, text in pairs)

    for inner, outer in (("=", "&"), ("=", ""), ("", "&"), (":", ","), ("=", ","), ("", ",")):
        detail = Text(
            f'Between name and value stands "{inner}", between the pairs "{outer}".',
            f'名称与值之间是 "{inner}"，参数之间是 "{outer}"。',
        )
        yield Step("joined_like_a_query", detail, {"join": join_with(inner, outer)})
    for name in ("&key=", "&api_secret=", "&secret="):
        detail = Text(
            f"The secret is appended as {name}…, and nothing precedes the names.",
            f"密钥以 {name}… 的形式附在末尾，开头没有密钥。",
        )
        changes = {"join": join_with("=", "&"), "ends": ("", name + secret)}
        yield Step("signed_like_wechat", detail, changes)
    only = Text("The base string has no names in it.", "待签名串中没有参数名。")
    yield Step("values_only", only, {"join": lambda pairs: "".join(text for _, text in pairs)})
    for order, en, zh in ((by_name, "sorted", "已排序"), (list, "as written", "按书写顺序")):
        for blank, escape in (("", False), ("", True), (" ", False), (" ", True)):
            detail = Text(f"Signed over JSON, names {en}.", f"对 JSON 文本签名，参数名{zh}。")
            changes = {"order": order, "join": _json_of(parameters, blank, escape)}
            yield Step("json_text_signed", detail, changes)


def _json_of(parameters: Parameters, blank: str, escape: bool) -> Callable[[Pairs], str]:
    def member(name: str, value: Value) -> str:
        # {"":value} is how the plaintext writes it, so its value starts at the fifth letter.
        written = plaintext.write({"": value}, "json-ascii" if escape else "json")[4:-1].decode()
        return f"{json.dumps(name, ensure_ascii=escape)}:{blank}{written}"

    def write(pairs: Pairs) -> str:
        members = (member(name, parameters.get(name, text)) for name, text in pairs)
        return "{" + f",{blank}".join(members) + "}"

    return write
