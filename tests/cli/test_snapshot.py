"""`conzhu-sim snapshot`: an account into a file, and into another simulator."""

import json
from pathlib import Path

import pytest
from cli.command_line import Cli
from support.platform import Platform

from simulator.cli.accounts import snapshot as commands
from simulator.testing import Server


@pytest.fixture
def place(cli: Cli, platform: Platform, tmp_path: Path) -> Path:
    """A snapshot of the test's account, which has a cancelled order."""
    order = platform.create_order()
    platform.post("orders", order["order_no"], "cancel")
    place = tmp_path / "bug.json"
    cli.text("snapshot", "save", "--out", str(place))
    return place


def test_an_account_is_saved_for_its_owner_alone(cli: Cli, platform: Platform, place: Path) -> None:
    said = cli.text("snapshot", "save", "--out", str(place))

    snapshot = json.loads(place.read_text("utf-8"))
    size = place.stat().st_size
    assert said == (
        f"{cli.account} is saved in {place} ({size:,} bytes; 1 orders, 1 pushes, 0 exchanges): "
        "personal values masked, the contents of files left out (--with-personal-data keeps "
        "them); no credentials.\n"
    )
    assert place.stat().st_mode & 0o777 == 0o600
    assert snapshot["account"]["name"] == cli.account
    assert snapshot["orders"][0]["details"]["principal_name"] == "测***"
    assert snapshot == platform.get("snapshot") | {
        name: snapshot[name] for name in ("saved", "sha256")
    }


def test_persons_are_kept_if_so_wanted(cli: Cli, place: Path) -> None:
    made = cli.json("snapshot", "save", "--out", str(place), "--with-personal-data")

    snapshot = json.loads(place.read_text("utf-8"))
    assert snapshot["personal_data"] is True
    assert snapshot["orders"][0]["details"]["principal_name"] == "测试己"
    assert made == {
        "snapshot": str(place),
        "account": cli.account,
        "bytes": place.stat().st_size,
        "orders": 1,
        "pushes": 1,
        "exchanges": 0,
    }


def test_less_of_the_journal_is_saved_if_so_wanted(
    cli: Cli, platform: Platform, place: Path
) -> None:
    platform.change(endpoints={"order_status": "http://127.0.0.1:9/"})
    platform.post("pushes", str(platform.pushes()[0]["id"]), "resend")
    platform.run()

    cli.text("snapshot", "save", "--out", str(place), "--journal", "1")

    [entry] = json.loads(place.read_text("utf-8"))["journal"]
    assert entry["status"] == "failed" or entry["direction"] == "event"


def test_one_is_loaded_into_another_simulator_with_a_new_letter(
    cli: Cli, platform: Platform, place: Path, tmp_path: Path
) -> None:
    letters = tmp_path / "new"
    with Server() as server:
        there = Cli(server.control_url, "demo")
        said = there.text("snapshot", "load", str(place), "--letters", str(letters))
        row = there.json("account", "show", cli.account)
        letter = json.loads((letters / f"{cli.account}.json").read_text("utf-8"))

        assert letter == server.control.get("accounts", cli.account, "letter")
        orders = server.control.get("accounts", cli.account, "orders")
    assert said == (
        f"{cli.account} is loaded (btc_id {row['btc_id']}; 1 orders, 1 pushes, 0 exchanges); "
        f"its clock stands still at {row['clock']['text']}. Its credentials are new: "
        f"give the institution the letter {letters / cli.account}.json.\n"
        "Its endpoints are those of when it was saved: none; `conzhu-sim account endpoint "
        f"{cli.account} PUSH URL` changes one.\n"
    )
    assert letter["api_secret"] != platform.letter()["api_secret"]
    assert [order["order_no"] for order in orders] == [
        order["order_no"] for order in platform.get("orders")
    ]


def test_the_endpoints_that_came_along_are_named(
    cli: Cli, platform: Platform, place: Path, tmp_path: Path
) -> None:
    platform.change(endpoints={"order_status": "http://127.0.0.1:9/status"})
    cli.text("snapshot", "save", "--out", str(place))
    load = ("snapshot", "load", str(place), "--letters", str(tmp_path / "letters"))

    with Server() as server:
        said = Cli(server.control_url, "demo").text(*load, "--lang", "zh")

    assert said.splitlines()[1:] == [
        "接收地址为保存时的地址：order_status http://127.0.0.1:9/status；"
        f"可用 `conzhu-sim account endpoint {cli.account} PUSH URL` 修改。"
    ]


def test_here_it_is_loaded_under_another_name(cli: Cli, place: Path, tmp_path: Path) -> None:
    told = cli.refused("snapshot", "load", str(place), "--letters", str(tmp_path))
    assert "load the snapshot with --account NAME" in told

    row = cli.json(
        *("snapshot", "load", str(place), "--account", f"{cli.account}-copy"),
        *("--letters", str(tmp_path / "letters")),
    )

    assert row["name"] == f"{cli.account}-copy"
    assert Path(row["letter"]).name == f"{cli.account}-copy.json"
    cli.text("account", "close", row["name"])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"format": "conzhu-sim snapshot", "ver', "is no whole snapshot: it cannot be read as"),
        ("[]", "is no snapshot: give a file that"),
        ("{}", "This is not a snapshot: give a file that"),
        ('{"format": "conzhu-sim snapshot", "version": 9}', "The snapshot is of version 9"),
        ('{"format": "conzhu-sim snapshot", "version": 2}', "The snapshot is damaged"),
    ],
)
def test_a_file_that_is_none_is_refused(
    cli: Cli, tmp_path: Path, content: str, complaint: str
) -> None:
    place = tmp_path / "file.json"
    place.write_text(content, "utf-8")

    assert complaint in cli.refused("snapshot", "load", str(place))
    assert not (tmp_path / "letters").exists()


def test_a_file_cut_short_is_refused(cli: Cli, place: Path) -> None:
    whole = place.read_bytes()
    place.write_bytes(whole[: len(whole) // 2])

    assert "it cannot be read as JSON" in cli.refused("snapshot", "load", str(place))


def test_one_that_is_too_large_says_how_to_make_it_smaller(
    cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_MOST", 1000)

    assert "with less of the journal (--journal 1000)" in cli.refused(
        "snapshot", "load", str(place)
    )


def test_a_file_that_is_not_there_is_named(cli: Cli, tmp_path: Path) -> None:
    missing = tmp_path / "none.json"

    assert cli.refused("snapshot", "load", str(missing)) == (
        f"There is no such file or folder: {missing}."
    )
    assert cli.refused("snapshot", "load", str(missing), "--lang", "zh") == (
        f"没有这个文件或目录：{missing}。"
    )
