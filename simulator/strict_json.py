"""JSON as its grammar has it: Python's own reader takes NaN, and numbers that no float holds."""

import json
import math
from typing import Any


def read(text: str | bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: it is not JSON, or has a number such as `NaN` or `1e999`.
        RecursionError: it is nested too deeply.
    """
    return json.loads(text, parse_constant=_refuse_constant, parse_float=_read_float)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _read_float(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise ValueError(f"{literal} is beyond all numbers")
    return number
