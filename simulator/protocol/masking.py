"""Keeps credentials (api_key, api_secret, tokens) out of the journal, logs and error messages."""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

from simulator.protocol.plaintext import Compound, Parameters, Value
from simulator.protocol.signing import MASK, base_string

_TOKEN_IN_URL = re.compile(r"(access_token=)([^&\s\"'<>\\]+)")


def fingerprint(secret: str) -> str:
    """Return six hex digits that identify a credential without revealing it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:6]


def mask_value(name: str, value: Any) -> Any:
    """Return a parameter's value for display: a credential as its fingerprint, others unchanged."""
    if name == "api_secret":
        return MASK
    if name in ("access_token", "api_key") and value:
        return f"[{name} #{fingerprint(str(value))}]"
    return mask(value)


def mask(value: Any) -> Any:
    """Return a JSON value with its credentials masked, also in file URLs."""
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
    """Return a JSON value with every occurrence of the secrets masked."""
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
    """Return the sign's base string for display, with the secret and credentials masked.

    Bare arrays and objects, which cannot be signed, appear as their text.
    """
    shown: dict[str, Value] = {
        name: mask_value(name, str(value) if isinstance(value, Compound) else value)
        for name, value in parameters.items()
    }
    return base_string(shown, MASK)
