"""The derived pages say what the schemas say, and the links of the documentation lead somewhere."""

import re
import runpy
from pathlib import Path

import pytest

from simulator import paths, texts
from simulator.delivery.verdict import MEANINGS
from simulator.protocol.catalogue import Catalogue
from simulator.protocol.diagnosis import MISTAKES

ROOT = Path(__file__).resolve().parents[2]
PAGES: dict[str, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
WRITTEN = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    *(page for page in (ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("name", PAGES)
def test_a_derived_page_is_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name], "run: make docs"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_both_readmes_have_the_same_headings_and_commands() -> None:
    english, chinese = (path.read_text("utf-8") for path in WRITTEN[:2])

    def skeleton(text: str) -> tuple[int, list[str]]:
        blocks = re.findall(r"^make \w+", text, re.MULTILINE)
        return len(re.findall(r"^## ", text, re.MULTILINE)), blocks

    assert skeleton(english) == skeleton(chinese)
    commands = re.findall(r"`conzhu-sim ([a-z]+ ?[a-z]*)", english)
    assert commands
    assert commands == re.findall(r"`conzhu-sim ([a-z]+ ?[a-z]*)", chinese)


def test_the_page_on_mistakes_has_all_that_may_be_said_in_both_languages() -> None:
    page, codes = PAGES["troubleshooting.md"], PAGES["reference/codes.md"]
    said = [
        *(mistake.title for mistake in MISTAKES.values()),
        *(mistake.remedy for mistake in MISTAKES.values()),
        *texts.load("broken_requests").values(),
        *(each.remedy for each in MEANINGS.values() if each.remedy),
    ]
    for text in said:
        for words in (text.en, text.zh):
            assert words.replace("|", "\\|") in page, words
    for code, meaning in MEANINGS.items():
        assert meaning.acknowledged or f"| `{code}` |" in page, code
    for code in Catalogue.load(paths.schemas()).codes.platform:
        assert str(code) in codes, code
