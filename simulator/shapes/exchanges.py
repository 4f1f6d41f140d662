"""What goes over the wire: pushes and their attempts, the journal."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from simulator.shapes.notation import Moment, Sentence, Title


class FaultTag(TypedDict):
    """A rule that struck, by its number; the hostile profile has none, and counts exchanges."""

    rule: str
    id: int | None
    exchange: int | None


class Attempt(TypedDict):
    """One attempt of a push: when, what was sent, what came back, the verdict, what follows.

    The verdict comes with its `remedy`, null where its sentence says already what to change, and
    the name of the `snippet` that does it right, null where code does not help.
    """

    number: Annotated[int, Title("attempt", "次序")]
    by_hand: Annotated[bool, Title("by hand", "手动")]
    started_at: Annotated[Moment, Title("time", "时间")]
    started_wall: Annotated[Moment, Title("wall time", "实际时间")]
    outcome: Annotated[
        Literal["in_flight", "acknowledged", "failed", "interrupted"], Title("outcome", "结果")
    ]
    verdict: Annotated[dict[str, Any], Title("verdict", "判定")]
    sent: Annotated[dict[str, Any], Title("sent", "发送")]
    received: Annotated[dict[str, Any], Title("received", "收到")]
    faults: Annotated[list[FaultTag], Title("faults", "故障规则")]
    next_due: Annotated[Moment | None, Title("next due", "下次")]


class Push(TypedDict):
    """A push; with its attempts where one push is asked for."""

    id: Annotated[int, Title("push", "推送")]
    interface: Annotated[str, Title("interface", "接口")]
    name: Annotated[str, Title("name", "名称")]
    about: Annotated[str, Title("about", "对象")]
    state: Annotated[str, Title("state", "状态")]
    content: Annotated[dict[str, Any], Title("content", "内容")]
    created_at: Annotated[Moment, Title("time", "时间")]
    due: Annotated[Moment | None, Title("next due", "下次")]
    attempts_made: Annotated[int, Title("attempts", "次数")]
    answer: Annotated[dict[str, Any] | None, Title("answer", "应答")]
    attempts: NotRequired[list[Attempt]]


class ThirdParty(TypedDict):
    """What the platform answers a third party; `data` is its remark or the institution's answer."""

    status: int
    data: Any
    why: Sentence | None
    push: int | None


class Note(Sentence):
    """A sentence on an exchange; `mistake` is the name of the one that it tells of.

    `certain` is whether that is proven: the message comes out right once the mistake is undone.
    """

    mistake: NotRequired[str]
    certain: NotRequired[bool]


class Posted(TypedDict):
    """The body of a call that was not opened: its size, its first letters, its headers' names."""

    content_type: str
    bytes: int
    beginning: str
    headers: list[str]


class Sent(TypedDict, total=False):
    """What was sent, by the entry's direction; `posted` where a call was not opened.

    Credentials are masked, long texts and names cut.
    """

    fields: dict[str, str]
    params: dict[str, Any]
    base: str | None
    files: dict[str, Any]
    posted: Posted
    url: str
    event: str
    path: dict[str, str]
    body: Any


class JournalEntry(TypedDict):
    """One exchange, decrypted, its credentials masked; or what somebody did (`event`)."""

    id: Annotated[int, Title("entry", "编号")]
    btc_id: Annotated[int | None, Title("btc_id", "btc_id")]
    wall: Annotated[Moment, Title("wall time", "实际时间")]
    at: Annotated[Moment | None, Title("time", "时间")]
    direction: Annotated[
        Literal["call", "push", "page", "download", "event"], Title("direction", "方向")
    ]
    interface: Annotated[str | None, Title("interface", "接口")]
    about: Annotated[str | None, Title("about", "对象")]
    status: Annotated[str, Title("status", "状态")]
    sent: Annotated[Sent, Title("sent", "发送")]
    received: Annotated[dict[str, Any], Title("received", "收到")]
    notes: Annotated[list[Note], Title("why", "说明")]
    faults: Annotated[list[FaultTag], Title("faults", "故障规则")]
    peer: Annotated[str | None, Title("peer", "对端")]
    milliseconds: Annotated[float | None, Title("ms", "毫秒")]
    push: Annotated[int | None, Title("push", "推送")]
    attempt: Annotated[int | None, Title("attempt", "次序")]
