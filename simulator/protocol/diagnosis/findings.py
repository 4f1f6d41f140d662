"""What a diagnosis says: the mistake, as the catalogue describes it, and where it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from simulator.errors import Text


def perhaps(title: Text) -> Text:
    """Return what is only supposed, as such."""
    return Text(f"Perhaps: {title.en}", f"可能：{title.zh}")


@dataclass(frozen=True)
class Mistake:
    """One entry of the catalogue: what was done wrong, and what to change.

    `where` it shows: in the `form`, the `seal` or the `sign`. `snippet` names the code that does it
    right (`texts/dialects.py`), empty where code does not help.
    """

    name: str
    title: Text
    remedy: Text
    where: str
    snippet: str = ""


@dataclass(frozen=True)
class Hint(Text):
    """What a finding says, as the journal keeps it: with its mistake, and if that is proven."""

    mistake: str
    certain: bool

    def as_json(self) -> dict[str, Any]:
        """Return both languages, the mistake's name, and whether it is proven."""
        return {**super().as_json(), "mistake": self.mistake, "certain": self.certain}


@dataclass(frozen=True)
class Finding:
    """A mistake found in one message.

    `detail` names the parameters, the account or the numbers concerned, never a credential.
    `certain` means that the message comes out right once the mistake is undone; otherwise the
    finding is only what the look of the message suggests.
    """

    mistake: Mistake
    detail: Text
    certain: bool = True

    def describe(self) -> Hint:
        """Return what was done wrong, where it shows, and what to change.

        Where nothing proves it: what was seen, and then what it may be.
        """
        title, detail, remedy = self.mistake.title, self.detail, self.mistake.remedy
        first = (title, detail) if self.certain else (detail, perhaps(title))
        said = Text.join((*first, remedy))
        return Hint(said.en, said.zh, self.mistake.name, self.certain)


@dataclass(frozen=True)
class Credentials:
    """An account's credentials as far as a mistake can mix them up; the key as PEM or Base64."""

    name: str
    api_key: str
    api_secret: str
    private_key: str


_HIDDEN = Text("[a credential]", "［凭据］")
_SHOWN_LENGTH = 40
#: Letters of a name that are looked at, and what in them has the form of a credential.
_READ_LENGTH = 500
WORD = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}")
#: Shorter credentials are no secrets, and would hide ordinary words.
_SECRET_LENGTH = 6


def format_names(names: Sequence[str]) -> str:
    """Return the names of parameters as they are shown: printable, not endless."""
    shown = [name if name.isidentifier() else ascii(name[:_READ_LENGTH]) for name in names[:6]]
    return ", ".join(map(shorten, shown)) + (", …" if len(names) > 6 else "")


def shorten(name: str) -> str:
    """Return a name's or text's beginning, without half of what may be a credential."""
    if len(name) <= _SHOWN_LENGTH:
        return name
    torn = next((m for m in WORD.finditer(name) if m.start() < _SHOWN_LENGTH < m.end()), None)
    return f"{name[: torn.start() if torn else _SHOWN_LENGTH]}…"


def redact(finding: Finding, credentials: Sequence[str]) -> Finding:
    """Return the finding without these credentials, should one be a parameter's name."""
    english, chinese = finding.detail.en, finding.detail.zh
    for credential in credentials:
        # A long name is shown by its beginning only, and then ends with an ellipsis.
        cut = [f"{credential[:end]}…" for end in range(_SHOWN_LENGTH, _SECRET_LENGTH - 1, -1)]
        for text in (credential, *cut):
            if len(text) >= _SECRET_LENGTH:
                english = english.replace(text, _HIDDEN.en)
                chinese = chinese.replace(text, _HIDDEN.zh)
    return replace(finding, detail=Text(english, chinese))
