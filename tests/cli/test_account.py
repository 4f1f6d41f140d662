"""`conzhu-sim account`."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.command_line import Cli
from Crypto.PublicKey import RSA
from support.platform import PUSHES, Platform

from reference_institution.app import create_app
from reference_institution.letter import AccountLetter


@pytest.fixture
def fresh(cli: Cli) -> Iterator[str]:
    """A name that no account has; the account is closed afterwards if there is one."""
    name = f"{cli.account}-fresh"
    yield name
    cli.run("account", "close", name)


def test_list(cli: Cli, platform: Platform) -> None:
    text, rows = cli.text("account", "list"), cli.json("account", "list")

    [row] = [row for row in rows if row["name"] == cli.account]
    [line] = [line for line in text.splitlines() if line.startswith(f"{cli.account} ")]
    assert line.split()[1:3] == [str(row["btc_id"]), "insurer"]
    assert "1024" in line


def test_create_and_close(cli: Cli, fresh: str) -> None:
    options = ("--company", "测试财险", "--key-bits", "1024", "--seed", "s", "--kind", "insurer")
    made = cli.json("account", "create", fresh, *options)

    assert (made["name"], made["company"], made["key_bits"]) == (fresh, "测试财险", 1024)
    assert cli.text("account", "close", fresh) == f"The account {fresh} is closed.\n"
    assert fresh in cli.text("account", "create", fresh, *options)
    assert cli.json("account", "close", fresh) == {"done": True}
    assert "Bad" in cli.refused("account", "create", "Bad")
    assert "1024 or 2048" in cli.refused("account", "create", fresh, "--key-bits", "7")


def test_show(cli: Cli, platform: Platform) -> None:
    platform.register("http://127.0.0.1:9")

    text = cli.text("account", "show", cli.account)

    assert "http://127.0.0.1:9/order_status" in text
    assert "strict_ack             false" in text
    assert cli.json("account", "show", cli.account)["name"] == cli.account
    assert platform.letter()["api_secret"] not in text
    assert "There is no account 'nix'" in cli.refused("account", "show", "nix")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("teamB", "teamb"),
        ("Team B_2", "team-b-2"),
        ("7", "account-7"),
        ("福州", "account"),
        ("x" * 41, "x" * 40),
    ],
)
def test_a_name_that_no_account_may_have_names_a_near_one(cli: Cli, name: str, near: str) -> None:
    assert f"take '{near}'" in cli.refused("account", "create", name)
    if not name.isdecimal():
        assert f"account create {near}`" in cli.refused("account", "show", name)


def test_letter_on_stdout_is_json(cli: Cli, platform: Platform) -> None:
    assert json.loads(cli.text("account", "letter", cli.account)) == platform.letter()
    assert cli.json("account", "letter", cli.account) == platform.letter()


def test_letter_in_files_is_the_owners_only(cli: Cli, platform: Platform, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "letters"

    text = cli.text("account", "letter", cli.account, "--out", str(folder))

    place = folder / f"{cli.account}.json"
    assert text == f"The letter is {place}.\n"
    letter = json.loads(place.read_text("utf-8"))
    assert letter == platform.letter()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    pems = {
        name: folder / f"{cli.account}.{name}.pem" for name in ("rsa_pk", "rsa_sk", "api_rsa_pk")
    }
    assert {p.name for p in folder.iterdir()} == {place.name, *(p.name for p in pems.values())}
    for name, path in pems.items():
        assert RSA.import_key(path.read_text()) == RSA.import_key(letter[name]["pem"])
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_letter_is_written_over_an_older_one(cli: Cli, tmp_path: Path) -> None:
    place = tmp_path / f"{cli.account}.json"
    place.write_text("old")
    place.chmod(0o644)

    assert cli.json("account", "letter", cli.account, "--out", str(tmp_path))["letter"] == str(
        place
    )

    assert json.loads(place.read_text())["name"] == cli.account
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_letter_that_cannot_be_written_is_told_in_a_sentence(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    sentence = cli.refused("account", "letter", cli.account, "--out", str(tmp_path / "file" / "x"))

    assert sentence == f"This did not work: {tmp_path / 'file' / 'x'}: Not a directory."


def test_endpoint(cli: Cli) -> None:
    set_one = ("account", "endpoint", cli.account, "claim")

    assert "http://127.0.0.1:9/c" in cli.text(*set_one, "http://127.0.0.1:9/c")
    assert cli.json(*set_one, "--remove")["endpoints"] == {}
    assert cli.refused(*set_one) == "Give either a URL or --remove."
    assert cli.refused(*set_one, "http://a/", "--remove") == "Give either a URL or --remove."
    assert "must be an http or https address" in cli.refused(*set_one, "ftp://a")


def test_endpoints_are_those_of_the_reference_institution(
    cli: Cli, letter_file: str, tmp_path: Path
) -> None:
    institution = create_app(AccountLetter.read(Path(letter_file)), tmp_path / "store")
    rules = {rule.rule for rule in institution.url_map.iter_rules()}

    urls = cli.json("account", "endpoints", cli.account, "http://127.0.0.1:9/")["endpoints"]

    assert set(urls) == set(PUSHES["insurer"])
    assert {url.removeprefix("http://127.0.0.1:9") for url in urls.values()} <= rules
    assert "http://127.0.0.1:9/bid-opening" in cli.text(
        "account", "endpoints", cli.account, "http://127.0.0.1:9"
    )


def test_allow(cli: Cli) -> None:
    listed = cli.text("account", "allow", cli.account, "10.0.0.0/8", "::1")

    assert listed == f"{cli.account} may call from 10.0.0.0/8, ::1.\n"
    assert cli.text("account", "allow", cli.account) == f"{cli.account} may call from everywhere.\n"
    assert cli.json("account", "allow", cli.account, "127.0.0.1")["allow_list"] == ["127.0.0.1"]
    assert "not an IP address" in cli.refused("account", "allow", cli.account, "here")


@pytest.mark.parametrize(
    ("key", "written", "expected"),
    [
        ("strict_ack", "true", True),
        ("push_claim_revocation", "false", False),
        ("plaintext", "query", "query"),
        ("push_again", "2427", "2427"),
        ("first_state", "WAIT_OFFER", "WAIT_OFFER"),
        ("max_clock_skew", "300", 300),
        ("push_limit", "0.5", 0.5),
    ],
)
def test_switch(cli: Cli, key: str, written: str, expected: Any) -> None:
    value = cli.json("account", "switch", cli.account, key, written)["switches"][key]

    assert (value, type(value)) == (expected, type(expected))
    assert cli.text("account", "switch", cli.account, key, written) == f"{key} is {written}.\n"


def test_a_wrong_switch_is_told_in_a_sentence(cli: Cli) -> None:
    switch = ("account", "switch", cli.account)

    assert "There is no switch 'nix'" in cli.refused(*switch, "nix", "1")
    assert "takes one of: false, true" in cli.refused(*switch, "strict_ack", "1")
    assert "takes seconds" in cli.refused(*switch, "push_limit", "nan")
    assert "from 0 to 60 (got -3)" in cli.refused(*switch, "push_limit", "-3")


def test_switches(cli: Cli, platform: Platform) -> None:
    platform.switch(strict_ack=True)

    text, rows = (
        cli.text("account", "switches", cli.account),
        cli.json("account", "switches", cli.account),
    )

    [line] = [line for line in text.splitlines() if line.startswith("strict_ack")]
    assert line.split()[:5] == ["strict_ack", "P17", "true", "false,", "true"]
    assert {row["name"]: row["value"] for row in rows}["strict_ack"] is True
    assert "WAIT_TUNE_UP, WAIT_OFFER" in text
    assert "报文中的时间取自哪个时钟" in cli.text(
        "account", "switches", cli.account, "--lang", "zh"
    )


def test_disable_and_enable(cli: Cli, platform: Platform) -> None:
    assert (
        cli.text("account", "disable", cli.account) == f"The account {cli.account} is disabled.\n"
    )
    assert platform.get()["disabled"] is True
    assert cli.json("account", "enable", cli.account)["disabled"] is False
    assert "启用" in cli.text("account", "enable", cli.account, "--lang", "zh")
    assert cli.json("account", "disable", cli.account)["disabled"] is True


def test_keys(cli: Cli, platform: Platform) -> None:
    old = platform.letter()

    new = cli.json("account", "keys", cli.account)

    assert new["rsa_sk"] != old["rsa_sk"]
    assert new["api_secret"] != old["api_secret"]
    assert new["api_secret"] == platform.letter()["api_secret"]
    assert "2048 bits" in cli.text("account", "keys", cli.account, "--bits", "2048")
    assert "7 is not one of" in cli.refused("account", "keys", cli.account, "--bits", "7")


def test_reset(cli: Cli, platform: Platform) -> None:
    platform.create_order()

    assert cli.text("account", "reset", cli.account) == f"The account {cli.account} is empty.\n"
    assert platform.get("orders") == []
    assert cli.json("account", "reset", cli.account)["name"] == cli.account
