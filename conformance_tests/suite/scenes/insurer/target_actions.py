"""What an insurer does on its own behalf: an order's life, invoices, re-issues, claims."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from conformance_tests.suite.scenes.both.scene import Scene as AnyScene
from conformance_tests.suite.scenes.both.target_actions import TargetAction, TargetActions
from conformance_tests.suite.scenes.insurer.scene import Scene

__all__ = ["Actions", "TargetAction"]

#: An order's life, as far as the target drives it; without the last three there is none.
_LIFE = (
    "refresh_order",
    "confirm",
    "return_due_diligence",
    "pass_due_diligence",
    "offer",
    "pay",
    "issue",
)
_READ = "insurer_get_guarantee_info"
#: The action by which each call of the manual is seen.
_SHOWN_BY = {
    "insurer_get_guarantee_info": "refresh_order",
    "insurer_apply_guarantee_result": "offer",
    "insurer_push_guarantee": "issue",
    "insurer_push_invoice": "issue_invoice",
    "insurer_push_guarantee_update": "reissue",
    "update_claim": "accept_claim",
    "get_claim_detail": "refresh_claim",
    "insurer_get_file_url": "renew_file_url",
    "insurer_get_branch_insurers": "list_branches",
    "insurer_get_order_company_info": "read_companies",
}
_INDISPENSABLE = ("offer", "pay", "issue")
_CLAIM = ("accept_claim", "agree_claim", "finish_claim")


class Actions(TargetActions):
    """An insurer's actions of a run, done when they are first asked for."""

    _scene: Scene

    def __init__(self, scene: AnyScene) -> None:
        super().__init__(scene)
        self._claim_no = self._open_claim = ""

    def makers(self) -> Mapping[str, Callable[[], TargetAction]]:
        """Return what does each action, by its name.

        Beside the actions: `issue_paper_invoice`; `issue_without_token`, told by 1006 that its
        token is over; `reissue_again`, after another changed bid opening; `accept_claim_reissued`,
        of a claim that was open when the guarantee was issued anew.
        """
        return {
            **{name: partial(self._in_life, name) for name in _LIFE},
            **{name: partial(self._on_claim, name) for name in _CLAIM},
            "cancel": self._cancel,
            "issue_invoice": lambda: self._invoice("1"),
            "issue_paper_invoice": lambda: self._invoice("2"),
            "issue_without_token": self._issue_without_token,
            "reissue": self._reissue,
            "reissue_again": self._reissue_again,
            "accept_claim_reissued": self._accept_claim_reissued,
            "refuse_claim": self._refuse_claim,
            "refresh_claim": self._refresh_claim,
            "renew_file_url": self._renew_file_url,
            "list_branches": lambda: self._act("list_branches"),
            "read_companies": lambda: self._act("read_companies", self._order("life")),
        }

    def showing(self, method: str) -> TargetAction:
        """Return the action by which a call of the manual is seen."""
        return self.of(_SHOWN_BY[method])

    def reissued_order(self) -> str:
        """Return the order whose guarantee was issued anew.

        Raises:
            Blocked: that did not succeed.
        """
        self._needed("reissue")
        return self._orders["moved"]

    # What shows how the target keeps its token: the read (2.3) that a jump leads to.

    @property
    def reading(self) -> str:
        """The section of the call that reads an order."""
        return "2.3"

    def reads_a_new_order(self) -> bool:
        """Let a principal jump with a new order; return whether the target then reads it by 2.3."""
        platform = self._scene.platform
        order_no = platform.apply()
        platform.open(order_no)
        call = platform.wait_for_call(_READ, order_no)
        return call.accepted if call else platform.read_on_request(order_no)

    def meets_a_new_order(self) -> None:
        """Let a principal jump with a new order."""
        self._scene.platform.open(self._scene.platform.apply())
        self._scene.platform.settle()

    def with_amounts(self) -> Sequence[TargetAction]:
        """Return the offer and the payment (2.4)."""
        return [self.of("offer"), self.of("pay")]

    def ready_for(self, action: str) -> dict[str, str]:
        """Bring an order or a claim to where the target can act on it; return the action's values.

        Raises:
            Blocked: that did not succeed.
        """
        if action == "offer":
            return {"order_no": self._scene.platform.known_order()}
        if action == "issue":
            return {"order_no": self._scene.paid()}
        return {"claim_no": self._claim(self._scene.shared_issued())}

    def _in_life(self, name: str) -> TargetAction:
        for earlier in _LIFE[: _LIFE.index(name)]:
            if earlier in _INDISPENSABLE:
                self._needed(earlier)
            elif self._scene.target.can(earlier):
                self.of(earlier)
        deed = self._act(name, self._order("life"))
        if name == "return_due_diligence" and deed.accepted:
            platform = self._scene.platform
            platform.deliver(platform.submit(self._order("life")))
            platform.settle()
        return deed

    def _cancel(self) -> TargetAction:
        return self._act("cancel", self._order("cancelled"))

    def _invoice(self, is_electron: str) -> TargetAction:
        platform = self._scene.platform
        self._needed("pay")
        invoice_id, push = platform.apply_for_invoice(self._order("life"), is_electron=is_electron)
        self._tell(push)
        matter = platform.invoice(invoice_id)
        return self._act("issue_invoice", "", matter, invoice_id=invoice_id)

    def _reissue(self) -> TargetAction:
        self._scene.expect_declared("reissue")
        self._orders["moved"] = self._scene.issued()
        return self._moved(40)

    def _reissue_again(self) -> TargetAction:
        self._needed("reissue")
        self._open_claim = self._claim(self._orders["moved"])
        return self._moved(50)

    def _accept_claim_reissued(self) -> TargetAction:
        self._needed("reissue_again")
        return self._about_claim("accept_claim", self._open_claim)

    def _moved(self, days: int) -> TargetAction:
        order_no = self._orders["moved"]
        self._tell(self._scene.platform.move_bid_opening(order_no, days))
        return self._act("reissue", order_no)

    def _on_claim(self, name: str) -> TargetAction:
        if name == _CLAIM[0]:
            self._needed("issue")
            self._claim_no = self._claim(self._order("life"))
        else:
            self._needed(_CLAIM[_CLAIM.index(name) - 1])
        return self._about_claim(name, self._claim_no)

    def _refuse_claim(self) -> TargetAction:
        return self._about_claim("refuse_claim", self._claim(self._scene.shared_issued()))

    def _refresh_claim(self) -> TargetAction:
        return self._about_claim("refresh_claim", self._claim(self._scene.shared_issued()))
