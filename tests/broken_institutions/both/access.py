"""Mistakes with the access token, the common parameters and refusals of own calls."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

from broken_institutions.defects import defect
from reference_institution import platform_client
from reference_institution.platform_client import PlatformClient, PlatformRefused
from simulator.protocol import envelope


def _token(*behaviours: str) -> list[str]:
    """Return the ids of checks of a token's life (第二步 of 接入流程说明), of both kinds."""
    chapters = {"insurer": "3", "guarantor": "2"}
    return [f"{kind}/{chapter}/2/{b}" for kind, chapter in chapters.items() for b in behaviours]


@defect(
    "insurer/2.3/request/complete",
    "insurer/2.3/function/accepted",
    "guarantor/2.2/request/complete",
    "guarantor/2.2/function/accepted",
)
def forgets_its_own_id() -> None:
    """The account letter's btc_id was taken for an id of the trading centre and left out."""
    rightly = envelope.signed

    def signed(parameters: Any, secret: str) -> Any:
        kept = {name: value for name, value in parameters.items() if name != "btc_id"}
        return rightly(kept, secret)

    _envelope(signed=signed)


class _Envelope:
    """The module `envelope` as the client sees it, with one function replaced."""

    def __init__(self, **functions: Any) -> None:
        self.__dict__.update(functions)

    def __getattr__(self, name: str) -> Any:
        return getattr(envelope, name)


def _envelope(**functions: Any) -> None:
    platform_client.envelope = _Envelope(**functions)  # type: ignore[attr-defined]


@defect("insurer/5.1/timestamp/form", "guarantor/5.1/timestamp/form")
def stamps_in_milliseconds() -> None:
    """`System.currentTimeMillis()` is a timestamp, too."""
    _stamp(lambda: str(int(time.time() * 1000)))


@defect("insurer/5.1/timestamp/now", "guarantor/5.1/timestamp/now")
def stamps_in_utc() -> None:
    """The container's clock runs in UTC, and the formatter has no zone."""
    _stamp(lambda: f"{datetime.now(UTC):%Y%m%d%H%M%S}")


def _stamp(timestamp: Any) -> None:
    platform_client.clock.timestamp = timestamp  # type: ignore[attr-defined]


@defect("insurer/5.1/rule/own-calls", "guarantor/5.1/rule/own-calls")
def signs_in_lower_case() -> None:
    """Forgets the last words of 5.1: 转化成大写."""
    rightly = envelope.signed

    def signed(parameters: Any, secret: str) -> Any:
        made = rightly(parameters, secret)
        return {**made, "sign": str(made["sign"]).lower()}

    _envelope(signed=signed)


@defect("insurer/5.2/rule/own-calls", "guarantor/5.2/rule/own-calls")
def seals_everything_with_the_platforms_key() -> None:
    """Takes api_rsa_pk for all calls, because the first one worked with it."""
    rightly = PlatformClient._business_call

    def call(self: PlatformClient, *arguments: Any) -> Any:
        common = self._letter.api_rsa_pk
        object.__setattr__(self._letter, "rsa_pk", common)
        return rightly(self, *arguments)

    PlatformClient._business_call = call  # type: ignore[method-assign]


# The token (1.1).


@defect("insurer/1.1/request/complete", "guarantor/1.1/request/complete")
def asks_for_a_token_without_the_time() -> None:
    """Leaves timestamp out of the request for a token: only calls need one."""
    rightly = PlatformClient._sealed_token_request

    def request(self: PlatformClient) -> str:
        signed = envelope.signed
        _envelope(
            signed=lambda given, secret: signed(
                {name: value for name, value in given.items() if name != "timestamp"}, secret
            )
        )
        try:
            return rightly(self)
        finally:
            _envelope()

    PlatformClient._sealed_token_request = request  # type: ignore[method-assign]


@defect(*_token("renewed-after-revocation", "renewed-after-two-hours"))
def renews_the_token_by_its_own_clock_only() -> None:
    """A token lives two hours, so it is thrown away after two hours and never before."""
    rightly = PlatformClient._current_token

    def token(self: PlatformClient, refused: str | None = None) -> str:
        return self._token if refused else rightly(self)

    PlatformClient._current_token = token  # type: ignore[method-assign]


@defect(*_token("renewed-with-file"))
def sends_a_stream_that_was_read_already() -> None:
    """The second try after 1006 posts the same input stream, which stands at its end."""
    rightly = PlatformClient._business_call
    sent: list[bytes] = []

    def call(self: PlatformClient, method: str, params: Any, file: Any, *rest: Any) -> Any:
        if file and file[1] in sent:
            file = (file[0], b"")
        elif file:
            sent.append(file[1])
        return rightly(self, method, params, file, *rest)

    PlatformClient._business_call = call  # type: ignore[method-assign]


@defect(*_token("used-again", "renewed-once"))
def fetches_a_token_before_each_call() -> None:
    """The simplest way to have a valid token."""
    rightly = PlatformClient._current_token

    def token(self: PlatformClient, refused: str | None = None) -> str:
        self._token_ends = 0.0
        return rightly(self, refused)

    PlatformClient._current_token = token  # type: ignore[method-assign]


@defect(*_token("token-refused-once"))
def remembers_that_there_was_no_token() -> None:
    """Caches the outcome of 1.1, a failure included."""
    rightly = PlatformClient._current_token
    failed: list[PlatformRefused] = []

    def token(self: PlatformClient, refused: str | None = None) -> str:
        if failed:
            raise failed[0]
        try:
            return rightly(self, refused)
        except PlatformRefused as error:
            failed.append(error)
            raise

    PlatformClient._current_token = token  # type: ignore[method-assign]


@defect(
    *(
        f"{kind}/5.3/codes/not-for-ever-{action}"
        for kind in ("insurer", "guarantor")
        for action in ("offer", "issue", "accept_claim")
    )
)
def repeats_a_refused_call_for_ever() -> None:
    """A job repeats whatever did not end with 200 until it does."""
    rightly = PlatformClient.call

    def call(self: PlatformClient, *arguments: Any, **named: Any) -> Any:
        try:
            return rightly(self, *arguments, **named)
        except PlatformRefused:
            threading.Thread(target=repeat, args=(self, arguments, named), daemon=True).start()
            raise

    def repeat(self: PlatformClient, arguments: Any, named: Any) -> None:
        for _ in range(1000):
            time.sleep(0.02)
            try:
                rightly(self, *arguments, **named)
            except PlatformRefused:
                continue
            return

    PlatformClient.call = call  # type: ignore[method-assign]
