"""The kinds of institution, as data: no subclass per kind, no `if kind ==` in the machinery."""

from dataclasses import dataclass

from simulator.errors import Text


@dataclass(frozen=True)
class Kind:
    """What the machinery has to know of a kind of institution."""

    name: str
    #: `enter_institution_type` of its calls.
    type_number: str
    title: Text


KINDS = {
    "insurer": Kind("insurer", "4", Text("insurer", "保险公司")),
    "guarantor": Kind("guarantor", "2", Text("guarantee company", "担保公司")),
}
