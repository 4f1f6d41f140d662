"""Each code of 5.3 can be provoked by its recipe, or stands among those never given, and why."""

import json
import signal
import subprocess
import sys
from typing import Any

import pytest

from simulator import paths
from simulator.app import Simulator
from simulator.client import ControlClient
from simulator.errors import Conflict, NotFound, SimulatorError
from simulator.protocol.catalogue import Catalogue
from simulator.protocol.codes import OK, Code, Codes
from simulator.recipes import Book, play
from simulator.settings import Settings

BOOK = Book.load()
DOCUMENT: dict[str, Any] = json.loads((paths.schemas() / "recipes.json").read_text("utf-8"))
CODES = Codes.load(paths.schemas()).platform
#: What stands behind the remark where it names no parameter (P5).
NAMED = {404: "guarantor", 2317: "block_name", 1019: "enter_institution_type"}

#: The calls that the codes of a hundred belong to (P15).
SECTIONS = {23: ["2.4"], 24: ["2.5", "2.11"], 32: ["3.2", "3.3"]}


def _steps() -> list[dict[str, Any]]:
    played = [step for recipe in DOCUMENT["recipes"] for step in recipe["steps"]]
    return played + [step for steps in DOCUMENT["states"].values() for step in steps]


def _printed(code: Code) -> str:
    """Return the remark as it is printed for this kind, filled in by the rules of P5."""
    remark = code.remark[DOCUMENT["kind"]].replace("N](N是整数)", "3]")
    return f"{remark}：{NAMED[code.number]}" if code.append_parameter else remark


@pytest.mark.parametrize("code", BOOK.recipes)
def test_a_recipe_provokes_its_code(control: ControlClient, code: int) -> None:
    played = play(control, BOOK, code)

    assert played.answer["status"] == code, played
    assert played.as_expected
    if code != OK:
        assert played.answer["data"] == _printed(CODES[code])
        assert all(note["en"] and note["zh"] for note in played.notes)
        assert played.notes
    assert not [a for a in control.get("accounts") if a["name"].startswith(f"recipe-{code}")]


def test_every_code_has_a_recipe_or_an_excuse() -> None:
    listed = [row["code"] for part in ("recipes", "excuses") for row in DOCUMENT[part]]

    assert sorted(listed) == sorted(CODES)


def test_the_excuses_are_few_and_have_one_of_three_reasons() -> None:
    assert len(BOOK.excuses) <= 40
    reasons = {excuse.reason for excuse in BOOK.excuses.values()}
    assert reasons == {"no_parameter", "older_flow", "equal_remark"}
    for excuse in BOOK.excuses.values():
        if excuse.reason == "equal_remark":
            equal = {n for n, c in CODES.items() if c.remark == CODES[excuse.code].remark}
            assert equal & set(BOOK.recipes)


def test_no_call_has_the_parameter_of_a_code_that_is_excused_for_lacking_it() -> None:
    catalogue = Catalogue.load(paths.schemas())
    for code, excuse in BOOK.excuses.items():
        name = CODES[code].remark["insurer"].rpartition("：")[2]
        if excuse.reason == "no_parameter" and name.isascii():
            sections = SECTIONS[code // 100]
            calls = [catalogue.interfaces[f"insurer/{section}"] for section in sections]
            sent = {row.name for call in calls for row in (*call.files, *call.parameters)}
            assert name not in sent
            assert name in excuse.why.en
            assert name in excuse.why.zh


def test_every_word_of_a_step_is_described_and_used() -> None:
    words = [next(iter(step)) for step in _steps()]
    details = {name for step in _steps() for name in list(step)[1:]}

    assert set(words) == set(DOCUMENT["steps"])
    assert details == set(DOCUMENT["details"]) - {"$"}
    assert all(row["en"] and row["zh"] for row in DOCUMENT["recipes"] + DOCUMENT["excuses"])


def test_a_code_without_a_recipe_is_not_found(control: ControlClient) -> None:
    with pytest.raises(NotFound, match="2402"):
        play(control, BOOK, 2402)


def test_a_recipe_whose_earlier_step_fails_says_which_and_closes_its_account(
    control: ControlClient,
) -> None:
    steps = [{"bring": "WAIT_PAY"}, {"call": "insurer_push_guarantee"}, {"token": True}]
    recipe = type(BOOK.recipes[200])(200, BOOK.recipes[200].purpose, steps)
    book = Book({200: recipe}, {}, BOOK.calls, BOOK.states)

    with pytest.raises(SimulatorError, match="2427"):
        play(control, book, 200)

    assert "recipe-200" not in [account["name"] for account in control.get("accounts")]


_KILLED = """
import os, signal, sys
from simulator import recipes
from simulator.client import ControlClient
take = recipes._Player.take
def killed(player, step, last=False):
    if last:
        os.kill(os.getpid(), signal.SIGKILL)
    return take(player, step, last)
recipes._Player.take = killed
recipes.play(ControlClient(sys.argv[1]), recipes.Book.load(), 1102)
"""


def test_what_a_killed_run_left_behind_is_closed_by_the_next(control: ControlClient) -> None:
    ended = subprocess.run([sys.executable, "-c", _KILLED, control.url], timeout=60, check=False)
    left = {account["name"] for account in control.get("accounts")}

    assert ended.returncode == -signal.SIGKILL
    assert left >= {"recipe-1102", "recipe-1102-other"}
    assert play(control, BOOK, 1102).as_expected
    now = {account["name"] for account in control.get("accounts")}
    assert not any(name.startswith("recipe-1102") for name in now)


@pytest.mark.parametrize("name", ["recipe-1102", "recipe-1102-other"])
def test_an_account_of_the_same_name_that_a_person_opened_stays(
    control: ControlClient, name: str
) -> None:
    control.post("accounts", name=name, key_bits=1024, seed="mine")
    try:
        letter = control.get("accounts", name, "letter")

        with pytest.raises(Conflict, match=f"conzhu-sim account close {name}`"):
            play(control, BOOK, 1102)

        assert control.get("accounts", name, "letter") == letter
    finally:
        control.delete("accounts", name)


def test_a_platform_that_does_not_answer_is_told_in_a_sentence() -> None:
    settings = Settings(port=0, control_port=0, public_url="http://127.0.0.1:9")
    running = Simulator(settings, ephemeral=True)
    running.start()
    try:
        control = ControlClient(running.control_url)
        with pytest.raises(SimulatorError, match=r"http://127\.0\.0\.1:9/.*public_url"):
            play(control, BOOK, 1050)
        assert control.get("accounts") == []
    finally:
        running.stop()
