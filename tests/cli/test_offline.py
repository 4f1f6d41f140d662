"""`conzhu-sim codes`, `sign`, `seal` and `open`: without any simulator."""

import hashlib
import json
from pathlib import Path

import pytest
from cli.command_line import Cli
from support.institution import Institution
from support.platform import Platform

from simulator.protocol import envelope, rsa


def test_codes_list(offline: Cli) -> None:
    lines = offline.text("codes", "list").splitlines()
    rows = offline.json("codes", "list", "--kind", "insurer", "--find", "ORDER_DO_TYPE")

    assert lines[2].split() == ["200", "5.3", "成功", "success"]
    assert "2608   5.5     请求超时" in "\n".join(lines)
    assert {row["code"] for row in rows} == {2301, 2303, 2306}
    assert offline.text("codes", "list", "--find", "nothing like this") == "None.\n"


def test_codes_show(offline: Cli) -> None:
    shown = offline.json("codes", "show", "2303")

    assert shown["tables"][0]["remark"] == "参数错误：order_do_type"
    assert shown["parameters"] == [
        {
            "interface": "insurer/2.4",
            "name": "insurer_apply_guarantee_result",
            "parameter": "order_do_type",
            "when": "invalid",
        }
    ]
    text = offline.text("codes", "show", "2303", "--lang", "zh")
    assert "insurer/2.4" in text
    assert "错误" in text.splitlines()[-1]
    assert {row["table"] for row in offline.json("codes", "show", "200")["tables"]} == {
        "5.3",
        "5.5",
        "5.6",
    }
    assert "Given by" not in offline.text("codes", "show", "2705")
    for unknown in ("7", "x", "²"):
        assert f"There is no code {unknown}" in offline.refused("codes", "show", unknown)


def test_a_code_needs_no_show(offline: Cli) -> None:
    assert offline.text("codes", "1006") == offline.text("codes", "show", "1006")
    assert offline.json("codes", "2303") == offline.json("codes", "show", "2303")
    assert offline.run("codes", "shwo").exit_code == 2


def test_what_all_calls_give_is_one_row(offline: Cli) -> None:
    rows = offline.text("codes", "show", "1006").split("Given by")[1].splitlines()[3:]

    assert [row.split()[-4:] for row in rows] == [
        ["get_access_token", "method", "missing,", "wrong"],
        ["calls", "access_token", "missing,", "wrong"],
        ["all", "calls", "param", "wrong"],
    ]
    assert "所有调用" in offline.text("codes", "show", "1006", "--lang", "zh")
    assert len(offline.json("codes", "show", "1006")["parameters"]) > len(rows)


def test_sign(offline: Cli) -> None:
    arguments = ("sign", "--secret", "s3cret", "order_no=1", "b=乙=2")
    expected = hashlib.md5("s3cretb乙=2order_no1s3cret".encode()).hexdigest().upper()

    text = offline.text(*arguments)

    assert text == (
        f"base string  [api_secret]b乙=2order_no1[api_secret]\nsign         {expected}\n"
    )
    assert offline.json(*arguments, "--show-secret") == {
        "base": "s3cretb乙=2order_no1s3cret",
        "sign": expected,
    }


def test_sign_from_a_letter_and_json(offline: Cli, letter_file: str, platform: Platform) -> None:
    secret = platform.letter()["api_secret"]
    document = '{"price": 1000.00, "note": "测试", "ok": true, "none": null}'
    base = f"{secret}nonenote测试ok1price1000.00{secret}"
    expected = hashlib.md5(base.encode()).hexdigest().upper()

    piped = offline.json("sign", "--letter", letter_file, "--json-params", "-", stdin=document)
    added = offline.json(
        "sign", "--letter", letter_file, "--json-params", "-", "x=1", stdin=document
    )

    assert piped["sign"] == expected
    assert secret not in piped["base"]
    assert added["base"].endswith("price1000.00x1[api_secret]")


@pytest.mark.parametrize(
    ("arguments", "stdin", "expected"),
    [
        (("a=1",), None, "Give either --secret or --letter."),
        (("--secret", "s"), None, "Give parameters: name=value, or --json-params FILE."),
        (("--secret", "s", "a"), None, "Write name=value"),
        (("--secret", "s", "--json-params", "-"), "[1]", "- does not hold a JSON object"),
        (("--secret", "s", "--json-params", "-"), "a=1&sign=2", "- does not hold a JSON object"),
        (("--secret", "s", "--json-params", "-"), b"\xff", "- is no text: save it as UTF-8."),
        (("--secret", "s", "--json-params", "-"), '{"a": [1]}', "a is a bare JSON array"),
        (
            ("--secret", "s", "--json-params", "/nix"),
            None,
            "There is no such file or folder: /nix.",
        ),
        (("--letter", "/nix.json", "a=1"), None, "/nix.json cannot be read: No such file"),
    ],
)
def test_what_cannot_be_signed_is_told_in_a_sentence(
    offline: Cli, arguments: tuple[str, ...], stdin: str | bytes | None, expected: str
) -> None:
    assert expected in offline.refused("sign", *arguments, stdin=stdin)


@pytest.mark.parametrize("form", ["json", "json-ascii", "query"])
def test_what_is_sealed_can_be_opened(offline: Cli, letter_file: str, form: str) -> None:
    param = offline.text(
        "seal", "--letter", letter_file, "--form", form, "method=query", "note=测试"
    ).strip()

    opened = offline.json("open", "--letter", letter_file, param)
    text = offline.text("open", "--letter", letter_file, "-", stdin=param + "\n")

    assert opened["parameters"]["note"] == "测试"
    assert len(opened["parameters"]["timestamp"]) == 14
    assert opened["form"] == form.partition("-")[0]
    assert opened["valid"] is True
    assert "note       测试" in text
    assert "sign holds   yes" in text


def test_a_sealed_call_is_accepted_by_the_platform(
    offline: Cli, letter_file: str, institution: Institution, platform: Platform
) -> None:
    letter = platform.letter()
    credentials = (f"api_key={letter['api_key']}", f"api_secret={letter['api_secret']}")
    sealed = offline.json("seal", "--letter", letter_file, "method=get_access_token", *credentials)[
        "param"
    ]
    token = institution.post({"param": sealed})["data"]["access_token"]
    parameters = {
        "method": "insurer_get_guarantee_info",
        "btc_id": letter["btc_id"],
        "enter_institution_type": 4,
        "order_no": "99",
    }
    call = offline.text(
        "seal", "--letter", letter_file, "--json-params", "-", stdin=json.dumps(parameters)
    ).strip()

    answer = institution.post({"param": call, "access_token": token})

    assert answer["status"] == 1101


def test_what_is_given_is_not_replaced(offline: Cli, letter_file: str, platform: Platform) -> None:
    given = ("timestamp=20200101000000", "sign=WRONG")
    param = offline.json("seal", "--letter", letter_file, "--key", "rsa_pk", "a=1", *given)["param"]

    opened = offline.json("open", "--letter", letter_file, "--key", "rsa_sk", param)
    text = offline.text("open", "--letter", letter_file, param)

    assert opened["parameters"] == {"a": "1", "timestamp": "20200101000000", "sign": "WRONG"}
    assert opened["valid"] is False
    base = f"{platform.letter()['api_secret']}a1timestamp20200101000000"
    expected = hashlib.md5((base + platform.letter()["api_secret"]).encode()).hexdigest().upper()
    assert opened["expected"] == expected
    assert "sign holds     no" in text
    assert expected in text
    assert "[api_secret]a1timestamp20200101000000[api_secret]" in text


def test_open_tells_what_was_only_just_accepted(
    offline: Cli, letter_file: str, institution: Institution
) -> None:
    param = offline.text(
        "seal", "--letter", letter_file, "--json-params", "-", stdin='{"price": 10.50, "x": null}'
    ).strip()

    text = offline.text("open", "--letter", letter_file, param)
    chinese = offline.text("open", "--letter", letter_file, param, "--lang", "zh")

    assert "price: a JSON number, signed by its literal text" in text
    assert "x：值为 null" in chinese


def test_what_cannot_be_opened_is_told_in_a_sentence(
    offline: Cli, letter_file: str, platform: Platform, tmp_path: Path
) -> None:
    letter = platform.letter()
    foreign = envelope.seal({"a": "1"}, rsa.load_key(letter["api_rsa_pk"]["pem"]))
    open_it = ("open", "--letter", letter_file)

    assert "param is not Base64" in offline.refused(*open_it, "%%%")
    assert "no whole number of 128-byte blocks" in offline.refused(*open_it, "AAAA")
    assert "does not open with this private key" in offline.refused(*open_it, foreign)
    assert "rsa_pk is a public key" in offline.refused(*open_it, "--key", "rsa_pk", "AAAA")
    assert "The letter has no key nix." in offline.refused(*open_it, "--key", "nix", "AAAA")
    assert "无法解密" in offline.refused(*open_it, "AAAA", "--lang", "zh")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"api_secret": 1}', "\udcff"])
def test_a_file_that_is_no_letter(offline: Cli, tmp_path: Path, content: str) -> None:
    path = tmp_path / "letter.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    assert f"{path} is no account letter" in offline.refused("seal", "--letter", str(path), "a=1")


def test_a_letter_with_a_broken_key(offline: Cli, tmp_path: Path) -> None:
    path = tmp_path / "letter.json"
    path.write_text('{"api_secret": "s", "rsa_pk": {"pem": "x"}}')

    sentence = offline.refused("seal", "--letter", str(path), "a=1")

    assert sentence == "The rsa_pk of the letter is no RSA key."
