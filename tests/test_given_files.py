"""Files that a person gives: whatever Windows makes of them is read, within limits."""

import codecs
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance_tests import yaml_files
from conformance_tests.suite.report import baseline
from conformance_tests.suite.target import file as target_file
from simulator import given_files
from simulator.errors import SimulatorError

TEXT = '{"company": "福州市"}\r\n'


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("gbk"),
    ],
)
def test_a_text_is_read_in_whatever_charset_it_was_saved(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "letter.json"
    place.write_bytes(content)

    assert given_files.read_text(place).lstrip("\ufeff") == TEXT


def test_what_is_no_text_or_too_large_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match=r"^stdin is no text: save it as UTF-8\.$"):
        given_files.decode(b"\xff\xff\xff\x81", "stdin")
    place = tmp_path / "large"
    place.write_bytes(b"x" * 11)
    with pytest.raises(SimulatorError, match="is larger than 10 bytes"):
        given_files.read_text(place, 10)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
)
YAML = [
    (BOMB, "stand for more than 100000 values"),
    ("a: &a [*a]\n", "refers to what contains it"),
    (f"a: {'[' * 5000}{']' * 5000}\n", "nested too deeply"),
    (f"\na: {'9' * 10_000}\n", "line 2 has a number of 10000 digits"),
    ("a: [\n", "while parsing"),
    ("a: \x07\n", "special characters are not allowed"),
    ("a: !!timestamp x\n", "groupdict"),
]


@pytest.mark.parametrize(("text", "reason"), YAML)
@pytest.mark.parametrize("load", [target_file.load, baseline.load])
def test_a_file_of_yaml_that_cannot_be_read_says_why(
    tmp_path: Path, load: Any, text: str, reason: str
) -> None:
    place = tmp_path / "given.yaml"
    place.write_text(text, "utf-8")

    with pytest.raises(SimulatorError) as refused:
        load(str(place))

    assert "cannot be read as YAML" in refused.value.text.en
    assert reason in refused.value.text.en
    assert "无法按 YAML 读取" in refused.value.text.zh


def test_a_date_that_is_none_is_refused_in_a_target_file(tmp_path: Path) -> None:
    place = tmp_path / "target.yaml"
    place.write_text("start: 2026-99-99\n", "utf-8")

    with pytest.raises(SimulatorError, match="cannot be read as YAML: month must be in"):
        target_file.load(str(place))


def test_aliases_within_measure_are_read() -> None:
    text = "a: &a {x: 1}\nb: *a\nc: [*a, *a]\n"

    found = yaml_files.load(text, yaml.SafeLoader, lambda en, zh: SimulatorError(en, zh))

    assert found == {"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]}
