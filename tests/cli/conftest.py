"""The command line in tests: run in this process against the session's real simulator."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.command_line import Cli
from support.institution import Institution
from support.platform import Platform

from simulator import paths
from simulator.app import Simulator

PDF = (paths.fixtures() / "files" / "application.pdf").read_bytes()


@pytest.fixture
def cli(simulator: Simulator, platform: Platform) -> Cli:
    """The command line, working on a fresh account."""
    return Cli(simulator.control_url, platform.name)


@pytest.fixture
def offline() -> Cli:
    """The command line where there is no simulator."""
    return Cli("http://127.0.0.1:9", "nobody")


@pytest.fixture
def letter_file(cli: Cli, tmp_path: Path) -> str:
    """The account's letter, written by the command."""
    return str(cli.json("account", "letter", cli.account, "--out", str(tmp_path))["letter"])


Issue = Callable[[], dict[str, Any]]


@pytest.fixture
def issue(institution: Institution, platform: Platform) -> Issue:
    """Bring a fresh order as far as an issued guarantee, `BH-1`."""

    def made() -> dict[str, Any]:
        order: dict[str, Any] = platform.create_order()
        names = ("order_no", "block_number", "block_name", "principal", "creditor")
        known = {name: order[name] for name in names}
        decide = "insurer_apply_guarantee_result"
        end = order["guarantee_end_date"]
        answers = [
            institution.call(
                decide, order_do_type="3", price="500.00", guarantee_end_date=end, **known
            ),
            institution.call(decide, order_do_type="4", real_pay="500.00", **known),
            institution.call(
                "insurer_push_guarantee",
                files={"guarantee_pdf": ("guarantee.pdf", PDF, "application/pdf")},
                order_no=order["order_no"],
                guarantee_no="BH-1",
                principal=order["principal"],
                creditor=order["creditor"],
                guarantor=order["accept_insurer"],
                out_guarantee_time="2026-01-05 10:00:00",
                guarantee_pdf_hash=hashlib.sha256(PDF).hexdigest(),
            ),
        ]
        assert [answer["status"] for answer in answers] == [200, 200, 200]
        return order

    return made
