"""Why a check came to its end, as values: what was missing, refused or not answered.

The sentences for people are made of a reason's fields, and never read back: a report groups, counts
and advises by the fields, which it keeps in JSON.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from simulator.errors import Text

_SERVER_ERROR = 500
#: The parts of a target file that declare what the target has.
Part = Literal["endpoints", "actions", "probes", "supports"]
_DECLARED: Mapping[str, Text] = {
    "endpoints": Text("endpoint ", "接收地址"),
    "actions": Text("action ", "操作"),
    "probes": Text("probe ", "探针"),
}


@dataclass(frozen=True)
class Reason(ABC):
    """Why a check did not simply pass. `type` names the kind of reason in JSON."""

    type: ClassVar[str]
    #: The fields that two reasons of one type share if one change mends both.
    by: ClassVar[tuple[str, ...]] = ()

    @property
    @abstractmethod
    def text(self) -> Text:
        """The reason as a sentence."""

    @property
    def cause(self) -> tuple[str, ...]:
        """What it shares with the reasons that one change mends together with it."""
        return (self.type, *(str(getattr(self, name)) for name in self.by))

    def as_json(self) -> dict[str, Any]:
        """Return the reason as a report keeps it: its type and its fields."""
        return {"type": self.type, **asdict(self)}


@dataclass(frozen=True)
class Observed(Reason):
    """What a check saw instead of what its rule demands, in its own words."""

    type: ClassVar[str] = "observed"
    by: ClassVar[tuple[str, ...]] = ("said",)
    said: Text

    @property
    def text(self) -> Text:
        """What the check said."""
        return self.said


@dataclass(frozen=True)
class Undeclared(Reason):
    """The target file does not declare what the check needs.

    `missing` are the members of one part of the file, `instead` what would do as well.
    """

    type: ClassVar[str] = "undeclared"
    by: ClassVar[tuple[str, ...]] = ("part", "missing")
    part: Part
    missing: tuple[str, ...]
    instead: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """What is not declared."""
        quoted = [f"`{each}`" for each in self.missing]
        if self.part not in _DECLARED:
            quoted = [f"`{self.part}: {each}`" for each in self.missing]
        word = _DECLARED.get(self.part, Text("", ""))
        en = f"the target file declares no {word.en}{' and no '.join(quoted)}"
        zh = f"目标文件未声明{word.zh} {'、'.join(quoted)}"
        if self.instead:
            en += f" (or instead: {'; '.join(self.instead)})"
            zh += f"（或改为声明：{'；'.join(self.instead)}）"
        return Text(en, zh)

    @property
    def declarations(self) -> list[str]:
        """The places of what is missing: `probes.orders`."""
        return [f"{self.part}.{each}" for each in self.missing]


@dataclass(frozen=True)
class Unattended(Reason):
    """An action is done by hand, and nobody sits at a terminal."""

    type: ClassVar[str] = "unattended"
    by: ClassVar[tuple[str, ...]] = ("action",)
    action: str

    @property
    def text(self) -> Text:
        """Which action it is, and what can be done."""
        return Text(
            f"`{self.action}` is manual and nobody sits at a terminal: run the suite in one, or "
            "give the action an http or a command",
            f"`{self.action}` 需人工操作，但当前没有终端：请在终端中运行，或改用 http 或 command",
        )


@dataclass(frozen=True)
class Needs(Reason):
    """A check that must pass first did not; it may not even be applicable."""

    type: ClassVar[str] = "needs"
    by: ClassVar[tuple[str, ...]] = ("check",)
    check: str
    applicable: bool = True

    @property
    def text(self) -> Text:
        """Which check it is."""
        if not self.applicable:
            return Text(
                f"it needs a check that is not applicable: {self.check}",
                f"前置检查项不适用：{self.check}",
            )
        return Text(
            f"an earlier check did not pass: {self.check}", f"前置检查项未通过：{self.check}"
        )


@dataclass(frozen=True)
class NoAnswer(Reason):
    """An endpoint gave no answer at all: `failure` is how, `address` its host and port."""

    type: ClassVar[str] = "no_answer"
    by: ClassVar[tuple[str, ...]] = ("failure", "address")
    failure: str
    address: str
    said: Text

    @property
    def text(self) -> Text:
        """What the check said of it."""
        return self.said


@dataclass(frozen=True)
class ServerError(Reason):
    """An endpoint answered HTTP 5xx: whatever the check is about, its rule was not come to."""

    type: ClassVar[str] = "server_error"
    status: int
    said: Text

    @property
    def text(self) -> Text:
        """What the check said, and that it is a fault."""
        return Text(
            f"{self.said.en}; an HTTP 5xx is a fault, neither an acknowledgement nor a refusal "
            "(P37)",
            f"{self.said.zh}；HTTP 5xx 属于系统故障，既不是确认，也不是拒绝（P37）",
        )


@dataclass(frozen=True)
class Breakdown:
    """What an endpoint did instead of answering: nothing (`failure` says how), or HTTP 5xx."""

    url: str
    failure: str | None
    status: int

    def explain(self, said: Text) -> Reason:
        """Return the reason for which a check ends that said this of it."""
        if self.failure is not None:
            return NoAnswer(self.failure, urlsplit(self.url).netloc, said)
        return ServerError(self.status, said)


def breakdown_of(url: str, failure: str | None, status: int | None) -> Breakdown | None:
    """Return how an endpoint broke down, None where it answered or we reset the connection."""
    if failure == "cut" or (failure is None and (status or 0) < _SERVER_ERROR):
        return None
    return Breakdown(url, failure, status or 0)


@dataclass(frozen=True)
class SignRefused(Reason):
    """The target refused a right push for its sign: `words` are its own.

    Whatever the check is about, it is the target's verification of signs that is to change.
    """

    type: ClassVar[str] = "sign_refused"
    words: str
    said: Text

    @property
    def text(self) -> Text:
        """What the check said of it."""
        return self.said


@dataclass(frozen=True)
class SignRefusal:
    """An answer that says of a right push that its sign is wrong, in these words."""

    words: str

    def explain(self, said: Text) -> Reason:
        """Return the reason for which a check ends that said this of the answer."""
        return SignRefused(self.words, said)


@dataclass(frozen=True)
class NotTaken(Reason):
    """The target did not take what the rest builds on.

    `message` is the interface by which it was told, `about` its number if that tells anything,
    `answer` what the target answered.
    """

    type: ClassVar[str] = "not_taken"
    by: ClassVar[tuple[str, ...]] = ("message",)
    message: str
    answer: Text
    about: str = ""

    @property
    def text(self) -> Text:
        """What was sent and what was answered."""
        about = f" {self.about}" if self.about else ""
        return Text(
            f"the target did not take the {self.message}{about}, which was right: {self.answer.en}",
            f"目标没有接收正确的 {self.message}{about}：{self.answer.zh}",
        )


@dataclass(frozen=True)
class NoData(Reason):
    """A question about a guarantee was not answered with its data."""

    type: ClassVar[str] = "no_data"
    by: ClassVar[tuple[str, ...]] = ("section",)
    section: str
    guarantee: str
    answer: Text

    @property
    def text(self) -> Text:
        """Which question it was, and what was answered."""
        return Text(
            f"{self.section} of the guarantee {self.guarantee} was not answered with its data: "
            f"{self.answer.en}",
            f"保函 {self.guarantee} 的 {self.section} 没有返回数据：{self.answer.zh}",
        )


@dataclass(frozen=True)
class NotRead(Reason):
    """The target did not read an order (2.3) after the jump (2.1)."""

    type: ClassVar[str] = "not_read"
    order_no: str

    @property
    def text(self) -> Text:
        """Which order it was."""
        return Text(
            f"the target did not read the order {self.order_no} by 2.3 after the jump (2.1)",
            f"跳转（2.1）后目标没有用 2.3 读取订单 {self.order_no}",
        )


@dataclass(frozen=True)
class NoCall(Reason):
    """The target was asked to act, and no call came; `said` is what the action itself answered."""

    type: ClassVar[str] = "no_call"
    by: ClassVar[tuple[str, ...]] = ("action", "method")
    action: str
    method: str
    said: str
    about: str = ""

    @property
    def text(self) -> Text:
        """Which call was waited for."""
        about, about_zh = (f" for {self.about}", f"（{self.about}）") if self.about else ("", "")
        return Text(
            f"`{self.action}` had no effect{about}: no {self.method} came "
            f"(the action said: {self.said})",
            f"操作 `{self.action}` 没有效果{about_zh}：没有收到 {self.method}"
            f"（操作返回：{self.said}）",
        )


@dataclass(frozen=True)
class Refused(Reason):
    """The platform refused the call that the target made when it was asked to act.

    `code` is the status, `answer` the whole of what the platform answered.
    """

    type: ClassVar[str] = "refused"
    by: ClassVar[tuple[str, ...]] = ("method", "code")
    action: str
    method: str
    code: str
    answer: Text
    said: str

    @property
    def text(self) -> Text:
        """Which call was refused, and why."""
        return Text(
            f"`{self.action}` had no effect: the platform refused {self.method} with "
            f"{self.answer.en} (the action said: {self.said})",
            f"操作 `{self.action}` 没有效果：平台拒绝了 {self.method}，{self.answer.zh}"
            f"（操作返回：{self.said}）",
        )


@dataclass(frozen=True)
class Unreachable(Reason):
    """What the target file names for an action or a probe could not be called or run."""

    type: ClassVar[str] = "unreachable"
    by: ClassVar[tuple[str, ...]] = ("action",)
    action: str
    detail: str
    command: str = ""

    @property
    def text(self) -> Text:
        """What could not be reached, and how that ended."""
        if self.command:
            return Text(
                f"the command of `{self.action}` could not be run ({self.command}): {self.detail}",
                f"无法运行 `{self.action}` 的命令（{self.command}）：{self.detail}",
            )
        return Text(
            f"`{self.action}` cannot be reached ({self.detail})",
            f"`{self.action}` 无法连接（{self.detail}）",
        )


@dataclass(frozen=True)
class SuiteError(Reason):
    """The suite itself failed: `error` is the exception's type, `place` where it was raised."""

    type: ClassVar[str] = "suite_error"
    by: ClassVar[tuple[str, ...]] = ("error", "place")
    error: str
    place: str
    said: Text

    @property
    def text(self) -> Text:
        """The exception and what it says."""
        return Text(f"{self.error}: {self.said.en}", f"套件出错 {self.error}：{self.said.zh}")


_BY_TYPE: Mapping[str, type[Reason]] = {each.type: each for each in Reason.__subclasses__()}


def from_json(members: Mapping[str, Any]) -> Reason:
    """Return the reason that a report's JSON holds."""
    fields = {name: _read(value) for name, value in members.items() if name != "type"}
    return _BY_TYPE[members["type"]](**fields)


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Text(**value)
    return tuple(value) if isinstance(value, list) else value
