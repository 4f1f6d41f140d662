"""Each code of 5.3 can be provoked by its recipe, or stands among those never given, and why."""

import json
import re
import signal
import subprocess
import sys
from typing import Any

import pytest

from simulator import paths
from simulator.app import Simulator
from simulator.driver import ControlClient
from simulator.errors import Conflict, NotFound, SimulatorError
from simulator.protocol.catalogue import Catalogue
from simulator.protocol.codes import OK, Code, Codes
from simulator.recipes.book import Book
from simulator.recipes.player import play
from simulator.settings import Settings

DOCUMENT: dict[str, Any] = json.loads((paths.schemas() / "recipes.json").read_text("utf-8"))
KINDS = sorted(DOCUMENT["kinds"])
BOOKS = {kind: Book.load(kind) for kind in KINDS}
BOOK = BOOKS["insurer"]
CODES = Codes.load(paths.schemas()).platform
#: What stands behind the remark where it names no parameter (P5).
NAMED = {
    "insurer": {404: "guarantor", 2317: "block_name", 1019: "enter_institution_type"},
    "guarantor": {404: "guarantor", 2317: "cancel_reason", 1019: "enter_institution_type"},
}

#: The calls that the codes of a hundred belong to (P15, P53).
SECTIONS = {
    "insurer": {23: ["2.4"], 24: ["2.5", "2.11"], 32: ["3.2", "3.3"]},
    "guarantor": {23: ["2.3", "2.11"], 24: ["2.5", "2.9"], 32: ["3.2", "3.3"]},
}

every_kind = pytest.mark.parametrize("kind", KINDS)


def _rows(part: str, kind: str) -> list[dict[str, Any]]:
    """Return the rows of a kind: those that all share, and its own."""
    return [*DOCUMENT[part], *DOCUMENT["kinds"][kind][part]]


def _steps() -> list[dict[str, Any]]:
    played = [
        step for kind in KINDS for recipe in _rows("recipes", kind) for step in recipe["steps"]
    ]
    states = [steps for own in DOCUMENT["kinds"].values() for steps in own["states"].values()]
    return played + [step for steps in states for step in steps]


def _printed(kind: str, code: Code) -> str:
    """Return the remark as it is printed for this kind, filled in by the rules of P5."""
    remark = code.remark[kind].replace("N](N是整数)", "3]")
    return f"{remark}：{NAMED[kind][code.number]}" if code.append_parameter else remark


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind in KINDS for code in BOOKS[kind].recipes]
)
def test_a_recipe_provokes_its_code(control: ControlClient, kind: str, code: int) -> None:
    played = play(control, BOOKS[kind], code)

    assert played.answer["status"] == code, played
    assert played.as_expected
    if code != OK:
        assert played.answer["data"] == _printed(kind, CODES[code])
        assert all(note["en"] and note["zh"] for note in played.notes)
        assert played.notes
    name = f"recipe-{kind}-{code}"
    assert not [a for a in control.get("accounts") if a["name"].startswith(name)]


@every_kind
def test_every_code_has_a_recipe_or_an_excuse(kind: str) -> None:
    listed = [row["code"] for part in ("recipes", "excuses") for row in _rows(part, kind)]

    assert sorted(listed) == sorted(CODES)


@every_kind
def test_the_excuses_are_few_and_have_one_of_four_reasons(kind: str) -> None:
    book = BOOKS[kind]
    assert len(book.excuses) <= 40
    reasons = {excuse.reason for excuse in book.excuses.values()}
    assert reasons <= {"no_parameter", "older_flow", "equal_remark", "other_code"}
    for excuse in book.excuses.values():
        if excuse.reason == "equal_remark":
            equal = {n for n, c in CODES.items() if c.remark == CODES[excuse.code].remark}
            assert equal & set(book.recipes)
        if excuse.reason == "other_code":
            assert set(map(int, re.findall(r"\b[0-9]{4}\b", excuse.why.en))) <= set(book.recipes)


@every_kind
def test_no_call_has_the_parameter_of_a_code_that_is_excused_for_lacking_it(kind: str) -> None:
    catalogue = Catalogue.load(paths.schemas())
    for code, excuse in BOOKS[kind].excuses.items():
        name = CODES[code].remark[kind].rpartition("：")[2]
        if excuse.reason == "no_parameter" and name.isascii():
            sections = SECTIONS[kind][code // 100]
            calls = [catalogue.interfaces[f"{kind}/{section}"] for section in sections]
            sent = {row.name for call in calls for row in (*call.files, *call.parameters)}
            assert name not in sent
            assert name in excuse.why.en
            assert name in excuse.why.zh


def test_every_word_of_a_step_is_described_and_used() -> None:
    words = [next(iter(step)) for step in _steps()]
    details = {name for step in _steps() for name in list(step)[1:]}

    assert set(words) == set(DOCUMENT["steps"])
    assert details == set(DOCUMENT["details"]) - {"$"}
    for kind in KINDS:
        rows = _rows("recipes", kind) + _rows("excuses", kind)
        assert all(row["en"] and row["zh"] for row in rows)


def test_a_code_without_a_recipe_is_not_found(control: ControlClient) -> None:
    with pytest.raises(NotFound, match="2402"):
        play(control, BOOK, 2402)


def test_a_recipe_whose_earlier_step_fails_says_which_and_closes_its_account(
    control: ControlClient,
) -> None:
    steps = [{"bring": "WAIT_PAY"}, {"call": "issue"}, {"token": True}]
    recipe = type(BOOK.recipes[200])(200, BOOK.recipes[200].purpose, steps)
    book = Book("insurer", {200: recipe}, {}, BOOK.calls, BOOK.states)

    with pytest.raises(SimulatorError, match="2427"):
        play(control, book, 200)

    assert "recipe-insurer-200" not in [account["name"] for account in control.get("accounts")]


_KILLED = """
import os, signal, sys
from simulator.driver import ControlClient
from simulator.recipes import player
from simulator.recipes.book import Book
take = player._Player.take
def killed(self, step, last=False):
    if last:
        os.kill(os.getpid(), signal.SIGKILL)
    return take(self, step, last)
player._Player.take = killed
player.play(ControlClient(sys.argv[1]), Book.load('insurer'), 1102)
"""


def test_what_a_killed_run_left_behind_is_closed_by_the_next(control: ControlClient) -> None:
    ended = subprocess.run([sys.executable, "-c", _KILLED, control.url], timeout=60, check=False)
    left = {account["name"] for account in control.get("accounts")}

    assert ended.returncode == -signal.SIGKILL
    assert left >= {"recipe-insurer-1102", "recipe-insurer-1102-other"}
    assert play(control, BOOK, 1102).as_expected
    now = {account["name"] for account in control.get("accounts")}
    assert not any(name.startswith("recipe-insurer-1102") for name in now)


@pytest.mark.parametrize("name", ["recipe-insurer-1102", "recipe-insurer-1102-other"])
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
