"""Finds the credentials of all accounts in any text.

One pass finds what has the form of a credential; the database says whether it is one. So a text
without any, as nearly all are, costs no query.
"""

import hashlib
import re
import string
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import Session

from simulator import ids
from simulator.store.records import AccessToken, Account

#: Letters of an api_key or api_secret, of a line of PEM, and of a token without its padding,
#: which a form's reader takes for the end of a field's name.
_HEX, _LINE, _TOKEN = 32, 64, ids.TOKEN_LETTERS
#: A shorter last line of PEM is no secret, and may be a word.
_SHORTEST_LINE = 16
#: More letters than any credential has, those of its escapes included.
LONGEST = 2 * _TOKEN
#: Leaves the letters of Base64 and blanks, and ends of lines for all others.
_BASE64 = frozenset(f"{string.ascii_letters}{string.digits}+/".encode())
_BARE = bytes(byte if byte in _BASE64 or byte == 0x20 else 0x0A for byte in range(256))
#: Letters that no word of a sentence has. A form's reader makes blanks of the pluses of Base64.
_NO_WORD = 24
_HEX_RUN = re.compile(rf"[0-9a-f]{{{_HEX},}}")
_ENCODED = (("%2B", "+"), ("%2b", "+"), ("%2F", "/"), ("%2f", "/"))
#: Values that one query asks for; of more, all that there are are read instead.
_CHUNK, _MOST = 500, 2000

_PAIRS = select(Account.api_key, Account.api_secret)
_ASKED: BindParameter[Any] = bindparam("asked", expanding=True)
_FIND_PAIRS = _PAIRS.where(or_(Account.api_key.in_(_ASKED), Account.api_secret.in_(_ASKED)))
_DIGESTS = select(AccessToken.digest)
_FIND_DIGESTS = _DIGESTS.where(AccessToken.digest.in_(_ASKED))
_KEYS = select(Account.key_fingerprint)
_FIND_KEYS = select(Account.key_fingerprint, Account.private_key).where(
    Account.key_fingerprint.in_(_ASKED)
)
#: The lines of private keys by the pair's fingerprint, and whose line each is: read once.
_lines: dict[str, list[str]] = {}
_owners: dict[str, str] = {}


def find(session: Session, text: str) -> set[str]:
    """Return the credentials in a text: api_keys, api_secrets, tokens, lines of private keys.

    They are found inside of longer words, JSON within JSON, and URLs, too; there they are returned
    without their escapes.
    """
    if "%2" in text:
        for code, letter in _ENCODED:
            text = text.replace(code, letter)
    bare = text.replace("\\", "").encode("utf-8", "replace").translate(_BARE)
    lines = [line.decode() for line in bare.split(b"\n") if len(line) >= _HEX]
    runs = [run for line in lines for run in _list_runs(line)]
    words = {
        word
        for run in runs
        for found in _HEX_RUN.findall(run)
        for word in _list_windows(found, _HEX)
    }
    long = [run for run in runs if len(run) >= _LINE and not run.islower()]
    found = _find_pairs(session, words) if words else set()
    if long:
        found |= _find_lines(session, long)
        found |= _find_tokens(session, [run for run in long if len(run) >= _TOKEN])
    return found


def list_pairs(session: Session) -> list[str]:
    """Return the api_keys and api_secrets of all accounts; those of other letters have any form."""
    return [each for row in session.connection().execute(_PAIRS) for each in row]


def compile_pattern(secrets: Iterable[str]) -> re.Pattern[str]:
    """Return what matches these credentials, escaped as in JSON or a URL or not."""
    longest_first = sorted(secrets, key=len, reverse=True)
    return re.compile("|".join("".join(map(_escape, secret)) for secret in longest_first))


def _escape(letter: str) -> str:
    return {"/": r"(?:\\*/|%2[Ff])", "+": r"(?:[+ ]|%2[Bb])"}.get(letter) or re.escape(letter)


def _list_runs(line: str) -> Iterator[str]:
    words = line.split(" ")
    yield from (word for word in words if len(word) >= _HEX)
    if len(words) > 1 and max(map(len, words)) >= _NO_WORD:
        yield line.replace(" ", "+")


def _list_windows(run: str, letters: int) -> Iterator[str]:
    return (run[start : start + letters] for start in range(len(run) - letters + 1))


def _split(words: Collection[str]) -> Iterator[list[str]]:
    listed = list(words)
    return (listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK))


def _find_pairs(session: Session, words: set[str]) -> set[str]:
    if len(words) > _MOST:
        return words.intersection(list_pairs(session))
    connection = session.connection()
    return words & {
        each
        for chunk in _split(words)
        for row in connection.execute(_FIND_PAIRS, {"asked": chunk})
        for each in row
    }


def _find_lines(session: Session, runs: Iterable[str]) -> set[str]:
    """Return all lines of the private keys of which a whole line is there."""
    connection = session.connection()
    known = set(connection.execute(_KEYS).scalars())
    for chunk in _split(known - _lines.keys()):
        for key, pem in connection.execute(_FIND_KEYS, {"asked": chunk}):
            lines = pem.splitlines()[1:-1]
            _owners.update((line, key) for line in lines if len(line) == _LINE)
            _lines[key] = [line for line in lines if len(line) >= _SHORTEST_LINE]
    words = (word for run in runs for word in _list_windows(run, _LINE) if word in _owners)
    keys = known & {_owners[word] for word in words}
    return {line for key in keys for line in _lines[key]}


def _find_tokens(session: Session, runs: Iterable[str]) -> set[str]:
    words = [
        word for run in runs for word in _list_windows(run, _TOKEN) if "+" in word and "/" in word
    ]
    whole = (f"{word}{ids.TOKEN_PADDING}".encode() for word in words)
    digests = [hashlib.sha256(token).hexdigest() for token in whole]
    connection = session.connection()
    if len(words) > _MOST:
        there = set(connection.execute(_DIGESTS).scalars())
    else:
        there = {
            digest
            for chunk in _split(digests)
            for digest in connection.execute(_FIND_DIGESTS, {"asked": chunk}).scalars()
        }
    return {word for word, digest in zip(words, digests, strict=True) if digest in there}
