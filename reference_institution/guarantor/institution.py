"""The guarantee company as a whole (担保公司)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Flask, request
from flask.typing import ResponseReturnValue

from reference_institution.actions import Actions
from reference_institution.guarantor import claim_notice, notices, release_notices
from reference_institution.guarantor.payment_page import payment_page
from reference_institution.guarantor.store import GuarantorStore
from reference_institution.institution import Handler, Institution
from reference_institution.pushes import uploads
from reference_institution.store import Row

#: A guarantee company's actions; the modules of actions register them.
ACTIONS = Actions()
action = ACTIONS.add


@dataclass(frozen=True)
class Guarantor(Institution):
    """Everything that a guarantee company's actions and answers to pushes need."""

    store: GuarantorStore

    store_type: ClassVar[type[GuarantorStore]] = GuarantorStore
    order_call: ClassVar[str] = "get_guarantee_info"
    number_prefix: ClassVar[str] = "BH"
    actions: ClassVar[Actions] = ACTIONS
    room_for_files: ClassVar[int] = claim_notice.MOST_FILES * claim_notice.FILE_LIMIT

    def handlers(self) -> Mapping[str, Handler]:
        """Return the handler of each push by its path."""
        orders = notices.Notices(self.store, self.orders, self.letter.company)
        releases = release_notices.Releases(self.store)
        claims = claim_notice.Claims(self.store, self.orders, self.letter.company)
        return {
            "/application": lambda said: orders.application(said, request.host_url),
            "/order-status": orders.order_status,
            "/release": lambda said: releases.release(said, uploads()),
            "/release-search": releases.search,
            "/claim": lambda said: claims.claim(said, uploads()),
        }

    def own_particulars(self, order: Row) -> dict[str, Any]:
        """Return an order's product and applicant: we ourselves for the separate one (2.7)."""
        ktype = str(order["data"]["ktype"])
        proposer = notices.applicant(order, self.letter.company)
        return {"ktype": int(ktype), "proposer": proposer}

    def add_pages(self, app: Flask) -> None:
        """Add the page to which 2.1's `redirect_url` leads the principal."""

        @app.get("/payment/<order_no>")
        def show_payment(order_no: str) -> ResponseReturnValue:
            """Show what is to be paid for an order."""
            return payment_page(self, order_no)
