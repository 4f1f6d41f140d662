"""The fault rules as data: what each does, what it strikes, what it takes and within which bounds.

A fault that holds a connection does so for `LONGEST` seconds at most, and by no server thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.errors import Text

#: What a rule strikes: an attempt of a push, a call, the download of a file; `now` acts at once.
Strikes = Literal["push", "call", "download", "now"]
#: Wall seconds for which a rule may keep a connection waiting.
LONGEST = 30

LOSE_ACK = "lose_ack"
NO_DELIVERY = "no_delivery"
CUT = "cut"
CHANGE_VALUE = "change_value"
SIGN_WITH_OTHER_KEY = "sign_with_other_key"
SIGN_OF_OTHER_ACCOUNT = "sign_of_other_account"
SEAL_WITH_OTHER_KEY = "seal_with_other_key"
COPIES = "copies"
HOLD_BACK = "hold_back"
DELAY = "delay"
ANSWER = "answer"
HTTP_ERROR = "http_error"
NO_ANSWER = "no_answer"
DRIP = "drip"
RESET = "reset"
LOSE_ANSWER = "lose_answer"
EXPIRE_TOKEN = "expire_token"
EXPIRE_FILE_URL = "expire_file_url"
END_TOKEN = "end_token"

#: Rules that spoil what a push sends: its seal or its sign does not come out right.
SPOILING = frozenset(
    {CHANGE_VALUE, SIGN_WITH_OTHER_KEY, SIGN_OF_OTHER_ACCOUNT, SEAL_WITH_OTHER_KEY}
)
#: Rules that let a push wait before its attempt begins: for notices only, and with an end.
WAITING = frozenset({HOLD_BACK, DELAY})
#: Calls that a rule cannot strike: who asks for a token has none that could end.
NOT_STRUCK: Mapping[str, frozenset[str]] = {EXPIRE_TOKEN: frozenset({"get_access_token"})}


@dataclass(frozen=True)
class Whole:
    """A value that is a whole number from `least` to `most`."""

    least: int
    most: int
    default: int

    def says(self) -> Text:
        """Return what the value may be, in words."""
        return Text(
            f"a whole number from {self.least} to {self.most}",
            f"{self.least} 到 {self.most} 的整数",
        )

    def fits(self, value: object) -> bool:
        """Return whether the value may be this."""
        return type(value) is int and self.least <= value <= self.most


@dataclass(frozen=True)
class Words:
    """A value that is a text (a whole number stands for its digits); without one it is left out."""

    default: None = None

    def says(self) -> Text:
        """Return what the value may be, in words."""
        return Text("a text", "文本")

    def fits(self, value: object) -> bool:
        """Return whether the value may be this."""
        return isinstance(value, str) or type(value) is int


@dataclass(frozen=True)
class DocumentedCode:
    """A value that is a code of 5.3 other than 200; it must be given."""

    default: None = None

    def says(self) -> Text:
        """Return what the value may be, in words."""
        return Text("a documented code other than 200", "200 以外的已公布状态码")


Value = Whole | Words | DocumentedCode


@dataclass(frozen=True)
class Rule:
    """One rule: its name, what it strikes, what it does in words, and what it takes."""

    name: str
    strikes: Strikes
    meaning: Text
    takes: Mapping[str, Value] = field(default_factory=dict)

    def whole(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return a rule's value with the defaults of what was not given."""
        defaults = {name: kind.default for name, kind in self.takes.items()}
        return {**{k: v for k, v in defaults.items() if v is not None}, **value}

    def as_json(self) -> dict[str, Any]:
        """Return the rule as the control API lists it."""
        takes = {
            name: {**kind.says().as_json(), "default": kind.default}
            for name, kind in self.takes.items()
        }
        return {**self.meaning.as_json(), "strikes": self.strikes, "takes": takes}


@dataclass(frozen=True)
class Struck:
    """A rule that struck: what it is and does, and the tag that the journal keeps."""

    rule: str
    value: Mapping[str, Any]
    tag: str


def _rule(name: str, strikes: Strikes, en: str, zh: str, **takes: Value) -> Rule:
    return Rule(name, strikes, Text(en, zh), takes)


_ALL = (
    _rule(
        LOSE_ACK,
        "push",
        "deliver the push, but lose its acknowledgement",
        "推送送达，但机构的应答丢失",
    ),
    _rule(NO_DELIVERY, "push", "do not deliver the push", "推送不送达"),
    _rule(
        CUT,
        "push",
        "reset the connection in the middle of the request",
        "请求发送到一半时重置连接",
    ),
    _rule(
        CHANGE_VALUE,
        "push",
        "change a value after signing (parameter, to; by default a 0 is put behind the first one)",
        "签名后篡改一个参数（parameter、to；默认在第一个参数值后加 0）",
        parameter=Words(),
        to=Words(),
    ),
    _rule(SIGN_WITH_OTHER_KEY, "push", "sign with another secret", "使用其他 api_secret 签名"),
    _rule(
        SIGN_OF_OTHER_ACCOUNT,
        "push",
        "sign with the secret of another account (account; by default the oldest other one)",
        "使用另一账户的 api_secret 签名（account；默认最早开户的其他账户）",
        account=Words(),
    ),
    _rule(SEAL_WITH_OTHER_KEY, "push", "seal with another public key", "使用其他公钥加密"),
    _rule(
        COPIES,
        "push",
        "send several copies at once (copies, 2 by default)",
        "同时发送多份相同推送（copies，默认 2）",
        copies=Whole(2, 64, 2),
    ),
    _rule(
        HOLD_BACK,
        "push",
        "hold the push back until the next one was sent",
        "扣住推送，直到下一条推送发出之后",
    ),
    _rule(
        DELAY,
        "push",
        "send the push later (seconds of the account's time, 60 by default)",
        "推迟发送推送（seconds，账户时钟的秒数，默认 60）",
        seconds=Whole(1, 86_400, 60),
    ),
    _rule(
        ANSWER,
        "call",
        "answer a call with a given code, without effect (code)",
        "以指定状态码应答调用，且不产生效果（code）",
        code=DocumentedCode(),
    ),
    _rule(
        HTTP_ERROR,
        "call",
        "answer a call with an HTTP error page, without effect (status, 500 by default)",
        "以 HTTP 错误页应答调用，且不产生效果（status，默认 500）",
        status=Whole(400, 599, 500),
    ),
    _rule(
        NO_ANSWER,
        "call",
        "give no answer, and close the connection after some seconds, without effect "
        f"(seconds, {LONGEST} by default)",
        f"不应答，若干秒后关闭连接，且不产生效果（seconds，默认 {LONGEST}）",
        seconds=Whole(0, LONGEST, LONGEST),
    ),
    _rule(
        DRIP,
        "call",
        "do the call, and let its answer come byte by byte (seconds for all of it, 10 by default)",
        "调用正常处理，但应答逐字节缓慢返回（seconds，共多少秒，默认 10）",
        seconds=Whole(1, LONGEST, 10),
    ),
    _rule(
        RESET,
        "call",
        "reset the connection instead of an answer, without effect",
        "不应答而重置连接，且不产生效果",
    ),
    _rule(
        LOSE_ANSWER,
        "call",
        "do the call, but lose its answer: the connection is reset (after seconds, 0 by default)",
        "调用正常处理，但应答丢失：连接被重置（seconds，重置前等待的秒数，默认 0）",
        seconds=Whole(0, LONGEST, 0),
    ),
    _rule(
        EXPIRE_TOKEN,
        "call",
        "end the access token of a call just as it arrives: 1006, without effect",
        "调用到达时其 token 恰好过期：返回 1006，且不产生效果",
    ),
    _rule(
        EXPIRE_FILE_URL,
        "download",
        "end a file URL just as it is downloaded: 1006, until a new one is asked for with 4.1",
        "下载时文件 URL 恰好过期：返回 1006，需用 4.1 重新获取",
    ),
    _rule(
        END_TOKEN,
        "now",
        "end all access tokens now (at once, kept as no rule)",
        "立即使所有 token 失效",
    ),
)

#: The rules by name.
RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}


def striking(strikes: Strikes) -> tuple[str, ...]:
    """Return the names of the rules that strike this."""
    return tuple(rule.name for rule in _ALL if rule.strikes == strikes)
