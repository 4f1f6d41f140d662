"""Errors and other messages for people, in English and Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A message for a person, in English and in Simplified Chinese."""

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
    """An error that the user can correct: the message says what is wrong and what to change."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class Unreadable(ValueError):
    """A message from the network cannot be read; `text` says why."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class NotFound(SimulatorError):
    """What the request names does not exist (control API: 404)."""


class Conflict(SimulatorError):
    """The present state of the thing does not allow the request (control API: 409)."""
