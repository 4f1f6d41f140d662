"""How a shape is written: a typed dictionary, its members annotated with titles and formats."""

from dataclasses import dataclass
from typing import Annotated, TypedDict


@dataclass(frozen=True)
class Title:
    """What a member is called where people read it, in a few words of each language."""

    en: str
    zh: str


@dataclass(frozen=True)
class Format:
    """What a value is beyond its JSON type; the `format` of its JSON Schema."""

    name: str


YUAN, MOMENT, PROSE = "yuan", "unix-seconds", "prose"
#: An amount such as `50000.00`.
Yuan = Annotated[str, Format(YUAN)]
#: Unix seconds, in the account's time unless the member's name ends with `wall`.
Moment = Annotated[float, Format(MOMENT)]
#: A sentence, as long as it gets.
Prose = Annotated[str, Format(PROSE)]


class Sentence(TypedDict):
    """One sentence in each language."""

    en: str
    zh: str
