"""What is kept of an attempt, and what the journal says of it: everything but the credentials."""

import json
import time
from collections.abc import Callable

from pushes.conftest import Issued
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.protocol import signing

Notice = Callable[..., int]


def secrets_of(institution: Institution) -> list[str]:
    letter = institution.letter
    return [letter["api_secret"], letter["api_key"], letter["rsa_sk"]["base64"]]


def test_an_attempt_keeps_what_was_sent_and_what_came_back(
    platform: Platform, institution: Institution, failing: Endpoint, notice: Notice
) -> None:
    push = notice()
    before = time.time()
    platform.advance(0)

    [made] = platform.push(push)["attempts"]

    assert (made["number"], made["by_hand"], made["outcome"]) == (1, False, "failed")
    assert before <= made["started_wall"] <= time.time()
    assert made["started_at"] == made["next_due"] - 15
    sent, received = made["sent"], made["received"]
    assert sent["url"] == f"{failing.url}/order_status"
    assert sent["param"] == failing.posts[0].fields["param"]
    assert sent["params"] == institution.open(sent["param"])
    assert sent["files"] == {}
    assert received["status"] == 500
    assert received["body"] == "oops"
    assert received["failure"] is None
    assert received["headers"]["Content-Length"] == "4"
    assert 0 < received["milliseconds"] < 5000
    assert (
        made["verdict"].items()
        >= {
            "code": "http_status",
            "en": 'HTTP 500: answer HTTP 200 with {"status":200}.',
            "zh": '返回 HTTP 500：应返回 HTTP 200 和 {"status":200}。',
        }.items()
    )


def test_the_base_string_can_be_recomputed_with_the_secret(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    push = notice()
    platform.run()

    sent = platform.push(push)["attempts"][0]["sent"]

    assert sent["base"].startswith("[api_secret]block_name")
    assert sent["base"].endswith("[api_secret]")
    base = sent["base"].replace("[api_secret]", institution.letter["api_secret"])
    assert base == signing.base_string(sent["params"], institution.letter["api_secret"])
    assert signing.digest(base) == sent["params"]["sign"]


def test_the_journal_has_one_entry_for_each_attempt(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    endpoint.answers = [(404, b""), (200, b'{"statue":200}')]
    push = notice()
    walked = platform.run()

    entries = platform.journal(direction="push")

    attempts = platform.push(push)["attempts"]
    assert [entry["attempt"] for entry in entries] == [1, 2]
    assert [entry["push"] for entry in entries] == [push, push]
    assert [entry["status"] for entry in entries] == ["failed", "acknowledged"]
    assert [round(entry["at"] - walked["from"], 3) for entry in entries] == [0, 15]
    for entry, made in zip(entries, attempts, strict=True):
        assert entry["interface"] == "insurer/2.2"
        assert entry["btc_id"] == institution.letter["btc_id"]
        assert entry["wall"] == made["started_wall"]
        assert entry["sent"]["params"] == made["sent"]["params"]
        assert entry["sent"]["base"] == made["sent"]["base"]
        assert entry["sent"]["url"] == made["sent"]["url"]
        assert entry["received"] == made["received"]
        assert entry["milliseconds"] == made["received"]["milliseconds"]
        said = {name: made["verdict"][name] for name in ("en", "zh")}
        assert entry["notes"] == [said]


def test_the_walk_tells_the_same_verdicts(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    endpoint.answers = [(404, b""), (200, b'{"status":200}')]
    push = notice()

    walked = platform.run()

    made = platform.push(push)["attempts"]
    assert walked["attempts"] == [
        {
            "push": push,
            "interface": "insurer/2.2",
            "about": platform.push(push)["about"],
            "attempt": number,
            "at": each["started_at"],
            "acknowledged": each["outcome"] == "acknowledged",
            "verdict": {name: each["verdict"][name] for name in ("en", "zh")},
        }
        for number, each in enumerate(made, start=1)
    ]


def test_no_credential_is_kept(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    platform.post("claims", order_no=issued.order_no)
    platform.run()
    url = str(institution.open(endpoint.posts[-1].fields["param"])["claim_file"])
    token = url.rpartition("access_token=")[2]

    push = platform.pushes()[-1]
    shown = [platform.push(push["id"]), platform.pushes(), platform.journal(limit=1000)]

    text = json.dumps(shown, ensure_ascii=False)
    for secret in [*secrets_of(institution), institution.token, token]:
        assert secret not in text
    kept = platform.push(push["id"])["attempts"][0]["sent"]["params"]["claim_file"]
    assert kept.partition("access_token=")[0] == url.partition("access_token=")[0]
    assert "access_token=[access_token #" in kept


def test_an_acknowledgement_keeps_the_answer(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    endpoint.answers = [(200, '{"status":200,"data":"成功"}'.encode())]
    push = notice()
    platform.run()

    assert platform.push(push)["answer"] == {"status": 200, "data": "成功"}
