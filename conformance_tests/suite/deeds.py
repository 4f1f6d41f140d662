"""What the target does on its own behalf, each deed once in a run, for many checks to judge.

A deed is an action under right circumstances, with every call that came of it: what a call said
is judged whether the platform took it or not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.outcomes import Blocked, NoEffect, NotApplicable
from conformance_tests.suite.seen import Call

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
_INDISPENSABLE = ("offer", "pay", "issue")
_CLAIM = ("accept_claim", "agree_claim", "finish_claim")


@dataclass(frozen=True)
class Deed:
    """One action and its calls, oldest first.

    `order` is the order as the platform had it just before, `guarantee` its valid guarantee
    then, `matter` what else the action was about: an invoice, a claim.
    """

    action: str
    calls: list[Call]
    said: str
    succeeded: bool
    order: Mapping[str, Any] = field(default_factory=dict)
    guarantee: Mapping[str, Any] = field(default_factory=dict)
    matter: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether the platform took a call of it."""
        return any(call.accepted for call in self.calls)

    @property
    def call(self) -> Call:
        """The call to be judged: the accepted one, else the last that was refused.

        Raises:
            NoEffect: none came.
        """
        taken = [call for call in self.calls if call.accepted] or self.calls[-1:]
        if not taken:
            raise NoEffect(f"`{self.action}` led to no call (the action said: {self.said})")
        return taken[0]

    @property
    def params(self) -> Mapping[str, Any]:
        """The decrypted parameters of that call."""
        return self.call.params

    @property
    def serial_num(self) -> str:
        """The serial number that the platform gave a guarantee in its answer.

        Raises:
            Blocked: it gave none.
        """
        data = self.call.data
        if not isinstance(data, dict) or not data.get("serial_num"):
            raise Blocked(f"the platform gave the guarantee no serial number: {self}")
        return str(data["serial_num"])

    def __str__(self) -> str:
        """Say what came of it, in one line."""
        calls = ", ".join(f"{call.status} {call.remark}".strip() for call in self.calls)
        return f"`{self.action}`: {calls or f'no call (the action said: {self.said})'}"


class Deeds:
    """The target's deeds of a run, done when they are first asked for."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._done: dict[str, Deed] = {}
        self._orders: dict[str, str] = {}
        self._claim_no = self._open_claim = ""
        self._tries: tuple[list[Call], list[Call]] | None = None

    def of(self, name: str) -> Deed:
        """Return a deed: an action under its own name, or one under particular circumstances.

        `issue_paper_invoice`; `issue_without_token`, told by 1006 that its token is over;
        `reissue_again`, after another changed bid opening; `accept_claim_reissued`, of a claim
        that was open when the guarantee was issued anew.

        Raises:
            NotApplicable: the target file does not declare the action.
            Blocked: what must come before it did not succeed.
        """
        if name in self._done:
            for call in self._done[name].calls:
                self._scene.platform.happened.append({"way": "journal", **call.entry})
            return self._done[name]
        makers: dict[str, Callable[[], Deed]] = {
            **dict.fromkeys(_LIFE, lambda: self._in_life(name)),
            **dict.fromkeys(_CLAIM, lambda: self._on_claim(name)),
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
        self._done[name] = makers[name]()
        return self._done[name]

    def reissued_order(self) -> str:
        """Return the order whose guarantee was issued anew.

        Raises:
            Blocked: that did not succeed.
        """
        self._needed("reissue")
        return self._orders["moved"]

    def two_tries(self) -> tuple[list[Call], list[Call]]:
        """Let a guarantee be issued while the platform fails once (404), and then again.

        Returns the calls of both tries; those of the second are none where the target has
        repeated the first by itself.
        """
        if self._tries is None:
            platform, target = self._scene.platform, self._scene.target
            order_no = self._scene.paid()
            method = target.effects["issue"].method
            platform.fault("answer", interface=method, about=order_no, value={"code": 404})
            _, first = target.calls_of("issue", order_no=order_no)
            issued = any(call.accepted for call in first)
            again = [] if issued else target.calls_of("issue", order_no=order_no)[1]
            self._tries = (first, again)
        return self._tries

    # What shows how the target keeps its token: the read (2.3) that a jump leads to.

    def reads_a_new_order(self) -> bool:
        """Let a principal jump with a new order; return whether the target then reads it by 2.3."""
        platform = self._scene.platform
        order_no = platform.apply()
        platform.open(order_no)
        call = platform.wait_for_call(_READ, order_no)
        return call is not None and call.accepted

    def with_living_token(self) -> None:
        """See to it that the target has a token that lives, by a restart if need be.

        Raises:
            Blocked: it makes no call that succeeds.
        """
        read = self.reads_a_new_order()
        if not read and self._scene.target.can("restart"):
            self._scene.target.restart()
            read = self.reads_a_new_order()
        if not read:
            raise Blocked("the target did not read an order by 2.3 after the jump")
        self._scene.platform.settle()

    def token_request(self) -> Call:
        """Return a request for a token, if possible one that the target makes just now.

        Raises:
            Blocked: it never made any.
        """
        self._scene.platform.fault("end_token")
        self.reads_a_new_order()
        asked = [c for c in self._scene.platform.calls_of_run() if c.method == "get_access_token"]
        if not asked:
            raise Blocked("the target asked for no token")
        return asked[-1]

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

    def queried(self, order_no: str) -> Mapping[str, Any]:
        """Ask 2.7 about an order's guarantee, and return the answer's data.

        Raises:
            Blocked: there is none.
        """
        platform = self._scene.platform
        guarantee = platform.guarantee(order_no)
        number, serial = str(guarantee["guarantee_no"]), str(guarantee["serial_num"])
        question = platform.compose("query", guarantee_no=number, serial_num=serial)
        answer = platform.send(question)
        if answer.status != "200" or not isinstance(answer.data, dict):
            raise Blocked(f"2.7 of the guarantee {number} was not answered: {answer}")
        return answer.data

    def _act(
        self, action: str, order_no: str = "", matter: Mapping[str, Any] | None = None, **ids: str
    ) -> Deed:
        platform, target = self._scene.platform, self._scene.target
        if not target.can(action):
            raise NotApplicable(f"the target file declares no action `{action}`")
        order = platform.order(order_no) if order_no else {}
        guarantee = platform.guarantee(order_no) if _is_issued(order) else {}
        values = {**({"order_no": order_no} if order_no else {}), **ids}
        done, calls = target.calls_of(action, **values)
        return Deed(action, calls, done.said, done.succeeded, order, guarantee, matter or {})

    def _needed(self, name: str) -> Deed:
        """Return a deed without which another cannot be done."""
        deed = self.of(name)
        if not deed.accepted:
            raise Blocked(f"what must come before did not succeed: {deed}")
        return deed

    def _order(self, role: str) -> str:
        if role not in self._orders:
            self._orders[role] = self._scene.platform.known_order()
        return self._orders[role]

    def _in_life(self, name: str) -> Deed:
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

    def _cancel(self) -> Deed:
        return self._act("cancel", self._order("cancelled"))

    def _invoice(self, is_electron: str) -> Deed:
        platform = self._scene.platform
        self._needed("pay")
        invoice_id, push = platform.apply_for_invoice(self._order("life"), is_electron=is_electron)
        self._tell(push)
        matter = platform.invoice(invoice_id)
        return self._act("issue_invoice", "", matter, invoice_id=invoice_id)

    def _tell(self, push: int) -> None:
        attempt = self._scene.platform.deliver(push)
        if not attempt.acknowledged:
            raise Blocked(f"the notice that must come before was not acknowledged: {attempt}")
        self._scene.platform.settle()

    def _issue_without_token(self) -> Deed:
        self.with_living_token()
        order_no = self._scene.paid()
        method = self._scene.target.effects["issue"].method
        # The very push meets the end of the token, not a call that goes before it.
        self._scene.platform.fault("answer", interface=method, value={"code": 1006})
        return self._act("issue", order_no)

    def _reissue(self) -> Deed:
        if not self._scene.target.can("reissue"):
            raise NotApplicable("the target file declares no action `reissue`")
        self._orders["moved"] = self._scene.issued()
        return self._moved(40)

    def _reissue_again(self) -> Deed:
        self._needed("reissue")
        self._open_claim = self._claim(self._orders["moved"])
        return self._moved(50)

    def _accept_claim_reissued(self) -> Deed:
        self._needed("reissue_again")
        return self._about_claim("accept_claim", self._open_claim)

    def _moved(self, days: int) -> Deed:
        order_no = self._orders["moved"]
        self._tell(self._scene.platform.move_bid_opening(order_no, days))
        return self._act("reissue", order_no)

    def _on_claim(self, name: str) -> Deed:
        if name == _CLAIM[0]:
            self._needed("issue")
            self._claim_no = self._claim(self._order("life"))
        else:
            self._needed(_CLAIM[_CLAIM.index(name) - 1])
        return self._about_claim(name, self._claim_no)

    def _refuse_claim(self) -> Deed:
        return self._about_claim("refuse_claim", self._claim(self._scene.shared_issued()))

    def _refresh_claim(self) -> Deed:
        return self._about_claim("refresh_claim", self._claim(self._scene.shared_issued()))

    def _claim(self, order_no: str) -> str:
        claim_no, push = self._scene.platform.apply_for_claim(order_no)
        self._tell(push)
        return claim_no

    def _about_claim(self, action: str, claim_no: str) -> Deed:
        claim = self._scene.platform.claim(claim_no)
        order = self._scene.platform.order(claim["order_no"])
        matter = {**claim, "principal": order["principal"], "creditor": order["creditor"]}
        return self._act(action, "", matter, claim_no=claim_no)

    def _renew_file_url(self) -> Deed:
        file = self._scene.platform.order(self._order("life"))["files"][0]
        return self._act("renew_file_url", "", file, file_id=str(file["file_id"]))


def _is_issued(order: Mapping[str, Any]) -> bool:
    return order.get("state") in ("HAS_OUT_GUARANTEE", "FINISH")
