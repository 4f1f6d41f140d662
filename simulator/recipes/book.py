"""The recipes of `schemas/recipes.json`, and why some codes have none."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator import paths
from simulator.errors import Text

Step = Mapping[str, Any]


@dataclass(frozen=True)
class Recipe:
    """How a code is provoked; the answer to the last step carries it."""

    code: int
    purpose: Text
    steps: Sequence[Step]


@dataclass(frozen=True)
class Excuse:
    """Why this platform never says a code; `reason` is one of a few words."""

    code: int
    reason: str
    why: Text


@dataclass(frozen=True)
class Book:
    """A kind's recipes and excuses, and the right calls and the states that they build on."""

    kind: str
    recipes: Mapping[int, Recipe]
    excuses: Mapping[int, Excuse]
    calls: Mapping[str, Mapping[str, Any]]
    states: Mapping[str, Sequence[Step]]

    @classmethod
    def load(cls, kind: str) -> "Book":
        """Read `recipes.json` in the folder of the schemas: what all kinds share, and its own."""
        document = json.loads((paths.schemas() / "recipes.json").read_text("utf-8"))
        own = document["kinds"][kind]
        recipes = [
            Recipe(row["code"], Text(row["en"], row["zh"]), row["steps"])
            for row in sorted(document["recipes"] + own["recipes"], key=_code)
        ]
        excuses = [
            Excuse(row["code"], row["reason"], Text(row["en"], row["zh"]))
            for row in sorted(document["excuses"] + own["excuses"], key=_code)
        ]
        return cls(
            kind,
            {recipe.code: recipe for recipe in recipes},
            {excuse.code: excuse for excuse in excuses},
            own["calls"],
            own["states"],
        )


def _code(row: Mapping[str, Any]) -> int:
    return int(row["code"])
