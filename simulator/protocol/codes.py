"""The documented codes (insurer 5.3, 5.5, 5.6), and the answers that they give (P5)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import Text

OK = 200
#: The general failure: parameters and objects for which the manual has no code (P14).
FAILED = 404


class Refusal(Exception):
    """A call is refused with a documented code.

    `parameter` is the name that P5 may append to the remark. `why` tells the developer what was
    wrong and what to change, and is never sent. `hints` name known mistakes.
    """

    def __init__(
        self,
        code: int,
        why: Text,
        parameter: str | None = None,
        upload_error: int = 0,
        hints: tuple[Text, ...] = (),
    ) -> None:
        super().__init__(f"{code}: {why.en}")
        self.code = code
        self.why = why
        self.parameter = parameter
        self.upload_error = upload_error
        self.hints = hints


@dataclass(frozen=True)
class Code:
    """One code of 5.3: its printed remark for each kind, and an English meaning."""

    number: int
    remark: dict[str, str]
    en: str
    append_parameter: bool


class Codes:
    """The three code tables, read from `codes.json`."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.platform = {
            row["code"]: Code(
                row["code"], row["remark"], row["en"], bool(row.get("append_parameter"))
            )
            for row in document["platform"]
        }
        #: What an institution answers to 2.6 (5.5) and to 2.7 (5.6): code -> printed remark.
        self.verify: dict[int, str] = {row["code"]: row["remark"] for row in document["verify"]}
        self.query: dict[int, str] = {row["code"]: row["remark"] for row in document["query"]}

    @classmethod
    def load(cls, folder: Path) -> "Codes":
        """Read `codes.json` in the folder of the schemas."""
        return cls(json.loads((folder / "codes.json").read_text("utf-8")))

    def answer(
        self, number: int, kind: str, parameter: str | None = None, upload_error: int = 0
    ) -> dict[str, Any]:
        """Return the answer on the wire for a refusal: `{"status": number, "data": remark}`.

        The parameter's name is appended if the remark does not have it (404, 2317, 1019);
        2421 carries PHP's upload error number (P5).

        Raises:
            KeyError: 5.3 has no such code.
        """
        code = self.platform[number]
        remark = code.remark[kind].replace("[error_no:N](N是整数)", f"[error_no:{upload_error}]")
        if parameter and code.append_parameter:
            remark = f"{remark}：{parameter}"
        return {"status": number, "data": remark}
