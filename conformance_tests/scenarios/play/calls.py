"""Expect calls of the institution, or its silence; report the nearest call if none fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance_tests.scenarios.files import durations
from conformance_tests.scenarios.play import matching
from conformance_tests.scenarios.play.play import Play
from conformance_tests.suite.platform.seen import Call
from simulator.errors import Text

#: How many other calls are listed besides the nearest one.
_LISTED = 6
_OK = 200


@dataclass(frozen=True)
class _ExpectedCall:
    """The call that is expected, its references resolved."""

    method: str
    about: str | None
    params: Mapping[str, Any]
    status: Any

    @classmethod
    def build(cls, play: Play, spec: Mapping[str, Any]) -> "_ExpectedCall":
        about = play.text(spec["about"]) if "about" in spec else None
        status = play.fill(spec.get("status", _OK))
        return cls(play.text(spec["call"]), about, spec.get("params", {}), status)

    def differences(self, play: Play, call: Call) -> list[Text]:
        """Return how a call differs, the most telling difference first."""
        found = []
        if call.method != self.method:
            found.append(Text(f"it is {call.method}", f"是 {call.method}"))
        about = call.entry["about"]
        if self.about is not None and about != self.about:
            found.append(
                Text(f"it is about {about}, not {self.about}", f"对象为 {about}，应为 {self.about}")
            )
        found += matching.differences(play, self.params, call.params)
        if not matching.is_any(self.status) and call.status != str(self.status):
            answered = call.answered
            found.append(
                Text(
                    f"it was answered {answered.en}, not {self.status}",
                    f"应答为 {answered.zh}，应为 {self.status}",
                )
            )
        return found

    def describe(self, play: Play) -> Text:
        """Describe the call."""
        about = (f" about {self.about}", f"（{self.about}）") if self.about else ("", "")
        texts = [(name, matching.describe(play, each)) for name, each in self.params.items()]
        en = ", ".join(f"{name} {text.en}" for name, text in texts)
        zh = "，".join(f"{name} {text.zh}" for name, text in texts)
        status = "" if matching.is_any(self.status) else f", answered {self.status}"
        status_zh = "" if matching.is_any(self.status) else f"，应答 {self.status}"
        return Text(
            f"{self.method}{about[0]}{f' with {en}' if en else ''}{status}",
            f"{self.method}{about[1]}{f'，{zh}' if zh else ''}{status_zh}",
        )


def expect(play: Play, spec: Mapping[str, Any]) -> Text | None:
    """Return what is not as expected of the institution's calls; None if all is."""
    wanted = _ExpectedCall.build(play, spec)
    count = spec.get("count", {"least": 1})
    since = play.start if spec.get("since") == "start" else play.step

    def look() -> Text | None:
        calls = play.calls(None, since)
        fitting = [call for call in calls if not wanted.differences(play, call)]
        if matching.count_fits(play, count, len(fitting)):
            return None
        return _describe_missing(play, wanted, count, len(fitting), calls)

    if matching.is_upward(count):
        return play.eventually(look)
    play.eventually(look)
    # Another call may be on its way.
    play.settle()
    return look()


def _describe_missing(
    play: Play, wanted: _ExpectedCall, count: Any, number: int, calls: Sequence[Call]
) -> Text:
    call_text, many = wanted.describe(play), matching.describe_count(play, count)
    sentences = [
        Text(
            f"{many.en} of {call_text.en} expected, {number} came.",
            f"预期{many.zh}：{call_text.zh}；实际 {number} 次。",
        )
    ]
    others = [call for call in calls if wanted.differences(play, call)]
    if number:
        return sentences[0]
    if not calls:
        sentences.append(
            Text("The institution made no call at all since then.", "此后机构没有发出任何调用。")
        )
    elif others:
        nearest = min(reversed(others), key=lambda call: _distance(play, wanted, call))
        different = Text.join(wanted.differences(play, nearest), "; ", "；")
        sentences.append(
            Text(
                f"Nearest: {nearest.method or 'a call that could not be opened'} about "
                f"{nearest.entry['about']}: {different.en}.",
                f"最接近的调用：{nearest.method or '无法解密的调用'}（{nearest.entry['about']}）："
                f"{different.zh}。",
            )
        )
        rest = [f"{c.method} {c.status}" for c in others if c is not nearest][-_LISTED:]
        if rest:
            listed, listed_zh = ", ".join(rest), "、".join(rest)
            sentences.append(Text(f"Others: {listed}.", f"其他调用：{listed_zh}。"))
    return Text.join(sentences)


def _distance(play: Play, wanted: _ExpectedCall, call: Call) -> tuple[bool, bool, int]:
    return (
        call.method != wanted.method,
        wanted.about is not None and call.entry["about"] != wanted.about,
        len(wanted.differences(play, call)),
    )


def expect_silence(play: Play, spec: Mapping[str, Any]) -> Text | None:
    """Let time pass; return which calls came meanwhile, None if none did."""
    length = durations.parse(str(spec["silence"]))
    method = play.text(spec["method"]) if "method" in spec else None
    play.settle()
    before = play.mark()
    play.note_walk(play.post("clock", action="advance", seconds=length))
    play.silent = False
    play.settle()
    calls = [call for call in play.calls(None, before) if method in (None, call.method)]
    if not calls:
        return None
    listed = ", ".join(f"{c.method} about {c.entry['about']} ({c.status})" for c in calls[:_LISTED])
    listed_zh = "、".join(f"{c.method}（{c.entry['about']}，{c.status}）" for c in calls[:_LISTED])
    what = f"no {method}" if method else "no call"
    return Text(
        f"{what} expected for {spec['silence']}, {len(calls)} came: {listed}.",
        f"预期 {spec['silence']} 内没有{method or '任何调用'}，实际 {len(calls)} 次：{listed_zh}。",
    )
