"""The calls that carry documents: the guarantee (2.5), its re-issue (2.11), an invoice (2.9)."""

import hashlib
import re
from datetime import datetime

import pytest

from conformance_tests.insurer.test_calls_orders import assert_day
from conformance_tests.suite.checks import check
from conformance_tests.suite.deeds import Deed, Deeds
from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.outcomes import Level
from conformance_tests.suite.platform import Platform
from simulator import clock

_SHA256 = re.compile(r"[0-9A-Fa-f]{64}\Z")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\Z")
#: How the platform says, under one code for all, that an invoice is no PDF or a broken one.
_PDF_REFUSED = re.compile("damaged|does not start with")
#: Seconds between the signing of a guarantee and its push that surprise nobody.
_AN_HOUR = 3600

_DEEDS = {"2.5": "issue", "2.11": "reissue"}
_HASH = (
    "Hash the very bytes of the file part with sha256, and write 64 hexadecimal digits: no MD5, no "
    "Base64, not the file's name or path.",
    "对上传文件的原始字节计算 sha256，输出 64 位十六进制；不要用 MD5、Base64 或文件名。",
)
_PDF = (
    "Send the bytes of the PDF itself as the file part: not Base64, not HTML, not an empty stream.",
    "文件字段应为 PDF 原文件的字节流，不要发送 Base64、HTML 或已读空的流。",
)


@check("insurer/{section}/file", "real-pdf", zh="保函文件是真正的 PDF", fix=_PDF)
@pytest.mark.parametrize("section", _DEEDS)
def test_a_guarantee_is_a_real_pdf(deeds: Deeds, section: str) -> None:
    call = deeds.of(_DEEDS[section]).call

    assert call.files.get("guarantee_pdf"), f"{section} came without the file guarantee_pdf"
    assert call.status not in ("2421", "2426"), f"{call.status}: {call.remark}"


@check("insurer/{section}/hash", "sha256", zh="哈希码为文件的 sha256", fix=_HASH)
@pytest.mark.parametrize("section", _DEEDS)
def test_a_hash_is_the_sha256_of_the_file(scene: Scene, deeds: Deeds, section: str) -> None:
    deed = deeds.of(_DEEDS[section])

    sent = str(deed.params.get("guarantee_pdf_hash", ""))
    assert _SHA256.match(sent), f"guarantee_pdf_hash is {sent!r}, not 64 hexadecimal digits"
    assert deed.call.status != "2422", f"2422: {deed.call.remark}"
    if deed.accepted:
        pdf = pdf_sent(scene.platform, deed)
        assert sent.lower() == hashlib.sha256(pdf).hexdigest(), f"{sent} is not the file's sha256"


def pdf_sent(platform: Platform, deed: Deed) -> bytes:
    """Return the PDF that a deed pushed."""
    number = deed.params["guarantee_no"]
    found = [each for each in platform.get("guarantees") if each["guarantee_no"] == number]
    return platform.pdf_of(found[-1])


@check(
    "insurer/2.5/hash",
    "lower-case",
    zh="哈希码用小写书写",
    level=Level.SHOULD,
    fix=(
        "Write the hash as the manual's example: lower-case hexadecimal digits.",
        "哈希码按手册示例使用小写十六进制。",
    ),
)
def test_a_hash_is_written_in_lower_case(deeds: Deeds) -> None:
    sent = str(deeds.of("issue").params.get("guarantee_pdf_hash", ""))

    assert sent == sent.lower(), f"guarantee_pdf_hash is {sent}"


@check(
    "insurer/{section}/request",
    "out-time",
    zh="出函时间为 yyyy-MM-dd HH:mm:ss",
    fix=(
        "Write out_guarantee_time as yyyy-MM-dd HH:mm:ss: no T, no fraction, no zone, no slashes.",
        "out_guarantee_time 按 yyyy-MM-dd HH:mm:ss 书写，不带 T、毫秒、时区或斜杠。",
    ),
)
@pytest.mark.parametrize("section", _DEEDS)
def test_the_time_of_issue_is_written_as_the_table_does(deeds: Deeds, section: str) -> None:
    sent = str(deeds.of(_DEEDS[section]).params.get("out_guarantee_time", ""))

    assert _MOMENT.match(sent), f"out_guarantee_time is {sent!r}"


@check(
    "insurer/2.5/request",
    "out-time-now",
    zh="出函时间为北京时间",
    level=Level.SHOULD,
    fix=(
        "Send the moment of the issue in Asia/Shanghai, not in UTC.",
        "出函时间使用北京时间（Asia/Shanghai），不要使用 UTC。",
    ),
)
def test_the_time_of_issue_is_now_in_china(deeds: Deeds) -> None:
    deed = deeds.of("issue")

    sent = str(deed.params.get("out_guarantee_time", ""))

    off = abs(_seconds(sent) - deed.call.wall)
    assert off < _AN_HOUR, f"out_guarantee_time is {sent}, it was {clock.spoken(deed.call.wall)}"


def _seconds(text: str) -> float:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return 0.0
    return moment.timestamp()


@check(
    "insurer/{section}/request",
    "guarantor",
    zh="保证人为出函保险公司全称",
    fix=(
        "Send as guarantor the full name under which the platform has you (accept_insurer of 2.3).",
        "guarantor 应为平台登记的保险公司全称（2.3 的 accept_insurer）。",
    ),
)
@pytest.mark.parametrize("section", _DEEDS)
def test_the_guarantor_is_named_in_full(scene: Scene, deeds: Deeds, section: str) -> None:
    deed = deeds.of(_DEEDS[section])

    details = deed.order["details"]
    names = {scene.platform.letter["company"], deed.order["accept_insurer"], details["guarantor"]}
    sent = deed.params.get("guarantor")
    assert sent in names, f"guarantor is {sent!r}, not {' or '.join(sorted(names))}"


@check(
    "insurer/2.5/request",
    "own-number",
    zh="每个订单的保函编号唯一",
    fix=(
        "Give every order a guarantee number of its own; one bidder has several orders.",
        "每个订单使用唯一的保函编号；同一投保人可能有多个订单。",
    ),
)
def test_two_orders_have_two_guarantee_numbers(deeds: Deeds) -> None:
    one, other = deeds.of("issue"), deeds.of("issue_without_token")

    number, same = one.params.get("guarantee_no"), other.params.get("guarantee_no")

    assert number != same, f"two orders have the guarantee number {number}"


@check(
    "insurer/2.5/function",
    "after-a-fault",
    zh="平台故障后重新推送保函",
    fix=(
        "Mark a guarantee as pushed only after the answer 200; after anything else it can be "
        "pushed again.",
        "收到 200 后才能标记保函已推送；否则应允许重新推送。",
    ),
)
def test_a_guarantee_is_pushed_again_after_a_fault(deeds: Deeds) -> None:
    first, again = deeds.two_tries()

    assert [call for call in first + again if call.accepted], (
        "after one answer 404 the guarantee never reached the platform: "
        + (", ".join(f"{call.status} {call.remark}" for call in again) or "no further call came")
    )


@check(
    "insurer/2.5/function",
    "same-number-after-a-fault",
    zh="重新推送时使用相同的保函编号",
    level=Level.SHOULD,
    decision="P27",
    fix=(
        "Push the same document again: the first answer may have been lost on its way.",
        "重新推送时应使用同一保函编号和同一文件：首次推送可能已成功，只是应答丢失。",
    ),
)
def test_a_guarantee_pushed_again_is_the_same(deeds: Deeds) -> None:
    first, again = deeds.two_tries()

    numbers = {call.params.get("guarantee_no") for call in first + again}

    assert len(numbers) <= 1, f"the same guarantee was pushed as {sorted(map(str, numbers))}"


# Invoices.


@check("insurer/2.9/file", "electronic", zh="电子发票带有 PDF 文件", fix=_PDF)
def test_an_electronic_invoice_has_its_pdf(deeds: Deeds) -> None:
    call = deeds.of("issue_invoice").call

    assert call.files.get("invoice_pdf"), "2.9 came without the file invoice_pdf"
    assert not _PDF_REFUSED.search(call.remark), f"{call.status}: {call.remark}"


@check("insurer/2.9/hash", "sha256", zh="电子发票哈希码为文件的 sha256", fix=_HASH)
def test_an_invoice_hash_is_the_sha256_of_the_file(deeds: Deeds) -> None:
    deed = deeds.of("issue_invoice")

    sent = str(deed.params.get("invoice_pdf_hash", ""))

    assert _SHA256.match(sent), f"invoice_pdf_hash is {sent!r}, not 64 hexadecimal digits"
    assert deed.call.accepted, f"{deed.call.status}: {deed.call.remark}"


@check(
    "insurer/2.9/function",
    "paper-told",
    zh="纸质发票开具后通知平台",
    fix=(
        "Report a paper invoice (is_electron 2) by 2.9, too, with its invoice_id alone.",
        "纸质发票（is_electron=2）开具后也要调用 2.9，只需 invoice_id。",
    ),
)
def test_a_paper_invoice_is_reported(deeds: Deeds) -> None:
    deed = deeds.of("issue_paper_invoice")

    assert deed.calls or not deed.succeeded, "the paper invoice was made out, but 2.9 never came"
    assert deed.call.accepted, f"{deed.call.status}: {deed.call.remark}"


@check(
    "insurer/2.9/file",
    "paper",
    zh="纸质发票不上传文件",
    level=Level.SHOULD,
    fix=(
        "Send neither file nor hash for a paper invoice: it goes by mail.",
        "纸质发票直接邮寄，不要上传文件和哈希码。",
    ),
)
def test_a_paper_invoice_has_no_file(deeds: Deeds) -> None:
    call = deeds.of("issue_paper_invoice").call

    assert not call.files, f"the paper invoice came with {', '.join(call.files)}"


# The re-issue.


_PRESENT = (
    "guarantee_no_old is the number that is valid now: after a second change, that of the first "
    "re-issue.",
    "guarantee_no_old 为当前有效的保函编号；再次延期时应填上一次更新后的编号。",
)


@check("insurer/2.11/request", "old-number", zh="原保函编号为当前有效编号", fix=_PRESENT)
def test_a_reissue_names_the_present_guarantee(deeds: Deeds) -> None:
    assert_replaces_the_present(deeds.of("reissue"))


@check(
    "insurer/2.11/request", "old-number-twice", zh="再次更新时原编号为上次的新编号", fix=_PRESENT
)
def test_a_second_reissue_names_the_first(deeds: Deeds) -> None:
    assert_replaces_the_present(deeds.of("reissue_again"))


def assert_replaces_the_present(deed: Deed) -> None:
    """Show that a re-issue names the guarantee that was valid before it."""
    sent, present = deed.params.get("guarantee_no_old"), deed.guarantee["guarantee_no"]
    assert sent == present, f"guarantee_no_old is {sent!r}, the present guarantee is {present}"


@check(
    "insurer/2.11/request",
    "{name}-form",
    zh="新担保日期为 yyyy-MM-dd",
    fix=("Write the date as yyyy-MM-dd.", "日期按 yyyy-MM-dd 书写。"),
)
@pytest.mark.parametrize("name", ["date1", "date2"])
def test_a_new_date_is_written_as_the_table_does(deeds: Deeds, name: str) -> None:
    reissue = deeds.of("reissue")

    assert_day(reissue, name)


@check(
    "insurer/2.3/period",
    "{name}",
    zh="新担保期间按新的投标截止时间计算",
    fix=(
        "Compute the period from the new deadline that 2.3 gives: it starts on that day and ends "
        "valid_day + 28 days later.",
        "按 2.3 返回的新投标截止时间计算担保期间：当日开始，加投标有效期再加 28 天结束。",
    ),
)
@pytest.mark.parametrize(
    ("name", "known_as"),
    [("date1", "guarantee_start_date"), ("date2", "guarantee_end_date")],
    ids=["date1", "date2"],
)
def test_a_reissue_has_the_new_period(deeds: Deeds, name: str, known_as: str) -> None:
    deed = deeds.of("reissue")

    sent, wanted = deed.params.get(name), deed.order[known_as]

    assert _same_day(sent, wanted), f"{name} is {sent}, 2.3 says {wanted}"


def _same_day(sent: object, wanted: str) -> bool:
    try:
        return [int(part) for part in str(sent).split("-")] == [int(p) for p in wanted.split("-")]
    except ValueError:
        return False


@check(
    "insurer/2.11/function",
    "new-pdf",
    zh="更新的保函是新的文件",
    level=Level.SHOULD,
    fix=(
        "Make out a new PDF that states the new period; do not push the old one again.",
        "应重新签发载明新担保期间的 PDF，不要重复推送旧文件。",
    ),
)
def test_a_reissue_has_a_new_document(deeds: Deeds) -> None:
    deed = deeds.of("reissue")

    sent = str(deed.params.get("guarantee_pdf_hash", "")).lower()

    assert sent != deed.guarantee["sha256"], "the re-issue came with the old PDF"
