"""Mistakes that break a whole flow at one of its steps."""

from collections.abc import Callable, Mapping
from typing import Any

from broken_institutions.defects import defect
from reference_institution import orders, questions
from reference_institution.actions import Body, CannotAct
from reference_institution.insurer import ACTIONS, Insurer, order_page
from reference_institution.insurer.notices import Notices
from reference_institution.insurer.store import InsurerStore as Store
from reference_institution.platform_client import PlatformClient, PlatformRefused
from reference_institution.pushes import NoticeRefused
from reference_institution.store import Row

Said = Mapping[str, str]


def _before_notice(name: str, look: Callable[[Notices, Said], None]) -> None:
    """Let a notice be looked at, and perhaps refused, before it is handled."""
    handle = getattr(Notices, name)

    def look_and_handle(self: Notices, said: Said) -> None:
        look(self, said)
        handle(self, said)

    setattr(Notices, name, look_and_handle)


def _with_calls(change: Callable[[str, dict[str, str]], Mapping[str, str]]) -> None:
    """Let every call say something else, by its method and parameters."""
    call = PlatformClient.call

    def call_otherwise(
        self: PlatformClient, method: str, params: Said, *more: Any, **named: Any
    ) -> Any:
        return call(self, method, change(method, dict(params)), *more, **named)

    PlatformClient.call = call_otherwise  # type: ignore[method-assign]


@defect("insurer/0/functions/happy-path", "insurer/2.1/function/read-by-2.3")
def shows_the_jump_without_reading_the_order() -> None:
    """Shows an empty form for the principal to fill in; 2.3 was left for a later sprint."""
    known = orders.Orders.look_up

    def from_our_records(self: orders.Orders, order_no: str) -> Row | None:
        return self._store.order(order_no)

    def show(insurer: Insurer, param: str) -> tuple[str, int]:
        orders.Orders.look_up = from_our_records  # type: ignore[method-assign]
        try:
            return page(insurer, param)
        finally:
            orders.Orders.look_up = known  # type: ignore[method-assign]

    page = order_page.order_page
    _page_is(show)


@defect("insurer/2.1/offer/returns-and-pays")
def begins_anew_at_every_jump() -> None:
    """Makes an application of its own for every jump, and pays only for the newest, unoffered."""
    visits: dict[str, int] = {}
    look_up, pay = orders.Orders.look_up, ACTIONS["pay"]
    page = order_page.order_page

    def show(insurer: Insurer, param: str) -> tuple[str, int]:
        def count(self: orders.Orders, order_no: str) -> Row | None:
            visits[order_no] = visits.get(order_no, 0) + 1
            return look_up(self, order_no)

        orders.Orders.look_up = count  # type: ignore[method-assign]
        try:
            return page(insurer, param)
        finally:
            orders.Orders.look_up = look_up  # type: ignore[method-assign]

    def pay_the_newest(insurer: Insurer, body: Body) -> Any:
        if visits.get(str(body.get("order_no")), 0) > 1:
            raise CannotAct("The application was not offered yet.")
        return pay(insurer, body)

    ACTIONS["pay"] = pay_the_newest
    _page_is(show)


def _page_is(show: Callable[[Insurer, str], tuple[str, int]]) -> None:
    from reference_institution.insurer import institution

    institution.order_page = show  # type: ignore[attr-defined]


@defect("insurer/0/functions/due-diligence")
def never_takes_a_status_twice() -> None:
    """Its state machine has no way back: a returned order that was submitted again is refused."""

    def look(_: Notices, said: Said) -> None:
        if said["order_status"] == "WAIT_TUNE_UP":
            raise NoticeRefused(404, "状态不可回退")

    _before_notice("order_status", look)


@defect("insurer/2.4/function/cancels")
def cancels_without_a_reason() -> None:
    """Leaves `note` away when it cancels: the table calls it optional (否)."""

    def change(_: str, params: dict[str, str]) -> Said:
        return {k: v for k, v in params.items() if k != "note" or params.get("status") != "3"}

    _with_calls(change)


@defect("insurer/2.4/paid/still-issued")
def cancels_its_own_order_first() -> None:
    """Deletes the order in its own system, then tells the platform; the refusal is only logged."""
    cancelled: set[str] = set()
    cancel, issue = ACTIONS["cancel"], ACTIONS["issue"]

    def cancel_here_first(insurer: Insurer, body: Body) -> Any:
        cancelled.add(str(body.get("order_no")))
        return cancel(insurer, body)

    def issue_living(insurer: Insurer, body: Body) -> Any:
        if str(body.get("order_no")) in cancelled:
            raise CannotAct("The order was cancelled.")
        return issue(insurer, body)

    ACTIONS.update(cancel=cancel_here_first, issue=issue_living)


@defect("insurer/2.9/function/electronic")
def sends_the_invoice_without_its_hash() -> None:
    """Forgets `invoice_pdf_hash`, which the table calls optional (否), beside the file."""

    def change(_: str, params: dict[str, str]) -> Said:
        return {name: value for name, value in params.items() if name != "invoice_pdf_hash"}

    _with_calls(change)


@defect("insurer/2.9/function/paper")
def mails_paper_invoices_and_says_nothing() -> None:
    """A paper invoice goes by mail: nobody thought that the platform is to be told."""
    push = ACTIONS["invoice"]

    def invoice(insurer: Insurer, body: Body) -> Any:
        wanted = insurer.store.invoice(str(body.get("invoice_id")))
        if wanted and wanted["content"]["is_electron"] == "2":
            return "已邮寄"
        return push(insurer, body)

    ACTIONS["invoice"] = invoice


@defect("insurer/2.8/request/several-orders")
def takes_order_nos_for_one_number() -> None:
    """Looks `order_nos` up as it comes, comma and all."""

    def look(self: Notices, said: Said) -> None:
        if self._orders.fitting(said["order_nos"], {}) is None:
            raise NoticeRefused(404, f"订单不存在：{said['order_nos']}")

    _before_notice("invoice", look)


@defect("insurer/2.10/request/changed-time")
def knows_delays_only() -> None:
    """Its notice is called 延期开标, so it takes type 2 and calls everything else wrong."""

    def look(_: Notices, said: Said) -> None:
        if said["type"] != "2":
            raise NoticeRefused(404, "参数错误：type")

    _before_notice("bid_opening", look)


@defect("insurer/2.3/function/moved-dates")
def trusts_its_first_copy_of_an_order() -> None:
    """Reads an order by 2.3 once, caches the dates for good, and only looks at the status again."""
    remember, first = Store.remember_order, {}
    dates = ("bid_deadline", "guarantee_start_date", "guarantee_end_date")

    def keep(self: Store, data: Mapping[str, Any], revision: int | None = None) -> bool:
        copy = first.setdefault(data["order_no"], {name: data.get(name) for name in dates})
        return remember(self, {**data, **copy}, revision)

    Store.remember_order = keep  # type: ignore[method-assign]


@defect("insurer/2.11/function/reissued")
def names_the_new_number_as_the_old_one() -> None:
    """Fills `guarantee_no_old` from the record that it has just overwritten."""

    def change(method: str, params: dict[str, str]) -> Said:
        if method == "insurer_push_guarantee_update":
            params["guarantee_no_old"] = params["guarantee_no"]
        return params

    _with_calls(change)


@defect("insurer/2.7/function/reissued")
def answers_by_the_first_number_for_good() -> None:
    """Does not store what 2.11 returned: its records stay those of the first guarantee."""
    query = questions.Questions.query

    def tell(self: questions.Questions, said: Said) -> dict[str, Any]:
        if said.get("guarantee_no", "").endswith("-2"):
            raise NoticeRefused(2702, "保函不存在")
        return query(self, said)

    questions.Questions.query = tell  # type: ignore[method-assign]


@defect("insurer/3.1/function/reissued")
def files_claims_under_the_first_number() -> None:
    """Its claims department has a list of its own, which nobody told of the re-issue."""

    def look(_: Notices, said: Said) -> None:
        if said["guarantee_no"].endswith("-2"):
            raise NoticeRefused(404, "保函不存在")

    _before_notice("claim", look)


@defect("insurer/3.1/function/refused")
def refuses_claims_without_a_reason() -> None:
    """Leaves `refuse_reason` away: the condition in the table names REFUSE_NDEMNITY, after all."""

    def change(_: str, params: dict[str, str]) -> Said:
        return {name: value for name, value in params.items() if name != "refuse_reason"}

    _with_calls(change)


@defect("insurer/3.1/function/paid")
def pays_without_agreeing_first() -> None:
    """Pays an accepted claim at once and reports only that: 3.2 has no order, it thinks."""
    claim = ACTIONS["claim"]

    def decide(insurer: Insurer, body: Body) -> Any:
        return "成功" if body.get("do") == "AGREE_INDEMNITY" else claim(insurer, body)

    ACTIONS["claim"] = decide


@defect("insurer/4.2/request/access-party")
def lists_branches_by_its_own_name() -> None:
    """Sends its own branch's name as insurer_name, and is answered with nobody."""

    def change(method: str, params: dict[str, str]) -> Said:
        if method == "insurer_get_branch_insurers":
            params["insurer_name"] = f"{params['insurer_name']}福州分公司"
        return params

    _with_calls(change)


@defect("insurer/4.3/function/read")
def asks_for_companies_by_block() -> None:
    """Asks 4.3 for the companies of a block: that is where they are in its own records."""
    refused = PlatformRefused

    def companies(insurer: Insurer, body: Body) -> Any:
        order = insurer.store.order(str(body.get("order_no")))
        if order is None:
            raise refused(1101, "订单不存在")
        params = {"order_no": order["block_number"]}
        return insurer.client.call("insurer_get_order_company_info", params)

    ACTIONS["companies"] = companies
