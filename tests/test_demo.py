"""The demo's whole life in every way in which an account may be set up."""

import itertools

import pytest
from rich.text import Text

from simulator.cli.demo import command as demo


@pytest.mark.parametrize(
    ("key_bits", "plaintext", "repeat"),
    list(itertools.product((1024, 2048), ("json", "json-ascii", "query"), ("fresh", "identical"))),
)
def test_a_whole_guarantees_life_passes(key_bits: int, plaintext: str, repeat: str) -> None:
    told: list[Text] = []

    demo.play(key_bits, {"plaintext": plaintext, "repeat": repeat}, told.append, "zh")

    lines = [line.plain for line in told]
    for section in ("1.1", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8"):
        assert any(f"insurer/{section} " in line for line in lines), section
    for section in ("2.9", "2.10", "2.11", "3.1", "3.2", "3.3"):
        assert any(f"insurer/{section} " in line for line in lines), section
    _one_lost_on_purpose(lines)


@pytest.mark.parametrize(
    ("key_bits", "plaintext", "repeat"),
    [(1024, "json", "fresh"), (1024, "json-ascii", "identical"), (2048, "query", "fresh")],
)
def test_the_life_of_a_guarantors_guarantees_passes(
    key_bits: int, plaintext: str, repeat: str
) -> None:
    told: list[Text] = []

    demo.play(key_bits, {"plaintext": plaintext, "repeat": repeat}, told.append, "zh", "guarantor")

    lines = [line.plain for line in told]
    for section in (1.1, *(f"2.{number}" for number in range(1, 12)), 3.1, 3.2, 3.3, 4.1):
        assert any(f"guarantor/{section} " in line for line in lines), section
    _one_lost_on_purpose(lines)


def _one_lost_on_purpose(lines: list[str]) -> None:
    refused = [line for line in lines if "失败" in line]
    assert len(refused) == 1, "only the acknowledgement that is lost on purpose"
    assert "有意丢失" in refused[0]
