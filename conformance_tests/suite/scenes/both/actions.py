"""What a target may be made to do, and by which call the platform sees that it was done."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from conformance_tests.suite.platform.seen import Call


@dataclass(frozen=True)
class Effect:
    """By which call the platform sees that an action was done.

    `about` is the placeholder whose value the journal keeps the call under; each of `parameters`
    must have its value, or one of several.
    """

    method: str
    about: str
    parameters: Mapping[str, str | Collection[str]] = field(default_factory=dict)
    #: A parameter that holds a list in JSON, and the placeholder whose value stands in it.
    listed: tuple[str, str] | None = None

    def is_shown_by(self, call: Call, values: Mapping[str, str]) -> bool:
        """Return whether a call of this method is the one for these placeholders."""
        for name, wanted in self.parameters.items():
            said = call.params.get(name)
            if said != wanted and (isinstance(wanted, str) or said not in wanted):
                return False
        if self.listed is None or self.listed[1] not in values:
            return True
        return values[self.listed[1]] in _numbers(str(call.params.get(self.listed[0], "")))


def _numbers(text: str) -> set[str]:
    """Return every value that stands in a list of objects, as text."""
    try:
        listed = json.loads(text)
    except ValueError:
        return set()
    items = listed if isinstance(listed, list) else []
    return {str(value) for item in items if isinstance(item, dict) for value in item.values()}


def _decision(**parameters: str) -> Effect:
    return Effect("insurer_apply_guarantee_result", "order_no", parameters)


def _insurance_claim(do_type: str) -> Effect:
    return Effect("update_claim", "claim_no", {"do_type": do_type})


def _forward(*states: str) -> Effect:
    return Effect("notify_order_status", "order_no", {"order_status": states})


def _returned() -> Effect:
    return Effect("notify_order_status", "order_no", {"is_withdraw": "1"})


def _result(do_type: str, status: str) -> Effect:
    parameters = {"do_type": do_type, "status": status}
    return Effect("guarantor_update_claim_result", "claim_no", parameters)


#: Every action that a target file may declare, by the kind of institution.
ACTIONS: Mapping[str, Mapping[str, Effect]] = {
    "insurer": {
        "confirm": _decision(order_do_type="1", status="1"),
        "return_due_diligence": _decision(order_do_type="2", status="2"),
        "pass_due_diligence": _decision(order_do_type="2", status="1"),
        "offer": _decision(order_do_type="3"),
        "pay": _decision(order_do_type="4"),
        "cancel": _decision(status="3"),
        "issue": Effect("insurer_push_guarantee", "order_no"),
        "reissue": Effect("insurer_push_guarantee_update", "order_no"),
        "issue_invoice": Effect("insurer_push_invoice", "invoice_id"),
        "accept_claim": _insurance_claim("ACCEPT"),
        "agree_claim": _insurance_claim("AGREE_INDEMNITY"),
        "refuse_claim": _insurance_claim("REFUSE_INDEMNITY"),
        "finish_claim": _insurance_claim("FINISH_INDEMNITY"),
        "refresh_order": Effect("insurer_get_guarantee_info", "order_no"),
        "refresh_claim": Effect("get_claim_detail", "claim_no"),
        "renew_file_url": Effect("insurer_get_file_url", "file_id"),
        "list_branches": Effect("insurer_get_branch_insurers", ""),
        "read_companies": Effect("insurer_get_order_company_info", "order_no"),
    },
    "guarantor": {
        # Any later state will do for a pass: whoever does no due diligence goes on at once (P31).
        "return_first_trial": _returned(),
        "pass_first_trial": _forward("WAIT_TUNE_UP", "WAIT_OFFER", "WAIT_PAY"),
        "return_due_diligence": _returned(),
        "pass_due_diligence": _forward("WAIT_OFFER", "WAIT_PAY"),
        "offer": _forward("WAIT_PAY"),
        "pay": _forward("WAIT_OUT_GUARANTEE"),
        "return_data": _returned(),
        "approve": _forward("WAIT_OUT_GUARANTEE"),
        "cancel": Effect("cancel_order", "order_no"),
        "issue": Effect("guarantor_push_guarantee", "order_no"),
        "release": Effect(
            "remove_guarantee", "block_number", listed=("remove_guarantee_data", "guarantee_no")
        ),
        "accept_claim": _result("1", "1"),
        "return_claim": _result("1", "2"),
        "mediate_claim": _result("2", "1"),
        "compensate_claim": _result("2", "2"),
        "compensate_claim_as_company": _result("2", "3"),
        "settle_claim_by_principal": _result("2", "4"),
        "reject_claim": _result("2", "5"),
        "recover_by_counter_guarantee": _result("3", "1"),
        "recover_by_court": _result("3", "2"),
        "recover_from_principal": _result("3", "3"),
        "recover_as_company": _result("3", "4"),
        "refresh_order": Effect("get_guarantee_info", "order_no"),
        "refresh_claim": Effect("guarantor_get_lp_info", "claim_no"),
        "renew_file_url": Effect("get_file_url", "file_id"),
    },
}

#: What a target may do before an action, by the kind of institution: several ways, of which it may
#: need one. An offer may follow the examination of an order (P24), and the refusal of a claim its
#: acceptance (P30).
BEFORE: Mapping[str, Mapping[str, Sequence[tuple[str, ...]]]] = {
    "insurer": {
        "offer": (("pass_due_diligence",), ("confirm",), ("confirm", "pass_due_diligence")),
        "refuse_claim": (("accept_claim",),),
    },
    "guarantor": {
        "pass_due_diligence": (("pass_first_trial",),),
        "offer": (("pass_due_diligence",), ("pass_first_trial", "pass_due_diligence")),
        "reject_claim": (("accept_claim",),),
    },
}


def shows_another(call: Call, action: str, kind: str) -> bool:
    """Return whether the platform took a call as the effect of another action by the same method.

    A call that was refused may be this action's with a wrong value.
    """
    effects = ACTIONS[kind]
    own = effects[action]
    return (
        call.accepted
        and not own.is_shown_by(call, {})
        and any(
            other.method == own.method and other.is_shown_by(call, {}) for other in effects.values()
        )
    )
