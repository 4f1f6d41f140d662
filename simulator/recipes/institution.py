"""The institution's side of the protocol, which also sends what a correct one never would."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from simulator import clock
from simulator.errors import SimulatorError
from simulator.protocol import envelope, rsa
from simulator.protocol.catalogue import TOKEN_METHOD
from simulator.protocol.plaintext import Value

#: Seconds that the platform may take for one answer.
_TIMEOUT = 60


def stamp() -> str:
    """Return the present timestamp of the wire."""
    return clock.stamp(clock.wall_now())


def drop_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those that are None, which stands for one left out."""
    return {name: value for name, value in values.items() if value is not None}


@dataclass
class Institution:
    """The institution's side of the protocol: seals, posts, fetches its token."""

    letter: Mapping[str, Any]
    _token: str = ""
    _session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self._session.trust_env = False
        # Of the environment only this counts: the CA of a simulator that speaks https.
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True

    @property
    def token(self) -> str:
        """The access token, fetched when it is first needed."""
        if not self._token:
            credentials = {name: self.letter[name] for name in ("api_key", "api_secret")}
            parameters = self.sign(self.parameters(TOKEN_METHOD, credentials))
            answer = self.post({"param": self.seal(parameters, "platform")})
            self._token = str(answer["data"]["access_token"])
        return self._token

    def parameters(self, method: str, business: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of a call, not signed yet; None stands for one that is left out."""
        names = () if method == TOKEN_METHOD else ("btc_id", "enter_institution_type")
        known = {name: str(self.letter[name]) for name in names}
        return {"method": method, "timestamp": stamp(), **known, **business}

    def sign(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with their sign, without those that are left out."""
        present: dict[str, Value] = drop_none(parameters)
        right = envelope.signed(present, self.letter["api_secret"])
        return drop_none({**right, "sign": parameters.get("sign", right["sign"])})

    def seal(self, parameters: Mapping[str, Any], key: str) -> str:
        """Return a `param`, sealed with the `platform`'s common key or with the `own` one."""
        name = {"platform": "api_rsa_pk", "own": "rsa_pk"}[key]
        return envelope.seal(parameters, rsa.load_key(self.letter[name]["pem"]))

    def post(self, form: Mapping[str, str], files: Mapping[str, Any] | None = None) -> Any:
        """Post a form to the platform and return the answer."""
        return self._exchange("POST", self.letter["platform"], data=form, files=files)

    def fetch(self, url: str, query: Mapping[str, str]) -> Any:
        """Get a file's URL and return the answer, which is JSON if it is not a file."""
        return self._exchange("GET", url, params=query)

    def _exchange(self, method: str, url: str, **content: Any) -> Any:
        try:
            return self._session.request(method, url, timeout=_TIMEOUT, **content).json()
        except requests.RequestException as error:
            kind = type(error).__name__
            raise SimulatorError(
                f"The platform's address in the account letter, {url}, does not answer as it "
                f"should ({kind}): check `public_url` of the simulator.",
                f"开户信中的平台地址 {url} 未正常应答（{kind}）：请检查模拟器的 public_url 设置。",
            ) from error
