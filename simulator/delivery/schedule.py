"""When the next attempt of a push is due (通知频率, P16)."""

#: Seconds from the start of one attempt to the next one, after the first, second, ... attempt.
DELAYS = (15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600)
ATTEMPTS = len(DELAYS) + 1


def next_due(concluded: int, started_at: float) -> float | None:
    """Return when the attempt after `concluded` scheduled ones is due; None after the last.

    `started_at` is the start of the last attempt, in Unix seconds of the account's time.
    """
    return started_at + DELAYS[concluded - 1] if concluded < ATTEMPTS else None
