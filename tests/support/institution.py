"""The institution's side of the protocol in tests: signs, seals and posts calls."""

from collections.abc import Mapping
from typing import Any

import requests

from simulator import clock
from simulator.protocol import envelope, rsa
from simulator.protocol.plaintext import Form, Value


class Institution:
    """A client made from an account letter; `token` is fetched when first needed."""

    def __init__(self, letter: Mapping[str, Any], form: Form = "json") -> None:
        self.letter = letter
        self.form = form
        self._token: str | None = None
        self.own_public = rsa.load_key(letter["rsa_pk"]["pem"])
        self.own_private = rsa.load_key(letter["rsa_sk"]["pem"])
        self.common_public = rsa.load_key(letter["api_rsa_pk"]["pem"])

    @property
    def url(self) -> str:
        return str(self.letter["platform"])

    @property
    def token(self) -> str:
        if self._token is None:
            answer = self.request_token()
            assert answer["status"] == 200, answer
            self._token = answer["data"]["access_token"]
        return self._token

    def forget_token(self) -> None:
        self._token = None

    def request_token(self, **changes: Value) -> Any:
        parameters: dict[str, Value] = {
            "method": "get_access_token",
            "api_key": self.letter["api_key"],
            "api_secret": self.letter["api_secret"],
            "timestamp": self.timestamp(),
            **changes,
        }
        signed = envelope.signed(parameters, self.letter["api_secret"])
        return self.post({"param": envelope.seal(signed, self.common_public, self.form)})

    @staticmethod
    def timestamp() -> str:
        return clock.stamp(clock.wall_now())

    def parameters(self, method: str, **business: Value) -> dict[str, Value]:
        """The parameters of a call, not signed yet."""
        return {
            "method": method,
            "timestamp": self.timestamp(),
            "btc_id": str(self.letter["btc_id"]),
            "enter_institution_type": str(self.letter["enter_institution_type"]),
            **business,
        }

    def sign(self, method: str, **business: Value) -> dict[str, Value]:
        return envelope.signed(self.parameters(method, **business), self.letter["api_secret"])

    def send(self, parameters: Mapping[str, Value], files: Mapping[str, Any] | None = None) -> Any:
        """Seal and post parameters as they are, with the token."""
        param = envelope.seal(parameters, self.own_public, self.form)
        return self.post({"param": param, "access_token": self.token}, files)

    def call(self, method: str, files: Mapping[str, Any] | None = None, **business: Value) -> Any:
        """Make one correct call and return the answer."""
        return self.send(self.sign(method, **business), files)

    def post(self, fields: Mapping[str, str], files: Mapping[str, Any] | None = None) -> Any:
        response = requests.post(self.url, data=fields, files=files, timeout=30)
        assert response.status_code == 200, response.text
        return response.json()

    def open(self, param: str) -> dict[str, Value]:
        """Open a push's param with the institution's private key."""
        return envelope.open_param(param, self.own_private).parameters
