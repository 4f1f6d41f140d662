"""The institution of this process, for mistakes that need hold of it."""

from pathlib import Path

from reference_institution.app import KINDS
from reference_institution.institution import Institution
from reference_institution.letter import AccountLetter


def opened_institutions() -> list[Institution]:
    """Return the list in which this process's institution stands once it is open."""
    opened: list[Institution] = []
    for institution in KINDS.values():
        _remember(institution, opened)
    return opened


def _remember(institution: type[Institution], opened: list[Institution]) -> None:
    make = institution.open

    def remembering(letter: AccountLetter, folder: Path) -> Institution:
        opened.append(make(letter, folder))
        return opened[-1]

    institution.open = remembering  # type: ignore[method-assign, assignment]
