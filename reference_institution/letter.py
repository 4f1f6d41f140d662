"""The account letter (开户信): who we are, where the platform is, and our keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from Crypto.PublicKey.RSA import RsaKey

from simulator.errors import SimulatorError
from simulator.protocol import rsa

#: The kinds of institution, as a letter names them.
KINDS = ("insurer", "guarantor")


class LetterError(Exception):
    """The account letter cannot be used; the message says why, in one sentence."""


@dataclass(frozen=True)
class AccountLetter:
    """What the platform e-mails to an institution when it opens its account."""

    #: Whose letter it is: `insurer` or `guarantor`.
    kind: str
    platform: str
    company: str
    access_party: str
    btc_id: str
    enter_institution_type: str
    api_key: str
    api_secret: str
    #: Seals our calls (5.2).
    rsa_pk: RsaKey
    #: Opens the platform's pushes.
    rsa_sk: RsaKey
    #: The platform's common key; seals only the request for a token (1.1).
    api_rsa_pk: RsaKey

    @classmethod
    def read(cls, path: Path) -> "AccountLetter":
        """Read a letter from its JSON file.

        Raises:
            LetterError: the file is missing, is no letter, or lacks something.
        """
        try:
            members = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise LetterError(f"The account letter {path} cannot be read: {error}.") from error
        return cls.from_json(members)

    @classmethod
    def from_json(cls, members: object) -> "AccountLetter":
        """Return the letter of a JSON object.

        Raises:
            LetterError: it is no letter of a known kind, or lacks something.
        """
        if not isinstance(members, dict) or members.get("kind") not in KINDS:
            raise LetterError(f'The "kind" of the account letter is none of {", ".join(KINDS)}.')
        return cls(
            kind=_text(members, "kind"),
            platform=_text(members, "platform"),
            company=_text(members, "company"),
            access_party=_text(members, "access_party"),
            btc_id=_text(members, "btc_id"),
            enter_institution_type=_text(members, "enter_institution_type"),
            api_key=_text(members, "api_key"),
            api_secret=_text(members, "api_secret"),
            rsa_pk=_key(members, "rsa_pk", private=False),
            rsa_sk=_key(members, "rsa_sk", private=True),
            api_rsa_pk=_key(members, "api_rsa_pk", private=False),
        )


def _text(members: Mapping[str, Any], name: str) -> str:
    if members.get(name) in (None, ""):
        raise LetterError(f'The account letter lacks "{name}".')
    return str(members[name])


def _key(members: Mapping[str, Any], name: str, private: bool) -> RsaKey:
    written = members.get(name)
    text = (written.get("pem") or written.get("base64")) if isinstance(written, dict) else written
    if not text:
        raise LetterError(f'The account letter lacks the key "{name}".')
    try:
        key = rsa.load_key(str(text))
    except SimulatorError as error:
        raise LetterError(f'The "{name}" of the account letter is no RSA key.') from error
    if private and not key.has_private():
        raise LetterError(f'The "{name}" of the account letter must be a private key.')
    return key
