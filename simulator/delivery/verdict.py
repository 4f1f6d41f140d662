"""The verdicts on attempts of pushes: one table of codes, sentences and remedies (P17, P37, P51).

The table is `texts/verdicts.json`; the documentation and all commands read it here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator import texts
from simulator.errors import Text
from simulator.protocol.catalogue import Interface


@dataclass(frozen=True)
class Meaning:
    """What a verdict's code means: its sentence, a template, and what the institution changes.

    `page` is the sentence where a page was opened. `says_remedy`: the sentence itself says what to
    change, else `remedy` does, or `notice_remedy`, which holds for notices only. `table`: the
    answer to a question needs the members of its table besides. `snippet` names the code that does
    it right (`texts/dialects.py`).
    """

    sentence: Text
    acknowledged: bool = False
    page: Text | None = None
    says_remedy: bool = False
    remedy: Text | None = None
    notice_remedy: Text | None = None
    table: bool = False
    snippet: str | None = None


#: What each code means.
MEANINGS: Mapping[str, Meaning] = {
    code: Meaning(**members) for code, members in texts.load("verdicts")["verdicts"].items()
}
_QUESTION: Text = texts.load("verdicts")["question"]


@dataclass(frozen=True)
class Verdict:
    """Whether an attempt succeeded, a short code for machines, and the sentence for people."""

    acknowledged: bool
    code: str
    text: Text
    answer: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, code: str, answer: Mapping[str, Any] | None = None, **values: object) -> "Verdict":
        """Return a verdict by its code, with the values that its sentence names."""
        meaning = MEANINGS[code]
        return cls(meaning.acknowledged, code, meaning.sentence.format(**values), answer)

    def as_json(self) -> dict[str, str]:
        """Return the code and the sentence in both languages, as an attempt keeps them."""
        return {"code": self.code, **self.text.as_json()}

    def noting(self, notes: Iterable[Text]) -> "Verdict":
        """Return this verdict with further sentences behind its own."""
        return replace(self, text=Text.join([self.text, *notes]))


def remedy(interface: Interface, code: str) -> Text | None:
    """Return what to change beside what the verdict says; None where it says everything."""
    meaning = MEANINGS[code]
    if interface.delivery == "question":
        further = _QUESTION if meaning.table else None
    else:
        further = meaning.notice_remedy
    sentences = [each for each in (meaning.remedy, further) if each is not None]
    return Text.join(sentences) if sentences else None
