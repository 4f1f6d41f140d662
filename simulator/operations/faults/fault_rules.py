"""The fault rules as data: what each does and strikes, and the values that it takes.

A fault holds a connection for at most `LONGEST` seconds, and without a server thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator import texts
from simulator.errors import Text
from simulator.fault_tag import FaultTag

#: What a rule strikes: an attempt of a push, a call, a download; `now` acts at once.
Strikes = Literal["push", "call", "download", "now"]
#: Wall seconds for which a rule may hold a connection.
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

#: Rules that make the seal or the sign of a push wrong.
SPOILING = frozenset(
    {CHANGE_VALUE, SIGN_WITH_OTHER_KEY, SIGN_OF_OTHER_ACCOUNT, SEAL_WITH_OTHER_KEY}
)
#: Rules that make a push wait before its attempt: for notices only, and not for ever.
WAITING = frozenset({HOLD_BACK, DELAY})
#: Calls that a rule cannot strike: a request for a token has no token that could expire.
NOT_STRUCK: Mapping[str, frozenset[str]] = {EXPIRE_TOKEN: frozenset({"get_access_token"})}


@dataclass(frozen=True)
class WholeNumber:
    """A value that is a whole number from `least` to `most`."""

    least: int
    most: int
    default: int

    def describe(self) -> Text:
        """Describe the values that are allowed."""
        return Text(
            f"a whole number from {self.least} to {self.most}",
            f"{self.least} 到 {self.most} 的整数",
        )

    def fits(self, value: object) -> bool:
        """Return whether a value is allowed."""
        return type(value) is int and self.least <= value <= self.most


@dataclass(frozen=True)
class AnyText:
    """A value that is a text, or a whole number that stands for its digits; it may be left out."""

    default: None = None

    def describe(self) -> Text:
        """Describe the values that are allowed."""
        return Text("a text", "文本")

    def fits(self, value: object) -> bool:
        """Return whether a value is allowed."""
        return isinstance(value, str) or type(value) is int


@dataclass(frozen=True)
class DocumentedCode:
    """A value that is a code of 5.3 other than 200; it must be given."""

    default: None = None

    def describe(self) -> Text:
        """Describe the values that are allowed."""
        return Text("a documented code other than 200", "200 以外的已公布状态码")


Value = WholeNumber | AnyText | DocumentedCode


@dataclass(frozen=True)
class Rule:
    """A rule: its name, what it strikes, what it does, and the values that it takes."""

    name: str
    strikes: Strikes
    meaning: Text
    takes: Mapping[str, Value] = field(default_factory=dict)

    def with_defaults(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return the given values, with the defaults of the others."""
        defaults = {name: kind.default for name, kind in self.takes.items()}
        return {**{k: v for k, v in defaults.items() if v is not None}, **value}

    def as_json(self) -> dict[str, Any]:
        """Return the rule as the control API lists it."""
        takes = {
            name: {**kind.describe().as_json(), "default": kind.default}
            for name, kind in self.takes.items()
        }
        return {**self.meaning.as_json(), "strikes": self.strikes, "takes": takes}


@dataclass(frozen=True)
class Struck:
    """A rule that struck: the tag for the journal, and the values of the rule."""

    tag: FaultTag
    value: Mapping[str, Any]

    @property
    def rule(self) -> str:
        """The rule's name."""
        return self.tag.rule


def _rule(name: str, strikes: Strikes, **takes: Value) -> Rule:
    return Rule(name, strikes, texts.load("fault_rules")[name], takes)


_ALL = (
    _rule(LOSE_ACK, "push"),
    _rule(NO_DELIVERY, "push"),
    _rule(CUT, "push"),
    _rule(CHANGE_VALUE, "push", parameter=AnyText(), to=AnyText()),
    _rule(SIGN_WITH_OTHER_KEY, "push"),
    _rule(SIGN_OF_OTHER_ACCOUNT, "push", account=AnyText()),
    _rule(SEAL_WITH_OTHER_KEY, "push"),
    _rule(COPIES, "push", copies=WholeNumber(2, 64, 2)),
    _rule(HOLD_BACK, "push"),
    _rule(DELAY, "push", seconds=WholeNumber(1, 86_400, 60)),
    _rule(ANSWER, "call", code=DocumentedCode()),
    _rule(HTTP_ERROR, "call", status=WholeNumber(400, 599, 500)),
    _rule(NO_ANSWER, "call", seconds=WholeNumber(0, LONGEST, LONGEST)),
    _rule(DRIP, "call", seconds=WholeNumber(1, LONGEST, 10)),
    _rule(RESET, "call"),
    _rule(LOSE_ANSWER, "call", seconds=WholeNumber(0, LONGEST, 0)),
    _rule(EXPIRE_TOKEN, "call"),
    _rule(EXPIRE_FILE_URL, "download"),
    _rule(END_TOKEN, "now"),
)

#: The rules by name.
RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}


def striking(strikes: Strikes) -> tuple[str, ...]:
    """Return the names of the rules that strike a kind of exchange."""
    return tuple(rule.name for rule in _ALL if rule.strikes == strikes)
