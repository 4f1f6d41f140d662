"""Mistakes of a guarantor that break a whole flow at one of its steps."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from broken_institutions.both.spoiling import Handle, Said, around
from broken_institutions.defects import defect
from reference_institution import questions
from reference_institution.actions import Action, Body, CannotAct
from reference_institution.guarantor import ACTIONS, Guarantor, notices
from reference_institution.institution import Institution
from reference_institution.pushes import NoticeRefused


def _before_notice(path: str, look: Callable[[Institution, Said], None]) -> None:
    """Let a notice be looked at, and perhaps refused, before it is handled."""

    def wrap(institution: Institution, at: str, handle: Handle) -> Handle:
        def look_and_handle(said: Any) -> Any:
            look(institution, said)
            return handle(said)

        return look_and_handle if at == path else handle

    around(wrap)


def _answer_of_applications(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change what the answer to 2.1 says."""

    def wrap(_: Institution, at: str, handle: Handle) -> Handle:
        return (lambda said: change(dict(handle(said)))) if at == "/application" else handle

    around(wrap)


# Applications.


@defect("guarantor/2.1/function/acted-upon", "guarantor/0/functions/happy-path")
def leaves_applications_to_a_nightly_job() -> None:
    """Acknowledges an application and writes it into a file; at night a job reads the files in."""
    around(lambda _, at, handle: (lambda said: {}) if at == "/application" else handle)

    def knowing(act: Action) -> Action:
        def act_on_known(guarantor: Guarantor, body: Body) -> Any:
            if not guarantor.store.find("applications", str(body.get("order_no"))):
                raise CannotAct("There is no such order.")
            return act(guarantor, body)

        return act_on_known

    for name in ("forward", "withdraw", "cancel", "issue"):
        ACTIONS[name] = knowing(ACTIONS[name])


@defect("guarantor/2.1/function/separate")
def takes_direct_orders_only() -> None:
    """The table says 固定：1, so every other ktype is an error."""

    def look(_: Institution, said: Said) -> None:
        if said["ktype"] != "1":
            raise NoticeRefused(404, "参数错误：ktype")

    _before_notice("/application", look)


@defect("guarantor/2.1/request/minimal")
def wants_a_project_name() -> None:
    """The column of its database is NOT NULL."""

    def look(_: Institution, said: Said) -> None:
        if not said.get("project_name"):
            raise NoticeRefused(404, "参数缺失：project_name")

    _before_notice("/application", look)


@defect(
    *(
        f"guarantor/2.1/request/type-{project_type}"
        for project_type in ("EPC", "rail_transit", "other")
    )
)
def knows_the_types_of_its_first_projects() -> None:
    """Its enum has the project types that it met in the test environment."""

    def look(_: Institution, said: Said) -> None:
        if said["project_type"] not in ("construction", "purchase", "design", "supervisor"):
            raise NoticeRefused(404, "No enum constant ProjectType")

    _before_notice("/application", look)


@defect("guarantor/2.1/data/state-standard")
def answers_with_the_state_of_the_other_line() -> None:
    """Has one constant for "we look into it", made for 分离式, where it began."""
    _answer_of_applications(lambda answer: {**answer, "order_status": "WAIT_APPROVAL_DATA"})


@defect("guarantor/2.1/data/state-separate")
def answers_every_application_like_the_sample() -> None:
    """Copies the manual's sample: every order waits for its payment."""
    _answer_of_applications(lambda answer: {**answer, "order_status": "WAIT_PAY"})


@defect("guarantor/2.1/data/pay-method")
def names_its_own_way_of_paying() -> None:
    """Sends the code of its payment provider."""
    _answer_of_applications(lambda answer: {**answer, "pay_method": "WECHAT"})


@defect("guarantor/2.1/data/redirect-url")
def answers_a_path_instead_of_an_address() -> None:
    """The router of its framework makes paths; nobody put the host before it."""
    _answer_of_applications(lambda answer: {**answer, "redirect_url": "/payment"})


@defect("guarantor/2.1/data/same-again")
def makes_out_a_new_ticket_for_each_answer() -> None:
    """The address of the payment page has a ticket in it, made for each answer."""
    tickets = itertools.count(1)

    def change(answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "redirect_url": f"{answer['redirect_url']}?ticket={next(tickets)}"}

    _answer_of_applications(change)


# Orders.


@defect("guarantor/0/functions/separate-line", "guarantor/0/functions/returned-data")
def asks_for_a_payment_on_both_lines() -> None:
    """Has one line of states: what is approved waits for its payment."""
    forward = ACTIONS["forward"]

    def go(guarantor: Guarantor, body: Body) -> Any:
        order = guarantor.store.order(str(body.get("order_no")))
        if order and str(order["data"]["ktype"]) == "2":
            body = {**body, "order_status": "WAIT_PAY"}
        return forward(guarantor, body)

    ACTIONS["forward"] = go


@defect(
    *(
        f"guarantor/0/functions/returned-{returned}"
        for returned in ("first_trial", "due_diligence", "data")
    )
)
def takes_a_return_for_the_end() -> None:
    """Closes the file of an order that it returns; whoever wants a guarantee applies anew."""
    closed: set[str] = set()
    withdraw = ACTIONS["withdraw"]

    def close(guarantor: Guarantor, body: Body) -> Any:
        answer = withdraw(guarantor, body)
        closed.add(str(body.get("order_no")))
        return answer

    def if_open(act: Action) -> Action:
        def act_on_open(guarantor: Guarantor, body: Body) -> Any:
            if str(body.get("order_no")) in closed:
                raise CannotAct("The file is closed.")
            return act(guarantor, body)

        return act_on_open

    ACTIONS["withdraw"] = close
    for name in ("forward", "issue"):
        ACTIONS[name] = if_open(ACTIONS[name])


@defect("guarantor/2.11/function/issued-stays")
def cancels_its_own_records_first() -> None:
    """Deletes the order in its own system, then tells the platform; the refusal is only logged."""
    cancelled: set[str] = set()
    cancel, query = ACTIONS["cancel"], questions.Questions.query

    def cancel_here_first(guarantor: Guarantor, body: Body) -> Any:
        cancelled.add(str(body.get("order_no")))
        return cancel(guarantor, body)

    def tell(self: questions.Questions, said: Mapping[str, str]) -> dict[str, Any]:
        if any(said.get("guarantee_no", "").endswith(order_no) for order_no in cancelled):
            raise NoticeRefused(2702, "保函不存在")
        return query(self, said)

    ACTIONS["cancel"] = cancel_here_first
    questions.Questions.query = tell  # type: ignore[method-assign]


@defect("guarantor/2.4/request/applicant-separate")
def compares_every_applicant_with_the_principal() -> None:
    """Tested 直开式 alone, where the applicant is the principal."""
    notices.applicant = lambda order, _company: str(order["principal"])


@defect("guarantor/2.4/request/applicant")
def compares_every_applicant_with_itself() -> None:
    """Took the first half of the remark for the whole: 申请人为担保公司."""
    notices.applicant = lambda _order, company: company


@defect("guarantor/2.4/function/finished", "guarantor/0/functions/happy-path")
def ends_with_the_guarantee() -> None:
    """Its states end with 已出函; FINISH is an unknown one."""

    def look(_: Institution, said: Said) -> None:
        if said["order_status"] == "FINISH":
            raise NoticeRefused(404, "No enum constant OrderStatus.FINISH")

    _before_notice("/order-status", look)


# Releases and claims.


@defect("guarantor/2.9/function/whole-block")
def releases_a_block_once() -> None:
    """Keeps a flag "released" with the block: its second guarantee finds it set."""
    released: set[str] = set()
    release = ACTIONS["release"]

    def once(guarantor: Guarantor, body: Body) -> Any:
        known = guarantor.store.release(str(body.get("guarantee_no")))
        if known and known["block_number"] in released:
            raise CannotAct("The block was released already.")
        answer = release(guarantor, body)
        if known:
            released.add(known["block_number"])
        return answer

    ACTIONS["release"] = once


@defect("guarantor/3.1/function/claimed-again")
def keeps_one_claim_for_each_guarantee() -> None:
    """The unique key of its claims is the guarantee's number."""

    def look(institution: Institution, said: Said) -> None:
        known = institution.store.find("claims", said["guarantee_no"])
        if any(claim["claim_no"] != said["claim_no"] for claim in known):
            raise NoticeRefused(404, "该保函已申请理赔")

    _before_notice("/claim", look)
