"""A message without a mistake gets no finding, whatever is in it."""

import random

from diagnosis.developer import API_KEY, SECRET, letter_form, pair

from simulator.protocol import envelope, plaintext
from simulator.protocol.diagnosis import Credentials, explain_seal, explain_sign
from simulator.protocol.plaintext import FORMS, Number
from simulator.protocol.rsa import load_key

MESSAGES = 10_000
SEALED = 500
PIECES = (
    *("", " ", "+", "%2B", "null", "None", "0", "1000.00", "1e5", "\n", "\r\n", "&", "=", "<b>"),
    *('"', "\\", "/", "保函", "👍", "[]", '{"a": [1, "\\u4fdd"]}', "MIIB+/==", "true", "sign"),
)
NAMES = (
    "btc_id",
    "order_no",
    "orderNo",
    "amount",
    "remark",
    "attach_files",
    "a",
    "A",
    "a_",
    "Sign",
)


def random_value(source: random.Random):
    """Return a value of any kind that can be signed."""
    kind = source.random()
    if kind < 0.05:
        return None
    if kind < 0.1:
        return source.random() < 0.5
    if kind < 0.2:
        return Number(source.choice(["0", "-1", "1000.00", "12345678.9", "1e3", "20"]))
    return "".join(source.choices(PIECES, k=source.randrange(6)))


def random_parameters(source: random.Random):
    """Return signed parameters in any order."""
    names = source.sample(NAMES, source.randrange(len(NAMES)))
    parameters = {name: random_value(source) for name in ("method", *names)}
    parameters["timestamp"] = source.choice(["20240102030405", "240102030405", "1704135845"])
    return envelope.signed(parameters, SECRET)


def test_ten_thousand_right_messages_get_no_finding():
    source = random.Random(20240102)
    own = Credentials("tester", API_KEY, SECRET, letter_form(pair(0)))
    others = [Credentials("sandbox", "other", "c0ffee", letter_form(pair(2)))]
    private, platform = load_key(own.private_key), load_key(letter_form(pair(1)))
    for number in range(MESSAGES):
        parameters = random_parameters(source)
        form = source.choice(FORMS)
        read = plaintext.read(plaintext.write(parameters, form))
        assert explain_sign(read, own, others, beside={"access_token": "x" * 40}) == []
        if number < SEALED:
            expected = source.choice(["own", "platform"])
            key = private if expected == "own" else platform
            param = envelope.seal(parameters, key.public_key(), form)
            assert explain_seal(param, private, platform, expected, others) == []
