"""A recipe: one way in which somebody may put the base string of a sign together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from simulator.protocol.diagnosis.sign.numbers import as_sent
from simulator.protocol.plaintext import Number, Value

#: A parameter's name and its text, as they enter the base string.
Pair: TypeAlias = tuple[str, str]
Pairs: TypeAlias = list[Pair]


def by_name(pairs: Pairs) -> Pairs:
    """Sort as P6 asks: by the names' bytes."""
    return sorted(pairs, key=lambda pair: pair[0].encode())


def side_by_side(pairs: Pairs) -> str:
    """Join as P6 asks: name, value, name, value, nothing between."""
    return "".join(name + text for name, text in pairs)


def _keep_text(_name: str, text: str) -> str:
    return text


@dataclass(frozen=True)
class Recipe:
    """How the parameters become the bytes that are hashed; unchanged, it is the rule of P6.

    A mistake is a change of some of the fields after `parameters` (without the sign) and `ends`.
    """

    parameters: tuple[tuple[str, Value], ...]
    ends: tuple[str, str]
    left_out: frozenset[str] = frozenset()
    added: tuple[Pair, ...] = ()
    #: The text of a null; None leaves the parameter out.
    null: str | None = ""
    empty: str | None = ""
    words: Pair = ("1", "")
    number: Callable[[str, str, bool], str] = as_sent
    text: Callable[[str, str], str] = _keep_text
    name: Callable[[str], str] = str
    order: Callable[[Pairs], Pairs] = by_name
    join: Callable[[Pairs], str] = side_by_side
    encode: Callable[[str], bytes] = str.encode

    def pairs(self) -> Pairs:
        """Return the names and texts that enter, in the order written."""
        entering = []
        for name, value in self.parameters:
            text = self._text_of(name, value)
            if text is not None and name not in self.left_out:
                entering.append((self.name(name), text))
        return [*entering, *self.added]

    def _text_of(self, name: str, value: Value) -> str | None:
        if value is None:
            return self.null
        if isinstance(value, bool):
            return self.words[0] if value else self.words[1]
        if not value:
            return self.empty
        return self.text(name, self.number(name, str(value), isinstance(value, Number)))

    def content(self) -> bytes:
        """Return the bytes between the secrets."""
        return self.encode(self.join(self.order(self.pairs())))

    def parts(self) -> tuple[bytes, bytes, bytes]:
        """Return what is hashed: what stands before, the content, and what stands behind."""
        before, behind = self.ends
        return self.encode(before), self.content(), self.encode(behind)
