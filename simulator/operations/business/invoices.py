"""Invoices: applied for by the principal (2.8), pushed by the insurer (2.9, P47)."""

from collections.abc import Mapping

from simulator import ids
from simulator.domain import order as states
from simulator.errors import Conflict, SimulatorError, Text
from simulator.operations.business import files, lookup
from simulator.operations.outgoing import Notice, announce, compose, interface_of
from simulator.operations.registry import Call, Desk, inbound, push
from simulator.protocol.codes import FAILED, Refusal
from simulator.protocol.form_files import Upload
from simulator.store.records import Invoice, Order

#: Members of 2.8 that the platform sets itself.
_OWN = ("sign", "timestamp", "invoice_id", "order_nos")
#: Members of 2.8 that a value-added-tax invoice (`invoice_type` 2) needs.
FOR_VALUE_ADDED_TAX = ("bank_name", "bank_account", "registered_address", "link_phone_number")


def apply(desk: Desk, order_nos: list[str], fields: Mapping[str, str]) -> Invoice:
    """Apply for one invoice over one or several orders, for the principal.

    `fields` are members of 2.8 that replace the ready-made ones (`is_electron`, `invoice_type`,
    `receiver_email` ...).

    Raises:
        SimulatorError: a field is unknown or does not fit.
        NotFound: an order is unknown.
        Conflict: an order is not paid yet or was cancelled.
    """
    if not order_nos:
        raise SimulatorError("An invoice needs at least one order.", "开票申请至少需要一个订单。")
    covered = [lookup.fetch(desk, Order, number) for number in order_nos]
    for order in covered:
        if order.state not in states.INVOICEABLE:
            raise Conflict(
                f"The order {order.order_no} is {order.state}; an invoice can be applied for "
                "once an insurer's order is paid (guarantors have no invoices).",
                f"订单 {order.order_no} 状态为 {order.state}；保险公司的订单支付后才能申请开票"
                "（担保公司没有开票业务）。",
            )
    first = covered[0]
    defaults = {
        "invoice_type": "1",
        "is_electron": "1",
        "company_name": first.principal,
        "identify_number": str(first.details.get("principal_social_credit_code", "")),
        "receiver_name": str(first.details.get("principal_name", "")),
        "receiver_phone_num": str(first.details.get("principal_phone", "")),
        "receiver_address": str(first.details.get("principal_address", "")),
        "receiver_email": "invoice@example.com",
    }
    number = desk.account.next_number()
    content = {
        "invoice_id": ids.digits(desk.account.seed, "invoice", number, 10),
        "order_nos": ",".join(order_nos),
        **defaults,
        **fields,
    }
    _check(desk, fields, content)
    invoice = Invoice(
        account_id=desk.account.id,
        invoice_id=content["invoice_id"],
        is_electron=content["is_electron"] == "1",
        fields=content,
    )
    desk.session.add(invoice)
    announce(desk, invoice_application(desk, invoice))
    return invoice


def _check(desk: Desk, fields: Mapping[str, str], content: Mapping[str, str]) -> None:
    interface = interface_of(desk, "invoice_application")
    for name in _OWN:
        if name in fields:
            raise SimulatorError(
                f"The invoice's {name} is set by the platform and cannot be changed.",
                f"发票申请的 {name} 由平台生成，不能设置。",
            )
    known = {parameter.name: parameter for parameter in interface.parameters}
    for name, value in content.items():
        if name not in known or not known[name].accepts(value):
            raise SimulatorError(
                f"The invoice's {name} cannot be {value!r}; see the table of {interface.id}.",
                f"发票申请的 {name} 不能为 {value!r}；参见 {interface.id} 的参数表。",
            )
    lacking = [name for name in FOR_VALUE_ADDED_TAX if not content.get(name)]
    if content["invoice_type"] == "2" and lacking:
        listed = ", ".join(lacking)
        raise SimulatorError(
            f"An invoice of type 2 also needs: {listed}.", f"发票类型为 2 时还需填写：{listed}。"
        )


@push("insurer/2.8")
def invoice_application(desk: Desk, invoice: Invoice) -> Notice:
    """Compose the application for an invoice."""
    return compose(desk, "invoice_application", invoice.invoice_id, invoice.fields)


@inbound("insurer/2.9")
def push_invoice(call: Call) -> None:
    """Store that an invoice was issued, with its PDF if it is electronic."""
    invoice = lookup.find(call, Invoice, call.params["invoice_id"])
    if invoice is None:
        why = Text(
            f"There is no invoice application {call.params['invoice_id']}.",
            f"不存在开票申请 {call.params['invoice_id']}。",
        )
        raise Refusal(FAILED, why, "invoice_id")
    given_hash = call.params.get("invoice_pdf_hash", "")
    upload = _require_electronic_pdf(call, given_hash) if invoice.is_electron else None
    if invoice.issued:
        if upload is None or invoice.sha256 == given_hash.lower():
            call.note(
                "The same invoice was pushed before; nothing changed (P47).",
                "该发票此前已推送过，没有变化（P47）。",
            )
            return
        why = Text(
            f"The invoice {invoice.invoice_id} was pushed before with another PDF.",
            f"发票 {invoice.invoice_id} 此前已推送过不同的 PDF。",
        )
        raise Refusal(FAILED, why, "invoice_pdf_hash")
    if upload is not None:
        stored = files.keep(call, upload.name, "application/pdf", upload.content)
        invoice.file_id, invoice.sha256 = stored.file_id, stored.sha256
    invoice.issued = True


def _require_electronic_pdf(call: Call, given_hash: str) -> Upload:
    if "invoice_pdf" not in call.files:
        why = Text(
            "invoice_pdf is required: the application asks for an electronic invoice.",
            "申请的是电子发票，必须上传 invoice_pdf。",
        )
        raise Refusal(FAILED, why, "invoice_pdf")
    if not given_hash:
        why = Text(
            "invoice_pdf_hash is required for an electronic invoice.",
            "电子发票必须提供 invoice_pdf_hash。",
        )
        raise Refusal(FAILED, why, "invoice_pdf_hash")
    return files.require_pdf(call, "invoice_pdf", given_hash, (FAILED, FAILED, FAILED))
