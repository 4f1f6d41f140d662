"""What steers a simulator: walks of the clock, fault rules, outages; and what it says of itself."""

from typing import Annotated, Any, Literal, TypedDict

from simulator.shapes.accounts import Clock
from simulator.shapes.notation import Moment, Sentence, Title


class WalkAttempt(TypedDict):
    """An attempt that a walk of the clock made on its way."""

    push: Annotated[int, Title("push", "推送")]
    interface: Annotated[str, Title("interface", "接口")]
    about: Annotated[str, Title("about", "对象")]
    attempt: Annotated[int, Title("attempt", "次序")]
    at: Annotated[Moment, Title("time", "时间")]
    acknowledged: Annotated[bool, Title("acknowledged", "已确认")]
    verdict: Annotated[Sentence, Title("verdict", "判定")]


Walk = TypedDict(
    "Walk",
    {
        "clock": Clock,
        "attempts": list[WalkAttempt],
        "from": Moment | None,
        "to": Moment | None,
    },
)
Walk.__doc__ = "What moving the clock did; `from` and `to` are null where it was not walked."


class Fault(TypedDict):
    """A fault rule; `times` is how often it still strikes, null without end."""

    id: Annotated[int, Title("id", "编号")]
    rule: Annotated[str, Title("rule", "规则")]
    interface: Annotated[str | None, Title("interface", "接口")]
    about: Annotated[str | None, Title("about", "对象")]
    attempt: Annotated[int | None, Title("attempt", "次序")]
    times: Annotated[int | None, Title("times left", "剩余次数")]
    value: Annotated[dict[str, Any], Title("value", "取值")]
    hits: Annotated[int, Title("struck", "已触发")]


class OutagePush(TypedDict):
    """What an outage would have done to a push; times are null where it would be lost."""

    push: Annotated[int, Title("push", "推送")]
    interface: Annotated[str, Title("interface", "接口")]
    name: Annotated[str, Title("name", "名称")]
    about: Annotated[str, Title("about", "对象")]
    fate: Annotated[Literal["lost", "late", "untouched"], Title("fate", "结果")]
    first_due: Annotated[Moment, Title("first due", "首次应发")]
    missed: Annotated[int, Title("attempts missed", "错过次数")]
    arrives: Annotated[Moment | None, Title("arrives", "到达")]
    late: Annotated[float | None, Title("late by", "迟到")]


Outage = TypedDict(
    "Outage",
    {
        "from": Moment,
        "to": Moment,
        "lost": int,
        "late": int,
        "untouched": int,
        "unscheduled": int,
        "pushes": list[OutagePush],
    },
)
Outage.__doc__ = "How many pushes an outage would have lost or delayed, and each one's fate."


class Health(TypedDict):
    """The running simulator; `hostile` says by which profile faults strike, if any.

    `waiting` is how many requests wait for the journal.
    """

    ok: bool
    version: str
    protocol: str
    kinds: list[str]
    waiting: int
    hostile: dict[str, Any] | None


class Lookup(TypedDict):
    """The names that other operations take, with their meaning."""

    fixtures: dict[str, dict[str, Any]]
    switches: dict[str, dict[str, Any]]
    faults: dict[str, dict[str, Any]]
    pushes: dict[str, dict[str, Any]]


class Mistake(TypedDict):
    """A mistake that is named: what was done wrong, what to change, the snippet that is right."""

    where: str
    title: Sentence
    remedy: Sentence
    snippet: str | None


class Remedies(TypedDict):
    """The mistakes by name; the snippets by name, each in every programming language."""

    mistakes: dict[str, Mistake]
    snippets: dict[str, dict[str, str]]


class Done(TypedDict):
    """Something was done that leaves nothing to show."""

    done: bool


class Error(TypedDict):
    """Why a request was refused."""

    error: Sentence
