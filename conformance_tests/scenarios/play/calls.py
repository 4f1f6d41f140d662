"""Expectations on the institution's calls, and its silence; what came nearest where none fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance_tests.scenarios.files import durations
from conformance_tests.scenarios.play import matching
from conformance_tests.scenarios.play.play import Play
from conformance_tests.suite.platform.seen import Call
from simulator.errors import Text

#: Other calls that are listed beside the nearest one.
_LISTED = 6
_OK = 200


@dataclass(frozen=True)
class _Wanted:
    """Which call is expected, its references filled in."""

    method: str
    about: str | None
    params: Mapping[str, Any]
    status: Any

    @classmethod
    def of(cls, play: Play, says: Mapping[str, Any]) -> "_Wanted":
        about = play.text(says["about"]) if "about" in says else None
        status = play.filled(says.get("status", _OK))
        return cls(play.text(says["call"]), about, says.get("params", {}), status)

    def differs(self, play: Play, call: Call) -> list[Text]:
        """Say how a call is another one, the most telling difference first."""
        told = []
        if call.method != self.method:
            told.append(Text(f"it is {call.method}", f"是 {call.method}"))
        about = call.entry["about"]
        if self.about is not None and about != self.about:
            told.append(
                Text(f"it is about {about}, not {self.about}", f"对象为 {about}，应为 {self.about}")
            )
        told += matching.differences(play, self.params, call.params)
        if not matching.is_any(self.status) and call.status != str(self.status):
            answered = call.answered
            told.append(
                Text(
                    f"it was answered {answered.en}, not {self.status}",
                    f"应答为 {answered.zh}，应为 {self.status}",
                )
            )
        return told

    def said(self, play: Play) -> Text:
        """Describe the call."""
        about = (f" about {self.about}", f"（{self.about}）") if self.about else ("", "")
        told = [(name, matching.said(play, each)) for name, each in self.params.items()]
        en = ", ".join(f"{name} {text.en}" for name, text in told)
        zh = "，".join(f"{name} {text.zh}" for name, text in told)
        status = "" if matching.is_any(self.status) else f", answered {self.status}"
        status_zh = "" if matching.is_any(self.status) else f"，应答 {self.status}"
        return Text(
            f"{self.method}{about[0]}{f' with {en}' if en else ''}{status}",
            f"{self.method}{about[1]}{f'，{zh}' if zh else ''}{status_zh}",
        )


def expect(play: Play, says: Mapping[str, Any]) -> Text | None:
    """Return what is not as expected of the institution's calls, None where all is."""
    wanted = _Wanted.of(play, says)
    count = says.get("count", {"least": 1})
    since = play.start if says.get("since") == "start" else play.step

    def look() -> Text | None:
        calls = play.calls(None, since)
        fitting = [call for call in calls if not wanted.differs(play, call)]
        if matching.within(play, count, len(fitting)):
            return None
        return _missing(play, wanted, count, len(fitting), calls)

    if matching.is_upward(count):
        return play.eventually(look)
    play.eventually(look)
    # One more may be on its way.
    play.settle()
    return look()


def _missing(play: Play, wanted: _Wanted, count: Any, number: int, calls: Sequence[Call]) -> Text:
    said, many = wanted.said(play), matching.how_many(play, count)
    sentences = [
        Text(
            f"{many.en} of {said.en} expected, {number} came.",
            f"预期{many.zh}：{said.zh}；实际 {number} 次。",
        )
    ]
    others = [call for call in calls if wanted.differs(play, call)]
    if number:
        return sentences[0]
    if not calls:
        sentences.append(
            Text("The institution made no call at all since then.", "此后机构没有发出任何调用。")
        )
    elif others:
        nearest = min(reversed(others), key=lambda call: _distance(play, wanted, call))
        different = Text.join(wanted.differs(play, nearest), "; ", "；")
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


def _distance(play: Play, wanted: _Wanted, call: Call) -> tuple[bool, bool, int]:
    return (
        call.method != wanted.method,
        wanted.about is not None and call.entry["about"] != wanted.about,
        len(wanted.differs(play, call)),
    )


def expect_silence(play: Play, says: Mapping[str, Any]) -> Text | None:
    """Let time pass, and return which calls came in it; None where none did."""
    length = durations.seconds(str(says["silence"]))
    method = play.text(says["method"]) if "method" in says else None
    play.settle()
    before = play.mark()
    play.moved(play.happen("clock", action="advance", seconds=length))
    play.silent = False
    play.settle()
    calls = [call for call in play.calls(None, before) if method in (None, call.method)]
    if not calls:
        return None
    listed = ", ".join(f"{c.method} about {c.entry['about']} ({c.status})" for c in calls[:_LISTED])
    listed_zh = "、".join(f"{c.method}（{c.entry['about']}，{c.status}）" for c in calls[:_LISTED])
    what = f"no {method}" if method else "no call"
    return Text(
        f"{what} expected for {says['silence']}, {len(calls)} came: {listed}.",
        f"预期 {says['silence']} 内没有{method or '任何调用'}，实际 {len(calls)} 次：{listed_zh}。",
    )
