"""Account letters (开户信) as files: written for an institution, read by the offline commands."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from Crypto.PublicKey.RSA import RsaKey

from simulator import given_files
from simulator.cli.program import program
from simulator.errors import SimulatorError
from simulator.private_files import write_private
from simulator.protocol import rsa

KEYS = ("rsa_pk", "rsa_sk", "api_rsa_pk")

#: Where the reference institution does not receive a push at its name with hyphens.
_OTHER_PATHS = {"invoice_application": "invoice"}


def write(letter: Mapping[str, Any], folder: Path) -> Path:
    """Write a letter as JSON with its keys as PEM beside it, and return the JSON file's path.

    Only the owner may read them (0600); a folder that is made here is the owner's too (0700).
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = letter["name"]
    for key in KEYS:
        write_private(folder / f"{name}.{key}.pem", letter[key]["pem"].rstrip() + "\n")
    place = folder / f"{name}.json"
    write_private(place, json.dumps(letter, ensure_ascii=False, indent=2) + "\n")
    return place


def read(path: str) -> dict[str, Any]:
    """Return a letter from its JSON file.

    Raises:
        SimulatorError: there is no such file, or it is no letter.
    """
    try:
        letter = json.loads(given_files.read_text(Path(path)))
    except OSError as error:
        raise SimulatorError(
            f"The letter {path} cannot be read: {error.strerror}.",
            f"无法读取开户信 {path}：{error.strerror}。",
        ) from None
    except (ValueError, RecursionError, SimulatorError):
        letter = None
    if not isinstance(letter, dict) or not isinstance(letter.get("api_secret"), str):
        raise SimulatorError(
            f"{path} is no account letter: give the JSON file that `{program()} account "
            "letter NAME --out DIR` writes.",
            f"{path} 不是开户信：请使用 `{program()} account letter NAME --out DIR` 生成的 JSON。",
        )
    return letter


def key(letter: Mapping[str, Any], name: str) -> RsaKey:
    """Return one of a letter's keys.

    Raises:
        SimulatorError: the letter lacks it, or it is no RSA key.
    """
    written = letter.get(name)
    text = (written.get("pem") or written.get("base64")) if isinstance(written, dict) else written
    if not isinstance(text, str) or not text:
        raise SimulatorError(f"The letter has no key {name}.", f"开户信中没有密钥 {name}。")
    try:
        return rsa.load_key(text)
    except SimulatorError:
        raise SimulatorError(
            f"The {name} of the letter is no RSA key.", f"开户信中的 {name} 不是 RSA 密钥。"
        ) from None


def private_key(letter: Mapping[str, Any], name: str = "rsa_sk") -> RsaKey:
    """Return one of a letter's private keys.

    Raises:
        SimulatorError: the letter lacks it, or it is a public key or none at all.
    """
    found = key(letter, name)
    if not found.has_private():
        raise SimulatorError(
            f"{name} is a public key; opening needs the private one, rsa_sk.",
            f"{name} 是公钥；解密需要私钥 rsa_sk。",
        )
    return found


def reference_endpoints(base_url: str, pushes: Iterable[str]) -> dict[str, str]:
    """Return where the reference institution at `base_url` receives each of its pushes."""
    base = base_url.rstrip("/")
    return {push: f"{base}/{_OTHER_PATHS.get(push, push.replace('_', '-'))}" for push in pushes}
