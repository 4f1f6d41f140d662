"""A message without a mistake gets no finding, whatever is in it."""

import base64
import functools
import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from diagnosis.asking import DETECTORS, FILE, RIGHT_FILE, Sent
from diagnosis.developer import SECRET, TOKEN, base64_of, encrypt, pair

from simulator import clock, paths
from simulator.protocol import envelope, plaintext
from simulator.protocol.catalogue import Catalogue, Interface
from simulator.protocol.diagnosis.forms import MULTIPART, URLENCODED, Posting
from simulator.protocol.plaintext import FORMS, Number

#: Texts that are right as they are, though each looks like some mistake.
PIECES = (
    *("", " ", "+", "%2B", "%E4%BF%9D", "100%", "null", "None", "undefined", "true", "False"),
    *("0", "007", "1000.00", "1e5", "1E3", "2.5E7", "\n", "\r\n", "\t", "&", "=", "&amp;", "<b>"),
    *('"', "'", "\\", "\\u4fdd", "/", "\\/", "{a=1}", "[]", '{"a": [1, "\\u4fdd"]}', "<xml/>"),
    *("保函", "福州市建设工程有限公司", "𠮷", "👍", "é", "ï»¿", "\ufeff", "\ufffd", "Â", "锟斤拷"),
    *("MIIB+/==", "c2lnbg", "aGVsbG8_d29ybGQ-", "sign", "param=", ";access_token=", "[B@6d06d69c"),
    *("20240102030405", "1704135845", "5F0E9A7C31D84B62A7E4C9D81B3F6A20", "https://a/b?c=d&e=f#g"),
)
#: Names that are nearly those of the protocol, or begin others.
NAMES = ("a", "A", "a_", "a_b", "sig", "Sign", "signature", "orderNo", "order", "token", "data")
LONG = 2300


@functools.cache
def calls() -> list[Interface]:
    """Return all calls of both kinds."""
    known = Catalogue.load(paths.schemas()).interfaces.values()
    return [interface for interface in known if interface.direction == "call"]


def draw_value(source: random.Random) -> Any:
    """Return a value of any kind that can be signed."""
    kind = source.random()
    if kind < 0.05:
        return None
    if kind < 0.1:
        return source.random() < 0.5
    if kind < 0.2:
        return Number(source.choice(["0", "-1", "1000.00", "12345678.9", "1e3", "20"]))
    return "".join(source.choices(PIECES, k=source.randrange(6)))


def draw_parameters(source: random.Random) -> dict[str, Any]:
    """Return signed parameters of some call, in any order, with awkward values."""
    interface = source.choice(calls())
    names = [parameter.name for parameter in interface.parameters if parameter.name != "sign"]
    names += source.sample(NAMES, source.randrange(4))
    source.shuffle(names)
    parameters = {name: draw_value(source) for name in names}
    parameters["method"] = interface.method
    parameters["timestamp"] = source.choice(["20240102030405", "202401020304"])
    parameters["guarantee_amount"] = source.choice(["50000.00", "0.1", "007"])
    if source.random() < 0.02:
        parameters["remark"] = source.choice(PIECES[20:]) * source.randrange(LONG)
    return envelope.signed(parameters, SECRET)


def draw_param(source: random.Random, parameters: dict[str, Any], expected: str) -> str:
    """Seal parameters in one of the forms, in one of the writings of Base64 that are taken."""
    plain = plaintext.write(parameters, source.choice(FORMS))
    data = b"".join(encrypt(plain, pair(0 if expected == "own" else 1)))
    return source.choice(
        [
            base64_of(data),
            base64.urlsafe_b64encode(data).decode(),
            base64.encodebytes(data).decode(),
            base64.encodebytes(data).decode().replace("\n", "\r\n"),
        ]
    )


def draw_calls(seed: int, count: int) -> Iterator[Sent]:
    """Return right calls."""
    source = random.Random(seed)
    now = clock.to_moment(1_800_000_000)
    for _ in range(count):
        parameters = draw_parameters(source)
        expected = source.choice(["own", "platform"])
        param = draw_param(source, parameters, expected)
        content = RIGHT_FILE + source.choice([b"", b"\r\n", b"\n%\xef\xbf\xbd\n", b"\0" * 99])
        yield Sent(
            param=param,
            expected=expected,
            posting=Posting(
                source.choice([URLENCODED, f"{MULTIPART}; boundary=x"]),
                fields={"param": param, "access_token": TOKEN},
                files=frozenset({FILE}),
                query=source.choice([{}, {"a": "b"}]),
                headers={"Authorization": "Basic eDp5", "User-Agent": "{[<--"},
                beginning=f"param={param[:99]}".encode(),
                length=len(param),
            ),
            parameters=plaintext.read(plaintext.write(parameters, source.choice(FORMS))),
            sign={"beside": {"access_token": TOKEN}},
            content=content,
            sha256=source.choice([str.upper, str.lower])(hashlib.sha256(content).hexdigest()),
            moment=(now + timedelta(seconds=source.randrange(-300, 300)), now),
        )


def check_calls(seed: int, count: int, opened: int) -> None:
    """Run all detectors on right calls: none may find anything; one call in so many is opened."""
    for number, sent in enumerate(draw_calls(seed, count)):
        named = {
            name: [finding.mistake.name for finding in detect(sent)]
            for name, detect in DETECTORS.items()
            if name != "seal" or number % opened == 0
        }
        assert not any(named.values()), (named, sent.parameters)


def test_right_messages_get_no_finding() -> None:
    check_calls(20240102, 1000, opened=10)


@pytest.mark.slow
def test_ten_thousand_right_messages_get_no_finding() -> None:
    check_calls(20240103, 10_000, opened=1)
