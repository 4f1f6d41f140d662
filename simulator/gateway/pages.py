"""What the principal's browser sees: an order, and the jump to the insurer (2.1, P19).

These pages need no control token: a browser that follows `return_url` has none.
"""

from dataclasses import dataclass

from flask import render_template

from simulator import clock
from simulator.domain.institution import KINDS
from simulator.domain.order import BEFORE_PAYMENT, WAIT_PAY
from simulator.errors import SimulatorError
from simulator.operations.accounts import accounts
from simulator.operations.business import lookup, orders
from simulator.operations.outgoing import Notice
from simulator.operations.pushes import sealing
from simulator.operations.registry import Desk, PlatformConfig
from simulator.store.database import Database
from simulator.store.journal import Writer
from simulator.store.records import Account, JournalEntry, Order


def _find_payment_page(order: Order) -> str:
    """Return where a guarantor lets the principal pay, if that is a web address."""
    url = str((order.reply or {}).get("redirect_url", ""))
    return url if url.startswith(("http://", "https://")) else ""


@dataclass(frozen=True)
class Pages:
    """Renders the pages of the principal."""

    database: Database
    platform: PlatformConfig
    journal: Writer

    def render_order(self, btc_id: str, order_no: str) -> tuple[str, int]:
        """Return an order's page as the principal sees it, and the HTTP status."""
        try:
            with self.database.reading() as session:
                account = accounts.fetch(session, btc_id)
                desk = Desk(session, account, self.platform, clock.wall_now())
                order = lookup.fetch(desk, Order, order_no)
        except SimulatorError as error:
            return self._render_problem(error, 404)
        listed = self.platform.catalogue.states[account.kind]["order"]
        states = {row["state"]: row for row in listed}
        # An insurer is jumped to (2.1); a guarantor answered where to pay (guarantor 2.1).
        paged = self.platform.catalogue.find(account.kind, "order_page") is not None
        jump = f"{order_no}/jump" if paged and order.state in BEFORE_PAYMENT else ""
        if order.state == WAIT_PAY:
            jump = jump or _find_payment_page(order)
        page = render_template(
            "order.html",
            account=account,
            kind=KINDS[account.kind],
            order=order,
            states=states,
            jump=jump,
        )
        return page, 200

    def render_jump(self, btc_id: str, order_no: str) -> tuple[str, int]:
        """Return the form that the browser posts to the insurer, made afresh each time."""
        wall = clock.wall_now()
        try:
            with self.database.reading() as session:
                account = accounts.fetch(session, btc_id)
                desk = Desk(session, account, self.platform, wall)
                notice = orders.order_page(desk, lookup.fetch(desk, Order, order_no))
                url = account.endpoints.get("order_page")
                if not url:
                    raise SimulatorError(
                        "No endpoint is registered for order_page (2.1): set it with "
                        f"`conzhu-sim account endpoint {account.name} order_page URL`.",
                        "尚未登记 order_page（2.1）的跳转地址：请用 "
                        f"`conzhu-sim account endpoint {account.name} order_page URL` 设置。",
                    )
                sealed = sealing.seal(session, self.platform, account, notice, wall)
        except SimulatorError as error:
            return self._render_problem(error, 409)
        self._record(account, notice, wall, sealed, url)
        return render_template("jump.html", url=url, param=sealed.param), 200

    def _render_problem(self, error: SimulatorError, status: int) -> tuple[str, int]:
        return render_template("problem.html", text=error.text), status

    def _record(
        self, account: Account, notice: Notice, wall: float, sealed: sealing.Sealed, url: str
    ) -> None:
        entry = JournalEntry(
            account_id=account.id,
            wall=wall,
            at=account.clock.now(wall),
            direction="page",
            interface=notice.interface,
            about=notice.about,
            status="offered",
            sent={"params": dict(sealed.shown), "base": sealed.base, "url": url},
        )
        with self.database.writing() as session:
            self.journal.write(session, entry)
