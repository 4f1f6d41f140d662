"""`conzhu-sim codes provoke`: a code said on purpose, or why it never is."""

from cli.command_line import Cli

from simulator.driver import ControlClient


def test_a_code_is_provoked_and_explained(cli: Cli, control: ControlClient) -> None:
    shown = cli.json("codes", "provoke", "2422")

    assert shown["code"] == 2422
    assert shown["answer"] == {"status": 2422, "data": "保函文件有误"}
    assert shown["sent"]["parameters"]["guarantee_pdf_hash"] == "0" * 64
    assert shown["sent"]["form"] == ["param", "access_token"]
    assert shown["sent"]["files"]["guarantee_pdf"] > 1000
    assert shown["steps"][0] == {"bring": "WAIT_OUT_GUARANTEE"}
    assert "sha256" in shown["explanation"][0]["en"]
    assert not [a for a in control.get("accounts") if a["name"] == "recipe-insurer-2422"]


def test_it_is_told_in_either_language(cli: Cli) -> None:
    english = cli.text("codes", "provoke", "1050")
    chinese = cli.text("codes", "provoke", "1050", "--lang", "zh")

    assert "The form has no field `param`" in english
    assert "status  1050" in english
    assert english.count("\n") == chinese.count("\n")
    assert "表单中没有 param 字段" in chinese


def test_a_third_partys_question_and_a_right_call_are_told(cli: Cli) -> None:
    asked = cli.text("codes", "provoke", "2504")
    right = cli.text("codes", "provoke", "200")

    assert "No endpoint is registered for verify" in asked
    assert "该保函的开函保险公司暂未开放查询接口" in asked
    assert "nothing to explain" in right


def test_a_guarantors_code_is_provoked_in_its_own_words(cli: Cli) -> None:
    shown = cli.json("codes", "provoke", "2332", "--kind", "guarantor")

    assert shown["answer"] == {"status": 2332, "data": "该订单初审审批正在等待对方处理中"}
    assert shown["sent"]["parameters"]["method"] == "notify_order_status"
    assert cli.json("codes", "provoke", "2405", "--kind", "guarantor")["answer"]["status"] == 2405
    assert cli.json("codes", "provoke", "2405")["reason"] == "no_parameter"


def test_what_is_never_said_is_excused_without_a_simulator(offline: Cli) -> None:
    shown = offline.json("codes", "provoke", "2402")

    assert (shown["code"], shown["reason"]) == (2402, "no_parameter")
    assert "guarantee_state" in shown["why"]["en"]
    assert "没有参数 guarantee_state" in offline.text("codes", "provoke", "2402", "--lang", "zh")


def test_without_a_code_or_a_simulator_one_sentence_says_so(offline: Cli) -> None:
    assert "There is no code 7" in offline.refused("codes", "provoke", "7")
    assert "No simulator answers" in offline.refused("codes", "provoke", "2422")
    assert offline.run("codes", "provoke", "x").exit_code == 2
