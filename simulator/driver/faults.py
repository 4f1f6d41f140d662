"""Rules by which the platform misbehaves on purpose."""

from simulator.driver.access import AccountClient
from simulator.errors import SimulatorError


class Fault:
    """A rule that was set; `id` is None if it acted at once."""

    def __init__(self, account: AccountClient, number: int | None) -> None:
        self._account = account
        self.id = number

    @property
    def hits(self) -> int:
        """How often it has struck.

        Raises:
            SimulatorError: it was removed.
        """
        if self.id is None:
            return 1
        for each in self._account.get("faults"):
            if each["id"] == self.id:
                return int(each["hits"])
        raise SimulatorError(f"The rule {self.id} was removed.", f"规则 {self.id} 已删除。")

    def remove(self) -> None:
        """End it."""
        if self.id is not None:
            self._account.delete("faults", str(self.id))
