"""The calls that the institution made, as the platform's journal has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.driver.moments import read_moment
from simulator.errors import Text


@dataclass(frozen=True, repr=False)
class Call:
    """One call of the institution: what it said, decrypted, and what the platform answered."""

    entry: Mapping[str, Any]

    @property
    def number(self) -> int:
        """The number of its journal entry: a later call has a greater one."""
        return int(self.entry["id"])

    @property
    def kind(self) -> str:
        """The kind of institution whose interface it is: `insurer` or `guarantor`."""
        return str(self.entry["interface"] or "insurer").partition("/")[0]

    @property
    def method(self) -> str:
        """The parameter `method`; empty for a call that could not be opened."""
        return str(self.params.get("method") or "")

    @property
    def about(self) -> str | None:
        """The order, claim, invoice or file number that it is about."""
        return None if self.entry["about"] is None else str(self.entry["about"])

    @property
    def params(self) -> Mapping[str, Any]:
        """The decrypted parameters, credentials masked."""
        return dict(self.entry["sent"].get("params") or {})

    @property
    def files(self) -> Mapping[str, int]:
        """The files that came beside `param`: their fields, and their sizes in bytes."""
        return dict(self.entry["sent"].get("files") or {})

    @property
    def base(self) -> str | None:
        """The string that the sign was made of, the secret masked (5.1)."""
        base = self.entry["sent"].get("base")
        return None if base is None else str(base)

    @property
    def status(self) -> str:
        """The status that the platform answered: `200`, or a code of 5.3."""
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
    def answered(self) -> Text:
        """What the platform answered: the code, its printed remark, and why."""
        printed = self.data if isinstance(self.data, str) and not self.accepted else ""
        code = f"{self.status} {printed}".strip()
        en, zh = (f": {self.why}", f"：{self.why_zh}") if self.why else ("", "")
        return Text(f"{code}{en}", f"{code}{zh}")

    @property
    def why(self) -> str:
        """Why it was refused, and what was noted of it, in English."""
        return " ".join(note["en"] for note in self.entry["notes"])

    @property
    def why_zh(self) -> str:
        """The same in Chinese."""
        return "".join(note["zh"] for note in self.entry["notes"])

    @property
    def is_stray(self) -> bool:
        """Whether it could be assigned to no account: an unknown token, another platform's key."""
        return self.entry["btc_id"] is None

    @property
    def wall(self) -> float:
        """When it came, in Unix seconds of the wall clock."""
        return float(self.entry["wall"])

    @property
    def received_at(self) -> datetime:
        """When it came, in the account's time."""
        at = self.entry["at"]
        return read_moment(self.wall if at is None else at)

    def __repr__(self) -> str:
        about = f" about {self.about}" if self.about else ""
        return f"<call {self.method or '(not opened)'}{about}: {self.status}>"
