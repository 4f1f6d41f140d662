"""What writers of JSON, big numbers, strings and buffers do to a `param`."""

import json
from urllib.parse import urlencode

import pytest
from diagnosis.asking import Found, Sent, ask_why, makes
from diagnosis.developer import CALL, base64_of, encrypt, message, pair, signature

from simulator.protocol import plaintext

ROOM = 117


def seal(*segments):
    """Seal segments as they are, each in a block of its own."""
    return base64_of(b"".join(block for text in segments for block in encrypt(text, pair(0))))


def until(text, wanted):
    """Return a block of a segment that is as wanted."""
    while not wanted(block := encrypt(text, pair(0))[0]):
        pass
    return block


def segments(size=400):
    """Return a message's segments."""
    text = message(size)
    return [text[start : start + ROOM] for start in range(0, len(text), ROOM)]


def make_param_with(*letters):
    """Return a right `param` with all these letters in it."""
    while not all(letter in (param := seal(*segments())) for letter in letters):
        pass
    return param


@makes("param_escaped")
@pytest.mark.parametrize(
    "escape",
    [
        lambda param: param.replace("/", "\\/"),
        lambda param: param.replace("=", "\\u003d").replace("+", "\\u002b"),
        lambda param: '"' + param.replace("=", "\\u003d") + '"',
        lambda param: "\\n".join(param[at : at + 76] for at in range(0, len(param), 76)),
    ],
)
def test_escaping_the_base64(escape):
    return ask_why(escape(make_param_with("/", "+", "=")))


@makes("something_around_param")
def test_printing_python_bytes():
    return ask_why(f"b'{seal(*segments())}'")


@makes("json_around_param")
@pytest.mark.parametrize("name", ["param", "data"])
def test_wrapping_the_base64_in_json(name):
    return ask_why(json.dumps({name: seal(*segments())}))


@makes("zero_byte_lost")
@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_block_that_loses_its_leading_zero(place):
    texts = segments()
    blocks = [until(text, lambda block: block[0]) for text in texts]
    blocks[place] = until(texts[place], lambda block: not block[0] and block[1])[1:]
    return ask_why(base64_of(b"".join(blocks)))


@makes("zero_byte_lost")
def test_a_message_of_one_block_that_loses_its_leading_zero():
    return ask_why(base64_of(until(b'{"sign":"A"}', lambda block: not block[0])[1:]))


@makes("sign_byte_added")
@pytest.mark.parametrize("everywhere", [True, False])
def test_a_sign_byte_before_blocks(everywhere):
    first, *others = [until(text, lambda block: block[0]) for text in segments()]
    blocks = [b"\0" + first, *(b"\0" + block if everywhere else block for block in others)]
    return ask_why(base64_of(b"".join(blocks)))


@makes("cipher_read_as_text")
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.decode("utf-8", "replace").encode(),
        lambda data: data.decode("latin-1").encode(),
        lambda data: data.decode("ascii", "replace").replace("\ufffd", "?").encode(),
    ],
)
def test_turning_the_bytes_into_text(change):
    data = b"".join(block for text in segments() for block in encrypt(text, pair(0)))
    return ask_why(base64_of(change(data)))


@makes("segment_filled_up")
@pytest.mark.parametrize("filler", [b"\0", b" x"])
def test_filling_up_the_last_segment(filler):
    *others, last = segments()
    return ask_why(seal(*others, (last + filler * ROOM)[:ROOM]))


@makes("segment_with_leftovers")
def test_keeping_what_stood_in_the_buffer():
    *others, last = segments()
    return ask_why(seal(*others, last + others[-1][len(last) :]))


@makes("segment_repeated")
def test_sealing_the_first_segment_each_time():
    texts = segments()
    return ask_why(seal(*[texts[0]] * len(texts)))


@makes("segments_overlap")
@pytest.mark.parametrize("step", [100, 116])
def test_stepping_by_less_than_a_segment(step):
    text = message(400)
    starts = range(0, len(text) - (ROOM - step), step)
    return ask_why(seal(*(text[start : start + ROOM] for start in starts)))


QUERY = urlencode({**CALL, "sign": signature(CALL)})


@makes("query_not_plain")
@pytest.mark.parametrize("query", [f"?{QUERY}", f"{QUERY}&", f"&{QUERY}"])
def test_sealing_a_query_with_its_separators(query):
    text = query.encode()
    return ask_why(seal(*(text[at : at + ROOM] for at in range(0, len(text), ROOM))))


@makes("query_with_arrays")
@pytest.mark.parametrize("name", ["files%5B0%5D%5Bfile_id%5D", "files[]", "files[0][file_id]"])
def test_sealing_a_query_with_arrays(name):
    text = f"{QUERY}&{name}=1".encode()
    return ask_why(seal(*(text[at : at + ROOM] for at in range(0, len(text), ROOM))))


@makes("parameters_nested")
@pytest.mark.parametrize("wrap", [lambda inner: inner, json.dumps])
def test_sealing_an_envelope_around_the_parameters(wrap):
    outer = json.dumps({"data": wrap({**CALL, "sign": signature(CALL)})})
    return Found("sign", Sent(parameters=plaintext.read(outer.encode())))
