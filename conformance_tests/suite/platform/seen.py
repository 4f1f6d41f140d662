"""What the platform saw of the target: its calls, and its answers to pushes."""

from collections.abc import Mapping
from typing import Any

from conformance_tests.suite.messages.notices import sign_refusal_of
from conformance_tests.suite.rules.reasons import (
    Breakdown,
    SignRefusal,
    breakdown_of,
)
from simulator import driver
from simulator.errors import Text


class Call(driver.Call):
    """A call that the target made."""

    @property
    def remark(self) -> str:
        """Why it was refused, in English."""
        return self.why

    @property
    def remark_zh(self) -> str:
        """The same in Chinese."""
        return self.why_zh


class Attempt(driver.Attempt):
    """One attempt of a push by the platform; as text it is its verdict, in English."""

    @property
    def url(self) -> str:
        """Where it was sent; empty where it was not."""
        return str((self.record["sent"] or {}).get("url", ""))

    @property
    def timed_out(self) -> bool:
        """Whether no whole answer came in time."""
        return self.code == "timeout"

    @property
    def breakdown(self) -> Breakdown | None:
        """How there was no answer, if there was none."""
        received = self.record["received"] or {}
        return breakdown_of(self.url, received.get("failure"), received.get("status"))

    @property
    def sign_refusal(self) -> SignRefusal | None:
        """What the answer says against the sign, if anything."""
        body = str((self.record["received"] or {}).get("body") or "")
        return None if self.acknowledged else sign_refusal_of(body.encode("utf-8", "replace"))

    @property
    def text(self) -> Text:
        """The verdict in both languages."""
        return Text(self.verdict, self.verdict_zh)

    def __str__(self) -> str:
        """Return the verdict in English."""
        return self.verdict

    @property
    def zh(self) -> str:
        """The verdict in Chinese."""
        return self.verdict_zh


def read_attempts(account: driver.AccountClient, push: Mapping[str, Any]) -> list[Attempt]:
    """Return the attempts of a push as the control API shows it, oldest first."""
    return [
        Attempt(account, int(push["id"]), int(record["number"]), record)
        for record in push["attempts"]
    ]
