"""What the platform saw of the target: its calls, and its answers to pushes."""

from collections.abc import Mapping
from typing import Any

from simulator import driver


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
