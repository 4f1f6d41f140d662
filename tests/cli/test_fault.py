"""`conzhu-sim fault`."""

from cli.command_line import Cli
from support.platform import Platform


def test_fault(cli: Cli, platform: Platform) -> None:
    add = ("fault", "add", "copies", "--interface", "order_status", "--value", "copies=3")

    text = cli.text(*add, "--attempt", "2", "--times", "4", "--about", "1")
    always = cli.json(*add, "--always")

    assert text.splitlines()[2].split()[1:6] == ["copies", "order_status", "1", "2", "4"]
    assert (always["times"], always["value"]) == (None, {"copies": 3})
    assert "always" in cli.text("fault", "list")
    assert [rule["times"] for rule in cli.json("fault", "list")] == [4, None]
    assert (
        cli.text("fault", "remove", str(always["id"])) == f"The rule {always['id']} is removed.\n"
    )
    first = cli.json("fault", "list")[0]["id"]
    assert cli.json("fault", "remove", str(first)) == {"done": True}
    assert cli.text("fault", "list") == "None.\n"


def test_all_faults_are_removed_at_once(cli: Cli) -> None:
    made = [cli.json("fault", "add", rule)["id"] for rule in ("copies", "lose_ack")]

    said = cli.text("fault", "remove", "all")

    assert said == f"All rules of {cli.account} are removed: {made[0]}, {made[1]}.\n"
    assert cli.text("fault", "list") == "None.\n"
    assert cli.json("fault", "remove", "all") == {"done": True, "removed": []}
    assert cli.text("fault", "remove", "all", "--lang", "zh") == (f"{cli.account} 没有故障规则。\n")


def test_fault_values_that_are_not_numbers_stay_text(cli: Cli) -> None:
    values = ("--value", "parameter=order_no", "--value", "to=1.50")

    assert cli.json("fault", "add", "change_value", *values)["value"] == {
        "parameter": "order_no",
        "to": "1.50",
    }


def test_a_fault_that_acts_at_once(cli: Cli) -> None:
    assert cli.text("fault", "add", "end_token") == "end_token: done at once.\n"
    assert cli.json("fault", "add", "end_token") == {"done": True}


def test_a_wrong_fault_is_told_in_a_sentence(cli: Cli) -> None:
    assert "nix" in cli.refused("fault", "add", "nix")
    assert "documented code" in cli.refused("fault", "add", "answer", "--value", "code=x")
    assert "either --times or --always" in cli.refused(
        "fault", "add", "copies", "--times", "1", "--always"
    )
    assert "fault rule" in cli.refused("fault", "remove", "x")


def test_fault_rules(cli: Cli) -> None:
    assert "deliver the push, but lose its acknowledgement" in cli.text("fault", "rules")
    assert "推送不送达" in cli.text("fault", "rules", "--lang", "zh")
    strikes = {row["rule"]: row["strikes"] for row in cli.json("fault", "rules")}
    assert (strikes["hold_back"], strikes["no_answer"]) == ("push", "call")
    assert "a download" in cli.text("fault", "rules")
    assert "立即执行" in cli.text("fault", "rules", "--lang", "zh")
