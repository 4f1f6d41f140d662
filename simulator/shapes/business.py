"""What principals, beneficiaries and institutions deal with: orders, guarantees, claims ..."""

from typing import Annotated, Any, NotRequired, TypedDict

from simulator.shapes.notation import Prose, Title, Yuan


class OrderStep(TypedDict):
    """A step in the life of an order."""

    at: Annotated[str, Title("time", "时间")]
    event: Annotated[str, Title("event", "事件")]
    by: Annotated[str, Title("by", "操作方")]
    state: Annotated[str, Title("state", "状态")]
    note: Annotated[NotRequired[Prose], Title("note", "备注")]


class OrderFile(TypedDict):
    """A file that came with an order."""

    file_id: Annotated[str, Title("file", "文件")]
    file_name: Annotated[str, Title("name", "名称")]


class Order(TypedDict):
    """An order (订单): a principal's application for a guarantee, with all that is known of it.

    `details` are the remaining members of its table, `reply` what a guarantor answered to 2.1.
    """

    order_no: Annotated[str, Title("order", "订单号")]
    ktype: Annotated[str, Title("ktype", "保函属性")]
    state: Annotated[str, Title("state", "状态")]
    block_number: Annotated[str, Title("block", "标段")]
    block_name: Annotated[str, Title("block name", "标段名称")]
    principal: Annotated[str, Title("principal", "投保人")]
    creditor: Annotated[str, Title("creditor", "受益人")]
    accept_insurer: Annotated[str, Title("institution", "受理机构")]
    bid_deadline: Annotated[str, Title("deadline", "投标截止")]
    valid_day: Annotated[str, Title("valid days", "有效天数")]
    guarantee_amount: Annotated[Yuan, Title("guarantee", "担保金额")]
    guarantee_start_date: Annotated[str, Title("from", "起始")]
    guarantee_end_date: Annotated[str, Title("to", "截止")]
    price: Annotated[Yuan | None, Title("price", "保费")]
    real_pay: Annotated[Yuan | None, Title("paid", "实付")]
    order_amount: Annotated[Yuan | None, Title("order amount", "订单金额")]
    reply: Annotated[dict[str, Any] | None, Title("answer to 2.1", "2.1 应答")]
    details: Annotated[dict[str, Any], Title("details", "其他字段")]
    files: Annotated[list[OrderFile], Title("files", "文件")]
    history: Annotated[list[OrderStep], Title("history", "经过")]


class Guarantee(TypedDict):
    """An issued guarantee (保函); `current` is false once it was issued anew.

    It is `revoked` once a release named it, `forfeited` if that release kept it, and `removed_at`
    is when its guarantor released it.
    """

    guarantee_no: Annotated[str, Title("guarantee", "保函编号")]
    serial_num: Annotated[int, Title("serial_num", "serial_num")]
    order_no: Annotated[str, Title("order", "订单号")]
    guarantor: Annotated[str, Title("guarantor", "担保机构")]
    out_guarantee_time: Annotated[str, Title("issued", "出函时间")]
    start_date: Annotated[str, Title("from", "起始")]
    end_date: Annotated[str, Title("to", "截止")]
    file_id: Annotated[str, Title("file", "文件")]
    sha256: Annotated[str, Title("sha256", "sha256")]
    trans_no: Annotated[str | None, Title("transaction", "交易编号")]
    current: Annotated[bool, Title("current", "有效")]
    revoked: Annotated[bool, Title("revoked", "已撤销")]
    forfeited: Annotated[bool, Title("forfeited", "已罚没")]
    removed_at: Annotated[str | None, Title("released", "解保时间")]


class File(TypedDict):
    """A file that the account holds; `content` is Base64."""

    file_id: Annotated[str, Title("file", "文件")]
    name: Annotated[str, Title("name", "名称")]
    media_type: Annotated[str, Title("media type", "类型")]
    sha256: Annotated[str, Title("sha256", "sha256")]
    content: Annotated[str, Title("content", "内容")]


class Release(TypedDict):
    """A batch of guarantees of one block that a beneficiary revokes (撤销, guarantor 2.8)."""

    revoke_no: Annotated[str, Title("batch", "批次号")]
    block_number: Annotated[str, Title("block", "标段")]
    block_name: Annotated[str, Title("block name", "标段名称")]
    creditor: Annotated[str, Title("creditor", "受益人")]
    note: Annotated[Prose, Title("note", "说明")]
    file_id: Annotated[str | None, Title("declaration", "声明文件")]


class Invoice(TypedDict):
    """An invoice: what was applied for, and whether the insurer pushed it."""

    invoice_id: Annotated[str, Title("invoice", "发票编号")]
    electronic: Annotated[bool, Title("electronic", "电子发票")]
    issued: Annotated[bool, Title("issued", "已开具")]
    sha256: Annotated[str | None, Title("sha256", "sha256")]
    fields: Annotated[dict[str, Any], Title("fields", "开票信息")]


class Claim(TypedDict):
    """A beneficiary's claim on a guarantee (理赔); `fields` are what 3.1 and 3.3 show of it."""

    claim_no: Annotated[str, Title("claim", "理赔编号")]
    status: Annotated[str, Title("status", "状态")]
    order_no: Annotated[str, Title("order", "订单号")]
    guarantee_no: Annotated[str, Title("guarantee", "保函编号")]
    claim_amount: Annotated[Yuan, Title("amount", "索赔金额")]
    phase: Annotated[str, Title("phase", "阶段")]
    refuse_reason: Annotated[Prose | None, Title("refused because", "拒赔原因")]
    note: Annotated[Prose | None, Title("note", "备注")]
    file_id: Annotated[str | None, Title("file", "文件")]
    file_ids: Annotated[list[str], Title("files", "文件")]
    fields: Annotated[dict[str, Any], Title("fields", "理赔信息")]
