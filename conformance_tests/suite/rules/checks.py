"""What a check is: a clause of the manual, a behaviour, a level, and what to change."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest

from conformance_tests.suite.rules.interfaces import NUMBERED, NUMBERS, Group
from conformance_tests.suite.rules.outcomes import Level
from simulator import paths
from simulator.errors import Text
from simulator.protocol.catalogue import Catalogue

Function = TypeVar("Function", bound=Callable[..., Any])
MARK = "check"
#: The ids of the checks of `--quick`, by kind.
_QUICK = Path(__file__).parent / "quick.json"
#: The kind of institution that a run tests.
KIND: pytest.StashKey[str] = pytest.StashKey()


@dataclass(frozen=True)
class Check:
    """One check. `id` is its clause and its behaviour: `insurer/2.8/2/repeated`.

    `rule` is a sentence, `case` what it is run for if for several things, `fix` what to change
    where it is broken, `decision` the P-number where the manual can be read two ways, `needs` the
    ids that must have passed first.
    """

    id: str
    clause: str
    level: Level
    rule: Text
    fix: Text
    interface: str | None
    decision: str | None
    needs: tuple[str, ...]
    case: str = ""

    @property
    def quick(self) -> bool:
        """Whether it is one of those of `--quick`."""
        return self.id in quick_checks()[self.id.split("/")[0]]

    @property
    def title(self) -> Text:
        """The rule, and the case."""
        en, zh = (f" ({self.case})", f"（{self.case}）") if self.case else ("", "")
        return Text(self.rule.en + en, self.rule.zh + zh)


@dataclass(frozen=True)
class Draft:
    """A check as written at its function; the parameters of a case fill the braces."""

    clause: str
    behaviour: str
    zh: str
    fix: tuple[str, str]
    level: Level
    decision: str | None
    needs: tuple[str, ...]
    #: The pushes for each of which a check of both kinds runs once, by kind.
    each: Group | None

    @property
    def of_both(self) -> bool:
        """Whether it is a check of both kinds of institution."""
        return self.clause.startswith("{kind}/")

    def is_for(self, kind: str) -> bool:
        """Return whether it is a check of a kind, which has a push for it to run for."""
        return self.each is None or bool(self.each.get(kind))


def check(
    clause: str,
    behaviour: str,
    *,
    zh: str,
    fix: tuple[str, str],
    level: Level = Level.MUST,
    each: Sequence[str] | Group = (),
    decision: str | None = None,
    needs: Sequence[str] = (),
) -> Callable[[Function], Function]:
    """Make a test function a check.

    `clause` is an id of requirements.yaml, `behaviour` what tells it from the clause's other
    checks; both may hold `{section}` and the names of the function's parametrised arguments.
    A clause that begins with `{kind}` makes it a check of both kinds of institution; its texts
    may hold the names of `NUMBERED`, too.
    `zh` is its name as a Chinese sentence (the function's name is the English one), `fix` what
    to change in both languages. `each` runs it once for each of these interfaces, or for those
    of a group that the kind at hand has, as the argument `interface`.
    """
    group = each if isinstance(each, Mapping) else None
    draft = Draft(clause, behaviour, zh, fix, level, decision, tuple(needs), group)

    def decorate(function: Function) -> Function:
        marked: Function = pytest.mark.check(draft)(function)
        if not each or isinstance(each, Mapping):
            return marked
        repeated: Function = pytest.mark.parametrize("interface", each)(marked)
        return repeated

    return decorate


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Run a check of both kinds once for each push of its group that the kind at hand has."""
    mark = metafunc.definition.get_closest_marker(MARK)
    if mark is not None and mark.args[0].each is not None:
        metafunc.parametrize("interface", mark.args[0].each.get(metafunc.config.stash[KIND], ()))


def of_item(item: pytest.Item) -> Check | None:
    """Return the check that a collected test is; None for one that is none for the kind at hand."""
    mark = item.get_closest_marker(MARK)
    if mark is None:
        return None
    draft: Draft = mark.args[0]
    kind = item.config.stash[KIND] if draft.of_both else draft.clause.split("/")[0]
    if not draft.is_for(kind):
        return None
    callspec = getattr(item, "callspec", None)
    case: dict[str, Any] = dict(callspec.params) if callspec else {}
    interface = case.get("interface")
    values = {**case, **NUMBERED[kind], "kind": kind}
    if interface is not None:
        values |= {"section": section_of(kind, interface), "number": NUMBERS.get(interface)}
    clause = draft.clause.format_map(values)
    function: Any = getattr(item, "function", item)
    sentence = function.__name__.removeprefix("test_").replace("_", " ")
    return Check(
        id=f"{clause}/{draft.behaviour.format_map(values)}",
        clause=clause,
        level=draft.level,
        rule=Text(sentence[0].upper() + sentence[1:], draft.zh.format_map(values)),
        fix=Text(*(text.format_map(values) for text in draft.fix)),
        interface=interface,
        decision=draft.decision,
        needs=tuple(need.format_map(values) for need in draft.needs),
        case=_case(case, values.get("section")),
    )


def _case(case: Mapping[str, Any], section: str | None) -> str:
    shown = [
        f"{section} {value}" if name == "interface" else f"{name} {value}"
        for name, value in case.items()
        if name != "section" and isinstance(value, (str, int))
    ]
    return ", ".join(shown)


@cache
def quick_checks() -> Mapping[str, frozenset[str]]:
    """Return the ids of the checks of `--quick`, by kind: those that matter most."""
    chosen = json.loads(_QUICK.read_text("utf-8"))
    return {kind: frozenset(each["checks"]) for kind, each in chosen.items()}


@cache
def catalogue() -> Catalogue:
    """Return the interfaces of both manuals."""
    return Catalogue.load(paths.schemas())


def section_of(kind: str, interface: str) -> str:
    """Return the manual's section of an interface: `2.2` of `order_status`."""
    return catalogue().fetch(kind, interface).section


def is_push(check: Check) -> bool:
    """Return whether a check is about one push, which needs an endpoint of the target."""
    kind = check.id.split("/")[0]
    pushes = {interface.name for interface in catalogue().of_kind(kind, "push")}
    return check.interface in pushes
