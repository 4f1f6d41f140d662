"""What is said when a call did not come: which one came nearest, and why it is another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from simulator import paths
from simulator.driver import Call, Push
from simulator.errors import SimulatorError, Text
from simulator.protocol.catalogue import Catalogue
from simulator.schema_errors import suggest
from simulator.testing.listener import AppError

#: Lines of other calls that are listed beside the nearest one.
_LISTED = 8


class NoSuchCall(AssertionError):
    """The app did not make the call that a test waited for."""


def check_method(kind: str, method: str) -> None:
    """Refuse a call that no institution of this kind makes: it would be waited for in vain.

    Raises:
        SimulatorError: the call is unknown; the message lists the known ones.
    """
    known = _methods(kind)
    if method in known:
        return
    near = suggest(method, known)
    meant = Text(f" Did you mean {near}?", f"是否应为 {near}？") if near else Text("", "")
    raise SimulatorError(
        f"An account of kind {kind} has no call {method!r}.{meant.en} "
        f"Its calls are: {', '.join(known)}.",
        f"{kind} 类账户没有调用接口 {method!r}。{meant.zh}可用的调用：{'、'.join(known)}。",
    )


@cache
def _methods(kind: str) -> tuple[str, ...]:
    catalogue = Catalogue.load(paths.schemas())
    return tuple(each.name for each in catalogue.of_kind(kind, "call"))


@dataclass(frozen=True)
class Wanted:
    """Which call is waited for; None and no parameters mean any."""

    method: str | None
    about: str | None
    status: str | None
    params: Mapping[str, str]

    @classmethod
    def of(
        cls, method: str | None, about: object, status: object, params: Mapping[str, Any]
    ) -> "Wanted":
        """Return what is wanted, all of it as text, as calls carry it."""
        number = None if about is None else str(about)
        texts = {name: str(value) for name, value in params.items()}
        return cls(method, number, None if status is None else str(status), texts)

    def fits(self, call: Call) -> bool:
        """Return whether a call is one of these."""
        return not any(self._differences(call))

    def _differences(self, call: Call) -> tuple[bool, ...]:
        """Say how a call differs, the most telling difference first."""
        return (
            self.method is not None and call.method != self.method,
            self.about is not None and call.about != self.about,
            *(_value(call, name) != value for name, value in self.params.items()),
            self.status is not None and call.status != self.status,
        )

    def nearest(self, calls: Sequence[Call]) -> Call:
        """Return the call that differs least; of several, the newest."""
        return min(reversed(calls), key=self._differences)

    def contrast(self, call: Call) -> Text:
        """Say of a call in which way it is another one."""
        en, zh = [], []
        if self.about is not None and call.about not in (self.about, None):
            en.append(f"not about {self.about}")
            zh.append(f"而不是 {self.about}")
        for name, value in self.params.items():
            if (found := _value(call, name)) != value and call.method == self.method:
                en.append(f"{name} was {found!r}, not {value!r}")
                zh.append(f"{name} 为 {found!r}，而不是 {value!r}")
        return Text("".join(f", {each}" for each in en), "".join(f"，{each}" for each in zh))

    def describe(self) -> Text:
        """Describe what is wanted."""
        listed = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        about = f" about {self.about}" if self.about else ""
        about_zh = f"（{self.about}）" if self.about else ""
        params, params_zh = (f" with {listed}", f"，{listed}") if listed else ("", "")
        return Text(f"{self.method}{about}{params}", f"{self.method}{about_zh}{params_zh}")


def _value(call: Call, name: str) -> str | None:
    value = call.params.get(name)
    return None if value is None else str(value)


def explain(
    wanted: Wanted,
    seconds: float,
    calls: Sequence[Call],
    given: int,
    failed: Sequence[Push],
    errors: Sequence[AppError],
) -> str:
    """Return the message of a wait that was in vain, in both languages.

    `calls` are those since the test began, without the `given` ones that were waited for before;
    `failed` are the pushes that were not acknowledged, `errors` what the app failed with.
    """
    said = wanted.describe()
    outcome = {
        "200": Text("was accepted", "被接受的"),
        None: Text("was made", ""),
    }.get(wanted.status, Text(f"was answered {wanted.status}", f"以 {wanted.status} 应答的"))
    lines = [
        f"no call {said.en} {outcome.en} within {seconds:g} s.",
        f"{seconds:g} 秒内没有{outcome.zh}调用：{said.zh}。",
    ]
    if calls:
        lines += _nearest(wanted, calls)
    else:
        further = (" further", "其他") if given else ("", "任何")
        lines.append(
            f"The app made no{further[0]} call since the test began. "
            f"测试开始以来应用没有发出{further[1]}调用。"
        )
    lines += [
        f"Not acknowledged 未确认: {push.name} about {push.about}: {push.verdict}"
        for push in failed[-3:]
    ]
    lines += [f"The app failed 应用异常: {error.request}: {error}" for error in errors[-3:]]
    return "\n".join(lines)


def _nearest(wanted: Wanted, calls: Sequence[Call]) -> list[str]:
    nearest = wanted.nearest(calls)
    told = _describe(nearest, wanted.contrast(nearest))
    lines = [f"Nearest: a call {told.en}", f"最接近的调用：{told.zh}"]
    others = [call for call in calls if call is not nearest]
    if others:
        lines.append("The others 其他调用:")
        lines += [
            f"  {call.method or '?'} {call.about or ''} {call.status}".rstrip()
            for call in others[-_LISTED:]
        ]
    return lines


def _describe(call: Call, contrast: Text) -> Text:
    en, zh = call.method or "(not opened)", call.method or "（无法解密）"
    if call.about:
        en, zh = f"{en} about {call.about}", f"{zh}（{call.about}）"
    if call.is_stray:
        en, zh = f"{en} (of no account)", f"{zh}（无法识别账户）"
    en, zh = en + contrast.en, zh + contrast.zh
    if call.accepted:
        return Text(f"{en}, accepted", f"{zh}，已接受")
    return Text(
        f"{en}, refused {call.status}: {call.why}", f"{zh}，被拒绝 {call.status}：{call.why_zh}"
    )
