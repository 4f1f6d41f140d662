"""All mistakes the diagnosis knows, by their names; their words are `texts/mistakes.json`."""

from collections.abc import Iterable, Mapping
from typing import Any

from simulator import texts
from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Finding, Mistake

#: In the order in which a reader looks: the form, the seal, the sign.
MISTAKES: Mapping[str, Mistake] = {
    name: Mistake(name, where=where, **mistake)
    for where, mistakes in texts.load("mistakes").items()
    for name, mistake in mistakes.items()
}


def read_mistakes(notes: Iterable[Mapping[str, Any]]) -> list[Mistake]:
    """Return the mistakes that the notes of a journal entry name.

    Those of a simulator of another version, which this one does not know, are left out.
    """
    names = (note["mistake"] for note in notes if "mistake" in note)
    return [MISTAKES[name] for name in names if name in MISTAKES]


def make_finding(name: str, detail: Text, certain: bool = True) -> Finding:
    """Return a mistake of the catalogue as it was found in one message."""
    return Finding(MISTAKES[name], detail, certain)
