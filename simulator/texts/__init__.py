"""The fixed texts as data: one JSON file for each topic, both languages side by side.

Texts with values in them stay where they are raised; what only has a fixed wording stands here,
where a reviewer of either language reads it in one place.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from simulator.errors import Text

FOLDER = Path(__file__).parent


@cache
def load(topic: str) -> dict[str, Any]:
    """Return the texts of a topic (`mistakes`) by their ids; each `{"en", "zh"}` is a `Text`."""
    document: dict[str, Any] = json.loads(
        (FOLDER / f"{topic}.json").read_text("utf-8"), object_hook=_text
    )
    return document


def _text(members: dict[str, Any]) -> Any:
    return Text(**members) if members.keys() == {"en", "zh"} else members
