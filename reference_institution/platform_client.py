"""Calls to the platform: token, sign, seal, post, and what to do when a call fails."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import requests

from reference_institution import clock
from reference_institution.letter import AccountLetter
from simulator.protocol import envelope

_log = logging.getLogger(__name__)

#: Seconds to connect, and seconds between two bytes of an answer.
TIME_OUTS = (2, 5)
#: Seconds before its expiry at which a token is replaced.
_TOKEN_MARGIN = 60
_OK = 200
_TOKEN_REFUSED = 1006
#: The `data` of an answer that only reports success.
DONE = "成功"

#: Returns whether a call that was not answered took effect.
Done: TypeAlias = Callable[[], bool]


class PlatformRefused(Exception):
    """The platform answered with a code of 5.3; asking again would give the same answer."""

    def __init__(self, code: int, data: object) -> None:
        super().__init__(f"{code}: {data}")
        self.code = code
        self.data = data


class PlatformUnreachable(Exception):
    """Two attempts brought no usable answer; whether the call took effect is unknown."""


class PlatformClient:
    """Makes the calls of one account; may be used by many threads at once."""

    def __init__(self, letter: AccountLetter) -> None:
        self._letter = letter
        self._lock = threading.Lock()
        self._token = ""
        self._token_ends = 0.0

    def call(
        self,
        method: str,
        params: Mapping[str, str],
        file: tuple[str, bytes] | None = None,
        done: Done | None = None,
    ) -> dict[str, Any]:
        """Call the platform and return its whole answer, `{"status": 200, "data": ...}`.

        `file` is a form field and the bytes of a PDF, which is sent beside `param`, unsealed.
        `done` is asked when no answer came, before the call is repeated: the call may have taken
        effect and only its answer been lost, and not every call can safely be repeated.

        Raises:
            PlatformRefused: the answer's status is not 200.
            PlatformUnreachable: no usable answer came, twice.
        """
        token = self._current_token()
        try:
            return self._business_call(method, params, file, done, token)
        except PlatformRefused as refused:
            if refused.code != _TOKEN_REFUSED:
                raise
        # 如果失效,请重新获取: the token expired earlier than we thought; try again with a new one.
        token = self._current_token(refused=token)
        return self._business_call(method, params, file, done, token)

    def _business_call(
        self,
        method: str,
        params: Mapping[str, str],
        file: tuple[str, bytes] | None,
        done: Done | None,
        token: str,
    ) -> dict[str, Any]:
        public = {
            "method": method,
            "timestamp": clock.timestamp(),
            "btc_id": self._letter.btc_id,
            "enter_institution_type": self._letter.enter_institution_type,
        }
        signed = envelope.signed({**params, **public}, self._letter.api_secret)
        form = {"access_token": token, "param": envelope.seal(signed, self._letter.rsa_pk)}
        return self._post(form, file, done)

    def _current_token(self, refused: str | None = None) -> str:
        """Return a valid token; a new one if the present one is `refused` or about to expire."""
        with self._lock:
            # Another thread may have replaced the refused token in the meantime.
            if self._token == refused or time.time() > self._token_ends - _TOKEN_MARGIN:
                answer = self._post({"param": self._sealed_token_request()}, None)
                self._token, self._token_ends = _read_token(answer)
            return self._token

    def _sealed_token_request(self) -> str:
        request = {
            "method": "get_access_token",
            "api_key": self._letter.api_key,
            "api_secret": self._letter.api_secret,
            "timestamp": clock.timestamp(),
        }
        signed = envelope.signed(request, self._letter.api_secret)
        # The only call that is sealed with the platform's common key (5.2).
        return envelope.seal(signed, self._letter.api_rsa_pk)

    def _post(
        self, form: dict[str, str], file: tuple[str, bytes] | None, done: Done | None = None
    ) -> dict[str, Any]:
        try:
            return self._post_once(form, file)
        except PlatformUnreachable as error:
            _log.warning("%s", error)
        if done is not None and done():
            return {"status": _OK, "data": DONE}
        return self._post_once(form, file)

    def _post_once(self, form: dict[str, str], file: tuple[str, bytes] | None) -> dict[str, Any]:
        files = {file[0]: (f"{file[0]}.pdf", file[1], "application/pdf")} if file else None
        try:
            reply = requests.post(self._letter.platform, data=form, files=files, timeout=TIME_OUTS)
            reply.raise_for_status()
            answer = reply.json()
            status = int(answer["status"])
        # A body that is not JSON, or has no status, is not an answer of the platform.
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise PlatformUnreachable(f"the platform gave no usable answer: {error}") from error
        if status != _OK:
            raise PlatformRefused(status, answer.get("data"))
        return dict(answer)


def _read_token(answer: dict[str, Any]) -> tuple[str, float]:
    try:
        return str(answer["data"]["access_token"]), float(answer["data"]["expired_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise PlatformUnreachable("the platform gave an answer without a token") from error
