"""The wire: plaintexts, keys, Base64, numbers, null, timestamps, extra parameters (P2-P11)."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
import requests
from calls.insurer import BRANCHES, COMPANIES, DECIDE, GET_ORDER, Insurer, add_sign
from support.institution import Institution

from simulator import clock
from simulator.driver import ControlClient
from simulator.protocol import envelope, plaintext, rsa
from simulator.protocol.plaintext import FORMS, Compound, Form, Number


def post_plaintext(insurer: Insurer, written: bytes) -> Any:
    """Seal bytes as they are with the account's key, and post them."""
    institution = insurer.institution
    param = base64.b64encode(rsa.seal(written, institution.own_public)).decode()
    return institution.post({"param": param, "access_token": institution.token})


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bits", [1024, 2048])
def test_calls_in_every_form_and_key_size_are_read(
    control: ControlClient, insurer: Insurer, form: Form, bits: int
) -> None:
    insurer.platform.post("keys", key_bits=bits)
    institution = Institution(insurer.platform.letter(), form)
    order = insurer.platform.create_order("difficult")

    answer = Insurer(insurer.platform, institution).decide(order, "1", "1")

    assert institution.own_public.size_in_bits() == bits
    assert answer == {"status": 200, "data": "成功"}


def _wrap(param: str) -> str:
    return "\r\n".join(param[start : start + 76] for start in range(0, len(param), 76)) + "\n"


def _url_safe(param: str) -> str:
    return param.replace("+", "-").replace("/", "_")


@pytest.mark.parametrize(
    ("rewrite", "status"),
    [
        (_wrap, 200),
        (_url_safe, 200),
        (lambda param: param[:-2], 1006),
        (lambda param: param[4:], 1006),
        (lambda param: f"{param}!", 1006),
        (lambda param: param + param, 1006),
        (lambda param: base64.b64decode(param).hex(), 1006),
    ],
    ids=["line breaks", "URL-safe", "cut", "first bytes lost", "letter", "twice", "hex"],
)
def test_base64_may_have_line_breaks_and_url_safe_letters_and_nothing_else(
    insurer: Insurer, rewrite: Any, status: int
) -> None:
    institution = insurer.institution
    parameters = insurer.sign(BRANCHES, insurer_name="测试人寿保险股份有限公司")
    param = envelope.seal(parameters, institution.own_public)

    answer = institution.post({"param": rewrite(param), "access_token": institution.token})

    assert answer["status"] == status


@pytest.mark.parametrize(
    "written",
    [b"", b" ", b"[]", b'"text"', b"{", b"{}x", b'{"a":NaN}', b"\xff\xfe", b"a=1", b"timestamp"],
)
def test_what_is_no_plaintext_was_not_decrypted(insurer: Insurer, written: bytes) -> None:
    assert post_plaintext(insurer, written)["status"] == 1006


def test_an_empty_json_object_is_a_plaintext_without_a_sign(insurer: Insurer) -> None:
    assert post_plaintext(insurer, b"{}") == {"status": 1005, "data": "验签失败"}


# How a price written 1000.50 in JSON is signed: literally, or as PHP prints it.
@pytest.mark.parametrize(
    ("switch", "literal", "php"),
    [("both", 200, 200), ("literal", 200, 1007), ("php", 1007, 200)],
)
@pytest.mark.parametrize("way", ["literal", "php"])
def test_a_json_number_is_signed_literally_or_as_php_prints_it(
    insurer: Insurer, order: Any, switch: str, literal: int, php: int, way: str
) -> None:
    insurer.platform.switch(number_sign=switch)
    parameters = insurer.institution.parameters(DECIDE, **insurer.decision(order, "3", "1"))
    as_signed = {**parameters, "price": "1000.50" if way == "literal" else "1000.5"}
    sign = add_sign(as_signed, insurer.institution.letter["api_secret"])["sign"]

    answer = insurer.institution.send({**parameters, "price": Number("1000.50"), "sign": sign})

    assert answer["status"] == (literal if way == "literal" else php)
    if answer["status"] == 200:
        assert "send amounts as strings" in insurer.notes()
        assert insurer.platform.order(order["order_no"])["price"] == "1000.50"


def test_ids_sent_as_numbers_need_no_warning(insurer: Insurer) -> None:
    btc_id = Number(str(insurer.institution.letter["btc_id"]))
    common = {"btc_id": btc_id, "enter_institution_type": Number("4")}

    assert insurer.send(BRANCHES, insurer_name="无", **common)["status"] == 200
    assert insurer.notes() == ""


@pytest.mark.parametrize(("text", "shown"), [("", '""'), ("null", '"null"')])
def test_null_is_signed_as_nothing_or_as_the_word_and_noted(
    insurer: Insurer, order: Any, text: str, shown: str
) -> None:
    parameters = insurer.institution.parameters(DECIDE, **insurer.decision(order, "1", "1"))
    sign = add_sign({**parameters, "price": text}, insurer.institution.letter["api_secret"])["sign"]

    answer = insurer.institution.send({**parameters, "price": None, "sign": sign})

    assert answer["status"] == 200
    assert insurer.notes() == f"price: null, signed as {shown} (P8)."


def test_true_is_signed_as_1_and_false_as_nothing(insurer: Insurer) -> None:
    parameters = insurer.institution.parameters(BRANCHES, insurer_name="无")
    secret = insurer.institution.letter["api_secret"]
    sign = add_sign({**parameters, "yes": "1", "no": ""}, secret)["sign"]

    answer = insurer.institution.send({**parameters, "yes": True, "no": False, "sign": sign})

    assert answer["status"] == 200


@pytest.mark.parametrize("bare", ['["a"]', '{"a":1}', "[]"])
def test_a_bare_array_or_object_cannot_be_signed(insurer: Insurer, bare: str) -> None:
    parameters = insurer.sign(BRANCHES, insurer_name="无", list=bare)

    as_string = insurer.institution.send(parameters)
    as_json = insurer.institution.send({**parameters, "list": Compound(bare)})

    assert (as_string["status"], as_json["status"]) == (200, 1007)
    assert "list is a bare JSON array or object" in insurer.notes()


def test_a_lower_case_sign_is_refused(insurer: Insurer) -> None:
    parameters = insurer.sign(BRANCHES, insurer_name="无")

    lower = {**parameters, "sign": parameters["sign"].lower()}

    assert insurer.institution.send(parameters)["status"] == 200
    assert insurer.institution.send(lower)["status"] == 1007


def test_unknown_parameters_are_accepted_and_signed_over(insurer: Insurer, order: Any) -> None:
    parameters = insurer.sign(GET_ORDER, order_no=order["order_no"], 备注="中文", Extra="1")

    assert insurer.institution.send(parameters)["status"] == 200
    assert insurer.institution.send({**parameters, "Extra": "2"})["status"] == 1007
    unsigned = {name: value for name, value in parameters.items() if name != "Extra"}
    assert insurer.institution.send(unsigned)["status"] == 1007


def test_names_are_sorted_by_their_bytes_upper_case_first(insurer: Insurer) -> None:
    parameters = {**insurer.institution.parameters(BRANCHES, insurer_name="无"), "Zone": "8"}
    secret = insurer.institution.letter["api_secret"]
    without_case = sorted(parameters, key=str.lower)
    joined = "".join(name + parameters[name] for name in without_case)
    digest = hashlib.md5((secret + joined + secret).encode()).hexdigest().upper()

    assert insurer.institution.send(add_sign(parameters, secret))["status"] == 200
    assert insurer.institution.send({**parameters, "sign": digest})["status"] == 1007


@pytest.mark.parametrize("timestamp", ["20010203040506", "200102030405"])
def test_an_old_timestamp_is_accepted_and_noted(insurer: Insurer, timestamp: str) -> None:
    assert insurer.send(BRANCHES, insurer_name="无", timestamp=timestamp)["status"] == 200

    notes = insurer.notes()
    assert ("timestamp has 12 digits; send 14, yyyyMMddHHmmss (P9)." in notes) == (
        len(timestamp) == 12
    )
    assert "The timestamp is far from now." in notes


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, 200), (-230, 200), (230, 200), (-370, 404), (370, 404)]
)
@pytest.mark.parametrize("digits", [14, 12])
def test_the_switch_limits_how_far_a_timestamp_may_be_off(
    insurer: Insurer, seconds: int, status: int, digits: int
) -> None:
    insurer.platform.switch(max_clock_skew=300)
    moment = clock.to_moment(clock.wall_now()) + timedelta(seconds=seconds)
    written = moment.strftime("%Y%m%d%H%M%S")[:digits]  # 12 digits lack the seconds

    answer = insurer.send(BRANCHES, insurer_name="无", timestamp=written)

    assert answer["status"] == status
    if status == 404:
        assert answer["data"] == "失败：timestamp"


def test_a_timestamp_that_is_no_moment_is_refused(insurer: Insurer) -> None:
    impossible = {"insurer_name": "无", "timestamp": "20301399999999"}

    assert insurer.send(BRANCHES, **impossible) == {"status": 404, "data": "失败：timestamp"}
    assert "is no moment of the calendar" in insurer.notes()


def test_a_repeated_name_counts_by_its_last_value(insurer: Insurer, order: Any) -> None:
    parameters = insurer.sign(COMPANIES, order_no=order["order_no"])
    written = plaintext.write(parameters, "json")
    repeated = b'{"order_no":"404",' + written[1:]

    assert post_plaintext(insurer, repeated)["status"] == 200


def test_of_a_field_that_comes_twice_the_last_one_counts(insurer: Insurer) -> None:
    institution = insurer.institution
    param = envelope.seal(insurer.sign(BRANCHES, insurer_name="无"), institution.own_public)
    twice = [("param", "AAAA"), ("param", param), ("access_token", institution.token)]

    answer = requests.post(institution.url, data=twice, timeout=10).json()

    assert answer == {"status": 200, "data": []}
