"""The pages for contributors name files that exist; the changelog names this version first."""

import re
from pathlib import Path

import pytest

from simulator import __version__

ROOT = Path(__file__).resolve().parents[2]
#: Where a path of a page may begin.
_BASES = (ROOT, ROOT / "simulator", ROOT / "conformance_tests")
_PLACE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_place_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    places = set(_PLACE.findall(text))

    assert len(places) > 20
    missing = {place for place in places if not any((base / place).exists() for base in _BASES)}
    assert missing == set()
    assert {line for line in text.splitlines() if len(line) > 120} == set()


def test_each_thing_is_added_in_ten_lines_at_most() -> None:
    _, *sections = re.split(r"^## ", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), flags=re.M)

    assert all(len(section.strip().splitlines()) <= 12 for section in sections)


def test_the_fast_tests_that_make_names_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    [fast] = re.findall(r"^FAST := (.+)$", makefile, re.MULTILINE)

    assert [place for place in fast.split() if not (ROOT / place).exists()] == []


def test_the_newest_version_of_the_changelog_is_this_one() -> None:
    versions = re.findall(r"^## \[(\d[\d.]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)

    assert versions[0] == __version__
