"""The timestamp of a call: a moment of the calendar, near now where the account wants it (P9)."""

from datetime import datetime

from simulator.clock import SHANGHAI, to_moment
from simulator.errors import Text
from simulator.gateway.wire import Exchange
from simulator.protocol.catalogue import Interface
from simulator.protocol.codes import Refusal
from simulator.protocol.diagnosis.moments import explain_moment
from simulator.store.records import Account

_SHORT = 12


def check_timestamp(
    account: Account, interface: Interface, timestamp: str, exchange: Exchange
) -> None:
    """Refuse what is no moment or, by `max_clock_skew`, too far off; note what is far off.

    Raises:
        Refusal: the timestamp is refused, with the code of a wrong format.
    """
    notes = exchange.trace.notes
    if len(timestamp) == _SHORT:
        notes.append(
            Text(
                "timestamp has 12 digits; send 14, yyyyMMddHHmmss (P9).",
                "timestamp 只有 12 位；应为 14 位 yyyyMMddHHmmss（P9）。",
            )
        )
    code = interface.parameter("timestamp").invalid
    # The 12 digits of the slip lack the seconds (P9).
    full = f"{timestamp}00" if len(timestamp) == _SHORT else timestamp
    try:
        moment = datetime.strptime(full, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        why = Text(
            f"timestamp {timestamp} is no moment of the calendar: year, month, day, hour (00-23), "
            "minute, second, as 20181015114423.",
            f"timestamp {timestamp} 不是有效时间：应为年月日时（00-23）分秒，如 20181015114423。",
        )
        raise Refusal(code, why, "timestamp") from None
    now = to_moment(account.wire_time(exchange.wall))
    mistake = explain_moment(moment, now)
    hints = (mistake.describe(),) if mistake else ()
    limit, off = account.switch("max_clock_skew"), abs((moment - now).total_seconds())
    if limit and off > limit:
        why = Text(
            f"timestamp {timestamp} is {off:.0f} s off; the account allows {limit} s "
            "(Asia/Shanghai).",
            f"timestamp {timestamp} 偏差 {off:.0f} 秒；账户允许 {limit} 秒（东八区）。",
        )
        raise Refusal(code, why, "timestamp", hints=hints)
    notes.extend(hints)
