"""The account letter (开户信, P1): all that an institution is configured with."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Key:
    """A key as it is written: as PEM, and as the single Base64 line that Java wants."""

    pem: str
    base64: str


@dataclass(frozen=True)
class Letter:
    """An account's letter; its members have the names that they have in the JSON.

    Numbers are texts, as calls carry them. All keys are test-only.
    """

    #: The address of all calls, e.g. `http://127.0.0.1:41234/api/insurer/v1`.
    platform: str
    #: `insurer` or `guarantor`.
    kind: str
    name: str
    #: The institution's whole name, and that of its access party (接入商).
    company: str
    access_party: str
    btc_id: str
    enter_institution_type: str
    api_key: str
    api_secret: str
    key_bits: int
    #: Our own public key: seals our calls (5.2).
    rsa_pk: Key
    #: Our own private key: opens the platform's pushes.
    rsa_sk: Key
    #: The platform's common public key: seals only the request for a token (1.1).
    api_rsa_pk: Key
    #: The letter as the JSON that it is.
    json: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> "Letter":
        """Return the letter that the control API shows."""
        values: dict[str, Any] = {
            each.name: str(members[each.name]) for each in fields(cls) if each.name in members
        }
        for name in ("rsa_pk", "rsa_sk", "api_rsa_pk"):
            values[name] = Key(**members[name])
        return cls(**{**values, "key_bits": int(members["key_bits"]), "json": members})

    def save(self, path: str | Path) -> Path:
        """Write the letter as a JSON file that only its owner may read, and return its path."""
        place = Path(path)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self.json, file, ensure_ascii=False, indent=2)
        return place
