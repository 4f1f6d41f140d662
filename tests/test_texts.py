"""The fixed texts: both languages, each id once, none that nothing uses and none missing."""

import json
import re
import string
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import pytest

from simulator import texts
from simulator.delivery.verdict import MEANINGS
from simulator.domain.switches import SWITCHES
from simulator.errors import Text
from simulator.http_server.broken_requests import Cause
from simulator.operations.faults.fault_rules import RULES
from simulator.protocol.diagnosis import MISTAKES
from simulator.settings import Settings
from simulator.texts.dialects import DIALECTS, load_snippets

_HAN = re.compile("[\u4e00-\u9fff]")
_QUOTED = {
    word
    for path in texts.FOLDER.parent.rglob("*.py")
    for word in re.findall(r'"(\w+)"', path.read_text("utf-8"))
}
_EXPLAINING = {*_QUOTED, "unsent_held", "unsent_unroutable"}
_USED = {
    "broken_requests": set(get_args(Cause)),
    "explaining": _EXPLAINING & texts.load("explaining").keys(),
    "fault_rules": RULES.keys(),
    "labels": {"direction", "strikes"},
    "mistakes": MISTAKES.keys(),
    "settings": {field.name for field in fields(Settings)},
    "states": _QUOTED & texts.load("states").keys(),
    "switches": SWITCHES.keys(),
    "trusting": {"Java", "Node", "PHP", "Python", "Go", "C#", "curl"},
    "verdicts": {"question", "bodies", "verdicts"},
}
TOPICS = sorted(path.stem for path in texts.FOLDER.glob("*.json"))


def pairs(content: Any, place: str) -> Iterator[tuple[str, Text]]:
    """Return every text below a place with its id."""
    if isinstance(content, Text):
        yield place, content
    elif isinstance(content, dict):
        for name, member in content.items():
            yield from pairs(member, f"{place}.{name}")


def ids(topic: str) -> set[str]:
    """Return the ids of a topic; mistakes are kept by where they show."""
    content = texts.load(topic)
    return (
        {name for part in content.values() for name in part} if topic == "mistakes" else {*content}
    )


def test_each_topic_has_somebody_who_uses_it() -> None:
    # tests/cli/test_usage.py compares those of click with what click says.
    assert set(TOPICS) == {"click", *_USED}


@pytest.mark.parametrize("topic", _USED)
def test_every_text_is_used_and_none_is_missing(topic: str) -> None:
    assert ids(topic) == set(_USED[topic])


@pytest.mark.parametrize("topic", TOPICS)
def test_every_text_has_both_languages(topic: str) -> None:
    found = list(pairs(texts.load(topic), topic))

    assert found
    assert [place for place, text in found if not text.en.strip() or _HAN.search(text.en)] == []
    assert [place for place, text in found if not _HAN.search(text.zh)] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_every_id_stands_once(topic: str) -> None:
    doubled: list[str] = []

    def note(members: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in members]
        doubled.extend(name for name in set(names) if names.count(name) > 1)
        return dict(members)

    content = json.loads(
        (texts.FOLDER / f"{topic}.json").read_text("utf-8"), object_pairs_hook=note
    )

    assert doubled == []
    if topic == "mistakes":
        names = [name for part in content.values() for name in part]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("code", MEANINGS)
def test_both_languages_of_a_verdict_name_the_same_values(code: str) -> None:
    meaning = MEANINGS[code]

    for sentence in (meaning.sentence, meaning.page):
        if sentence is not None:
            named = [
                {name for _, name, _, _ in string.Formatter().parse(text) if name}
                for text in (sentence.en, sentence.zh)
            ]
            assert named[0] == named[1]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_language_has_the_code_of_every_remedy(dialect: str) -> None:
    named = {mistake.snippet for mistake in MISTAKES.values()} - {""}
    named |= {meaning.snippet for meaning in MEANINGS.values() if meaning.snippet}

    assert load_snippets(dialect).keys() == named
    assert all(load_snippets(dialect).values())
    assert max(map(len, DIALECTS[dialect].source.splitlines())) <= 120
