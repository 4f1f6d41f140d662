"""What every push must be: sealed, signed, with the table's parameters as text."""

from functools import cache

from support.institution import Institution

from simulator import paths
from simulator.protocol import signing
from simulator.protocol.catalogue import Catalogue

#: When the ten attempts of a push are made: seconds after the first one (P16).
OFFSETS = (0, 15, 30, 60, 240, 2040, 3840, 5640, 7440, 11040)


@cache
def _catalogue() -> Catalogue:
    return Catalogue.load(paths.schemas())


def table(section: str, kind: str = "insurer") -> list[str]:
    """Return the parameters of an interface in table order."""
    return [p.name for p in _catalogue().interfaces[f"{kind}/{section}"].parameters]


def open_push(institution: Institution, section: str, param: str) -> dict[str, str]:
    """Open a push with rsa_sk and check what holds for every push; return its parameters.

    The sign comes last, because it is made last; all else stands in the table's order.
    """
    said = institution.open(param)
    assert all(type(value) is str for value in said.values()), said
    assert signing.verify(said, institution.letter["api_secret"]).valid
    kind = institution.letter["kind"]
    listed = table(section, kind)
    assert [name for name in said if name != "sign"] == [
        name for name in listed if name in said and name != "sign"
    ]
    parameters = _catalogue().interfaces[f"{kind}/{section}"].parameters
    assert {p.name for p in parameters if p.required} <= set(said) <= set(listed)
    for parameter in parameters:
        text = said.get(parameter.name, "")
        assert not text or parameter.accepts(text), (parameter.name, text)
    return {name: str(value) for name, value in said.items()}
