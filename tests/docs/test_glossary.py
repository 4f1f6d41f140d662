"""The glossary's names exist in the code, and each term stands in it once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("simulator", "conformance_tests", "reference_institution", "tests")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| term |")
]
NAMES = [name for row in ROWS for name in re.findall(r"`(\w+)`", row[3])]


@pytest.fixture(scope="module")
def words() -> set[str]:
    """The identifiers in the code, with the names of its modules and packages."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    paths = {part for path in files for part in path.relative_to(ROOT).with_suffix("").parts}
    return paths | {word for path in files for word in re.findall(r"\w+", path.read_text("utf-8"))}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_exists_in_the_code(name: str, words: set[str]) -> None:
    assert name in words


def test_each_term_stands_once_and_in_both_languages() -> None:
    terms = [row[0] for row in ROWS]

    assert len(terms) == len(set(terms))
    assert all(term and chinese and meaning for term, chinese, meaning, _ in ROWS)
