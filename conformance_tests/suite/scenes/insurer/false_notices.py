"""False notices to insurers: those that every kind has, and of invoices and bid openings."""

import itertools
from collections.abc import Mapping
from typing import ClassVar

from conformance_tests.suite.platform.insurer import Platform
from conformance_tests.suite.rules.interfaces import PROBES
from conformance_tests.suite.rules.outcomes import NotApplicable
from conformance_tests.suite.scenes.both.false_notices import (
    NAMES,
    NOTHING,
    WRONG,
    Aftermath,
    AnyFalseNotices,
    names_of_guarantee,
    no_such,
)
from conformance_tests.suite.scenes.insurer.scene import Scene
from simulator import clock
from simulator.errors import Text

__all__ = ["NAMES", "WRONG", "Aftermath", "FalseNotices", "names_of_guarantee", "no_such"]


class FalseNotices(AnyFalseNotices):
    """Sends false notices to an insurer, and tells what came of each."""

    _platform: Platform
    _scene: Scene

    revoked: ClassVar[Mapping[str, str]] = {"claim_status": "REVOKED"}
    onward = "offer"
    _days = itertools.count(61)

    def another_issued(self) -> str:
        """Return an issued order that is not the one on which claims are made."""
        return self._scene.reissuable()

    def invoice(self, wrong: str) -> Aftermath:
        """Apply for an invoice over an order that does not exist: `alone` or `among-others`."""
        wrongs = ("alone", "among-others")
        return self._told("invoice_application", self._bill_falsely, wrongs, wrong)

    def bid_opening(self, wrong: str) -> Aftermath:
        """Move the bid opening of a block whose number, name or both do not fit (2.10)."""
        wrongs = ("block_number", "block_name", "both")
        return self._told("bid_opening", self._move_falsely, wrongs, wrong)

    def _bill_falsely(self, wrong: str) -> Aftermath:
        order_no = self._scene.shared_issued()
        invoice_id, push = self._platform.apply_for_invoice(order_no, is_electron="2")
        order_nos = {"alone": [no_such(order_no)], "among-others": [order_no, no_such(order_no)]}
        notice = self._platform.notice_of(push).saying(order_nos=",".join(order_nos[wrong]))
        answer = self._send(notice)
        records = self._count(PROBES["invoice_application"], invoice_id)
        return Aftermath(answer, self._did("issue_invoice", invoice_id=invoice_id), records)

    def _move_falsely(self, wrong: str) -> Aftermath:
        order_no = self._scene.shared_issued()
        block, guarantee = self._platform.block_of(order_no), self._platform.guarantee(order_no)
        changed = [*block] if wrong == "both" else [wrong]
        said = {**block, **{name: WRONG[name] for name in changed}}
        # Another day each time: what one false notice moved, the next must not find in its place.
        said["open_tender_time"] = clock.spoken(clock.wall_now() + next(self._days) * 86400)
        notice = self._scene.matter("bid_opening").notice.saying(**said)
        kind, number = PROBES["bid_opening"], said["block_number"]
        before, dates = self._count(kind, number), self._dates_of(guarantee)
        start = self._platform.mark()
        answer = self._send(notice)
        after = self._count(kind, number)
        effect = NOTHING
        if self._target.calls_for("reissue", since=start, order_no=order_no):
            effect = Text("the guarantee was issued anew (2.11)", "保函被重新签发（2.11）")
        elif (now := self._dates_of(guarantee)) != dates:
            effect = Text(
                f"2.7 now tells {now} instead of {dates}", f"2.7 现在返回 {now}，此前为 {dates}"
            )
        if isinstance(before, NotApplicable) or isinstance(after, NotApplicable):
            return Aftermath(answer, effect, before)
        return Aftermath(answer, effect, after - before)

    def _dates_of(self, guarantee: Mapping[str, object]) -> list[str]:
        data = (self._platform.query(guarantee)["answer"] or {}).get("data")
        said = data if isinstance(data, Mapping) else {}
        return [str(said.get(name)) for name in ("guarantee_start_date", "guarantee_end_date")]
