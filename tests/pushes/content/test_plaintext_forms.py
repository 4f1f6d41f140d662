"""How the platform writes what it seals (switch `plaintext`, P3)."""

import json
from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from pushes.contents import open_push, table
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.protocol import envelope

Notice = Callable[..., int]


@pytest.fixture
def plaintext(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> Callable[[str], str]:
    """Push a status of the difficult order in a form; return the decrypted text."""

    def push(form: str) -> str:
        platform.switch(plaintext=form)
        order = platform.create_order("difficult")
        platform.post("orders", order["order_no"], "cancel")
        platform.run()
        param = endpoint.posts[-1].fields["param"]
        open_push(institution, "2.2", param)
        return envelope.open_param(param, institution.own_private).text

    return push


def test_json_has_chinese_as_it_is(plaintext: Callable[[str], str]) -> None:
    text = plaintext("json")

    assert "建设🏗️有限公司" in text
    assert "\\u6d4b\\u8bd5" not in text
    assert list(json.loads(text)) == [*table("2.2")[1:], "sign"]


def test_json_ascii_is_what_php_writes(plaintext: Callable[[str], str]) -> None:
    text = plaintext("json-ascii")

    assert text.isascii()
    assert '"principal":"\\u6d4b\\u8bd5\\ud842\\udfb7\\"' in text
    assert "+\\/=%&" in text
    assert "/" not in text.replace("\\/", "")
    assert "建设🏗️有限公司" in json.loads(text)["principal"]


def test_query_is_what_a_form_encoder_writes(plaintext: Callable[[str], str]) -> None:
    text = plaintext("query")

    assert text.isascii()
    assert text.startswith("timestamp=")
    pairs = dict(parse_qsl(text, strict_parsing=True))
    assert list(pairs) == [*table("2.2")[1:], "sign"]
    assert pairs["block_name"].startswith("第①标段＋“测试” a+b/c=d%26&e=")
    assert "a%2Bb%2Fc%3Dd%2526%26e%3D%22f%22+%27g%27" in text


def test_an_empty_value_is_sent_as_an_empty_text(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> None:
    order = platform.create_order("minimal")
    platform.post("orders", order["order_no"], "cancel")
    platform.run()

    said = open_push(institution, "2.2", endpoint.posts[0].fields["param"])

    assert said["block_number"] == ""
