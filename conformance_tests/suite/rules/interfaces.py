"""The pushes of each kind of institution, in the groups in which checks take them.

A check of both kinds names a group: it runs once for each push of the kind at hand, and not at
all for a kind that has none in it.
"""

from collections.abc import Mapping
from typing import TypeAlias

#: Names of pushes, by the kind of institution.
Group: TypeAlias = Mapping[str, tuple[str, ...]]

#: The form that a browser posts: judged by effect alone (P51).
JUMPS: Group = {"insurer": ("order_page",)}
#: The notices, which are retried, and the questions, which are not (P19).
NOTICES: Group = {
    "insurer": ("order_status", "invoice_application", "bid_opening", "claim"),
    "guarantor": ("application", "order_status", "release", "claim"),
}
QUESTIONS: Group = {
    "insurer": ("verify", "query"),
    "guarantor": ("verify", "query", "release_search"),
}
#: Those with a text that its writer typed in freely.
TYPED: Group = {
    "insurer": ("invoice_application", "claim"),
    "guarantor": ("application", "release", "claim"),
}
VERIFY: Group = {"insurer": ("verify",), "guarantor": ("verify",)}
ORDER_STATUS: Group = {"insurer": ("order_status",), "guarantor": ("order_status",)}


def together(*groups: Group) -> Group:
    """Return the pushes of several groups, each kind's in their order."""
    kinds = dict.fromkeys(kind for group in groups for kind in group)
    return {kind: tuple(n for group in groups for n in group.get(kind, ())) for kind in kinds}


#: All that must be answered in JSON, and all that there are.
ANSWERED = together(NOTICES, QUESTIONS)
PUSHES = together(JUMPS, ANSWERED)

#: What the two manuals number differently, as ids and texts of checks of both kinds name it: the
#: chapter 接入流程说明, the call that reads an order, the notice of an order's status, the
#: call that tells of a payment.
NUMBERED: Mapping[str, Mapping[str, str]] = {
    "insurer": {"procedure": "3", "reading": "2.3", "status_notice": "2.2", "payment_call": "2.4"},
    "guarantor": {
        "procedure": "2",
        "reading": "2.2",
        "status_notice": "2.4",
        "payment_call": "2.3",
    },
}
#: The calls of each kind, all but the one for a token, and those that carry a guarantee.
CALLS: Group = {
    "insurer": (
        "insurer_get_guarantee_info",
        "insurer_apply_guarantee_result",
        "insurer_push_guarantee",
        "insurer_push_invoice",
        "insurer_push_guarantee_update",
        "update_claim",
        "get_claim_detail",
        "insurer_get_file_url",
        "insurer_get_branch_insurers",
        "insurer_get_order_company_info",
    ),
    "guarantor": (
        "get_guarantee_info",
        "notify_order_status",
        "guarantor_push_guarantee",
        "remove_guarantee",
        "cancel_order",
        "guarantor_update_claim_result",
        "guarantor_get_lp_info",
        "get_file_url",
    ),
}
DOCUMENTS: Group = {
    "insurer": ("insurer_push_guarantee", "insurer_push_guarantee_update"),
    "guarantor": ("guarantor_push_guarantee",),
}

#: The parameter by which a repeat of each notice is recognised.
NUMBERS: Mapping[str, str] = {
    "application": "order_no",
    "order_status": "order_no, order_status",
    "invoice_application": "invoice_id",
    "bid_opening": "block_number, open_tender_time",
    "release": "revoke_no",
    "claim": "claim_no",
}
#: The probe that counts the records of each notice's matter.
PROBES: Mapping[str, str] = {
    "application": "orders",
    "order_status": "orders",
    "invoice_application": "invoices",
    "bid_opening": "bid_openings",
    "release": "batches",
    "claim": "claims",
}
#: The notices that bring a record of their own into being, where a target can count them.
RECORDED: Group = {
    "insurer": ("invoice_application", "claim", "bid_opening"),
    "guarantor": ("application", "release", "claim"),
}
