"""Tables on screens of any width."""

from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from simulator.cli.output import tables
from simulator.cli.output.render import Column

_WHY = "the sign does not fit the parameters that came, see which of them was left out of it"
_COLUMNS = (
    Column("entry", "编号", "id", right=True),
    Column("time", "时间", "time"),
    Column("interface", "接口", "interface"),
    Column("name", "名称", "name"),
    Column("about", "对象", "about"),
    Column("why", "说明", "why", rest=True),
)
_ROW = {
    "id": 1,
    "time": "01-05 10:00:00",
    "interface": "insurer/2.10",
    "name": "福州某某建设工程有限公司",
    "about": "5311052469",
    "why": _WHY,
}


def _draw(
    width: int,
    rows: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> list[str]:
    monkeypatch.setattr(tables, "screen", lambda: Console(width=width, markup=False))
    tables.draw(rows, _COLUMNS, "en")
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [200, 120, 99, 80, 60, 40, 30])
def test_nothing_is_cut_and_only_explanations_are_folded(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _draw(width, [_ROW, {**_ROW, "why": ""}], monkeypatch, capsys)

    text = "\n".join(lines)
    for name in ("time", "interface", "name", "about"):
        assert text.count(str(_ROW[name])) == 2, name
    assert "…" not in text
    assert all(cell_len(line) <= width for line in lines)
    assert all(word in text for word in _WHY.split())


def test_below_a_hundred_columns_the_explanation_stands_under_its_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = {**_ROW, "id": 2, "why": "short"}
    lines = [line.rstrip() for line in _draw(99, [_ROW, other], monkeypatch, capsys)]

    assert "why" not in lines[0]
    assert lines[2].endswith("5311052469")
    assert lines[3] == f"    {_WHY}"
    assert lines[-1] == "    short"


def test_from_a_hundred_columns_on_the_explanation_takes_what_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _draw(120, [_ROW], monkeypatch, capsys)

    assert "why" in lines[0]
    start = lines[0].index("why")
    assert len(lines) > 3
    assert lines[3][:start].strip() == ""


def test_columns_that_do_not_fit_keep_their_headings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line.strip() for line in _draw(40, [_ROW], monkeypatch, capsys)]

    assert f"name: {_ROW['name']}" in lines
    assert f"about: {_ROW['about']}" in lines
