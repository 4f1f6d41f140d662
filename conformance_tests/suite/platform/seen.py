"""What the platform saw of the target: its calls, and its answers to pushes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import Text


@dataclass(frozen=True)
class Call:
    """A call that the target made, as the platform's journal has it."""

    entry: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The kind of institution that made it."""
        return str(self.entry["interface"] or "insurer").partition("/")[0]

    @property
    def number(self) -> int:
        """Its number in the journal: a later call has a greater one."""
        return int(self.entry["id"])

    @property
    def method(self) -> str:
        """The parameter `method`; empty for a call that could not be opened."""
        return str(self.params.get("method", ""))

    @property
    def params(self) -> Mapping[str, Any]:
        """The decrypted parameters."""
        return dict(self.entry["sent"].get("params", {}))

    @property
    def status(self) -> str:
        """The status that the platform answered."""
        return str(self.entry["status"])

    @property
    def accepted(self) -> bool:
        """Whether it was answered 200."""
        return self.status == "200"

    @property
    def data(self) -> Any:
        """The member `data` of the platform's answer."""
        return self.entry["received"].get("data")

    @property
    def files(self) -> Mapping[str, int]:
        """The names and sizes of the files that came along."""
        return dict(self.entry["sent"].get("files", {}))

    @property
    def wall(self) -> float:
        """When it came, in Unix seconds."""
        return float(self.entry["wall"])

    @property
    def remark(self) -> str:
        """Why it was refused, in one sentence."""
        return " ".join(note["en"] for note in self.entry["notes"])

    @property
    def remark_zh(self) -> str:
        """The same in Chinese."""
        return "".join(note["zh"] for note in self.entry["notes"])

    @property
    def answered(self) -> Text:
        """What the platform answered: the code, its printed remark, and why."""
        printed = self.data if isinstance(self.data, str) and not self.accepted else ""
        said = f"{self.status} {printed}".strip()
        en, zh = (f": {self.remark}", f"：{self.remark_zh}") if self.remark else ("", "")
        return Text(f"{said}{en}", f"{said}{zh}")


@dataclass(frozen=True)
class Attempt:
    """One attempt of a push by the platform."""

    record: Mapping[str, Any]

    @property
    def acknowledged(self) -> bool:
        """Whether the target acknowledged it."""
        return str(self.record["outcome"]) == "acknowledged"

    @property
    def reached(self) -> bool:
        """Whether the target acknowledged, though the rule `lose_ack` hid that again."""
        code = (self.record["verdict"] or {}).get("code")
        return self.acknowledged or code == "ack_lost"

    def __str__(self) -> str:
        """Say what came of it, in one line."""
        return str((self.record["verdict"] or {}).get("en", self.record["outcome"]))

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return str((self.record["verdict"] or {}).get("zh", self.record["outcome"]))
