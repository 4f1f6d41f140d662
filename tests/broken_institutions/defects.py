"""What a defect is: a mistake that a real developer makes, and the check made for it."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import broken_institutions


@dataclass(frozen=True)
class Defect:
    """One mistake. `break_it` spoils the reference institution of this whole process.

    `caught_by` are the checks made for it, `story` how a developer comes to make it.
    """

    name: str
    story: str
    caught_by: Sequence[str]
    break_it: Callable[[], None]

    @property
    def kinds(self) -> set[str]:
        """The kinds of institution in which it is made."""
        return {check.split("/")[0] for check in self.caught_by}

    def made_for(self, kind: str) -> list[str]:
        """Return the checks of a kind that are made for it."""
        return [check for check in self.caught_by if check.startswith(f"{kind}/")]


_DEFECTS: dict[str, Defect] = {}


def defect(*caught_by: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Make a function a defect, caught by these checks; its docstring is the story.

    Named are checks of one kind, or of both where the mistake can be made in either.
    """

    def register(break_it: Callable[[], None]) -> Callable[[], None]:
        name = break_it.__name__.replace("_", "-")
        if name in _DEFECTS:
            raise ValueError(f"there are two defects {name}")
        story = (break_it.__doc__ or "").strip()
        _DEFECTS[name] = Defect(name, story, caught_by, break_it)
        return break_it

    return register


@cache
def defects() -> Mapping[str, Defect]:
    """Return every defect by its name, from all modules of this package."""
    for module in pkgutil.walk_packages(broken_institutions.__path__, "broken_institutions."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return dict(_DEFECTS)
