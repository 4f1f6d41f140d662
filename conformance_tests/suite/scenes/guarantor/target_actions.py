"""What a guarantor does on its own behalf: orders of both lines, releases, claims."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from conformance_tests.suite.rules.outcomes import NotApplicable
from conformance_tests.suite.scenes.both.target_actions import TargetAction, TargetActions
from conformance_tests.suite.scenes.guarantor.scene import Scene

#: An order's life on each line, as far as the target drives it; without the last two there is none.
_DIRECT = (
    "return_first_trial",
    "pass_first_trial",
    "return_due_diligence",
    "pass_due_diligence",
    "offer",
    "pay",
    "issue",
)
_SEPARATE = ("return_data", "approve", "issue")
_INDISPENSABLE = ("pay", "approve")
_RETURNS = ("return_first_trial", "return_due_diligence", "return_data")
#: The states that an order goes through, and to which of them an action takes it.
_PATH = ("WAIT_FIRST_TRAIL", "WAIT_TUNE_UP", "WAIT_OFFER", "WAIT_PAY", "WAIT_OUT_GUARANTEE")
_LEADS_TO = {
    "pass_first_trial": "WAIT_TUNE_UP",
    "pass_due_diligence": "WAIT_OFFER",
    "offer": "WAIT_PAY",
    "pay": "WAIT_OUT_GUARANTEE",
    "approve": "WAIT_OUT_GUARANTEE",
}
#: The action by which each call of the manual is seen; 2.3 by the last step before the guarantee.
_SHOWN_BY = {
    "get_guarantee_info": "refresh_order",
    "guarantor_push_guarantee": "issue",
    "remove_guarantee": "release",
    "cancel_order": "cancel",
    "guarantor_update_claim_result": "accept_claim",
    "guarantor_get_lp_info": "refresh_claim",
    "get_file_url": "renew_file_url",
}
#: The claims that each result of 3.2 needs before it.
_RESULTS: Mapping[str, tuple[str, ...]] = {
    "accept_claim": (),
    "return_claim": (),
    "mediate_claim": ("accept_claim",),
    "compensate_claim": ("accept_claim",),
    "settle_claim_by_principal": ("accept_claim",),
    "reject_claim": ("accept_claim",),
    "recover_by_counter_guarantee": ("accept_claim", "compensate_claim"),
    "recover_by_court": ("accept_claim", "compensate_claim"),
    "recover_from_principal": ("accept_claim", "compensate_claim"),
}
#: Those that claims on guarantees of the separate product alone can come to (分离式才有).
_SEPARATE_RESULTS: Mapping[str, tuple[str, ...]] = {
    "compensate_claim_as_company": ("accept_claim",),
    "recover_as_company": ("accept_claim", "compensate_claim_as_company"),
}


class Actions(TargetActions):
    """A guarantor's actions of a run, done when they are first asked for."""

    _scene: Scene

    def makers(self) -> Mapping[str, Callable[[], TargetAction]]:
        """Return what does each action, by its name.

        Beside the actions: `issue_separately`, of an order of the separate product;
        `issue_without_token`, told by 1006 that its token is over.
        """
        return {
            **{name: partial(self._in_life, name, _DIRECT) for name in _DIRECT},
            **{name: partial(self._in_life, name, _SEPARATE) for name in _SEPARATE},
            **{name: partial(self._on_claim, name) for name in (*_RESULTS, *_SEPARATE_RESULTS)},
            "issue": partial(self._in_life, "issue", self._usual_life),
            "issue_separately": partial(self._in_life, "issue", _SEPARATE),
            "refresh_order": lambda: self._act("refresh_order", self._order("life")),
            "cancel": lambda: self._act("cancel", self._order("cancelled")),
            "issue_without_token": self._issue_without_token,
            "release": self._release,
            "refresh_claim": self._refresh_claim,
            "renew_file_url": self._renew_file_url,
        }

    def showing(self, method: str) -> TargetAction:
        """Return the action by which a call of the manual is seen."""
        if method in _SHOWN_BY:
            return self.of(_SHOWN_BY[method])
        return self.with_amounts()[0]

    def with_amounts(self) -> Sequence[TargetAction]:
        """Return the step after which the guarantee is due (2.3)."""
        return [self.of(self._usual_life[-2])]

    @property
    def _usual_life(self) -> tuple[str, ...]:
        return _SEPARATE if self._scene.platform.usual == "separate" else _DIRECT

    # What shows how the target keeps its token: the read (2.2), or the first step (2.3).

    @property
    def reading(self) -> str:
        """The section of the call that the target makes about a new order."""
        return "2.2" if self._scene.target.can("refresh_order") else "2.3"

    def reads_a_new_order(self) -> bool:
        """Let a principal come with a new order; return whether the target then makes its call."""
        order_no = self._arrived()
        return self._scene.target.succeeds(self._first_step(order_no), order_no=order_no)

    def meets_a_new_order(self) -> None:
        """Let a principal come with a new order, and the target try to make its call."""
        order_no = self._arrived()
        self._scene.target.try_to(self._first_step(order_no), order_no=order_no)

    def _arrived(self) -> str:
        order_no = self._scene.platform.apply()
        self._scene.platform.bring(order_no)
        return order_no

    def _first_step(self, order_no: str) -> str:
        return (
            "refresh_order"
            if self._scene.target.can("refresh_order")
            else self._scene.next_step(order_no)
        )

    def ready_for(self, action: str) -> dict[str, str]:
        """Bring an order or a claim to where the target can act on it; return the action's values.

        Raises:
            Blocked: that did not succeed.
        """
        if action == "issue":
            return {"order_no": self._scene.paid()}
        if action == "release":
            return self._scene.release_values(self._scene.revoked())
        if action in _RESULTS:
            return {"claim_no": self._claim(self._scene.shared_issued())}
        return {"order_no": self._scene.spare_order()}

    def _in_life(self, name: str, life: tuple[str, ...]) -> TargetAction:
        self._scene.expect_declared(name)
        order_no = self._order("life") if life is self._usual_life else self._separate_order()
        for earlier in life[: life.index(name)]:
            if earlier in self._done or not self._is_behind(earlier, order_no):
                if earlier in _INDISPENSABLE:
                    self._needed(earlier)
                elif self._scene.target.can(earlier):
                    self.of(earlier)
        if self._is_behind(name, order_no):
            raise NotApplicable(
                f"the order was further already: there was nothing left for `{name}` to tell",
                f"订单已越过该步骤，无需再执行 `{name}`",
            )
        deed = self._act(name, order_no)
        if name in _RETURNS and deed.accepted:
            platform = self._scene.platform
            platform.deliver(platform.submit(order_no))
            platform.settle()
        return deed

    def _is_behind(self, action: str, order_no: str) -> bool:
        """Return whether an order has come as far as an action would take it, by 2.1's answer."""
        reached = _PATH[_PATH.index(_LEADS_TO[action]) :] if action in _LEADS_TO else ()
        return self._scene.platform.state(order_no) in reached

    def _separate_order(self) -> str:
        if "separate" not in self._orders:
            self._orders["separate"] = self._scene.separate_order()
        return self._orders["separate"]

    def _release(self) -> TargetAction:
        self._scene.expect_declared("release")
        order_no = self._scene.revoked()
        values = self._scene.release_values(order_no)
        batch = next(
            each
            for each in reversed(self._scene.platform.get("releases"))
            if each["block_number"] == values["block_number"]
        )
        return self._act("release", order_no, batch, **values)

    def _on_claim(self, name: str) -> TargetAction:
        self._scene.expect_declared(name)
        separate = name in _SEPARATE_RESULTS
        scene = self._scene
        order_no = scene.shared_issued_separately() if separate else scene.shared_issued()
        claim_no = self._claim(order_no)
        for earlier in (_SEPARATE_RESULTS if separate else _RESULTS)[name]:
            scene.target.act(earlier, claim_no=claim_no)
        return self._about_claim(name, claim_no)

    def _refresh_claim(self) -> TargetAction:
        return self._about_claim("refresh_claim", self._claim(self._scene.shared_issued()))
