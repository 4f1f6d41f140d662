"""`conzhu-sim push explain`: one attempt in one view; and every verdict says what to change."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from cli.command_line import Cli
from pushes import wire
from support.endpoint import Endpoint
from support.platform import Platform

from simulator import delivery, paths
from simulator.delivery import complaints, courier
from simulator.delivery.verdict import MEANINGS, remedy
from simulator.operations.faults import fault_rules
from simulator.protocol import envelope, rsa, signing
from simulator.protocol.catalogue import Catalogue

GOOD = {"acknowledged", "answered", "opened"}
CHINESE = re.compile("[\u4e00-\u9fff]")
REMEDIES = {
    code: text
    for code, meaning in MEANINGS.items()
    if (text := meaning.remedy or meaning.notice_remedy)
}
SAY_IT_THEMSELVES = {code for code, meaning in MEANINGS.items() if meaning.says_remedy}


def verdict_codes() -> set[str]:
    """Return the codes that stand in the sources of the delivery."""
    folder = Path(delivery.__file__).parent
    sources = "".join(
        (folder / name).read_text("utf-8") for name in ("judging.py", "dispatcher.py", "outbox.py")
    )
    found = re.findall(r'Verdict\.of\(\s*"(\w+)"', sources)
    misspelled = re.search(r"_MISSPELLED = \((.*)\)", sources)
    assert misspelled
    named = {*re.findall(r'"(\w+)"', misspelled[1]), *complaints.COMPLAINTS}
    return {*found, *named, *get_args(courier.Failure)}


def cancel(platform: Platform, order: dict[str, Any]) -> str:
    """Announce a cancellation; return the number of its push, which is not sent yet."""
    platform.post("orders", order["order_no"], "cancel", note="测试")
    return str(platform.pushes()[-1]["id"])


def test_an_acknowledged_push_is_right_in_every_part(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    number = cancel(platform, order)
    platform.run()
    letter = platform.letter()

    shown = cli.json("push", "explain", number)
    text = cli.text("push", "explain", number)

    param = endpoint.posts[0].fields["param"]
    opened = envelope.open_param(param, rsa.load_key(letter["rsa_sk"]["pem"]))
    assert {row["name"]: row["sent"] for row in shown["parameters"]} == opened.parameters
    assert shown["sign_sent"] == shown["sign_recomputed"]
    assert shown["sign_sent"] == signing.sign(opened.parameters, letter["api_secret"])
    assert shown["base"] == shown["recomputed_base"]
    assert shown["base"].startswith("[api_secret]block_name")
    assert shown["blocks"] * shown["block_bytes"] == len(envelope.decode(param))
    assert shown["plaintext_bytes"] == len(opened.text.encode())
    assert (shown["opens_with"], shown["sign_holds"]) == ("rsa_sk", True)
    assert shown["verdict"]["remedy"] is None
    assert "Seal and sign are right" in text
    assert re.search(r"RSA blocks +\d of 128 bytes each\n", text)
    assert "verdict  acknowledged." in text
    assert "to change" not in text
    assert letter["api_secret"] not in text + json.dumps(shown)
    assert "加密和签名均正确" in cli.text("push", "explain", number, "--lang", "zh")


def test_the_sign_that_the_institution_computed_is_explained(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    number = cancel(platform, order)
    platform.run()
    letter = platform.letter()
    param = endpoint.posts[0].fields["param"]
    parameters = dict(envelope.open_param(param, rsa.load_key(letter["rsa_sk"]["pem"])).parameters)
    right = str(parameters.pop("sign"))
    joined = "".join(f"{name}{parameters[name]}" for name in sorted(parameters))
    without_end = hashlib.md5(f"{letter['api_secret']}{joined}".encode()).hexdigest().upper()

    def computed(sign: str, *options: str) -> Any:
        return cli.json("push", "explain", number, "--computed", sign, *options)["computed"]

    assert computed(right)["summary"]["en"].startswith("It is the right sign")
    [lower] = computed(right.lower())["findings"]
    assert (lower["mistake"], lower["certain"]) == ("lower_case", True)
    [found] = computed(without_end)["findings"]
    assert found["certain"]
    assert found["where"] == "sign"
    text = cli.text("push", "explain", number, "--computed", without_end)
    assert f"1. {found['title']['en']}" in text
    assert letter["api_secret"] not in text
    unknown = computed("0" * 32)
    assert unknown["findings"] == []
    assert "no known mistake gives it" in unknown["summary"]["en"]


def test_an_answer_is_shown_with_its_type_and_what_to_change(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    number = cancel(platform, order)
    raw = b"HTTP/1.1 403 No\r\nContent-Type: text/html; charset=x\r\nContent-Length: 3\r\n\r\n<a>"
    with wire.raw_server(wire.answering(raw)) as url:
        platform.change(endpoints={"order_status": url})
        platform.advance(0)
    platform.register(endpoint.url)
    platform.run()

    first = cli.json("push", "explain", number, "--attempt", "1")
    last = cli.json("push", "explain", number)
    text = cli.text("push", "explain", number, "--attempt", "1")

    assert first["answer"]["content_type"] == "text/html; charset=x"
    assert (first["answer"]["status"], first["answer"]["body"]) == (403, "<a>")
    assert first["url"].startswith(url)
    assert (first["verdict"]["code"], last["verdict"]["code"]) == ("http_status", "acknowledged")
    assert "to change  404: correct the path; 401 or 403: exempt it" in text
    assert "如何修改" in cli.text("push", "explain", number, "--attempt", "1", "--lang", "zh")


def test_nothing_that_answers(cli: Cli, platform: Platform, order: dict[str, Any]) -> None:
    platform.change(endpoints={"order_status": "http://127.0.0.1:9/"})
    number = cancel(platform, order)
    platform.advance(0)

    text = cli.text("push", "explain", number)

    assert re.search(r"failure +127\.0\.0\.1:9: .*refused", text)
    assert "to change  Start the endpoint" in text


def test_a_value_changed_after_signing(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.fault(fault_rules.CHANGE_VALUE, value={"parameter": "principal", "to": "别人"})
    number = cancel(platform, order)
    platform.run()

    shown = cli.json("push", "explain", number)
    text = cli.text("push", "explain", number)

    changed = [row for row in shown["parameters"] if row["announced"] is not None]
    assert changed == [{"name": "principal", "sent": "别人", "announced": order["principal"]}]
    assert shown["sign_holds"] is False
    assert shown["sign_sent"] != shown["sign_recomputed"]
    assert f"principal{order['principal']}" in shown["base"]
    assert "principal别人" in shown["recomputed_base"]
    assert "base string of what was sent" in text
    assert "they are the same             no" in text
    assert "A fault rule spoiled it on purpose" in text
    assert re.search(r"change_value #\d+ +change a value after signing", text)


def test_a_sign_with_another_secret(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.fault(fault_rules.SIGN_WITH_OTHER_KEY)
    number = cancel(platform, order)
    platform.run()

    shown = cli.json("push", "explain", number)

    assert shown["base"] == shown["recomputed_base"]
    assert shown["sign_sent"] != shown["sign_recomputed"]
    assert shown["faults"][0]["meaning"]["en"] == "sign with another secret"


def test_a_seal_with_another_key(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.fault(fault_rules.SEAL_WITH_OTHER_KEY)
    number = cancel(platform, order)
    platform.run()

    shown = cli.json("push", "explain", number)
    text = cli.text("push", "explain", number)

    assert (shown["opens_with"], shown["plaintext_bytes"], shown["sign_holds"]) == (None,) * 3
    assert shown["sign_sent"]
    assert "opens with  no key of the account letter" in text
    assert "A fault rule spoiled it on purpose" in text


def test_keys_that_were_renewed_since(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    number = cancel(platform, order)
    platform.run()
    platform.post("keys")

    assert "were changed since this attempt" in cli.text("push", "explain", number)


def test_a_lost_acknowledgement_and_a_push_not_delivered(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.fault(fault_rules.LOSE_ACK, attempt=1)
    platform.fault(fault_rules.NO_DELIVERY, attempt=2)
    number = cancel(platform, order)
    platform.run()

    lost = cli.json("push", "explain", number, "--attempt", "1")
    kept = cli.text("push", "explain", number, "--attempt", "2")

    assert lost["verdict"]["code"] == "ack_lost"
    assert lost["verdict"]["remedy"]["en"].startswith("Nothing: your answer was right.")
    assert "to change  Nothing: it never reached you." in kept
    assert "\nAnswer\n" not in kept


def test_what_cannot_be_explained_is_told_in_a_sentence(
    cli: Cli, platform: Platform, order: dict[str, Any]
) -> None:
    number = cancel(platform, order)

    assert "has no push x" in cli.refused("push", "explain", "x")
    unroutable = cli.refused("push", "explain", number)
    assert unroutable.startswith(f"The push {number} was not sent yet: register an endpoint with")
    assert f"account endpoint {cli.account} order_status URL`" in unroutable
    assert "尚未发送：请先用" in cli.refused("push", "explain", number, "--lang", "zh")


def test_a_push_that_waits_and_an_attempt_that_was_not_made(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    number = cancel(platform, order)
    assert "clock next` sends it." in cli.refused("push", "explain", number)

    platform.run()

    sentence = f"The push {number} has no attempt 7; the last one is 1."
    assert cli.refused("push", "explain", number, "--attempt", "7") == sentence
    assert cli.run("push", "explain", number, "--attempt", "0").exit_code == 2


def test_every_verdict_says_what_to_change() -> None:
    codes = verdict_codes()
    known = {
        *("timeout", "unreachable", "name", "name_slow", "tls"),
        *("too_large", "address", "broken"),
        *("redirect", "http_status", "empty", "not_json", "not_object", "status_missing"),
        *("status_other", "refused", "answer_form", "statue", "statues"),
        *("ack_lost", "not_delivered", "interrupted"),
    }

    assert known <= codes
    assert codes == MEANINGS.keys()
    assert codes - REMEDIES.keys() - SAY_IT_THEMSELVES == GOOD
    assert not REMEDIES.keys() & SAY_IT_THEMSELVES
    page = (paths.schemas().parent / "docs" / "troubleshooting.md").read_text("utf-8")
    for code in codes - GOOD:
        rows = re.findall(rf"^\| `{code}` \| (.*)$", page, re.MULTILINE)
        assert rows, code
        if code in SAY_IT_THEMSELVES:
            assert re.search(r"[:,] (answer|acknowledge|correct|write)\b", rows[0]), rows[0]
            assert re.search("请|应返回|只需|建议", rows[0]), rows[0]


@pytest.mark.parametrize("code", REMEDIES)
def test_a_remedy_is_a_sentence_of_both_languages(code: str) -> None:
    text = REMEDIES[code]

    assert text.en.endswith(".")
    assert text.zh.endswith("。")
    assert not CHINESE.search(text.en)
    assert CHINESE.search(text.zh)


def test_a_question_is_not_told_to_answer_a_status_alone() -> None:
    catalogue = Catalogue.load(paths.schemas())
    question, notice = (catalogue.fetch("insurer", name) for name in ("verify", "order_status"))

    for code in ("empty", "not_json", "not_object", "status_missing", "status_other"):
        said = remedy(question, code)
        assert said is not None
        assert said.en.startswith("This is a question: beside `status`")
    assert remedy(notice, "empty") is None
    assert remedy(notice, "acknowledged") is None
