"""The flows that begin once a guarantee is paid or issued: invoices, claims, the other calls."""

from conformance_tests.suite.checks import check
from conformance_tests.suite.flow import Flow
from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.outcomes import Level

_REPORT_CLAIM = (
    "Report each decision on a claim by 3.2 as soon as it is taken; a refusal with refuse_reason.",
    "理赔的每个处理结果都应及时通过 3.2 推送；拒绝赔付时必须填写 refuse_reason。",
)


# The invoice.


@check(
    "insurer/2.9/function",
    "electronic",
    zh="电子发票开具后推送给平台",
    fix=(
        "Send 2.9 with the PDF as invoice_pdf and its SHA-256 as invoice_pdf_hash.",
        "调用 2.9，上传 invoice_pdf，并在 invoice_pdf_hash 中填写其 SHA-256。",
    ),
)
def test_an_electronic_invoice_is_pushed_with_its_file(scene: Scene, flow: Flow) -> None:
    invoice_id, push = scene.platform.apply_for_invoice(scene.shared_issued(), is_electron="1")
    flow.notify(push)

    flow.act("issue_invoice", invoice_id=invoice_id)

    assert scene.platform.invoice(invoice_id)["sha256"], "2.9 brought no file"


@check(
    "insurer/2.9/function",
    "paper",
    zh="纸质发票开具后通知平台",
    fix=(
        "Send 2.9 for a paper invoice (is_electron 2), too: with invoice_id, without a file.",
        "纸质发票（is_electron 为 2）同样要调用 2.9：只带 invoice_id，不带文件。",
    ),
)
def test_a_paper_invoice_is_reported(scene: Scene, flow: Flow) -> None:
    invoice_id, push = scene.platform.apply_for_invoice(scene.shared_issued(), is_electron="2")
    flow.notify(push)

    flow.act("issue_invoice", invoice_id=invoice_id)


@check(
    "insurer/2.8/request",
    "several-orders",
    zh="一张发票可包含多个订单",
    fix=(
        "Split order_nos at the comma, and look each order up by itself.",
        "order_nos 以英文逗号分隔，应拆开后逐个查找订单。",
    ),
)
def test_an_invoice_may_be_for_several_orders(scene: Scene, flow: Flow) -> None:
    orders = (scene.shared_issued(), scene.paid())

    invoice_id, push = scene.platform.apply_for_invoice(*orders)
    flow.notify(push)

    flow.act("issue_invoice", invoice_id=invoice_id)


# The claim.


@check("insurer/3.1/function", "refused", zh="理赔被拒绝的结果推送给平台", fix=_REPORT_CLAIM)
def test_a_refused_claim_is_reported(scene: Scene, flow: Flow) -> None:
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    flow.notify(push)

    flow.act("refuse_claim", claim_no=claim_no)


@check("insurer/3.1/function", "paid", zh="理赔受理、同意、完成均推送给平台", fix=_REPORT_CLAIM)
def test_a_claim_is_accepted_agreed_and_paid(scene: Scene, flow: Flow) -> None:
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    flow.notify(push)

    flow.act("accept_claim", claim_no=claim_no)
    flow.act("agree_claim", claim_no=claim_no)
    flow.act("finish_claim", claim_no=claim_no)


@check(
    "insurer/3.1/function",
    "reissued",
    zh="重新出函后，以新保函编号申请的理赔被接受",
    fix=(
        "Find the guarantee of a claim by its new number, too, once 2.11 was answered.",
        "2.11 成功后，应能按新保函编号找到理赔对应的保函。",
    ),
    needs=["insurer/2.7/function/reissued"],
)
def test_a_claim_on_a_reissued_guarantee_is_taken(scene: Scene, flow: Flow) -> None:
    _, push = scene.platform.apply_for_claim(scene.shared_reissued())

    flow.notify(push)


@check(
    "insurer/3.1/function",
    "after-finish",
    zh="交易完成后的理赔申请仍被接受",
    fix=(
        "Take claims on orders that are FINISH: the guarantee runs on after the deal is closed.",
        "FINISH 的订单仍应接受理赔申请：交易完成后保函仍在有效期内。",
    ),
    level=Level.SHOULD,
    decision="P47",
)
def test_a_claim_after_the_end_of_the_deal_is_taken(scene: Scene, flow: Flow) -> None:
    order_no = scene.issued()
    flow.notify(scene.platform.finish(order_no))

    _, push = scene.platform.apply_for_claim(order_no)

    flow.notify(push)


@check(
    "insurer/3.1/function",
    "revoked",
    zh="理赔撤销的通知被确认",
    fix=(
        "Expect 3.1 once more with the same claim_no and claim_status REVOKED, and stop there.",
        "同一 claim_no 可能再次推送，claim_status 为 REVOKED；应停止处理该理赔。",
    ),
    level=Level.INFORM,
    decision="P48",
)
def test_a_revoked_claim_is_taken_note_of(scene: Scene, flow: Flow) -> None:
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    flow.notify(push)

    flow.notify(scene.platform.revoke_claim(claim_no))


# The other calls; the manual says "may", so that nobody has to make them.


@check(
    "insurer/4.1/function",
    "renewed",
    zh="文件地址过期后通过 4.1 获取新地址",
    fix=(
        "Keep file_id beside file_url; when the URL is over, ask 4.1 for a new one by file_id.",
        "保存 file_url 的同时保存 file_id；地址过期后用 file_id 调用 4.1 获取新地址。",
    ),
    level=Level.SHOULD,
)
def test_an_expired_file_address_is_renewed(scene: Scene, flow: Flow) -> None:
    order_no = scene.platform.known_order()
    file_id = scene.platform.order(order_no)["files"][0]["file_id"]
    scene.platform.advance(7201)

    flow.act("renew_file_url", file_id=file_id)


@check(
    "insurer/4.2/request",
    "access-party",
    zh="按接入商名称获取保险公司列表",
    fix=(
        "Send the access party's whole name (接入商名称) as insurer_name, not a branch's.",
        "insurer_name 应为完整的接入商名称，而不是分公司名称。",
    ),
    level=Level.SHOULD,
)
def test_branches_are_listed_by_the_access_party(flow: Flow) -> None:
    call = flow.act("list_branches")

    assert call.data, f"4.2 lists nobody for {call.params.get('insurer_name')}"


@check(
    "insurer/4.3/function",
    "read",
    zh="通过 4.3 获取订单相关企业信息",
    fix=(
        "Send the order's own order_no with 4.3.",
        "调用 4.3 时传入订单自己的 order_no。",
    ),
    level=Level.SHOULD,
)
def test_the_companies_of_an_order_are_read(scene: Scene, flow: Flow) -> None:
    flow.act("read_companies", order_no=scene.shared_issued())
