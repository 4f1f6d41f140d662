"""The search for what gives a sign: no mistake, each mistake alone, two together."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from simulator.protocol import signing
from simulator.protocol.diagnosis.sign import digests, joining, members, steps, values
from simulator.protocol.diagnosis.sign.digests import Base, Digest
from simulator.protocol.diagnosis.sign.recipes import Recipe
from simulator.protocol.diagnosis.sign.steps import Message, Step
from simulator.protocol.plaintext import Number

#: The most digests made for one message, and the most bytes put together for them.
DIGESTS = 600
BYTES = 32_000_000
#: What one parameter costs beside its own bytes, as a number of them.
_EACH = 200
#: How many mistakes are tried together with HMAC.
_WITH_HMAC = 12
_RULE_FIELDS = frozenset({"ends", "order", "join", "name", "added", "left_out"})
#: Mistakes that are tried alone only: unlikely as they are, no second one will go with them.
_ALONE = frozenset(
    {
        "literal_api_secret",
        "secret_with_blanks",
        "secret_of_another_account",
        "sorted_by_value",
        "sorted_as_pairs",
        "sign_included",
        "timestamp_taken_twice",
        "timestamp_signed_otherwise",
        "misread_before_signing",
        "misread_before_sending",
    }
)


@dataclass
class _Trials:
    """The search for one sign: what is tried is counted, and tried once only."""

    sign: str
    secret: bytes
    seen: set[int] = field(default_factory=set)
    digests: int = 0
    bytes: int = 0

    def matching(self, recipe: Recipe, ways: Iterable[Digest]) -> Digest | None:
        """Return the digest by which a recipe gives the sign, None if none does."""
        try:
            base = Base(*recipe.parts(), self.secret)
        except UnicodeError:
            return None
        self.bytes += len(base.whole) + _EACH * len(recipe.parameters)
        for way in ways:
            attempt = hash((way, base.whole))
            if attempt in self.seen or self.exhausted:
                continue
            self.seen.add(attempt)
            self.digests += 1
            made = way.make(base)
            if made in (self.sign, self.sign.lower()):
                return way
        return None

    @property
    def exhausted(self) -> bool:
        return self.digests >= DIGESTS or self.bytes >= BYTES


def search(message: Message, sign: str) -> tuple[tuple[Step, ...], Digest] | None:
    """Try no mistake, then each alone, then two together; return what gives the sign."""
    usual, rare = digests.find_fitting(sign)
    trials = _Trials(sign, message.own.api_secret.encode("utf-8", "replace"))
    readings = list(_readings(message))
    every = (
        *steps.secret_steps(message.own),
        *joining.order_steps(message.parameters),
        *joining.join_steps(message.parameters, message.own.api_secret),
        *values.value_steps(message.parameters),
        *steps.name_steps(),
        *members.sign_steps(),
        *members.unsigned_steps(message.parameters),
        *members.unsent_steps(message),
        *steps.other_secret_steps(message.others),
    )
    for recipe in readings:
        if way := trials.matching(recipe, (*usual, *rare)):
            return (), way
    effective = []
    for recipe, step in itertools.product(readings, every):
        if trials.exhausted:
            return None
        before = trials.digests
        if way := trials.matching(replace(recipe, **step.changes), usual):
            return (step,), way
        if trials.digests > before and step.mistake not in _ALONE and recipe is readings[0]:
            effective.append(step)
    for step in effective[:_WITH_HMAC]:
        if way := trials.matching(replace(readings[0], **step.changes), rare[:2]):
            return (step,), way
    for one, other in _pairs(effective):
        if trials.exhausted:
            break
        changed = replace(readings[0], **one.changes, **other.changes)
        if way := trials.matching(changed, usual):
            return (one, other), way
    return None


def _pairs(steps: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    """Return the pairs that can be made together, the likely ones first.

    The first kind of each mistake is its usual one; a mistake with values needs such values to
    come up at all, and so is likelier than one with the rule.
    """
    weighted = []
    kinds: dict[str, int] = {}
    for step in steps:
        kind = kinds[step.mistake] = kinds.get(step.mistake, 0) + 1
        place = len(kinds) if step.changes.keys() & _RULE_FIELDS else len(kinds) // 4
        weighted.append((place + 4 * kind, step))
    for one, other in sorted(
        itertools.combinations(weighted, 2), key=lambda pair: pair[0][0] + pair[1][0]
    ):
        if not one[1].changes.keys() & other[1].changes.keys():
            yield one[1], other[1]


def _readings(message: Message) -> Iterator[Recipe]:
    """Return the rule's open readings that make a difference here (P7, P8)."""
    kinds = [type(value) for value in message.parameters.values()]
    nulls = ("", "null") if type(None) in kinds else ("",)
    ways = {"both": (False, True), "literal": (False,), "php": (True,)}[message.number_sign]
    for null, php in itertools.product(nulls, ways if Number in kinds else (False,)):
        recipe = replace(message.recipe, null=null)
        yield replace(recipe, number=_as_php) if php else recipe


def _as_php(_name: str, text: str, is_number: bool) -> str:
    return signing.php_number(text) if is_number else text
