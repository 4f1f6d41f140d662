"""Credentials (api_key, api_secret, tokens) never stand in the journal, a log or an error text."""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

from simulator.protocol.plaintext import Compound, Parameters, Value
from simulator.protocol.signing import MASK, base_string

_TOKEN_IN_URL = re.compile(r"(access_token=)([^&\s\"'<>\\]+)")


def fingerprint(secret: str) -> str:
    """Return six hex digits by which two showings of one credential can be recognised."""
    return hashlib.sha256(secret.encode()).hexdigest()[:6]


def mask_value(name: str, value: Any) -> Any:
    """Return a value as it may be shown: credentials by their fingerprint, all else as it is."""
    if name == "api_secret":
        return MASK
    if name in ("access_token", "api_key") and value:
        return f"[{name} #{fingerprint(str(value))}]"
    return mask(value)


def mask(value: Any) -> Any:
    """Return a JSON value with all credentials in it masked, in file URLs too."""
    if isinstance(value, Mapping):
        return {name: mask_value(name, member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(item) for item in value]
    if isinstance(value, str):
        if "access_token=" not in value:
            return str(value)
        return _TOKEN_IN_URL.sub(
            lambda match: f"{match[1]}[access_token #{fingerprint(match[2])}]", str(value)
        )
    return value


def redact(value: Any, secrets: Collection[str]) -> Any:
    """Return a JSON value in which none of the secrets stands, wherever it was put."""
    if isinstance(value, Mapping):
        return {redact(name, secrets): redact(each, secrets) for name, each in value.items()}
    if isinstance(value, list):
        return [redact(item, secrets) for item in value]
    if isinstance(value, str):
        for secret in secrets:
            if secret in value:
                value = value.replace(secret, f"[credential #{fingerprint(secret)}]")
    return value


def mask_base(parameters: Parameters) -> str:
    """Return the sign's base string as it may be shown: the secret and credentials masked.

    Bare arrays and objects, which cannot be signed, are shown by their text.
    """
    shown: dict[str, Value] = {
        name: mask_value(name, str(value) if isinstance(value, Compound) else value)
        for name, value in parameters.items()
    }
    return base_string(shown, MASK)
