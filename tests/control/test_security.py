"""Who may drive the control API: on loopback every program, elsewhere who has the token."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cli.command_line import Cli
from control.sentences import assert_sentences

from simulator.app import Simulator
from simulator.control.guard import token_for
from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.settings import Settings, load

TOKEN = "a-token-of-one-s-own"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Simulator]:
    """A simulator whose control API listens on all addresses."""
    settings = Settings(
        port=0, control_host="0.0.0.0", control_port=0, public_url="http://platform.test:8900"
    )
    running = Simulator(settings, ephemeral=True)
    running.start()
    yield running
    running.stop()


def ask(
    simulator: Simulator, method: str = "GET", path: str = "accounts", **extra: Any
) -> tuple[int, Any]:
    address = f"{simulator.control_url}/control/v1/{path}"
    answer = requests.request(method, address, timeout=30, **extra)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Access-Control-Allow-Origin" not in answer.headers
    return answer.status_code, answer.json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_on_loopback_no_token_is_needed(simulator: Simulator) -> None:
    assert simulator.settings.control_token == ""
    assert ask(simulator)[0] == 200
    assert ask(simulator, headers=bearer("any"))[0] == 200


@pytest.mark.parametrize(
    ("host", "needed"),
    [
        *[("127.0.0.1", False), ("127.1.2.3", False), ("localhost", False), ("::1", False)],
        *[("0.0.0.0", True), ("::", True), ("", True), ("192.168.1.5", True), ("a.test", True)],
    ],
)
def test_a_token_is_made_where_others_can_reach_it(host: str, needed: bool) -> None:
    made = [token_for(Settings(control_host=host)) for _ in range(2)]

    assert [len(token) >= 40 for token in made] == [needed, needed]
    assert not needed or made[0] != made[1]
    assert token_for(Settings(control_host=host, control_token=TOKEN)) == TOKEN


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer x", "Basic TOKEN", "TOKEN", "Bearer TOKENx", "\xff"],
)
@pytest.mark.parametrize("path", ["accounts", "openapi.json", "nowhere", "health"])
def test_without_the_token_nothing_is_told(
    guarded: Simulator, header: str | None, path: str
) -> None:
    token = guarded.settings.control_token
    headers = {} if header is None else {"Authorization": header.replace("TOKEN", token)}

    status, answer = ask(guarded, path=path, headers=headers)

    assert status == 401
    assert_sentences(answer, "--token", "CONZHU_TOKEN")
    assert token not in str(answer)


def test_with_the_token_it_works(guarded: Simulator) -> None:
    token = guarded.settings.control_token
    client = ControlClient(guarded.control_url, token)
    cli = Cli(guarded.control_url, "nobody")

    assert client.get("accounts") == []
    assert ask(guarded, headers={"Authorization": f"bearer {token}"})[0] == 200
    assert cli.json("account", "list", "--token", token) == []
    assert cli.json("--token", token, "account", "list") == []
    assert "asks for its token" in cli.refused("account", "list")
    with pytest.raises(SimulatorError, match="bears another token"):
        ControlClient(guarded.control_url, "x").get("accounts")


def test_the_pages_of_the_protocol_need_no_token(guarded: Simulator) -> None:
    answer = requests.get(
        f"http://127.0.0.1:{guarded.settings.port}/principal/1/orders/1", timeout=30
    )
    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]


@pytest.mark.parametrize("name", ["127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT"])
def test_it_answers_by_its_own_names(simulator: Simulator, name: str) -> None:
    host = name.replace("PORT", str(simulator.settings.control_port))
    for origin in (f"http://{host}", f"http://[::1]:{simulator.settings.control_port}"):
        assert ask(simulator, headers={"Host": host, "Origin": origin})[0] == 200


FOREIGN = ["evil.test", "evil.test:PORT", "127.0.0.1.evil.test:PORT", "localhost:1", "", "[", "a b"]


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_host_is_refused(simulator: Simulator, name: str) -> None:
    host = name.replace("PORT", str(simulator.settings.control_port))

    status, answer = ask(simulator, "POST", headers={"Host": host}, json={"name": "evil"})

    assert status == 403
    assert_sentences(answer)
    assert "evil" not in [row["name"] for row in ask(simulator)[1]]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *[("127.0.0.1", 200), ("10.1.2.3:8901", 200), ("[fe80::1]:1", 200), ("localhost:1", 200)],
        *[("platform.test:8901", 200), ("evil.test", 403), ("evil.test:8901", 403), ("", 403)],
    ],
)
def test_on_all_addresses_numbers_and_told_names_are_its_own(
    guarded: Simulator, host: str, status: int
) -> None:
    headers = {"Host": host, **bearer(guarded.settings.control_token)}
    assert ask(guarded, headers=headers)[0] == status


@pytest.mark.parametrize(
    "origin",
    [
        *[
            "http://evil.test",
            "null",
            "",
            "https://evil.test:PORT",
            "http://127.0.0.1:1",
            "file://",
        ],
        *["http://127.0.0.1:PORT.evil.test", "http://evil@127.0.0.1:PORT", "ftp://127.0.0.1:PORT"],
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_a_foreign_page_is_refused(simulator: Simulator, origin: str, method: str) -> None:
    origin = origin.replace("PORT", str(simulator.settings.control_port))

    status, answer = ask(simulator, method, headers={"Origin": origin}, json={"name": "evil"})

    assert status == 403
    assert_sentences(answer)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_page_posts_json_or_nothing(simulator: Simulator, kind: str) -> None:
    headers = {"Origin": simulator.control_url, "Content-Type": kind}

    status, answer = ask(simulator, "POST", data=b'{"name":"evil"}', headers=headers)

    assert status == 415
    assert_sentences(answer, "application/json")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "."])
def test_no_name_leads_out_of_the_fixtures(
    control: ControlClient, simulator: Simulator, name: str
) -> None:
    control.post("accounts", name="walker", key_bits=1024)
    try:
        for path in (("orders", name), ("letter", name), ("pushes", name), ("files", name)):
            with pytest.raises(SimulatorError):
                control.get("accounts", "walker", *path)
        with pytest.raises(SimulatorError, match="no ready-made order"):
            control.post("accounts", "walker", "orders", fixture=name)
        with pytest.raises(SimulatorError):
            control.post("accounts", name=name)
        raw = requests.Request("GET", f"{simulator.control_url}/control/v1/accounts/").prepare()
        raw.url = f"{simulator.control_url}/control/v1/accounts/walker/orders/{name}"
        answer = requests.Session().send(raw, timeout=30)
        assert answer.status_code in (400, 404, 200)
        assert "root:" not in answer.text
    finally:
        control.delete("accounts", "walker")


def test_the_token_is_a_setting() -> None:
    assert load(environment={"CONZHU_CONTROL_TOKEN": TOKEN}).control_token == TOKEN
    assert load(environment={"CONZHU_TOKEN": TOKEN}).control_token == ""
    with pytest.raises(SimulatorError, match="visible ASCII"):
        load(environment={"CONZHU_CONTROL_TOKEN": "令牌"})


def test_a_token_of_one_s_own_is_asked_for_on_loopback_too() -> None:
    settings = Settings(port=0, control_port=0, control_token=TOKEN)
    running = Simulator(settings, ephemeral=True)
    running.start()
    try:
        assert ask(running)[0] == 401
        assert ask(running, headers=bearer(TOKEN))[0] == 200
    finally:
        running.stop()
