"""The calls that carry a guarantee (2.5, an insurer's 2.11, too)."""

import hashlib
import re
from datetime import datetime

from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import DOCUMENTS
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.scenes.both.target_actions import TargetAction, TargetActions
from simulator import clock

_SHA256 = re.compile(r"[0-9A-Fa-f]{64}\Z")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\Z")
#: Seconds between the signing of a guarantee and its push that surprise nobody.
AN_HOUR = 3600

HASH = (
    "Hash the very bytes of the file part with sha256, and write 64 hexadecimal digits: no MD5, no "
    "Base64, not the file's name or path.",
    "对上传文件的原始字节计算 sha256，输出 64 位十六进制；不要用 MD5、Base64 或文件名。",
)
PDF = (
    "Send the bytes of the PDF itself as the file part: not Base64, not HTML, not an empty stream.",
    "文件字段应为 PDF 原文件的字节流，不要发送 Base64、HTML 或已读空的流。",
)


@check("{kind}/{section}/file", "real-pdf", each=DOCUMENTS, zh="保函文件是真正的 PDF", fix=PDF)
def test_a_guarantee_is_a_real_pdf(deeds: TargetActions, interface: str) -> None:
    call = deeds.showing(interface).call

    expect(
        call.files.get("guarantee_pdf"),
        f"{interface} came without the file guarantee_pdf",
        f"{interface} 没有上传文件 guarantee_pdf",
    )
    expect(
        call.status not in ("2421", "2426"),
        f"the file was refused: {call.answered.en}",
        f"文件被平台拒绝：{call.answered.zh}",
    )


@check("{kind}/{section}/hash", "sha256", each=DOCUMENTS, zh="哈希码为文件的 sha256", fix=HASH)
def test_a_hash_is_the_sha256_of_the_file(
    scene: Scene, deeds: TargetActions, interface: str
) -> None:
    deed = deeds.showing(interface)

    sent = str(deed.params.get("guarantee_pdf_hash", ""))
    expect_sha256("guarantee_pdf_hash", sent)
    expect(
        deed.call.status != "2422",
        f"the hash was refused: {deed.call.answered.en}",
        f"哈希码被平台拒绝：{deed.call.answered.zh}",
    )
    if deed.accepted:
        pdf = pdf_sent(scene.platform, deed)
        expect(
            sent.lower() == hashlib.sha256(pdf).hexdigest(),
            f"{sent} is not the file's sha256",
            f"{sent} 不是所上传文件的 sha256",
        )


def expect_sha256(name: str, sent: str) -> None:
    """Show that a parameter has the form of a SHA-256."""
    expect(
        _SHA256.match(sent),
        f"{name} is {sent!r}, not 64 hexadecimal digits",
        f"{name} 为 {sent!r}，不是 64 位十六进制",
    )


def pdf_sent(platform: Business, deed: TargetAction) -> bytes:
    """Return the PDF that a deed pushed."""
    number = deed.params["guarantee_no"]
    found = [each for each in platform.get("guarantees") if each["guarantee_no"] == number]
    return platform.pdf_of(found[-1])


@check(
    "{kind}/2.5/hash",
    "lower-case",
    zh="哈希码用小写书写",
    level=Level.SHOULD,
    fix=(
        "Write the hash as the manual's example: lower-case hexadecimal digits.",
        "哈希码按手册示例使用小写十六进制。",
    ),
)
def test_a_hash_is_written_in_lower_case(deeds: TargetActions) -> None:
    sent = str(deeds.of("issue").params.get("guarantee_pdf_hash", ""))

    expect(
        sent == sent.lower(),
        f"guarantee_pdf_hash is {sent}",
        f"guarantee_pdf_hash 为 {sent}",
    )


@check(
    "{kind}/{section}/request",
    "out-time",
    each=DOCUMENTS,
    zh="出函时间为 yyyy-MM-dd HH:mm:ss",
    fix=(
        "Write out_guarantee_time as yyyy-MM-dd HH:mm:ss: no T, no fraction, no zone, no slashes.",
        "out_guarantee_time 按 yyyy-MM-dd HH:mm:ss 书写，不带 T、毫秒、时区或斜杠。",
    ),
)
def test_the_time_of_issue_is_written_as_the_table_does(
    deeds: TargetActions, interface: str
) -> None:
    sent = str(deeds.showing(interface).params.get("out_guarantee_time", ""))

    expect(
        MOMENT.match(sent),
        f"out_guarantee_time is {sent!r}",
        f"out_guarantee_time 为 {sent!r}",
    )


@check(
    "{kind}/2.5/request",
    "out-time-now",
    zh="出函时间为北京时间",
    level=Level.SHOULD,
    fix=(
        "Send the moment of the issue in Asia/Shanghai, not in UTC.",
        "出函时间使用北京时间（Asia/Shanghai），不要使用 UTC。",
    ),
)
def test_the_time_of_issue_is_now_in_china(deeds: TargetActions) -> None:
    deed = deeds.of("issue")

    sent = str(deed.params.get("out_guarantee_time", ""))

    now = clock.spoken(deed.call.wall)
    expect(
        abs(seconds_of(sent) - deed.call.wall) < AN_HOUR,
        f"out_guarantee_time is {sent}, it was {now}",
        f"out_guarantee_time 为 {sent}，当时的北京时间为 {now}",
    )


def seconds_of(text: str) -> float:
    """Return when a moment is in Unix seconds; 0 for one that is none."""
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return 0.0
    return moment.timestamp()


@check(
    "{kind}/{section}/request",
    "guarantor",
    each=DOCUMENTS,
    zh="保证人为出函机构全称",
    fix=(
        "Send as guarantor the full name under which the platform has you (an insurer: "
        "accept_insurer of 2.3).",
        "guarantor 应为平台登记的本机构全称（保险公司为 2.3 的 accept_insurer）。",
    ),
)
def test_the_guarantor_is_named_in_full(scene: Scene, deeds: TargetActions, interface: str) -> None:
    deed = deeds.showing(interface)

    named = {deed.order["accept_insurer"], deed.order["details"].get("guarantor")}
    names = {str(name) for name in (scene.platform.letter["company"], *named) if name}
    sent = deed.params.get("guarantor")
    expect(
        sent in names,
        f"guarantor is {sent!r}, not {' or '.join(sorted(names))}",
        f"guarantor 为 {sent!r}，应为 {' 或 '.join(sorted(names))}",
    )


@check(
    "{kind}/2.5/request",
    "own-number",
    zh="每个订单的保函编号唯一",
    fix=(
        "Give every order a guarantee number of its own; one bidder has several orders.",
        "每个订单使用唯一的保函编号；同一投保人可能有多个订单。",
    ),
)
def test_two_orders_have_two_guarantee_numbers(deeds: TargetActions) -> None:
    one, other = deeds.of("issue"), deeds.of("issue_without_token")

    number, same = one.params.get("guarantee_no"), other.params.get("guarantee_no")

    expect(
        number != same,
        f"two orders have the guarantee number {number}",
        f"两个订单使用了同一保函编号 {number}",
    )


@check(
    "{kind}/2.5/function",
    "after-a-fault",
    zh="平台故障后重新推送保函",
    fix=(
        "Mark a guarantee as pushed only after the answer 200; after anything else it can be "
        "pushed again.",
        "收到 200 后才能标记保函已推送；否则应允许重新推送。",
    ),
)
def test_a_guarantee_is_pushed_again_after_a_fault(deeds: TargetActions) -> None:
    first, again = deeds.two_tries()

    came = [call.answered for call in again]
    expect(
        any(call.accepted for call in first + again),
        "after one answer 404 the guarantee never reached the platform: "
        + ("; ".join(each.en for each in came) or "no further call came"),
        "平台返回一次 404 后，保函再未推送成功："
        + ("；".join(each.zh for each in came) or "没有收到新的调用"),
    )


@check(
    "{kind}/2.5/function",
    "same-number-after-a-fault",
    zh="重新推送时使用相同的保函编号",
    level=Level.SHOULD,
    decision="P27",
    fix=(
        "Push the same document again: the first answer may have been lost on its way.",
        "重新推送时应使用同一保函编号和同一文件：首次推送可能已成功，只是应答丢失。",
    ),
)
def test_a_guarantee_pushed_again_is_the_same(deeds: TargetActions) -> None:
    first, again = deeds.two_tries()

    numbers = {call.params.get("guarantee_no") for call in first + again}

    expect(
        len(numbers) <= 1,
        f"the same guarantee was pushed as {', '.join(sorted(map(str, numbers)))}",
        f"同一保函以不同编号推送：{'、'.join(sorted(map(str, numbers)))}",
    )
