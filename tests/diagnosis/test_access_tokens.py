"""Access tokens that were damaged on the way: undone, they are known; a stranger's is not named."""

import html
import json
from urllib.parse import quote, quote_plus

import pytest
from diagnosis.asking import Found, Sent, makes
from diagnosis.developer import TOKEN, base64_of

from simulator import ids
from simulator.protocol.diagnosis.access_tokens import explain_token


def found(token):
    """Ask how a token was damaged."""
    return Found("token", Sent(token=token))


@makes("token_is_a_word")
@pytest.mark.parametrize("word", ["null", "undefined", "None", " NULL ", "[object Object]"])
def test_sending_the_word_for_nothing(word):
    return found(word)


@makes("token_url_encoded_twice")
@pytest.mark.parametrize("encode", [quote, quote_plus, lambda token: quote(quote_plus(token))])
def test_encoding_it_twice(encode):
    return found(encode(TOKEN))


@makes("token_plus_lost")
def test_not_encoding_it():
    return found(TOKEN.replace("+", " "))


@makes("something_around_token")
@pytest.mark.parametrize(
    "token",
    [
        *(f'"{TOKEN}"', f"{TOKEN}\n", f"{TOKEN}\r\n", f" {TOKEN}", f"Bearer {TOKEN}"),
        *(f"access_token={TOKEN}", f"<{TOKEN}>", f"{TOKEN[:76]}\r\n{TOKEN[76:]}", f"{TOKEN}xyz"),
    ],
)
def test_sending_something_around_it(token):
    return found(token)


@makes("token_escaped")
@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.replace("/", "\\/"),
        lambda token: json.dumps(token).replace("+", "\\u002b").replace("=", "\\u003d"),
        lambda token: html.escape(token).replace("+", "&#43;").replace("/", "&#x2F;"),
        lambda token: token.replace("+", "-").replace("/", "_"),
        str.lower,
        lambda token: token.replace("+", "＋"),
        lambda token: base64_of(token.encode()),
    ],
)
def test_changing_its_letters(change):
    return found(change(TOKEN))


@makes("token_cut")
@pytest.mark.parametrize("cut", [slice(255), slice(20), slice(3, None)])
def test_cutting_it(cut):
    return found(TOKEN[cut])


@makes("token_cut")
def test_dropping_its_padding():
    return found(TOKEN.rstrip("="))


@pytest.mark.parametrize("token", ["", "abc", "x" * 400, ids.token("other", "access_token", 1)])
def test_what_nothing_proves_is_not_named(token):
    assert explain_token(token, lambda asked: asked == TOKEN, [TOKEN]) is None
