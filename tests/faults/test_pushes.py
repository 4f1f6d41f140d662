"""Faults on pushes: late, cut half way, signed with another account's secret."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from faults.conftest import Notice
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.fault_tag import FaultTag
from simulator.protocol import signing


class Half:
    """An endpoint that reads until there is nothing more, and keeps how each connection ended."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.seen: list[tuple[bytes, str]] = []
        self.ended = threading.Semaphore(0)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            received, end = b"", "closed"
            try:
                while piece := connection.recv(65536):
                    received += piece
            except ConnectionResetError:
                end = "reset"
            connection.close()
            self.seen.append((received, end))
            self.ended.release()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def half() -> Iterator[Half]:
    half = Half()
    yield half
    half.close()


def tagged(platform: Platform, rule: dict[str, Any]) -> list[dict[str, Any]]:
    tag = FaultTag(rule["rule"], rule["id"]).as_json()
    return [entry for entry in platform.journal(direction="push") if entry["faults"] == [tag]]


def test_cut_resets_the_connection_in_the_middle_of_the_request(
    platform: Platform, half: Half, notice: Notice
) -> None:
    platform.change(endpoints={"order_status": f"{half.url}/order_status"})
    rule = platform.fault("cut")
    push = notice()

    platform.advance(0)

    assert half.ended.acquire(timeout=10)
    [(received, end)] = half.seen
    head, _, body = received.partition(b"\r\n\r\n")
    [announced] = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    ]
    assert end == "reset"
    assert len(body) == announced // 2 > 100
    [made] = platform.push(push)["attempts"]
    assert (made["outcome"], made["verdict"]["code"]) == ("failed", "cut")
    assert f"{len(body)} of {announced} bytes" in made["verdict"]["en"]
    assert "Nothing" in made["verdict"]["remedy"]["en"]
    assert made["faults"] == [FaultTag("cut", rule["id"]).as_json()]
    assert [entry["attempt"] for entry in tagged(platform, rule)] == [1]


def test_a_cut_push_comes_again_whole(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    platform.fault("cut")
    push = notice()

    platform.run()

    assert platform.push(push)["state"] == "acknowledged"
    assert [made["outcome"] for made in platform.push(push)["attempts"]] == [
        "failed",
        "acknowledged",
    ]


@pytest.mark.parametrize(("value", "seconds"), [({}, 60), ({"seconds": 3600}, 3600)])
def test_delay_sends_the_push_later_by_the_accounts_clock(
    platform: Platform,
    endpoint: Endpoint,
    notice: Notice,
    value: dict[str, int],
    seconds: int,
) -> None:
    rule = platform.fault("delay", value=value)
    push = notice()

    walked = platform.run()

    [attempt] = walked["attempts"]
    assert round(attempt["at"] - walked["from"], 3) == seconds
    [entry] = tagged(platform, rule)
    assert (entry["status"], entry["push"], entry["attempt"]) == ("delayed", push, None)
    assert "Delayed by the fault rule" in entry["notes"][0]["en"]
    assert "推迟" in entry["notes"][0]["zh"]
    assert platform.push(push)["state"] == "acknowledged"
    assert len(endpoint.posts) == 1


def test_a_delayed_push_is_overtaken(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    other = platform.create_order()["order_no"]
    platform.fault("delay", value={"seconds": 5})
    notice()
    notice(other)

    platform.run()

    arrived = [institution.open(post.fields["param"])["order_no"] for post in endpoint.posts]
    assert arrived[0] == other
    assert len(arrived) == 2


def test_delay_does_not_count_as_an_attempt(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    endpoint.answers = [(500, b"")]
    platform.fault("delay", attempt=2, value={"seconds": 100})
    push = notice()

    start = platform.run()["from"]

    moments = [round(made["started_at"] - start) for made in platform.push(push)["attempts"]]
    assert moments == [0, 115, 130, 160, 340, 2140, 3940, 5740, 7540, 11140]


def test_a_push_that_a_person_sends_is_not_delayed(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    platform.fault("delay", value={"seconds": 5})
    push = notice()

    assert platform.post("pushes", str(push), "resend")["state"] == "acknowledged"
    assert platform.get("faults")[0]["hits"] == 0


def test_sign_of_other_account_signs_with_that_accounts_secret(
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
    notice: Notice,
    control: ControlClient,
) -> None:
    control.post("accounts", name="signs-too", key_bits=1024)
    try:
        rule = platform.fault("sign_of_other_account", value={"account": "signs-too"})
        push = notice()
        platform.advance(0)

        said = institution.open(endpoint.posts[0].fields["param"])
        other = control.get("accounts", "signs-too", "letter")["api_secret"]
    finally:
        control.delete("accounts", "signs-too")

    assert not signing.verify(said, institution.letter["api_secret"]).valid
    assert signing.verify(said, other).valid
    assert len(tagged(platform, rule)) == 1
    assert other not in str(platform.push(push))


def test_without_a_name_the_oldest_other_account_signs(
    platform: Platform, control: ControlClient
) -> None:
    control.post("accounts", name="second", key_bits=1024)
    second = Platform(control, "second")
    try:
        names = [row["name"] for row in control.get("accounts")]
        assert second.fault("sign_of_other_account")["value"] == {"account": names[0]}
    finally:
        control.delete("accounts", "second")


def test_an_account_that_is_gone_leaves_a_sign_that_is_nobodys(
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
    notice: Notice,
    control: ControlClient,
) -> None:
    control.post("accounts", name="gone-soon", key_bits=1024)
    platform.fault("sign_of_other_account", value={"account": "gone-soon"})
    control.delete("accounts", "gone-soon")
    notice()

    platform.advance(0)

    said = institution.open(endpoint.posts[0].fields["param"])
    assert not signing.verify(said, institution.letter["api_secret"]).valid


@pytest.mark.parametrize("name", ["nobody", "own"])
def test_only_another_account_can_sign(platform: Platform, name: str) -> None:
    given = platform.name if name == "own" else name

    with pytest.raises(SimulatorError, match="the name of another account") as refused:
        platform.fault("sign_of_other_account", value={"account": given})

    assert "另一账户" in refused.value.text.zh
