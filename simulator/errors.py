"""What is said to the person in front of the simulator, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One sentence for a person, in English and in Simplified Chinese."""

    en: str
    zh: str

    def as_json(self) -> dict[str, str]:
        """Return `{"en": ..., "zh": ...}`."""
        return {"en": self.en, "zh": self.zh}

    def format(self, **values: object) -> "Text":
        """Return this template with its places filled; a value that is a `Text` in both ways."""
        en, zh = (
            {
                name: getattr(value, lang) if isinstance(value, Text) else value
                for name, value in values.items()
            }
            for lang in ("en", "zh")
        )
        return Text(self.en.format(**en), self.zh.format(**zh))

    @classmethod
    def join(cls, texts: "Iterable[Text]", en: str = " ", zh: str = "") -> "Text":
        """Return texts as one, with what stands between two of them: by default as sentences."""
        listed = list(texts)
        return cls(en.join(each.en for each in listed), zh.join(each.zh for each in listed))


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
