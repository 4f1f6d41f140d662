"""What several defects of insurers are made of: something around their handling of notices."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from broken_institutions.both.spoiling import go_by_own_states, write
from reference_institution.insurer.notices import Notices

__all__ = ["Handler", "Said", "around", "go_by_own_states", "write"]

Said: TypeAlias = Mapping[str, str]
#: A method of `Notices`.
Handler: TypeAlias = Callable[[Notices, Said], None]


def around(handler: str, wrap: Callable[[Handler], Handler]) -> None:
    """Put something around the handling of a notice."""
    setattr(Notices, handler, wrap(getattr(Notices, handler)))
