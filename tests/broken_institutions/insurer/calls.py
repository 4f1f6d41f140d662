"""Mistakes in the calls that an insurer makes: parameters, names, documents, claims."""

from typing import Any

from broken_institutions.both.changed_calls import (
    CLAIM,
    DECIDE,
    INVOICE,
    REISSUE,
    change_call,
    drop_value,
    moved,
    set_values,
    short_name,
)
from broken_institutions.defects import defect
from reference_institution.insurer import claim_actions, document_actions
from reference_institution.insurer.store import InsurerStore as Store


def _in_camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


# Parameters in general.


@defect("insurer/2.4/request/complete", "insurer/2.4/function/accepted")
def names_the_block_as_its_java_bean_does() -> None:
    """Turns the bean into JSON with the mapper's default names: blockNumber, orderDoType."""

    def change(said: dict[str, Any], _file: list[Any]) -> None:
        for name in ("block_number", "block_name"):
            said[_in_camel_case(name)] = said.pop(name)

    change_call(DECIDE, change)


_LATER = {
    INVOICE: "invoice_id",
    REISSUE: "guarantee_no",
    CLAIM: "guarantee_no",
    "get_claim_detail": "guarantee_no",
    "insurer_get_file_url": "file_id",
    "insurer_get_branch_insurers": "insurer_name",
    "insurer_get_order_company_info": "order_no",
}


@defect(
    *(
        f"insurer/{section}/{word}"
        for section in ("2.9", "2.11", "3.2", "3.3", "4.1", "4.2", "4.3")
        for word in ("request/complete", "function/accepted")
    ),
    "insurer/3.2/request/guarantee-no",
    "insurer/3.3/request/names",
    "insurer/4.1/request/file-id",
)
def writes_camel_case_in_what_was_added_later() -> None:
    """The first calls were written by hand; the later ones come from beans with default names."""
    for method, name in _LATER.items():
        _rename(method, name)


def _rename(method: str, name: str) -> None:
    def change(said: dict[str, Any], _file: list[Any]) -> None:
        said[_in_camel_case(name)] = said.pop(name)

    change_call(method, change)


# Decisions (2.4).


@defect(
    *(
        f"insurer/2.4/request/operation-{action}"
        for action in ("confirm", "return_due_diligence", "pass_due_diligence", "offer")
    )
)
def counts_the_operations_from_zero() -> None:
    """Sends the ordinal of its enum as order_do_type."""
    set_values(DECIDE, order_do_type=lambda do_type: str(int(do_type) - 1))


@defect("insurer/2.4/request/operation-pay")
def reports_a_payment_as_an_offer() -> None:
    """Copied the offer's method for the payment and forgot to change the type."""
    set_values(DECIDE, order_do_type=lambda do_type: "3" if do_type == "4" else do_type)


@defect("insurer/2.4/request/cancelled")
def cancels_as_not_passed() -> None:
    """Has never seen status 3: to cancel is not to pass, surely."""
    set_values(DECIDE, status=lambda status: "2" if status == "3" else status)


@defect("insurer/2.4/request/price")
def separates_thousands() -> None:
    """Formats the price with the formatter of its web page."""
    set_values(DECIDE, price=lambda amount: f"{float(amount):,.2f}")


@defect("insurer/2.4/request/real-pay")
def pays_with_the_banks_four_decimals() -> None:
    """Hands on the amount as its payment provider writes it."""
    set_values(DECIDE, real_pay=lambda amount: f"{float(amount):.4f}")


@defect("insurer/2.4/request/end-date")
def writes_the_end_date_with_slashes() -> None:
    """Uses the date format of its own contracts."""
    set_values(DECIDE, guarantee_end_date=lambda day: day.replace("-", "/"))


@defect("insurer/2.3/function/offered-period")
def forgets_the_28_days() -> None:
    """Ends the guarantee with the validity of the bids."""
    set_values(DECIDE, guarantee_end_date=lambda day: moved(day, -28))


@defect(
    "insurer/2.4/request/note-return_due_diligence",
    "insurer/2.4/request/note-pass_due_diligence",
    "insurer/2.4/request/note-cancel",
)
def forgets_the_note() -> None:
    """The column says 否 (not required), so the note is never sent."""
    drop_value(DECIDE, "note")


@defect("insurer/2.3/function/names-in-2.4")
def calls_the_principal_as_its_customer_records_do() -> None:
    """Looks the company up among its own customers, which are kept by their short names."""
    set_values(DECIDE, principal=short_name)


@defect("insurer/2.3/function/names-in-2.11")
def calls_the_principal_by_its_short_name_in_a_reissue() -> None:
    """The re-issue takes the names from the policy system instead of from 2.3."""
    set_values(REISSUE, principal=short_name)


@defect("insurer/2.3/function/read-before-issue")
def trusts_what_it_stored() -> None:
    """Reads an order when it comes and after its own decisions, but not before it issues."""
    document_actions.current_order = lambda insurer, body: insurer.store.order(  # type: ignore[assignment]
        body["order_no"]
    )


@defect("insurer/2.3/function/moved-before-issue")
def keeps_the_dates_of_the_first_reading() -> None:
    """Copies the order into its policy system once; later readings change the status only."""
    rightly = Store.remember_order

    def remember(self: Store, data: Any, *revision: Any, **named: Any) -> bool:
        known = self.order(data["order_no"])
        first = known["data"] if known else data
        kept = ("bid_deadline", "guarantee_start_date", "guarantee_end_date")
        return rightly(self, {**data, **{n: first.get(n) for n in kept}}, *revision, **named)

    Store.remember_order = remember  # type: ignore[method-assign]


# Claims (3.2).


@defect("insurer/3.2/request/do-type-accept_claim", "insurer/3.2/request/do-type-refuse_claim")
def writes_do_type_in_lower_case() -> None:
    """Its own enum is written in lower case."""
    set_values(CLAIM, do_type=str.lower)


@defect("insurer/3.2/request/do-type-agree_claim")
def agrees_with_the_status() -> None:
    """Sends the status that the claim will have (5.7) instead of the operation."""
    set_values(CLAIM, do_type=lambda do: "WAIT_INDEMNITY" if do == "AGREE_INDEMNITY" else do)


@defect("insurer/3.2/request/do-type-finish_claim")
def finishes_as_it_agreed() -> None:
    """Agreeing and paying are one step in its claims system, so the step is reported again."""
    set_values(CLAIM, do_type=lambda do: "AGREE_INDEMNITY" if do == "FINISH_INDEMNITY" else do)


@defect("insurer/3.2/request/refuse-reason")
def refuses_a_claim_without_a_reason() -> None:
    """The column says 否 (not required), and the condition stands behind it."""
    drop_value(CLAIM, "refuse_reason")


@defect("insurer/3.2/request/number-after-reissue")
def decides_claims_under_the_number_of_the_notice() -> None:
    """Keeps the claim with the number that it came with, whatever happened to the guarantee."""
    claim_actions._names = lambda _insurer, known: {
        "claim_no": known["claim_no"],
        "guarantee_no": known["guarantee_no"],
    }
