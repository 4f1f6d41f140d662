"""How the demo tells its timeline."""

import subprocess
import sys
from typing import Any

import pytest
from rich.text import Text as Line

from simulator.cli.demo import story
from simulator.cli.demo.insurer import InsurerStory
from simulator.errors import Text

_TITLES = {
    "insurer/2.2": Text("Order status changed", "订单状态变更"),
    "insurer/2.3": Text("Get an order", "获取订单"),
    "insurer/2.4": Text("Handle an order", "处理订单"),
}


def _entry(number: int, interface: str, about: str = "5311052469", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "at": 1_700_000_000,
        "direction": "call",
        "interface": interface,
        "status": "200",
        "about": about,
        "sent": {},
        "notes": [],
        **more,
    }


@pytest.mark.parametrize(
    ("interface", "params", "expected"),
    [
        ("2.4", {"order_do_type": 3, "price": "1000.00"}, "order_do_type=3 price=1000.00"),
        (
            "2.2",
            {"order_status_old": "WAIT_PAY", "order_status": "WAIT_OUT_GUARANTEE"},
            "WAIT_PAY → WAIT_OUT_GUARANTEE",
        ),
    ],
)
def test_what_differs_fits_a_screen_of_80_columns(
    interface: str, params: dict[str, Any], expected: str
) -> None:
    entry = _entry(1, f"insurer/{interface}", status="acknowledged", sent={"params": params})

    line = story._build_line(entry, _TITLES, "en").plain

    assert expected in line[:79]
    assert line.endswith(_TITLES[f"insurer/{interface}"].en)


class _Account:
    def __init__(self, *news: list[dict[str, Any]]) -> None:
        self.news = list(news)

    def journal(self, **_filters: Any) -> Any:
        return self.news.pop(0)


def test_queries_of_the_same_order_one_after_another_are_one_line() -> None:
    told: list[Line] = []
    account: Any = _Account(
        [_entry(1, "insurer/2.3"), _entry(2, "insurer/2.3")],
        [_entry(3, "insurer/2.3"), _entry(4, "insurer/2.4"), _entry(5, "insurer/2.3")],
        [_entry(6, "insurer/2.3", about="7")],
    )
    told_story = InsurerStory(account, "", told.append, "en")

    for _ in range(3):
        told_story._tell_news()
    told_story._chapter("Next", "下一步")

    lines = [line.plain.split(maxsplit=2)[2] for line in told[:-1]]
    assert [line.split()[0] for line in lines] == [
        "insurer/2.3",
        "insurer/2.4",
        "insurer/2.3",
        "insurer/2.3",
    ]
    assert ["×3" in line for line in lines] == [True, False, False, False]
    assert told[-1].plain == "\nNext"


@pytest.mark.parametrize(
    ("status", "word"), [("acknowledged", "已确认"), ("failed", "失败"), ("offered", "已提供")]
)
def test_outcomes_are_chinese_where_that_is_chosen(status: str, word: str) -> None:
    line = story._build_line(_entry(1, "insurer/2.2", status=status), _TITLES, "zh").plain

    assert word in line
    assert status not in line


def test_the_demo_says_that_it_is_on_its_own_and_cuts_nothing_in_a_file() -> None:
    program = "from simulator.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--lang", "en", "demo", "--key-bits", "1024"],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        env={"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
    )

    lines = done.stdout.splitlines()
    assert lines[0] == (
        "This demo has a simulator and an insurer of its own, on free ports; it leaves nothing "
        "behind."
    )
    assert "…" not in done.stdout
    assert any(len(line) > 80 for line in lines[1:])
    assert sum("×" in line for line in lines) > 3
