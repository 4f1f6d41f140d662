"""3.1 理赔申请: the guarantee and the attachments that come beside it, complete and unbroken."""

import pytest

from conformance_tests.suite.messages import pdfs
from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.false_notices import names_of_guarantee
from conformance_tests.suite.scenes.both.scene import pdf_part
from conformance_tests.suite.scenes.guarantor.claims import (
    ABOVE_THE_LIMIT,
    TYPES,
    WITHIN_THE_LIMIT,
    Claims,
    content,
)
from conformance_tests.suite.scenes.guarantor.false_notices import FalseNotices
from conformance_tests.suite.scenes.guarantor.scene import Scene

_ALL = (
    "Take every part attach_file0, attach_file1, … of the form, in whatever number, with any of "
    "the listed formats, by the suffix of its name in upper or lower case.",
    "接收表单中的每个附件 attach_file0、attach_file1……，数量不限，"
    "格式按文件扩展名（不区分大小写）判断。",
)
_AS_THEY_CAME = (
    "Store the bytes of each part as they came, under claim_no and field: never as text, and never "
    "under the name that the file was sent with.",
    "按 claim_no 和字段名原样保存每个附件的字节，不得按文本处理，"
    "也不得以上传的文件名作为唯一标识。",
)
_LIMIT = (
    "Let framework and proxy take a form with attachments of 10 MB each, and refuse a larger one "
    "by a status of your own.",
    "框架和代理应允许每个附件达到 10M；超过限制的附件应返回拒绝状态，而不是服务器错误。",
)
_COMPLETE = (
    "Check before the claim is stored that guarantee_pdf and attach_file0 are there, that the "
    "guarantee is the one you issued (sha256), and that each attachment is of a listed format.",
    "保存理赔前检查 guarantee_pdf 和 attach_file0 是否齐全、保函文件与出具的是否一致（sha256）、"
    "附件格式是否在列表中。",
)
_KEEP_FIRST = (
    "When a known claim_no comes with other content, keep what was there: refuse the notice, or "
    "acknowledge it without effect, and look into it.",
    "claim_no 已存在但内容不同时应保留原有数据：拒绝该通知，或确认但不生效，并人工核查。",
)
_TWINS = ("first", "second")


@pytest.fixture
def claims(scene: Scene) -> Claims:
    """Claims with chosen files."""
    return Claims(scene)


def expect_taken(answer: Answer, en: str, zh: str) -> None:
    """Show that a claim, which `en` and `zh` describe, is acknowledged."""
    expect(
        answer.taken,
        f"a claim with {en} was not acknowledged: {answer}",
        f"{zh}的理赔申请未被确认：{answer.zh}",
    )


def expect_turned_away(answer: Answer, en: str, zh: str) -> None:
    """Show that a claim, which `en` and `zh` describe, is refused."""
    expect(
        answer.turned_away,
        f"a claim with {en} was not refused: {answer}",
        f"{zh}的理赔申请未被拒绝：{answer.zh}",
    )


# What must be taken.


@check("guarantor/3.1/file", "all-types", zh="手册列出的附件格式都被接收", fix=_ALL)
def test_attachments_of_every_listed_format_are_taken(claims: Claims) -> None:
    _, answer = claims.of_all_types()

    expect_taken(answer, "attachments of all listed formats", "附带各种格式附件")


@check("guarantor/3.1/file", "complete", zh="每个附件都被保存", fix=_ALL)
def test_every_attachment_is_kept(claims: Claims) -> None:
    claim, answer = claims.of_all_types()

    kept = claims.kept(claim, len(TYPES))
    expect(
        kept == len(TYPES),
        f"of {len(TYPES)} attachments {kept} were kept ({answer})",
        f"{len(TYPES)} 个附件只保存了 {kept} 个（{answer.zh}）",
    )


@check("guarantor/3.1/file", "unbroken", zh="附件按原始字节保存", fix=_AS_THEY_CAME)
def test_an_attachment_is_kept_byte_for_byte(claims: Claims) -> None:
    sent = content("unbroken.zip", 70_000)

    _, answer = claims.send([("unbroken.zip", sent)])

    expect(
        claims.kept_intact(sent) == 1,
        f"the target has no attachment with the bytes that were sent ({answer})",
        f"目标没有与所发送字节一致的附件（{answer.zh}）",
    )


@check("guarantor/3.1/file", "same-name", zh="同名附件都被保存", fix=_AS_THEY_CAME)
def test_attachments_of_the_same_name_are_both_kept(claims: Claims) -> None:
    claim, answer = claims.send([("proof.pdf", content(f"{each}.pdf")) for each in _TWINS])

    kept = claims.kept(claim, len(_TWINS))
    expect(
        kept == len(_TWINS),
        f"of two attachments of the same name {kept} were kept ({answer})",
        f"两个同名附件保存了 {kept} 个（{answer.zh}）",
    )


@check("guarantor/3.1/file", "large", zh="10M 以内的附件被接收", fix=_LIMIT)
def test_an_attachment_within_the_limit_is_taken(claims: Claims) -> None:
    _, answer = claims.send([("large.zip", content("large.zip", WITHIN_THE_LIMIT))])

    expect_taken(answer, f"an attachment of {WITHIN_THE_LIMIT} bytes", "附件接近 10M ")


@check(
    "guarantor/3.1/file",
    "several-large",
    zh="多个较大附件的理赔申请被接收",
    level=Level.SHOULD,
    fix=_LIMIT,
)
def test_several_large_attachments_are_taken_together(claims: Claims) -> None:
    sent = [(f"{each}.zip", content(f"{each}.zip", WITHIN_THE_LIMIT)) for each in _TWINS]

    _, answer = claims.send(sent)

    expect_taken(answer, f"two attachments of {WITHIN_THE_LIMIT} bytes", "两个附件均接近 10M ")


@check(
    "guarantor/3.1/file",
    "upper-case",
    zh="扩展名大写的附件被接收",
    level=Level.SHOULD,
    fix=_ALL,
)
def test_an_attachment_with_an_upper_case_suffix_is_taken(claims: Claims) -> None:
    _, answer = claims.send([("SCAN0001.JPG", content("scan.jpg"))])

    expect_taken(answer, "an attachment SCAN0001.JPG", "附件名为 SCAN0001.JPG ")


# What need not be taken, and should not.


@check(
    "guarantor/3.1/file",
    "too-large",
    zh="超过 10M 的附件被拒绝",
    level=Level.SHOULD,
    decision="P55",
    fix=_LIMIT,
)
def test_an_attachment_above_the_limit_is_refused(scene: Scene, claims: Claims) -> None:
    with scene.valid_twin("claim"):
        _, answer = claims.send([("large.zip", content("large.zip", ABOVE_THE_LIMIT))])

    expect_turned_away(answer, f"an attachment of {ABOVE_THE_LIMIT} bytes", "附件超过 10M ")


@check(
    "guarantor/3.1/file",
    "unlisted-type",
    zh="格式不在列表中的附件被拒绝",
    level=Level.SHOULD,
    fix=_COMPLETE,
)
def test_an_attachment_of_another_format_is_refused(scene: Scene, claims: Claims) -> None:
    with scene.valid_twin("claim"):
        _, answer = claims.send([("setup.exe", content("setup"))])

    expect_turned_away(answer, "an attachment setup.exe", "附件为 setup.exe ")


@check(
    "guarantor/3.1/file",
    "no-attachment",
    zh="没有附件的理赔申请被拒绝",
    level=Level.SHOULD,
    fix=_COMPLETE,
)
def test_a_claim_without_attachments_is_refused(scene: Scene, claims: Claims) -> None:
    with scene.valid_twin("claim"):
        _, answer = claims.send([])

    expect_turned_away(answer, "no attachment", "没有附件")


@check(
    "guarantor/3.1/file",
    "no-guarantee",
    zh="没有保函文件的理赔申请被拒绝",
    level=Level.SHOULD,
    fix=_COMPLETE,
)
def test_a_claim_without_the_guarantee_is_refused(scene: Scene, claims: Claims) -> None:
    with scene.valid_twin("claim"):
        _, answer = claims.send([("reason.pdf", content("reason.pdf"))], guarantee=b"")

    expect_turned_away(answer, "no guarantee_pdf", "没有 guarantee_pdf ")


@check(
    "guarantor/3.1/file",
    "other-guarantee",
    zh="保函文件被替换的理赔申请被拒绝",
    level=Level.SHOULD,
    fix=_COMPLETE,
)
def test_a_claim_with_a_foreign_guarantee_is_refused(scene: Scene, claims: Claims) -> None:
    with scene.valid_twin("claim"):
        _, answer = claims.send([("reason.pdf", content("reason.pdf"))], guarantee=pdfs.of_nobody())

    expect_turned_away(answer, "a PDF that the target never issued", "保函文件并非目标出具")


@check(
    "guarantor/3.1/2",
    "other-content",
    level=Level.SHOULD,
    decision="P41",
    zh="相同 claim_no、不同保函的理赔申请不覆盖原申请",
    fix=_KEEP_FIRST,
)
def test_a_claim_no_with_another_guarantee_overwrites_nothing(
    scene: Scene, false_notices: FalseNotices
) -> None:
    claim = scene.matter("claim")
    scene.platform.send(claim.notice)
    other = false_notices.another_issued()
    pdf = pdf_part(scene.platform.pdf_of(scene.platform.guarantee(other)))
    said = claim.notice.saying(**names_of_guarantee(scene.platform, other))

    answer = scene.platform.send(said.with_files(pdf, *claim.notice.files[1:]))

    # Overwritten, the claim would be accepted under a guarantee that it is not about.
    expect(
        scene.target.succeeds("accept_claim", claim_no=claim.about),
        f"the claim could no longer be accepted after {answer}",
        f"收到内容不同的申请后，理赔无法再受理：{answer.zh}",
    )
