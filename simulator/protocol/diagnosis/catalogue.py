"""All mistakes the diagnosis knows, by their names; their words are `texts/mistakes.json`."""

from collections.abc import Mapping

from simulator import texts
from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Finding, Mistake

#: In the order in which a reader looks: the form, the seal, the sign.
MISTAKES: Mapping[str, Mistake] = {
    name: Mistake(name, where=where, **mistake)
    for where, mistakes in texts.load("mistakes").items()
    for name, mistake in mistakes.items()
}


def make_finding(name: str, detail: Text, certain: bool = True) -> Finding:
    """Return a mistake of the catalogue as it was found in one message."""
    return Finding(MISTAKES[name], detail, certain)
