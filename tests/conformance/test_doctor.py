"""The doctor: one clear finding about each thing that can be wrong with a target, and where."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conformance.house import House, Members, house, run

from conformance_tests.suite.doctor.examination import Found, examine
from conformance_tests.suite.doctor.target_file import find_contradictions
from conformance_tests.suite.target.file import load
from reference_institution import clock as institutions_clock
from reference_institution import guarantees, platform_client, pushes, questions
from reference_institution.pushes import NoticeRefused
from simulator.app import Simulator
from simulator.errors import Text
from simulator.protocol import rsa, signing

STEPS = 9


def _examined(target: Path | str, platform: str = "") -> tuple[list[Text], Found | None]:
    """Return the steps that were all right, and what was found."""
    told: list[Text] = []
    try:
        examine(str(target), "insurer", platform, "", "", lambda step, _: told.append(step))
    except Found as found:
        return told, found
    return told, None


def _without(small: House, *actions: str) -> Path:
    """A target file of the house that lacks these actions."""
    document = small.document()
    for action in actions:
        del document["actions"][action]
    target = small.target()
    target.write_text(json.dumps(document), "utf-8")
    return target


def _found(target: Path | str, code: int, steps: int) -> Found:
    told, found = _examined(target)
    assert found is not None
    assert (found.code, len(told)) == (code, steps), (found.text, told)
    assert found.text.en != found.text.zh
    return found


def test_a_target_that_is_ready_is_told_step_by_step(small: House) -> None:
    told, found = _examined(small.target())

    assert (len(told), found) == (STEPS, None)


def test_the_command_ends_with_0_and_speaks_the_language(small: House, tmp_path: Path) -> None:
    ended = run("--lang", "zh", "doctor", str(small.target()), folder=tmp_path)

    assert (ended.code, ended.out.count("✓")) == (0, STEPS)
    assert "目标已就绪" in ended.out


def test_the_command_ends_with_what_was_found(tmp_path: Path) -> None:
    with house(tmp_path) as opened:
        target = str(opened.target())

    ended = run("doctor", target, "--json", folder=tmp_path)

    assert ended.code == 4
    told = json.loads(ended.out)
    assert told["ready"] is False
    assert "accepts no connections" in told["wrong"]["en"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "bank"}, "is wrong at kind"),
        ({"actions": {"make_coffee": "auto"}}, "actions.make_coffee means nothing"),
        ({"endpoints": {"orders": "http://127.0.0.1:1/"}}, "endpoints.orders means nothing"),
        ({"endpoints": {"query": "http://127.0.0.1:{port}/query"}}, "nothing fills it"),
        ({"actions": {"pay": {"command": ["./no-such-program"]}}}, "which is not there"),
        ({"account": {"letter": "no-such.json", "write_letter": None}}, "is wrong at account"),
        ({"actions": {"pay": {"manual": "Pay {order_nr}"}}}, "did you mean {order_no}?"),
        ({"probes": {"orders": {"command": ["x"], "count": "$[?"}}}, "is no place in JSON"),
        ({"actions": {"restart": "start"}}, "there is no `start`"),
        ({"supports": {"refuses_unknown_orders": True}}, "which no check reads"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(
    changes: dict[str, Any], said: str, small: House
) -> None:
    assert said in _found(small.target(**changes), 2, 0).text.en


def test_a_port_that_is_taken_is_found_before_the_target_is_asked(small: House) -> None:
    taken = int(small.url.rpartition(":")[2])

    assert "cannot be used" in _found(small.target(platform={"port": taken}), 2, 1).text.en


def test_a_letter_that_is_none_is_found(small: House, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"kind": "insurer"}', "utf-8")
    document = small.document()
    document["account"] = {"letter": "other.json"}

    target = small.target()
    target.write_text(json.dumps(document), "utf-8")

    assert "letter cannot be used" in _found(target, 2, 1).text.en


def test_a_target_that_ended_at_its_start_shows_what_it_printed(small: House) -> None:
    start = {"command": ["{python}", "-c", "print('no licence')"]}
    query = {"query": "http://127.0.0.1:{port}/query"}

    found = _found(small.target(start=start, endpoints=query), 4, 1)

    assert "no licence" in found.text.en


def _with_other_key(letter: Members) -> Members:
    return {**letter, "rsa_sk": {"pem": rsa.pem(rsa.generate(int(letter["key_bits"])))}}


def _with_other_secret(letter: Members) -> Members:
    return {**letter, "api_secret": "0" * 32}


@pytest.mark.parametrize(
    ("spoil", "said", "not_said", "snippet"),
    [
        (_with_other_key, "rsa_sk", "api_secret", "open"),
        (_with_other_secret, "api_secret", "rsa_sk", "sign"),
    ],
)
def test_which_part_of_the_letter_differs_is_said(
    spoil: Callable[[Members], Members], said: str, not_said: str, snippet: str, tmp_path: Path
) -> None:
    with house(tmp_path, spoil) as opened:
        found = _found(opened.target(), 4, 3)

    assert said in found.text.en
    assert not_said not in found.text.en
    assert found.snippet == snippet


def _answering(status: str, body: bytes, seconds: float = 0) -> Callable[[Any], Any]:
    def front(app: Any) -> Any:
        def answer(environ: Any, start_response: Any) -> list[bytes]:
            time.sleep(seconds)
            start_response(status, [("Content-Type", "text/plain")])
            return [body]

        return answer

    return front


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (_answering("404 Not Found", b"no such page"), "correct its path"),
        (_answering("200 OK", b"<html>"), "answers no JSON"),
        (_answering("200 OK", b'{"status":2702}', seconds=6), "within 5 s"),
        (_answering("200 OK", b'{"status":2700}'), "did not find its parameters"),
        (_answering("200 OK", b'{"status":500,"data":"error"}'), "does not open what we seal"),
    ],
)
def test_an_answer_that_is_none_is_told_apart(
    front: Callable[[Any], Any], said: str, tmp_path: Path
) -> None:
    with house(tmp_path, front=front) as opened:
        assert said in _found(opened.target(), 4, 3).text.en


@pytest.mark.parametrize(
    ("status", "said"),
    [("404 Not Found", "correct its path"), ("405 Method Not Allowed", "everything comes by POST")],
)
def test_an_endpoint_that_nobody_serves_is_named(status: str, said: str, tmp_path: Path) -> None:
    def front(app: Any) -> Any:
        elsewhere = _answering(status, b"")(app)

        def answer(environ: Any, start_response: Any) -> Any:
            chosen = elsewhere if environ["PATH_INFO"] == "/claim" else app
            return chosen(environ, start_response)

        return answer

    with house(tmp_path, front=front) as opened:
        found = _found(opened.target(), 4, 4)

    assert "endpoints.claim" in found.text.en
    assert said in found.text.en


def test_a_target_that_says_yes_to_everything_is_not_accused_of_its_keys(tmp_path: Path) -> None:
    with house(tmp_path, front=_answering("200 OK", b'{"status":200}')) as opened:
        found = _found(opened.target(), 4, 4)

    assert "no call came" in found.text.en


def test_a_target_that_calls_somewhere_else_is_told_where_to_call(tmp_path: Path) -> None:
    def elsewhere(letter: Members) -> Members:
        return {**letter, "platform": "http://127.0.0.1:1/api/insurer/v1"}

    with house(tmp_path, elsewhere) as opened:
        found = _found(opened.target(), 4, 4)

    assert "let it call http://127.0.0.1:" in found.text.en


def test_a_call_that_is_refused_is_explained(tmp_path: Path) -> None:
    def other_number(letter: Members) -> Members:
        return {**letter, "api_key": "nobody's"}

    with house(tmp_path, other_number) as opened:
        found = _found(opened.target(), 4, 4)

    assert "was refused with 10" in found.text.en


def test_a_call_of_nobodys_is_not_put_down_to_the_target_where_others_call_too(
    tmp_path: Path, simulator: Simulator
) -> None:
    def other_number(letter: Members) -> Members:
        return {**letter, "api_key": "nobody's"}

    with house(tmp_path, other_number) as opened:
        _, found = _examined(opened.target(), simulator.control_url)

    assert found is not None
    assert "no call came from the target" in found.text.en
    assert "Meanwhile a call of no account came from 127.0.0.1" in found.text.en


@pytest.mark.parametrize(("hours", "said"), [(-8, "Asia/Shanghai"), (0.05, "by NTP")])
def test_a_clock_that_is_wrong_is_told_with_its_reason(
    hours: float, said: str, small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = institutions_clock.timestamp

    def wrong() -> str:
        moment = datetime.strptime(f"{right()}+0800", "%Y%m%d%H%M%S%z")
        return (moment + timedelta(hours=hours)).strftime("%Y%m%d%H%M%S")

    monkeypatch.setattr(institutions_clock, "timestamp", wrong)

    assert said in _found(small.target(), 4, 5).text.en


def test_an_action_that_cannot_be_reached_is_named(small: House) -> None:
    actions = {"issue": {"http": {"url": "http://127.0.0.1:1/issue"}}}

    assert "The action issue" in _found(small.target(actions=actions), 4, 6).text.en


def test_an_action_without_effect_is_named(small: House) -> None:
    actions = {"refresh_order": {"http": {"url": f"{small.url}/health"}}}

    assert "refresh_order did not work" in _found(small.target(actions=actions), 4, 6).text.en


@pytest.mark.parametrize(
    ("way", "code", "said"),
    [
        ({"http": {"url": "{url}/health"}, "count": "status"}, 2, "holds no number"),
        ({"http": {"url": "http://127.0.0.1:1/x"}, "count": "count"}, 4, "gave no answer"),
    ],
)
def test_a_probe_without_a_number_is_named(
    way: dict[str, Any], code: int, said: str, small: House
) -> None:
    probe = json.loads(json.dumps(way).replace("{url}", small.url))

    found = _found(small.target(probes={"orders": probe}), code, 7)

    assert "The probe orders" in found.text.en
    assert said in found.text.en


def test_a_refused_guarantee_is_told_with_its_code_and_what_to_change(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarantees, "make_document", lambda *_: b"%PDF-1.7 and no more")

    found = _found(small.target(), 4, 8)

    assert "refused insurer_push_guarantee with 2421 文件接收失败" in found.text.en
    assert "`conzhu-sim codes show 2421`" in found.text.en
    assert "平台拒绝了 insurer_push_guarantee，2421" in found.text.zh


@pytest.mark.parametrize(
    "action", ["issue", *(pytest.param(each, marks=pytest.mark.slow) for each in ("offer", "pay"))]
)
def test_without_an_action_it_promises_nothing_of_the_guarantee(
    action: str, small: House, tmp_path: Path
) -> None:
    target = str(_without(small, action))

    ended = run("doctor", target, folder=tmp_path)
    told = json.loads(run("doctor", target, "--json", folder=tmp_path).out)

    assert (ended.code, ended.out.count("✓")) == (0, STEPS - 1)
    assert "The target is ready" not in ended.out
    assert f"declares no action `{action}`" in ended.out
    assert f"declare `actions.{action}` in the target file to run" in ended.out
    assert told["untried"]["zh"] == f"目标文件未声明操作 `{action}`"
    assert f"actions.{action}" in {each["declaration"] for each in told["undeclared"]}


def test_a_probe_that_means_nothing_is_named_with_those_that_there_are(small: House) -> None:
    found = _found(small.target(probes={"invoice": "manual"}), 2, 0)

    assert "probes.invoice means nothing; there are: orders" in found.text.en


def test_an_endpoint_that_fails_is_told_that_this_is_no_answer(tmp_path: Path) -> None:
    front = _answering("500 Internal Server Error", b"<h1>Whitelabel Error Page</h1>")
    with house(tmp_path, front=front) as opened:
        found = _found(opened.target(), 4, 3)

    assert "answers HTTP 500" in found.text.en
    assert "log" in found.text.en


def _with_another_body(path: str, change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    """A front that changes what is answered at a path."""

    def front(app: Any) -> Any:
        def answer(environ: Any, start_response: Any) -> Any:
            if environ["PATH_INFO"] != path:
                return app(environ, start_response)
            body = change(b"".join(app(environ, lambda *_: None)))
            start_response("200 OK", [("Content-Type", "application/json")])
            return [body]

        return answer

    return front


@pytest.mark.parametrize("body", [b'{"code":0}', b"success"])
def test_an_acknowledgement_that_is_none_is_named(body: bytes, tmp_path: Path) -> None:
    with house(tmp_path, front=_with_another_body("/order-status", lambda _: body)) as opened:
        found = _found(opened.target(), 4, 5)

    assert "does not acknowledge a right notice" in found.text.en
    assert found.snippet == "endpoint"


def test_a_question_that_is_misread_for_its_chinese_is_named(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = questions.Questions.query

    def query(self: questions.Questions, said: Mapping[str, str]) -> dict[str, Any]:
        if not said["guarantee_no"].isascii():
            raise NoticeRefused(1001, "验签失败")
        return right(self, said)

    monkeypatch.setattr(questions.Questions, "query", query)

    assert "StandardCharsets.UTF_8" in _found(small.target(), 4, 3).text.en


def test_a_sign_that_is_compared_in_lower_case_is_named(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(opened: dict[str, Any], secret: str) -> SimpleNamespace:
        said = {name: value for name, value in opened.items() if name != "sign"}
        return SimpleNamespace(valid=opened.get("sign") == signing.sign(said, secret).lower())

    monkeypatch.setattr(pushes, "signing", SimpleNamespace(verify=verify))

    found = _found(small.target(), 4, 3)

    assert "takes the same in lower case" in found.text.en
    assert "api_secret" not in found.text.en


def test_a_token_that_is_kept_for_ever_is_named(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform_client, "_TOKEN_REFUSED", 0)

    assert "keeps its token when that is over" in _found(small.target(), 4, 6).text.en


def test_declarations_that_contradict_each_other_are_told(small: House) -> None:
    document = small.document(actions={"offer": "auto"})
    del document["endpoints"]["claim"]
    target = small.target()
    target.write_text(json.dumps(document), "utf-8")

    odd = find_contradictions(load(str(target)))

    told = [each.en for each in odd]
    assert told[0].startswith("actions.offer is auto, so the target does not wait for actions.conf")
    assert "probes.claims is of no use without endpoints.claim" in told
    for kind in ("insurer", "guarantor"):
        assert find_contradictions(load("reference", kind)) == []
