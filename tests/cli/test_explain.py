"""`conzhu-sim explain`: what is pasted is diagnosed without a simulator, from the letter alone."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from cli.command_line import Cli
from support.platform import Platform

from simulator.protocol import envelope, rsa, signing
from simulator.protocol.plaintext import Value

RIGHT = "Nothing is wrong: the sign holds, and the parameters have the manual's format."
CALL = {
    "btc_id": "1001",
    "enter_institution_type": "4",
    "method": "insurer_get_guarantee_info",
    "order_no": "97-备注",
    "timestamp": "20260105100000",
}
BASE = (
    "[api_secret]btc_id1001enter_institution_type4methodinsurer_get_guarantee_info"
    "order_no97-备注timestamp20260105100000[api_secret]"
)


@pytest.fixture
def letter(platform: Platform) -> dict[str, Any]:
    """The account's letter."""
    return dict(platform.letter())


@pytest.fixture
def signed(letter: dict[str, Any]) -> dict[str, Value]:
    """A call as it should be."""
    return envelope.signed(CALL, letter["api_secret"])


def seal(letter: dict[str, Any], parameters: dict[str, Value], key: str = "rsa_pk") -> str:
    return envelope.seal(parameters, rsa.load_key(letter[key]["pem"]))


def mistakes(shown: dict[str, Any]) -> list[str]:
    return [each["mistake"] for each in shown["findings"]]


def test_a_correct_message_is_told_to_be_correct(
    offline: Cli, letter_file: str, letter: dict[str, Any], signed: dict[str, Value]
) -> None:
    explain = ("explain", "--letter", letter_file)
    param = seal(letter, signed)

    text = offline.text(*explain, "--param", "-", stdin=param + "\n")
    shown = offline.json(*explain, "--param", param)
    parameters = offline.json(*explain, "--json-params", "-", stdin=json.dumps(signed))

    assert text.splitlines()[0] == RIGHT
    assert f"base string    {BASE}" in text
    assert letter["api_secret"] not in text
    assert (shown["opened"], shown["valid"], shown["form"], shown["findings"]) == (
        *(True, True, "json", []),
    )
    assert parameters["summary"]["en"] == RIGHT
    chinese = offline.text(*explain, "--param", param, "--lang", "zh")
    assert chinese.startswith("没有问题：签名正确，参数格式符合手册。\n")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"order_no": ""}, "but order_no is missing (insurer/2.3). The platform answers 1100."),
        ({"timestamp": "now"}, "but timestamp does not have the manual's format: 'now'"),
        ({"method": "get_order"}, "but there is no method 'get_order'"),
    ],
)
def test_parameters_that_are_rightly_signed_are_judged_by_the_table(
    offline: Cli, letter_file: str, letter: dict[str, Any], changes: dict[str, str], why: str
) -> None:
    wrong = envelope.signed({**CALL, **changes}, letter["api_secret"])

    shown = offline.json(
        "explain", "--letter", letter_file, "--json-params", "-", stdin=json.dumps(wrong)
    )

    assert shown["summary"]["en"].startswith(f"Seal and sign are right, {why}")
    assert shown["summary"]["zh"].startswith("加密与签名正确，但")
    assert shown["notes"][0]["en"].startswith("Not checked, because only the platform knows it")


@pytest.mark.parametrize("way", ["param", "json"])
def test_a_sign_in_lower_case_is_named_with_the_one_expected(
    offline: Cli, letter_file: str, letter: dict[str, Any], signed: dict[str, Value], way: str
) -> None:
    expected = str(signed["sign"])
    wrong = {**signed, "sign": expected.lower()}
    material = seal(letter, wrong) if way == "param" else json.dumps(wrong)
    explain = ("explain", "--letter", letter_file)
    explain += ("--param", "-") if way == "param" else ("--json-params", "-")

    shown = offline.json(*explain, stdin=material)
    text = offline.text(*explain, stdin=material)

    assert mistakes(shown) == ["lower_case"]
    assert (shown["valid"], shown["expected"], shown["base"]) == (False, expected, BASE)
    assert "1. The sign is in lower case.\n" in text
    assert "What to change: Send it in upper case" in text
    assert expected in text
    assert "1. sign 为小写。" in offline.text(*explain, "--lang", "zh", stdin=material)


def test_parameters_come_from_a_file(
    offline: Cli, letter_file: str, signed: dict[str, Value], tmp_path: Path
) -> None:
    path = tmp_path / "parameters.json"
    path.write_text(json.dumps({**signed, "price": "1"}), "utf-8")

    shown = offline.json("explain", "--letter", letter_file, "--json-params", str(path))

    assert "price" in shown["findings"][0]["detail"]["en"]
    assert shown["findings"][0]["title"]["en"] == "A parameter was sent but not signed."


def test_what_else_was_signed_is_found(
    offline: Cli, letter_file: str, letter: dict[str, Any], signed: dict[str, Value]
) -> None:
    explain = ("explain", "--letter", letter_file, "--json-params", "-")
    for name in ("access_token", "btc_id"):
        value = "a-token-of-nobody" if name == "access_token" else ""
        sent = {other: text for other, text in CALL.items() if other != name}
        sign = signing.sign({**sent, name: value}, letter["api_secret"])
        options = ("--access-token", value) if value else ()

        result = offline.text(*explain, *options, stdin=json.dumps({**sent, "sign": sign}))

        assert "The sign does not hold.\n\n1. " in result
        assert name in result
        assert "a-token-of-nobody" not in result


def test_the_key_of_a_token_request_is_another(
    offline: Cli, letter_file: str, letter: dict[str, Any]
) -> None:
    request = envelope.signed(
        {
            "method": "get_access_token",
            "api_key": letter["api_key"],
            "api_secret": letter["api_secret"],
            "timestamp": "20260105100000",
        },
        letter["api_secret"],
    )
    explain = ("explain", "--letter", letter_file, "--param")

    own = offline.json(*explain, seal(letter, request))
    common = offline.json(*explain, seal(letter, request, "api_rsa_pk"))

    assert mistakes(own) == ["own_key_instead_of_platform"]
    assert own["valid"] is True
    assert own["summary"]["en"].startswith("The sign holds, but")
    for secret in (letter["api_key"], letter["api_secret"]):
        assert secret not in json.dumps(own)
    assert common["opened"] is False
    assert "api_rsa_pk, and only the platform can open it" in common["notes"][0]["en"]


def test_a_wrong_key_is_named(
    offline: Cli, letter_file: str, letter: dict[str, Any], signed: dict[str, Value]
) -> None:
    foreign = envelope.seal(signed, rsa.generate(1024).public_key())

    shown = offline.json("explain", "--letter", letter_file, "--param", foreign)
    text = offline.text("explain", "--letter", letter_file, "--param", foreign)

    assert mistakes(shown)[-1] == "unknown_key"
    assert text.startswith("param does not open with rsa_sk: block 1 of ")
    assert "Perhaps: No key known here opens param." in text
    assert "base string" not in text


@pytest.mark.parametrize(
    ("spoil", "mistake"),
    [
        (lambda param: quote_plus(param), "url_encoded_twice"),
        (lambda param: f"'{param}'", "something_around_param"),
        (lambda _param: json.dumps(CALL), "not_encrypted"),
        (lambda param: param[:100], "truncated"),
    ],
)
def test_a_mistake_with_the_seal_is_named(
    offline: Cli,
    letter_file: str,
    letter: dict[str, Any],
    signed: dict[str, Value],
    spoil: Any,
    mistake: str,
) -> None:
    param = spoil(seal(letter, {**signed, "remark": "+" * 200}))

    shown = offline.json("explain", "--letter", letter_file, "--param", "-", stdin=param)

    assert mistakes(shown)[0] == mistake
    assert shown["summary"]["en"].startswith("param does not open with rsa_sk: ")


def test_the_whole_body_of_a_form_is_read_as_the_platform_reads_it(
    offline: Cli, letter_file: str, letter: dict[str, Any], signed: dict[str, Value]
) -> None:
    explain = ("explain", "--letter", letter_file, "--param", "-")
    param = seal(letter, signed)
    while "+" not in param:
        param = seal(letter, signed)

    right = offline.json(*explain, stdin=urlencode({"param": param, "access_token": "t"}))
    wrong = offline.json(*explain, stdin=f"access_token=t&param={param}")

    assert (right["valid"], right["findings"]) == (True, [])
    assert "body of a form" in right["notes"][0]["en"]
    assert mistakes(wrong)[0] == "blanks_instead_of_plus"


def test_a_sign_that_no_mistake_gives_and_none_at_all(offline: Cli, letter_file: str) -> None:
    explain = ("explain", "--letter", letter_file, "--json-params", "-")

    unknown = offline.text(*explain, stdin=json.dumps({**CALL, "sign": "0" * 32}))
    none = offline.json(*explain, stdin=json.dumps(CALL))
    compound = offline.json(*explain, stdin=json.dumps({"a": [1], "sign": "x"}))

    assert "no known mistake gives it: compare the base string" in unknown
    assert BASE in unknown
    assert none["summary"]["en"].startswith("There is no sign among the parameters")
    assert mistakes(compound)[0] == "bare_array_or_object"


@pytest.mark.parametrize(
    ("arguments", "stdin", "expected"),
    [
        ((), None, "Give one of --param, --json-params and --call (with - it"),
        (
            ("--param", "x", "--json-params", "-"),
            "{}",
            "Give one of --param, --json-params and --call (with - it",
        ),
        (("--param", "-"), " \n", "The param is empty."),
        (("--json-params", "-"), "[1]", "- does not hold a JSON object"),
        (("--json-params", "-"), b"\xff", "- is no text: save it as UTF-8."),
        (("--json-params", "/nix"), None, "There is no such file or folder: /nix."),
    ],
)
def test_bad_input_is_told_in_a_sentence(
    offline: Cli,
    letter_file: str,
    arguments: tuple[str, ...],
    stdin: str | bytes | None,
    expected: str,
) -> None:
    assert expected in offline.refused("explain", "--letter", letter_file, *arguments, stdin=stdin)


def test_a_letter_that_cannot_be_used(offline: Cli, tmp_path: Path) -> None:
    path = tmp_path / "letter.json"
    path.write_text('{"api_secret": "s"}')

    assert "/nix.json cannot be read" in offline.refused(
        "explain", "--letter", "/nix.json", "--param", "x"
    )
    assert "The letter has no key rsa_sk." in offline.refused(
        "explain", "--letter", str(path), "--param", "x"
    )
    sign = signing.sign({"a": "1"}, "s")
    alone = ("explain", "--letter", str(path), "--json-params", "-")
    assert offline.json(*alone, stdin=json.dumps({"a": "1", "sign": sign}))["valid"] is True
    assert mistakes(offline.json(*alone, stdin=json.dumps({"a": "1", "sign": sign.lower()}))) == [
        "lower_case"
    ]
