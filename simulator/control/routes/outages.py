"""What if: which pushes an institution would have lost in an outage, from the real outbox."""

import re
from collections import defaultdict
from datetime import datetime

from sqlalchemy import select

from simulator import shapes
from simulator.clock import SHANGHAI
from simulator.control.context import Control
from simulator.control.routing import SECONDS, TEXT, Request, route
from simulator.delivery.outage import Outage, PastAttempt, compute_fate
from simulator.errors import SimulatorError
from simulator.operations.business import lookup
from simulator.operations.registry import Desk
from simulator.store.records import Attempt, Push

_UNIX = re.compile(r"\d{9,10}(\.\d{1,6})?\Z", re.ASCII)
#: The form of timestamps on the wire (P9).
_STAMP = re.compile(r"\d{14}\Z", re.ASCII)
_YEARS = range(2000, 2200)


@route(
    "show_outage",
    "GET /accounts/{account}/outage",
    "What if the institution had not answered from a moment of the account's time on, for seconds: "
    "which pushes would have been lost, late or untouched",
    "假设机构从某时刻（账户时钟）起若干秒内无应答：哪些推送会丢失、迟到或不受影响",
    query={"from": TEXT, "for": SECONDS},
)
def show_outage(control: Control, request: Request) -> shapes.Outage:
    """Compute the fate of every notice; nothing is sent, and no clock moves."""
    query = request.query
    if "from" not in query or not float(query.get("for", 0)):
        raise SimulatorError(
            "Say when the outage begins and how many seconds it lasts: `from` and `for`.",
            "请给出中断的开始时刻与持续秒数：from 与 for。",
        )
    start = _moment(query["from"])
    outage = Outage(start, start + float(query["for"]))
    with control.view(request.path["account"]) as desk:
        rows, unscheduled = _fates(desk, outage)
    fates = [row["fate"] for row in rows]
    return {
        "from": outage.start,
        "to": outage.end,
        "lost": fates.count("lost"),
        "late": fates.count("late"),
        "untouched": fates.count("untouched"),
        "unscheduled": unscheduled,
        "pushes": rows,
    }


def _fates(desk: Desk, outage: Outage) -> tuple[list[shapes.OutagePush], int]:
    """Return the fate of each notice, and how many there are that nothing is scheduled for."""
    made: dict[int, list[PastAttempt]] = defaultdict(list)
    attempts = (
        select(Attempt.push_id, Attempt.started_at, Attempt.by_hand, Attempt.outcome)
        .join(Push, Push.id == Attempt.push_id)
        .where(Push.account_id == desk.account.id)
        .order_by(Attempt.push_id, Attempt.number)
    )
    for push_id, started_at, by_hand, outcome in desk.session.execute(attempts):
        made[push_id].append(PastAttempt(started_at, by_hand, outcome))
    rows: list[shapes.OutagePush] = []
    unscheduled = 0
    for push in lookup.find_all(desk, Push):
        interface = desk.platform.catalogue.interfaces[push.interface]
        if interface.delivery != "notice":
            continue
        would = compute_fate(outage, push.created_at, made[push.id], push.due)
        if would is None:
            unscheduled += 1
            continue
        rows.append(
            {
                "push": push.id,
                "interface": interface.id,
                "name": interface.name,
                "about": push.about,
                "fate": would.word,
                "first_due": would.first_due,
                "missed": would.missed,
                "arrives": would.arrives,
                "late": would.late,
            }
        )
    return rows, unscheduled


def _moment(text: str) -> float:
    """Return a moment in Unix seconds: it is given so, or as a time in Asia/Shanghai.

    Raises:
        SimulatorError: it is neither.
    """
    written = text.strip()
    if _UNIX.match(written):
        return float(written)
    try:
        if _STAMP.match(written):
            read = datetime.strptime(written, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
        else:
            read = datetime.fromisoformat(written)
            read = read if read.tzinfo else read.replace(tzinfo=SHANGHAI)
    except ValueError:
        read = None
    if read is None or read.year not in _YEARS:
        raise SimulatorError(
            f"Give a moment such as '2026-08-01 10:00' (Asia/Shanghai) or Unix seconds "
            f"(got {text!r}).",
            f"请给出时刻，例如 '2026-08-01 10:00'（东八区），或 Unix 秒数（收到 {text!r}）。",
        )
    return read.timestamp()
