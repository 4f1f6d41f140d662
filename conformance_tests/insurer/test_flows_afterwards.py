"""The flows that begin once a guarantee is paid or issued: invoices, claims, the other calls."""

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.insurer.flow import Flow
from conformance_tests.suite.scenes.insurer.scene import Scene

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

    expect(scene.platform.invoice(invoice_id)["sha256"], "2.9 brought no file", "2.9 没有上传文件")


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


# The other calls; the manual says "may", so that nobody has to make them.


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

    asked = call.params.get("insurer_name")
    expect(call.data, f"4.2 lists nobody for {asked}", f"4.2 对 {asked} 没有返回任何保险公司")


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
