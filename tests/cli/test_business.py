"""`conzhu-sim order`, `guarantee`, `invoice`, `bid` and `claim`."""

from pathlib import Path
from typing import Any

import pytest
from cli.command_line import Cli
from cli.conftest import Issue
from support.endpoint import Endpoint
from support.platform import Platform

from simulator import paths


def test_order_create_and_show(cli: Cli, platform: Platform) -> None:
    text = cli.text("order", "create", "--field", "valid_day=120")
    made = cli.json("order", "create", "--fixture", "minimal", "--field", "principal=甲=乙 公司")

    assert "WAIT_TUNE_UP" in text
    assert "投标保函申请书.pdf" in text
    assert made["principal"] == "甲=乙 公司"
    first = platform.get("orders")[0]
    assert first["valid_day"] == "120"
    shown = cli.text("order", "show", first["order_no"])
    assert shown == text
    assert f"{first['history'][0]['at'][5:]}   apply   principal   WAIT_TUNE_UP" in shown
    assert cli.json("order", "show", first["order_no"]) == first


def test_order_fields_that_are_not_text(cli: Cli) -> None:
    content = 'append_content=[{"name": "附件", "value": 1.5}]'

    details = cli.json("order", "create", "--field", content, "--field", "accept_insurer_id=3")[
        "details"
    ]

    assert details["append_content"] == [{"name": "附件", "value": 1.5}]
    assert details["accept_insurer_id"] == 3


def test_a_wrong_order_is_told_in_a_sentence(cli: Cli) -> None:
    create = ("order", "create")

    assert "no ready-made order 'nix'" in cli.refused(*create, "--fixture", "nix")
    assert "Write name=value" in cli.refused(*create, "--field", "valid_day")
    assert "Write name=value" in cli.refused(*create, "--field", "=1")
    assert "no field 'nix'" in cli.refused(*create, "--field", "nix=1")
    for wrong in ("x", "[NaN]", "5"):
        assert "append_content cannot be" in cli.refused(
            *create, "--field", f"append_content={wrong}"
        )
    assert "is not UTF-8" in cli.refused(*create, "--field", "principal=\udcff")
    assert "has no order 99" in cli.refused("order", "show", "99")


def test_order_list_shows_amounts_to_the_right(cli: Cli, order: dict[str, Any]) -> None:
    cli.text("order", "create", "--field", "guarantee_amount=5.00")

    rows = cli.text("order", "list").splitlines()[2:]

    ends = [
        row.index(f"{amount}   ") + len(amount)
        for row, amount in zip(rows, ("200000.00", "5.00"), strict=True)
    ]
    assert ends[0] == ends[1]
    assert cli.json("order", "list")[0]["order_no"] == order["order_no"]


def test_order_cancel(cli: Cli, platform: Platform, order: dict[str, Any]) -> None:
    number = order["order_no"]

    text = cli.text("order", "cancel", number, "--note", "不再投标")

    assert text.splitlines()[0] == f"The order {number} is CANCEL."
    assert "不再投标" in cli.text("order", "show", number)
    assert f"The order {number} is CANCEL: cancel is not allowed" in cli.refused(
        "order", "cancel", number
    )


def test_order_submit_after_a_return(cli: Cli, institution: Any, order: dict[str, Any]) -> None:
    names = ("order_no", "block_number", "block_name", "principal", "creditor")
    known = {name: order[name] for name in names}
    returned = {"order_do_type": "2", "status": "2", "note": "请补充材料"}
    answer = institution.call("insurer_apply_guarantee_result", **returned, **known)
    assert answer["status"] == 200

    assert cli.json("order", "submit", order["order_no"])["state"] == "WAIT_TUNE_UP"
    assert "submit is not allowed" in cli.refused("order", "submit", order["order_no"])


def test_order_finish(cli: Cli, issue: Issue) -> None:
    order = issue()

    assert cli.text("order", "finish", order["order_no"]).startswith(
        f"The order {order['order_no']} is FINISH.\n"
    )


def test_order_open(cli: Cli, endpoint: Endpoint, order: dict[str, Any]) -> None:
    text = cli.text("order", "open", order["order_no"])

    assert "HTTP 200: the page was opened." in text
    assert endpoint.posts[0].path == "/order_page"
    assert cli.json("order", "open", order["order_no"])["state"] == "answered"


def test_order_open_without_an_endpoint(cli: Cli, order: dict[str, Any]) -> None:
    assert "No endpoint is registered for order_page" in cli.refused(
        "order", "open", order["order_no"]
    )


def test_order_fixtures(cli: Cli) -> None:
    assert "Construction works, every member present" in cli.text("order", "fixtures")
    assert "施工项目" in cli.text("order", "fixtures", "--lang", "zh")
    assert "standard" in {row["name"] for row in cli.json("order", "fixtures")}


def test_guarantee_list(cli: Cli, issue: Issue) -> None:
    order = issue()

    assert cli.text("guarantee", "list").splitlines()[2].startswith("BH-1 ")
    assert cli.json("guarantee", "list")[0]["order_no"] == order["order_no"]


# The tests' endpoint leaves the files of a multipart form to the garbage collector.
def test_guarantee_verify(cli: Cli, issue: Issue, endpoint: Endpoint, tmp_path: Path) -> None:
    issue()
    endpoint.answers = [(200, '{"status": 2605, "data": "无法识别该文件"}'.encode())]
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.4 other")

    text = cli.text("guarantee", "verify", "BH-1", "--pdf", str(other))

    assert "`status` is 2605: 无法识别该文件." in text
    assert endpoint.posts[0].files["guarantee_pdf"] == b"%PDF-1.4 other"
    assert cli.json("guarantee", "verify", "BH-1")["answer"]["status"] == 2605
    stored = (paths.fixtures() / "files" / "application.pdf").read_bytes()
    assert endpoint.posts[1].files["guarantee_pdf"] == stored
    missing = str(tmp_path / "nix.pdf")
    assert cli.refused("guarantee", "verify", "BH-1", "--pdf", missing) == (
        f"There is no such file or folder: {missing}."
    )


def test_guarantee_query(cli: Cli, issue: Issue, endpoint: Endpoint) -> None:
    issue()
    endpoint.answers = [(200, '{"status": 2702, "data": "保函不存在"}'.encode())]

    assert "`status` is 2702: 保函不存在." in cli.text("guarantee", "query", "BH-1")
    assert cli.json("guarantee", "query", "BH-1")["state"] == "unanswered"
    assert "nix" in cli.refused("guarantee", "query", "nix")


def test_invoice(cli: Cli, issue: Issue) -> None:
    number = issue()["order_no"]

    made = cli.json("invoice", "apply", number, "--paper", "--field", "receiver_name=张三")
    text = cli.text("invoice", "apply", number)

    assert made["electronic"] is False
    assert made["fields"]["receiver_name"] == "张三"
    assert "is applied for." in text
    listed = cli.text("invoice", "list").splitlines()
    assert [line.split()[-2:] for line in listed[2:]] == [["no", "no"], ["yes", "no"]]
    assert [row["electronic"] for row in cli.json("invoice", "list")] == [False, True]
    assert "has no order 99" in cli.refused("invoice", "apply", "99")
    assert cli.run("invoice", "apply").exit_code == 2


@pytest.mark.parametrize(("kind", "type_"), [("change", "1"), ("delay", "2")])
def test_bid(cli: Cli, platform: Platform, order: dict[str, Any], kind: str, type_: str) -> None:
    block = order["block_number"]

    text = cli.text("bid", kind, block, "2030-01-31 09:30:00")
    push = cli.json("bid", kind, block, "2030-02-01 09:30:00")

    assert text.startswith(f"The bid opening of {block} is now 2030-01-31 09:30:00; the push is ")
    assert push["content"]["type"] == type_
    assert platform.order(order["order_no"])["bid_deadline"] == "2030-02-01 09:30"
    assert "yyyy-MM-dd HH:mm:ss" in cli.refused("bid", kind, block, "tomorrow")


def test_claim(cli: Cli, issue: Issue) -> None:
    number = issue()["order_no"]

    made = cli.json("claim", "apply", number, "--amount", "1000", "--reason", "违约", "--no-file")

    assert (made["claim_amount"], made["file_id"]) == ("1000.00", None)
    assert made["fields"]["claim_reason"] == "违约"
    claim_no = made["claim_no"]
    assert "still open" in cli.refused("claim", "apply", number)
    assert cli.text("claim", "revoke", claim_no).startswith(f"The claim {claim_no} is ")
    assert "200000.00 yuan" in cli.text("claim", "apply", number)
    listed = cli.json("claim", "list")
    assert [bool(row["file_id"]) for row in listed] == [False, True]
    assert "1000.00" in cli.text("claim", "list").splitlines()[2]
    assert cli.json("claim", "revoke", listed[1]["claim_no"])["claim_no"] == listed[1]["claim_no"]
