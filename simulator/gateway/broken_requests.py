"""Answers and records what the server could not read as a request at all (P5)."""

import threading
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from simulator import clock, texts
from simulator.errors import Text
from simulator.gateway.pipeline import Pipeline
from simulator.gateway.wire import Request
from simulator.http_server.broken_requests import BrokenRequest
from simulator.protocol.codes import Refusal

#: Seconds between two entries on one client's requests that broke in one way.
_PAUSE = 1.0
#: Of so many clients is remembered what they broke.
_MOST_CLIENTS = 1000


class BrokenRequests:
    """Refuses broken requests; a flood of them leaves an entry a second, with their count."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()
        #: By client and cause: when the last entry was made, and how many came since.
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def refuse(self, broken: BrokenRequest) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and the JSON that answer a broken request.

        HTTP that is complete but more than the server takes gets 200 like any refused call (P5).
        """
        status = 400 if broken.status == 400 else 200
        answer = self._pipeline.platform.catalogue.codes.answer(1050, "insurer")
        unrecorded = self._count(broken)
        if unrecorded is None:
            return status, answer
        why: Text = texts.load("broken_requests")[broken.cause]
        if unrecorded:
            more = Text(
                f"{unrecorded} more like it came since the last entry.",
                f"上一条记录之后另有 {unrecorded} 个同类请求。",
            )
            why = Text.join((why, more))
        try:
            return status, self._pipeline.refuse(Request(None, broken.peer), Refusal(1050, why))
        except SQLAlchemyError as error:
            if self._pipeline.database.outage.explain(error) is None:
                raise
            return status, answer

    def _count(self, broken: BrokenRequest) -> int | None:
        """Return how many were left out since the last entry; None where this is left out too."""
        key, now = (broken.peer, broken.cause), clock.monotonic()
        with self._lock:
            last, left_out = self._seen.get(key, (now - _PAUSE, 0))
            if now - last < _PAUSE:
                self._seen[key] = (last, left_out + 1)
                return None
            if len(self._seen) >= _MOST_CLIENTS:
                self._seen.clear()
            self._seen[key] = (now, 0)
            return left_out
