"""Whatever comes in: no exception, bounded work, and nothing given away."""

import base64
import time

import pytest
from diagnosis.asking import ask_why, asked_about, assert_nothing_is_given_away
from diagnosis.developer import (
    API_KEY,
    CALL,
    OTHER_SECRET,
    SECRET,
    TOKEN,
    base64_of,
    encrypt,
    message,
    pair,
    signature,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.protocol.diagnosis import Credentials, explain_sign
from simulator.protocol.diagnosis.seal import blocks
from simulator.protocol.diagnosis.sign import digests
from simulator.protocol.plaintext import Compound, Number

OWN = Credentials("tester", API_KEY, SECRET, "")
OTHERS = [Credentials("sandbox", "other", OTHER_SECRET, "no key at all")]
ANY = settings(deadline=None, max_examples=200)

texts = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=40),
    st.sampled_from(
        [SECRET, API_KEY, TOKEN, '{"a":"\\ud800"}', "[[", "1e999", "9" * 30, "%", "+ "]
    ),
)
values = st.one_of(
    texts,
    texts.map(Number),
    texts.map(Compound),
    st.integers().map(str).map(Number),
    st.floats(allow_nan=False, allow_infinity=False).map(repr).map(Number),
    st.booleans(),
    st.none(),
)
names = st.one_of(texts, st.sampled_from(["sign", "Sign", "timestamp", "method", f"x_{SECRET}"]))
signs = st.one_of(
    texts,
    st.sampled_from([length * letter for length in (16, 24, 32, 40, 44, 64) for letter in "aA0="]),
)
params = st.one_of(
    texts,
    st.binary(max_size=400).map(base64_of),
    st.binary(min_size=128, max_size=128).map(base64_of),
    st.binary(max_size=200).map(bytes.hex),
    st.binary(max_size=200).map(lambda data: base64_of(base64.b64encode(data))),
    st.binary(max_size=300).map(lambda data: base64_of(b"".join(encrypt(data, pair(0))))),
    st.binary(max_size=300).map(lambda data: base64_of(b"".join(encrypt(data, pair(2))))),
    st.text("[]0123456789, -=%+{}\"'", max_size=60),
)


@ANY
@given(
    st.dictionaries(names, values, max_size=8), signs, st.sampled_from(["both", "literal", "php"])
)
def test_any_parameters_are_examined_without_an_exception(parameters, sign, number_sign):
    beside = {"access_token": TOKEN, "kind": "x"}
    for sent in (parameters, {**parameters, "sign": sign}):
        findings = explain_sign(
            sent, OWN, OTHERS, number_sign, beside=beside, absent=["order_no", "remark"]
        )
        for finding in findings:
            assert_nothing_is_given_away(finding)


@ANY
@given(params, st.sampled_from(["own", "platform"]), st.booleans())
def test_any_param_is_examined_without_an_exception(param, expected, own):
    for finding in ask_why(param, expected=expected, own=own):
        assert_nothing_is_given_away(finding)


@pytest.mark.parametrize("prefix", ["", "x_", "y" * 30])
@pytest.mark.parametrize("credential", [SECRET, API_KEY, OTHER_SECRET, TOKEN])
def test_a_credential_that_is_a_parameters_name_is_not_repeated(credential, prefix):
    sent = {**CALL, prefix + credential: "1"}
    (finding,) = asked_about(sent, signature(CALL), beside={"access_token": TOKEN})
    assert finding.mistake.name == "parameter_not_signed"
    assert_nothing_is_given_away(finding)


@pytest.mark.parametrize("count", [8, 200, 5000])
@pytest.mark.parametrize("value", ["保", "x" * 1000, None, Number("1.50"), True])
def test_a_hopeless_sign_costs_some_hundred_digests(monkeypatch, count, value):
    made = []
    md5 = digests._md5
    monkeypatch.setattr(digests, "_md5", lambda data: made.append(len(data)) or md5(data))
    parameters = {f"name_{number}": value for number in range(count)}
    started = time.perf_counter()
    others = [Credentials(f"no {number}", "k", f"s{number}", "") for number in range(1000)]
    assert explain_sign({**parameters, "sign": "A" * 32}, OWN, others) == []
    assert len(made) < 700
    assert sum(made) < 100_000_000
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("size", [1, 40, 200])
@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_hopeless_param_costs_some_dozen_rsa_operations(monkeypatch, number, size):
    made = []
    with_private = blocks._with_private
    monkeypatch.setattr(
        blocks, "_with_private", lambda *arguments: made.append(1) or with_private(*arguments)
    )
    for param in (
        base64_of(encrypt(message(), pair(number))[0] * size),
        base64_of(encrypt(message(), pair(number))[0] * size).replace("+", " "),
        base64_of(encrypt(message(), pair(number))[0] * size)[:-5],
    ):
        made.clear()
        ask_why(param)
        assert len(made) <= 64


def test_a_long_right_message_with_blanks_is_still_found():
    param = base64_of(b"".join(encrypt(message(20_000), pair(0))))
    findings = ask_why(param.replace("+", " "))
    assert [finding.mistake.name for finding in findings] == ["blanks_instead_of_plus"]
