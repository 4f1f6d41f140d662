"""An insurer that uses an account of a running simulator, and acts on request."""

from dataclasses import dataclass
from typing import Any

import requests
from support.platform import Platform


@dataclass(frozen=True)
class Lived:
    """The account, and the URL of the insurer's actions."""

    platform: Platform
    url: str

    def act(self, action: str, **body: Any) -> int:
        """Let the insurer act; return the HTTP status of its own answer."""
        return requests.post(f"{self.url}/actions/{action}", json=body, timeout=30).status_code
