"""What is said to the person in front of the simulator, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One sentence for a person, in English and in Simplified Chinese."""

    en: str
    zh: str

    def as_json(self) -> dict[str, str]:
        """Return `{"en": ..., "zh": ...}`."""
        return {"en": self.en, "zh": self.zh}


class SimulatorError(Exception):
    """Something a person can put right: what was wrong, where, and what to change."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class Unreadable(ValueError):
    """What came over the wire cannot be read; `text` says why."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class NotFound(SimulatorError):
    """The thing that was named does not exist (control API: 404)."""


class Conflict(SimulatorError):
    """The thing exists, but its present state does not allow this (control API: 409)."""
