"""The step `expect`: a function for each kind of expectation."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from conformance_tests.scenarios.files import references, shape
from conformance_tests.scenarios.files.shape import Expectation
from conformance_tests.scenarios.play import calls, matching
from conformance_tests.scenarios.play.play import Play
from conformance_tests.suite.rules.outcomes import NotApplicable
from conformance_tests.suite.rules.reasons import Undeclared
from simulator.errors import Text

Spec = Mapping[str, Any]
#: Verdicts of an attempt that was not acknowledged, though the institution may have got it.
_REFUSED = "refused"
_FAILED = "failed"


def expect(play: Play, spec: Spec) -> Text | None:
    """Return what is not as expected and what came instead; None if all is.

    Raises:
        NotApplicable: the target file does not declare the probe that is asked.
        Unexpected: a reference refers to nothing.
    """
    return _KINDS[shape.expectation_kind(spec)](play, spec)


def _state(play: Play, spec: Spec) -> Text | None:
    of = references.sole(str(spec.get("of", "${order}")))
    name = of.name if of else ""
    wanted, having = play.text(spec["state"]), spec.get("having", {})

    def look() -> Text | None:
        kind, record = play.thing(name)
        state = _state_of(kind, record)
        different = matching.differences(play, having, record)
        if state != wanted:
            path = _describe_path(record)
            different.insert(
                0,
                Text(
                    f"it is {state}, not {wanted}{path.en}", f"为 {state}，应为 {wanted}{path.zh}"
                ),
            )
        if not different:
            return None
        number, found = play.number(name), Text.join(different, "; ", "；")
        return Text(f"the {kind} {number}: {found.en}.", f"{kind} {number}：{found.zh}。")

    return play.eventually(look)


def _state_of(kind: str, record: Mapping[str, Any]) -> str:
    match kind:
        case "order":
            return str(record["state"])
        case "claim":
            return str(record["status"])
        case "invoice":
            return "issued" if record["issued"] else "applied"
    if record["removed_at"]:
        return "released"
    if record["forfeited"]:
        return "forfeited"
    if record["revoked"]:
        return "revoked"
    return "valid" if record["current"] else "replaced"


def _describe_path(record: Mapping[str, Any]) -> Text:
    """Describe how an order came to its state."""
    steps = [f"{each['event']} → {each['state']}" for each in record.get("history", [])]
    if not steps:
        return Text("", "")
    listed = ", ".join(steps)
    return Text(f" (it went: {listed})", f"（经过：{listed}）")


def _answer(play: Play, spec: Spec) -> Text | None:
    interface = play.text(spec["answer"])
    about = play.about_push(interface, spec.get("about"))
    number = play.last_sent(interface, about)
    if number is None:
        return Text(f"no {interface} was sent.", f"没有发送过 {interface}。")
    push = play.platform.push(number)
    if not push["attempts"]:
        return Text(
            f"{interface} about {push['about']} was not sent yet ({push['state']}).",
            f"{interface}（{push['about']}）尚未发送（{push['state']}）。",
        )
    last = push["attempts"][-1]
    members = _parse_members(last["received"])
    different = []
    expected = play.text(spec.get("verdict", ""))
    if "verdict" in spec and not _has_verdict(expected, last, members):
        verdict = last["verdict"]
        different.append(
            Text(
                f"the verdict is {verdict['code']} ({verdict['en']}), not {expected}",
                f"判定为 {verdict['code']}（{verdict['zh']}），应为 {expected}",
            )
        )
    if "status" in spec:
        wanted = {"status": spec["status"]}
        different += matching.differences(play, wanted, members)
    if "data" in spec:
        data = members.get("data")
        data = data if isinstance(data, Mapping) else {}
        different += matching.differences(play, spec["data"], data)
    if not different:
        return None
    came = str(last["received"].get("body", ""))[:300]
    found = Text.join(different, "; ", "；")
    return Text(
        f"the answer to {interface} about {push['about']}: "
        f"{found.en}. It answered: {came or 'nothing'}",
        f"{interface}（{push['about']}）的应答：{found.zh}。应答内容：{came or '无'}",
    )


def _parse_members(received: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON object of an answer; an empty one if there is none."""
    try:
        members = json.loads(str(received.get("body", "")))
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _has_verdict(wanted: str, attempt: Mapping[str, Any], members: Mapping[str, Any]) -> bool:
    acknowledged, code = attempt["outcome"] == "acknowledged", attempt["verdict"]["code"]
    if wanted == "acknowledged":
        return bool(acknowledged)
    if wanted == _FAILED:
        return not acknowledged
    if wanted == _REFUSED:
        # A question may be answered by a refusal, too.
        return str(members.get("status", "200")) != "200"
    return bool(wanted == code)


def _push(play: Play, spec: Spec) -> Text | None:
    interface = play.text(spec["push"])
    about = play.about_push(interface, spec.get("about"))
    of = f" about {about}" if about else ""
    of_zh = f"（{about}）" if about else ""
    if "count" in spec:
        number = len(play.pushes(interface, about))
        if not matching.count_fits(play, spec["count"], number):
            many = matching.describe_count(play, spec["count"])
            return Text(
                f"{many.en} of {interface}{of} expected, there are {number}.",
                f"预期{many.zh} {interface}{of_zh}，实际 {number} 条。",
            )
        if set(spec) <= {"push", "about", "count"}:
            return None
    push = play.newest(interface, about)
    if push is None:
        return Text(f"there is no {interface}{of}.", f"没有 {interface}{of_zh}。")
    different = _differences(play, spec, push)
    if not different:
        return None
    attempts = play.platform.push(push["id"])["attempts"]
    last = attempts[-1]["verdict"] if attempts else {"en": "not sent", "zh": "未发送"}
    found = Text.join(different, "; ", "；")
    return Text(
        f"{interface} about {push['about']}: {found.en} (last attempt: {last['en']})",
        f"{interface}（{push['about']}）：{found.zh}（最近一次：{last['zh']}）",
    )


def _differences(play: Play, spec: Spec, push: Mapping[str, Any]) -> list[Text]:
    different = []
    if "state" in spec and push["state"] != (wanted := play.text(spec["state"])):
        different.append(
            Text(f"it is {push['state']}, not {wanted}", f"为 {push['state']}，应为 {wanted}")
        )
    made = push["attempts_made"]
    if "attempts" in spec and not matching.count_fits(play, spec["attempts"], made):
        many = matching.describe_count(play, spec["attempts"])
        different.append(
            Text(
                f"{made} attempts were made, {many.en} expected",
                f"已推送 {made} 次，预期{many.zh}",
            )
        )
    content = spec.get("content", {})
    return [
        *different,
        *matching.differences(play, content, push["content"]),
    ]


def _records(play: Play, spec: Spec) -> Text | None:
    kind, key = str(spec["records"]), play.text(spec.get("key", "${order}"))
    if not play.target.has_probe(kind):
        raise NotApplicable.because(Undeclared("probes", (kind,)))
    wanted = int(play.text(spec["count"]))
    found = play.target.count_settled(kind, key, wanted)
    if found == wanted:
        return None
    return Text(
        f"the institution has {found} of `{kind}` for {key}, {wanted} expected.",
        f"机构有 {found} 条 `{kind}` 记录（{key}），预期 {wanted} 条。",
    )


_KINDS: Mapping[Expectation, Callable[[Play, Spec], Text | None]] = {
    Expectation.CALL: calls.expect,
    Expectation.ANSWER: _answer,
    Expectation.STATE: _state,
    Expectation.PUSH: _push,
    Expectation.SILENCE: calls.expect_silence,
    Expectation.RECORDS: _records,
}
