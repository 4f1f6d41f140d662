"""`param`: a signed plaintext, sealed in RSA blocks, in Base64 (insurer 5.2, P2)."""

import base64
import binascii
import re
from dataclasses import dataclass

from Crypto.PublicKey.RSA import RsaKey

from simulator.protocol import plaintext, rsa, signing
from simulator.protocol.plaintext import Form, Parameters, Value

_URL_SAFE = str.maketrans("-_", "+/")


@dataclass(frozen=True)
class Opened:
    """The content of a `param`: the plaintext as text, and its parameters."""

    text: str
    parameters: dict[str, Value]


class NotBase64(rsa.CannotOpen):
    """The `param` is not Base64, so there is nothing to decrypt."""


def decode(param: str) -> bytes:
    """Return the bytes of a Base64 text; line breaks and the URL-safe alphabet are accepted.

    Raises:
        NotBase64: it is something else, or its padding is missing.
    """
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", param).translate(_URL_SAFE), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotBase64("param is not Base64", "param 不是 Base64") from error


def seal(parameters: Parameters, public: RsaKey, form: Form = "json") -> str:
    """Return the parameters as a `param`: written in `form`, sealed, in standard Base64."""
    sealed = rsa.seal(plaintext.write(parameters, form), public)
    return base64.b64encode(sealed).decode()


def signed(parameters: Parameters, secret: str) -> dict[str, Value]:
    """Return the parameters with their `sign` added.

    Raises:
        UnsignableValue: a value is a bare JSON array or object.
    """
    return {**parameters, "sign": signing.sign(parameters, secret)}


def open_param(param: str, private: RsaKey) -> Opened:
    """Decrypt a `param` and read its plaintext.

    Raises:
        CannotOpen: it is not Base64, or a block cannot be decrypted or has the wrong length.
        NotAPlaintext: the decrypted text has none of the three forms (P45).
    """
    sealed = decode(param)
    opened = rsa.open_quickly(sealed, private)
    try:
        return Opened(opened.decode("utf-8", "replace"), plaintext.read(opened))
    except plaintext.NotAPlaintext:
        # Wrong padding may have given random bytes: this then reports the block.
        rsa.open_blocks(sealed, private)
        raise
