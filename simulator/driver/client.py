"""The control API's client: what the CLI, scenarios and tests work through."""

from typing import Any
from urllib.parse import quote

import requests

from simulator.errors import SimulatorError

_PREFIX = "/control/v1"
#: Seconds; a walk over a long schedule with a slow endpoint takes its time.
_TIMEOUT = 600


class ControlClient:
    """Speaks to one simulator's control API at `url` (`http://127.0.0.1:8901`).

    `token` is what a simulator asks for whose control API is not on loopback.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def request(
        self,
        method: str,
        *path: str,
        body: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
    ) -> Any:
        """Call an operation; `path` are its parts, which are escaped here.

        Raises:
            SimulatorError: the simulator cannot be reached, or refuses with one sentence.
        """
        address = f"{self.url}{_PREFIX}/" + "/".join(quote(part, safe="") for part in path)
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            answer = self._session.request(
                method, address, json=body, params=asked, timeout=_TIMEOUT
            )
            content = answer.json()
        except requests.JSONDecodeError:
            raise SimulatorError(
                f"What answers at {self.url} is no simulator (HTTP {answer.status_code}): check "
                "--control.",
                f"{self.url} 上应答的不是模拟器（HTTP {answer.status_code}）：请检查 --control。",
            ) from None
        except requests.RequestException as error:
            raise SimulatorError(
                f"No simulator answers at {self.url} ({type(error).__name__}): start one with "
                "`conzhu-sim serve`, or give its address with --control.",
                f"{self.url} 上没有模拟器应答（{type(error).__name__}）：请用 `conzhu-sim serve` "
                "启动，或用 --control 指定地址。",
            ) from error
        if answer.ok:
            return content
        error_text = content.get("error", {}) if isinstance(content, dict) else {}
        raise SimulatorError(
            error_text.get("en", f"HTTP {answer.status_code}"),
            error_text.get("zh", f"HTTP {answer.status_code}"),
        )

    def get(self, *path: str, **query: Any) -> Any:
        """Read something; keyword arguments become the query."""
        return self.request("GET", *path, query=query)

    def post(self, *path: str, **body: Any) -> Any:
        """Do something; keyword arguments become the body."""
        return self.request("POST", *path, body=body)

    def patch(self, *path: str, **body: Any) -> Any:
        """Change something; keyword arguments become the body."""
        return self.request("PATCH", *path, body=body)

    def delete(self, *path: str) -> Any:
        """Remove something."""
        return self.request("DELETE", *path)
