"""A guarantor's account on the command line: order, release, claim, endpoints."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.command_line import Cli
from guarantor.guarantor import Guarantor
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import PUSHES, Platform

from simulator.app import Simulator
from simulator.driver import ControlClient


@pytest.fixture
def cli(simulator: Simulator, control: ControlClient) -> Iterator[Cli]:
    """The command line, working on a guarantor's account that it opened itself."""
    cli = Cli(simulator.control_url, "cli-guarantor")
    opened = cli.json("account", "create", cli.account, "--kind", "guarantor", "--key-bits", "1024")
    assert (opened["kind"], opened["company"]) == ("guarantor", "示例融资担保有限公司")
    yield cli
    control.delete("accounts", cli.account)


@pytest.fixture
def platform(cli: Cli, control: ControlClient) -> Platform:
    """The platform's side of that account, its clock frozen."""
    platform = Platform(control, cli.account)
    platform.freeze()
    return platform


@pytest.fixture
def issued(platform: Platform, institution: Institution) -> Any:
    """An order with its guarantee, DB-1."""
    return Guarantor(platform, institution).bring(platform.create_order(), "HAS_OUT_GUARANTEE")


def test_the_default_endpoints_are_named_after_the_pushes(cli: Cli) -> None:
    urls = cli.json("account", "endpoints", cli.account, "http://127.0.0.1:9/")["endpoints"]

    assert set(urls) == set(PUSHES["guarantor"])
    assert urls["release_search"] == "http://127.0.0.1:9/release-search"


def test_an_order_is_created_and_what_waits_is_told(cli: Cli, platform: Platform) -> None:
    text = cli.text("order", "create", "--fixture", "separate")

    assert "WAIT_APPROVAL_DATA" in text
    assert "2 separate" in text
    assert "(application) is unroutable" in text
    [order] = platform.get("orders")
    assert "2 分离式" in cli.text("order", "show", order["order_no"], "--lang", "zh")
    rows = cli.json("order", "fixtures")
    assert {row["kind"] for row in rows} == {"guarantor", "insurer"}


def test_the_answer_to_2_1_stands_with_the_order(
    cli: Cli, platform: Platform, endpoint: Endpoint
) -> None:
    data = {"order_status": "WAIT_PAY", "pay_method": "REDIRECT", "redirect_url": "https://g.test/"}
    endpoint.answers = [(200, json.dumps({"status": 200, "data": data}).encode())]
    number = cli.json("order", "create")["order_no"]
    platform.run()

    shown = cli.text("order", "show", number)

    assert "https://g.test/" in shown
    assert "to WAIT_PAY   institution   WAIT_PAY" in shown


def test_a_block_is_released_and_asked_for(
    cli: Cli, platform: Platform, issued: Any, endpoint: Endpoint
) -> None:
    block = issued["block_number"]
    told = cli.text("release", "create", block, "--note", "招标结束", "--no-declaration")
    assert "revokes guarantees of" in told
    assert "(release) is pending" in told
    assert "is in an earlier batch" in cli.refused(
        "release", "create", block, "--guarantee", "DB-1"
    )
    assert "has no issued guarantee DB-9" in cli.refused(
        "release", "create", block, "--penalty", "DB-9"
    )
    assert "招标结束" in cli.text("release", "list")
    listed = cli.text("guarantee", "list")
    assert "revoked" in listed
    data = {"guarantee_no": "DB-1", "serial_num": "1", "status": 4, "revoke_guarantee_date": ""}
    endpoint.answers = [(200, json.dumps({"status": 200, "data": data}).encode())]
    assert "answered" in cli.text("release", "search", "DB-1")


def test_a_claim_goes_with_files_and_is_closed(
    cli: Cli, platform: Platform, issued: Any, institution: Institution, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.zip"
    letter.write_bytes(b"PK")
    claim = cli.json("claim", "apply", issued["order_no"], "--file", str(letter))
    assert len(claim["file_ids"]) == 1
    assert "close is not allowed there" in cli.refused("claim", "close", claim["claim_no"])
    Guarantor(platform, institution).update_claim(claim, "1", "2")

    assert "is CLAIM_CLOSE" in cli.text("claim", "close", claim["claim_no"])
    assert "说明" in cli.text("claim", "list")
