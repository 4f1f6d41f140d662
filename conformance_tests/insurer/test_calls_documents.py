"""The call that carries an invoice (2.9)."""

import re

from conformance_tests.both.test_calls_documents import HASH, PDF, expect_sha256
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Blocked, Level, expect
from conformance_tests.suite.scenes.insurer.scene import Scene
from conformance_tests.suite.scenes.insurer.target_actions import Actions, TargetAction

#: How the platform says, under one code for all, that an invoice is no PDF or a broken one.
_PDF_REFUSED = re.compile("damaged|does not start with")


@check("insurer/2.9/file", "electronic", zh="电子发票带有 PDF 文件", fix=PDF)
def test_an_electronic_invoice_has_its_pdf(deeds: Actions) -> None:
    call = deeds.of("issue_invoice").call

    expect(
        call.files.get("invoice_pdf"),
        "2.9 came without the file invoice_pdf",
        "2.9 没有上传文件 invoice_pdf",
    )
    expect(
        not _PDF_REFUSED.search(call.remark),
        f"the file was refused: {call.answered.en}",
        f"文件被平台拒绝：{call.answered.zh}",
    )


@check("insurer/2.9/hash", "sha256", zh="电子发票哈希码为文件的 sha256", fix=HASH)
def test_an_invoice_hash_is_the_sha256_of_the_file(deeds: Actions) -> None:
    deed = deeds.of("issue_invoice")

    sent = str(deed.params.get("invoice_pdf_hash", ""))

    expect_sha256("invoice_pdf_hash", sent)
    expect_accepted(deed)


@check(
    "insurer/2.9/function",
    "paper-told",
    zh="纸质发票开具后通知平台",
    fix=(
        "Report a paper invoice (is_electron 2) by 2.9, too, with its invoice_id alone.",
        "纸质发票（is_electron=2）开具后也要调用 2.9，只需 invoice_id。",
    ),
)
def test_a_paper_invoice_is_reported(deeds: Actions) -> None:
    deed = deeds.of("issue_paper_invoice")

    expect(
        deed.calls or not deed.succeeded,
        "the paper invoice was made out, but 2.9 never came",
        "纸质发票已开具，但没有收到 2.9",
    )
    expect_accepted(deed)


def expect_accepted(deed: TargetAction) -> None:
    """Show that the platform took the call of a deed."""
    expect(
        deed.call.accepted,
        f"2.9 was refused: {deed.call.answered.en}",
        f"2.9 被平台拒绝：{deed.call.answered.zh}",
    )


@check(
    "insurer/2.9/function",
    "once",
    zh="一张发票只推送一次",
    level=Level.SHOULD,
    fix=(
        "Push an invoice once; repeat the call only when no answer came.",
        "每张发票只推送一次，仅在没有收到应答时才重试。",
    ),
)
def test_an_invoice_is_pushed_once(scene: Scene, deeds: Actions) -> None:
    deed = deeds.of("issue_invoice")
    scene.platform.settle()

    invoice_id = str(deed.matter["invoice_id"])
    made = scene.platform.calls("insurer_push_invoice", invoice_id, since=0)

    if not made:
        raise Blocked("2.9 never came", "没有收到 2.9")
    expect(
        len(made) == 1,
        f"one invoice was pushed {len(made)} times",
        f"同一张发票推送了 {len(made)} 次",
    )


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
def test_a_paper_invoice_has_no_file(deeds: Actions) -> None:
    call = deeds.of("issue_paper_invoice").call

    expect(
        not call.files,
        f"the paper invoice came with {', '.join(call.files)}",
        f"纸质发票上传了文件：{'、'.join(call.files)}",
    )
