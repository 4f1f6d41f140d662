"""The insurer as a whole (保险公司)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Flask
from flask.typing import ResponseReturnValue

from reference_institution import pushes
from reference_institution.actions import Actions
from reference_institution.institution import Handler, Institution
from reference_institution.insurer.notices import Notices
from reference_institution.insurer.order_page import order_page
from reference_institution.insurer.store import InsurerStore
from reference_institution.store import Row

#: An insurer's actions; the modules of actions register them.
ACTIONS = Actions()
action = ACTIONS.add
_INSURANCE_POLICY = 4


@dataclass(frozen=True)
class Insurer(Institution):
    """Everything that an insurer's actions and answers to pushes need."""

    store: InsurerStore

    store_type: ClassVar[type[InsurerStore]] = InsurerStore
    order_call: ClassVar[str] = "insurer_get_guarantee_info"
    number_prefix: ClassVar[str] = "PL"
    actions: ClassVar[Actions] = ACTIONS

    def handlers(self) -> Mapping[str, Handler]:
        """Return the handler of each notice by its path."""
        notices = Notices(self.store, self.orders)
        return {
            "/order-status": notices.order_status,
            "/invoice": notices.invoice,
            "/bid-opening": notices.bid_opening,
            "/claim": notices.claim,
        }

    def own_particulars(self, order: Row) -> dict[str, Any]:
        """Return the kind of guarantee: an insurance policy (保险保单, insurer 2.7)."""
        return {"ktype": _INSURANCE_POLICY}

    def add_pages(self, app: Flask) -> None:
        """Add the page to which the platform sends the principal (insurer 2.1)."""

        @app.post("/order-page")
        def show_order() -> ResponseReturnValue:
            """Show the order that the principal's browser names."""
            return order_page(self, pushes.param())
