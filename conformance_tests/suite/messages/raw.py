"""One HTTP request as it is, however malformed; what no form post of the courier's can be."""

import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from simulator import clock
from simulator.delivery.courier import BODY_LIMIT, Received

_FORM = "application/x-www-form-urlencoded"


def get(url: str, fields: Mapping[str, str], limit: float) -> Received:
    """Ask by GET with a form's fields in the address."""
    joint = "&" if urlsplit(url).query else "?"
    return exchange("GET", url + joint + urlencode(fields), b"", {}, limit)


def post(url: str, body: bytes, headers: Mapping[str, str], limit: float) -> Received:
    """Post a body as it is; it is called a form where the headers do not say otherwise."""
    return exchange("POST", url, body, {"Content-Type": _FORM, **headers}, limit)


def exchange(
    method: str, url: str, body: bytes, headers: Mapping[str, str], limit: float
) -> Received:
    """Send a request and return what came back; nothing is followed, nothing is raised."""
    started = clock.monotonic()
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.netloc, timeout=limit, context=context)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=limit)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        content = answer.read(BODY_LIMIT)
        seconds = clock.monotonic() - started
        return Received(seconds, answer.status, dict(answer.getheaders()), content)
    except TimeoutError:
        return Received(clock.monotonic() - started, failure="timeout", detail=f"{limit:g}")
    except (OSError, http.client.HTTPException) as error:
        detail = f"{type(error).__name__}: {error}"
        return Received(clock.monotonic() - started, failure="broken", detail=detail)
    finally:
        connection.close()
