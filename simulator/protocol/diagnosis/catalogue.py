"""All mistakes the diagnosis knows, by their names; their words are `texts/mistakes.json`."""

from collections.abc import Mapping

from simulator import texts
from simulator.protocol.diagnosis.findings import Mistake

#: In the order in which a reader looks: the form, the seal, the sign.
MISTAKES: Mapping[str, Mistake] = {
    name: Mistake(name, mistake["title"], mistake["remedy"], where)
    for where, mistakes in texts.load("mistakes").items()
    for name, mistake in mistakes.items()
}
