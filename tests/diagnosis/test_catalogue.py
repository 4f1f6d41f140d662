"""The catalogue: every mistake has a test that makes it, and words in both languages."""

import re
from pathlib import Path

import pytest

from simulator.protocol.diagnosis import MISTAKES

HERE = Path(__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_mistake_is_made_in_some_test_and_found_first():
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    made = set(re.findall(r'^@makes\(\s*"(\w+)"', tests, re.MULTILINE))
    assert made == set(MISTAKES)


def test_there_are_many_mistakes_each_under_its_own_name():
    assert len(MISTAKES) >= 80
    assert all(name == mistake.name for name, mistake in MISTAKES.items())
    titles = [mistake.title for mistake in MISTAKES.values()]
    assert len(set(titles)) == len(titles)
    assert {mistake.where for mistake in MISTAKES.values()} == {
        "sign",
        "seal",
        "form",
        "file",
        "value",
    }


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_every_mistake_is_told_in_full_sentences_of_both_languages(mistake):
    for text in (mistake.title, mistake.remedy):
        assert text.en.endswith(".")
        assert text.zh.endswith("。")
        assert not CHINESE.search(text.en)
        assert CHINESE.search(text.zh)
    assert len(mistake.title.en) <= 100


def test_a_remedy_with_code_in_it_says_of_which_language():
    remedies = [mistake.remedy.en for mistake in MISTAKES.values()]
    with_code = [each for each in remedies if re.search(r"\w\(|\bnew [A-Z]", each)]

    assert with_code
    assert [each for each in with_code if not re.search("Java|PHP|Gson|C#|Python", each)] == []
