"""Properties: whatever the values, what is signed and sealed opens, verifies, and cannot change."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.protocol import envelope, plaintext, rsa, signing
from simulator.protocol.plaintext import FORMS, NotAPlaintext, Number

PROFILE = settings.get_profile("protocol")
SECRET = "s3cr3t-密钥"
AWKWARD = [
    "",
    " ",
    "保函申请人",
    "👩‍👩‍👧😀",
    "\"'`\\/",
    "+/=%&?#",
    "%E4%BF%9D+%",
    "\x00\x01\x1f\x7f\x80",
    "\r\n\t\u2028\ufeff",
    "null",
    "true",
    "1000.00",
    '{"a":[1,"\\u4fdd"]}',
    "\U0010ffff\ufffd",
]


def cut_to(piece: str, size: int) -> str:
    """Repeat a piece to `size` bytes of UTF-8, less what would be half a character."""
    return (piece * size).encode()[:size].decode("utf-8", "ignore")


characters = st.characters(exclude_categories=["Cs"])
texts = st.one_of(
    st.text(characters, max_size=60),
    st.sampled_from(AWKWARD),
    st.builds(cut_to, st.text(characters, min_size=1, max_size=5), st.integers(1, 6000)),
)
names = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=20).filter(
    lambda name: name != "sign" and not name[0].isdigit()
)
numbers = st.one_of(
    st.integers().map(str),
    st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,8})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
).map(Number)
values = st.one_of(texts, numbers, st.booleans(), st.none())
json_like = st.text('{}[]":,1ae-.\\un 保', max_size=40).map(lambda text: f'{{"a":{text}}}'.encode())
query_like = st.text("a1_=&%2Bf+ 保", max_size=40).map(lambda text: f"sign={text}".encode())


@pytest.mark.parametrize("bits", rsa.KEY_SIZES)
@pytest.mark.parametrize("form", FORMS)
@PROFILE
@given(parameters=st.dictionaries(names, values, max_size=5))
def test_what_is_signed_and_sealed_opens_and_verifies(keys, form, bits, parameters):
    key = keys[bits]
    signed = envelope.signed(parameters, SECRET)
    opened = envelope.open_param(envelope.seal(signed, key.public_key(), form), key)
    if form == "query":
        signed = {name: plaintext.as_text(value) for name, value in signed.items()}
    assert list(opened.parameters.items()) == list(signed.items())
    assert [type(value) for value in opened.parameters.values()] == [
        type(value) for value in signed.values()
    ]
    assert signing.verify(opened.parameters, SECRET).valid
    assert opened.text.encode() == plaintext.write(signed, form)


@pytest.mark.parametrize("form", ["json", "json-ascii"])
@PROFILE
@given(number=numbers)
def test_a_number_keeps_its_literal_text_in_the_json_forms(form, number):
    value = plaintext.read(plaintext.write({"amount": number}, form))["amount"]
    assert type(value) is Number
    assert value == number


@PROFILE
@given(number=numbers)
def test_the_gateway_accepts_a_number_signed_either_way(number):
    for text in (number, signing.php_number(number)):
        as_signed = signing.sign({"amount": str(text)}, SECRET)
        assert signing.verify({"amount": number, "sign": as_signed}, SECRET).valid


@PROFILE
@given(st.dictionaries(names, texts, min_size=1, max_size=5), texts, st.data())
def test_a_value_changed_added_or_removed_after_signing_is_refused(parameters, other, data):
    signed = envelope.signed(parameters, SECRET)
    name = data.draw(st.sampled_from(sorted(parameters)))
    if other != parameters[name]:
        assert not signing.verify({**signed, name: other}, SECRET).valid
    assert not signing.verify({**signed, name: parameters[name] + "x"}, SECRET).valid
    assert not signing.verify({**signed, "surely_not_drawn_by_chance": other}, SECRET).valid
    del signed[name]
    assert not signing.verify(signed, SECRET).valid


@PROFILE
@given(st.dictionaries(names, values, max_size=5), st.randoms(use_true_random=False))
def test_the_sign_does_not_depend_on_the_order_of_the_parameters(parameters, chance):
    shuffled = list(parameters.items())
    chance.shuffle(shuffled)
    assert signing.sign(dict(shuffled), SECRET) == signing.sign(parameters, SECRET)


@PROFILE
@given(st.one_of(st.binary(max_size=800), json_like, query_like))
def test_any_bytes_at_all_are_either_a_plaintext_or_refused(data):
    try:
        parameters = plaintext.read(data)
    except NotAPlaintext:
        return
    again = plaintext.read(plaintext.write(parameters, "json"))
    assert again == parameters


def test_three_hundred_decryptions_with_a_wrong_key_never_yield_a_message(key_rings):
    chance = random.Random(20181015)
    everybody = [key for ring in key_rings.values() for key in ring]
    for _ in range(300):
        right, wrong = chance.sample(everybody, 2)
        remark = "".join(chance.choices("保函ab %&=", k=chance.randrange(400)))
        signed = envelope.signed({"remark": remark, "timestamp": "20181015114423"}, SECRET)
        param = envelope.seal(signed, right.public_key(), chance.choice(FORMS))
        assert envelope.open_param(param, right).parameters == signed
        with pytest.raises((rsa.CannotOpen, NotAPlaintext)):
            envelope.open_param(param, wrong)


def test_the_random_bytes_of_an_implicit_rejection_never_pass_for_a_plaintext():
    chance = random.Random(20181015)
    letters = b'abcsigntimestamp=&={}[]":1 %'
    for _ in range(20_000):
        noise = chance.randbytes(chance.randrange(245))
        with pytest.raises(NotAPlaintext):
            plaintext.read(noise)
        with pytest.raises(NotAPlaintext):
            plaintext.read(bytes(chance.choices(letters, k=chance.randrange(3, 40))))
