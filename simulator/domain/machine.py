"""A state machine as a table."""

from collections.abc import Mapping


class NotAllowed(ValueError):
    """The event is not allowed in the state; `allowed` lists the events that are."""

    def __init__(self, state: str, event: str, allowed: list[str]) -> None:
        super().__init__(f"{event} is not allowed in {state}; allowed: {', '.join(allowed)}")
        self.state = state
        self.event = event
        self.allowed = allowed


class Machine:
    """Transitions `(state, event) -> next state`."""

    def __init__(self, transitions: Mapping[tuple[str, str], str]) -> None:
        self._transitions = transitions

    @property
    def states(self) -> list[str]:
        """The states that have transitions, in the table's order."""
        return list(dict.fromkeys(state for state, _ in self._transitions))

    def allowed_events(self, state: str) -> list[str]:
        """Return the events that are allowed in a state, in the table's order."""
        return [event for known, event in self._transitions if known == state]

    def step(self, state: str, event: str) -> str:
        """Return the state after the event.

        Raises:
            NotAllowed: the table has no such transition.
        """
        try:
            return self._transitions[state, event]
        except KeyError:
            raise NotAllowed(state, event, self.allowed_events(state)) from None
