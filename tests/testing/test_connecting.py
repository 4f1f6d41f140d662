"""Where the app is reached, and what is kept of what it fails with."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from support.endpoint import serve

from simulator.errors import SimulatorError
from simulator.testing import Platform, Push

Start = Callable[..., Any]


def cancelled(platform: Platform) -> Push:
    """Let the platform push a status."""
    return platform.create_order().cancel()


def acknowledging(environment: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The least application that acknowledges."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"status":200}']


def test_an_app_needs_no_port_of_its_own(conzhu_platform: Platform) -> None:
    seen = []

    def app(environment: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        seen.append((environment["PATH_INFO"], environment["wsgi.input"].read()))
        return acknowledging(environment, start_response)

    conzhu_platform.connect(app, order_status="notify/status")

    assert cancelled(conzhu_platform).acknowledged
    [(path, body)] = seen
    assert path == "/notify/status"
    assert body.startswith(b"param=")


def test_without_paths_every_push_comes_at_its_name(conzhu_platform: Platform) -> None:
    base = conzhu_platform.connect(acknowledging)

    assert conzhu_platform.endpoints == {
        name: f"{base}/{name.replace('_', '-')}"
        for name in (
            *("order_page", "order_status", "verify", "query"),
            *("invoice_application", "bid_opening", "claim"),
        )
    }
    assert cancelled(conzhu_platform).acknowledged


def test_an_app_is_listened_for_once_and_not_beyond_its_test(conzhu_platform: Platform) -> None:
    first = conzhu_platform.connect(acknowledging, order_status="/a")
    second = conzhu_platform.connect(acknowledging, claim="/b")
    other = conzhu_platform.connect(Flask("other"), query="/c")

    assert first == second
    assert other != first
    conzhu_platform.close()
    with pytest.raises(requests.ConnectionError):
        requests.post(first, timeout=5)


def test_an_app_may_be_reached_by_its_url(conzhu_platform: Platform) -> None:
    endpoint, server = serve()
    try:
        assert conzhu_platform.connect(f"{endpoint.url}/", order_status="/x") == endpoint.url
        assert cancelled(conzhu_platform).acknowledged
    finally:
        server.shutdown()
        server.server_close()
    assert [post.path for post in endpoint.posts] == ["/x"]


def test_what_is_no_app_and_no_push_is_refused(conzhu_platform: Platform) -> None:
    with pytest.raises(SimulatorError, match=r"WSGI callable or a URL \(got 8080\)"):
        conzhu_platform.connect(8080)  # type: ignore[arg-type]
    with pytest.raises(SimulatorError, match="There is no push 'status'; the pushes are: order_p"):
        conzhu_platform.connect(acknowledging, status="/x")
    with pytest.raises(SimulatorError, match="http or https address"):
        conzhu_platform.connect("localhost:8080", order_status="/x")


def failing_at_once(environment: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    raise LookupError("at once")


def failing_in_its_body(environment: dict[str, Any], start_response: Start) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    yield b'{"status":'
    raise LookupError("in its body")


class FailingAtItsEnd:
    """A body that fails when it is closed."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"status":200}'

    def close(self) -> None:
        raise LookupError("at its end")


def failing_at_its_end(environment: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    acknowledging(environment, start_response)
    return FailingAtItsEnd()


def catching_and_logging(environment: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    try:
        raise LookupError("and logged")
    except LookupError:
        logging.getLogger("a.framework").exception("Internal Server Error")
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"sorry"]


@pytest.mark.parametrize(
    "app", [failing_at_once, failing_in_its_body, failing_at_its_end, catching_and_logging]
)
def test_what_the_app_fails_with_is_kept(conzhu_platform: Platform, app: Any) -> None:
    conzhu_platform.connect(app, order_status="/status")

    cancelled(conzhu_platform)

    [error] = conzhu_platform.app_errors
    assert error.request == "POST /status"
    assert isinstance(error.error, LookupError)
    assert error.text.startswith("Traceback")
    assert "test_connecting.py" in str(error)
    logging.getLogger("elsewhere").error("not in a request", exc_info=ValueError("other"))
    assert len(conzhu_platform.app_errors) == 1


def test_an_app_that_lets_its_errors_through_costs_one_line(conzhu_platform: Platform) -> None:
    app = Flask("strict")
    app.testing = True
    app.add_url_rule("/status", view_func=lambda: 1 / 0, methods=["POST"], endpoint="status")
    conzhu_platform.connect(app, order_status="/status")

    notice = cancelled(conzhu_platform)

    assert notice.attempts[0].http_status == 500
    assert [type(each.error) for each in conzhu_platform.app_errors] == [ZeroDivisionError]
    assert repr(notice.attempts[0]).startswith("<attempt 1 of push ")


def test_an_app_may_call_back_while_it_is_pushed_to(
    conzhu_platform: Platform, app: Flask, insurer: Any
) -> None:
    order = conzhu_platform.create_order()
    conzhu_platform.fault("copies", "order_page", copies=6)

    assert order.open().acknowledged
    assert len(conzhu_platform.calls("insurer_get_guarantee_info", order)) == 6


def test_the_letter_is_saved_for_its_owner_alone(conzhu_platform: Platform, tmp_path: Any) -> None:
    place = conzhu_platform.letter.save(tmp_path / "letter.json")

    assert place.stat().st_mode & 0o777 == 0o600
    assert conzhu_platform.letter.api_secret in place.read_text("utf-8")
    assert conzhu_platform.letter.api_secret == conzhu_platform.get("letter")["api_secret"]
