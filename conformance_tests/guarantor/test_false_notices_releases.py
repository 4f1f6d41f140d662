"""False batches of revocations (2.8): guarantees that do not fit, and wrong declarations."""

import pytest

from conformance_tests.both.test_false_notices import expect_no_effect, expect_no_record
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level
from conformance_tests.suite.scenes.guarantor.false_notices import FalseNotices

_COMPARE = (
    "Look up each listed guarantee by guarantee_no, compare principal, and creditor and block of "
    "the batch, with your record; where one differs refuse the batch.",
    "按 guarantee_no 逐一查找名单中的保函，核对被保证人以及批次的受益人、标段，不一致则拒绝。",
)
_SERIAL = (
    "Compare serial_num of each listed guarantee with the one that 2.5 was answered with.",
    "核对名单中每份保函的 serial_num 与 2.5 返回的保函序列号。",
)
_HASH = (
    "Compute sha256 over the bytes of revoke_guarantee_declare_file as they came and compare it "
    "with revoke_guarantee_declare_file_hash before anything is changed; a hash without a file "
    "does not fit either.",
    "更新数据之前，对收到的 revoke_guarantee_declare_file 原始字节计算 sha256，"
    "与 revoke_guarantee_declare_file_hash 比对；有 hash 而无文件同样视为不一致。",
)
_PDF = (
    "Look at the bytes of the declaration: a PDF starts with %PDF-.",
    "应检查声明文件内容是否以 %PDF- 开头。",
)
_NAMES = (
    *("creditor", "block_number", "block_name"),
    *("principal", "guarantee_no", "guarantee-of-another-order"),
)
_HASHES = ("file-changed", "hash-changed", "file-missing")


@pytest.mark.parametrize("wrong", _NAMES)
@check(
    "guarantor/2.8/4",
    "wrong-{wrong}",
    zh="与保函不一致的撤销通知不产生业务效果",
    fix=_COMPARE,
)
def test_a_batch_that_does_not_fit_its_guarantees_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.release(wrong))


@pytest.mark.parametrize("wrong", _NAMES)
@check(
    "guarantor/2.8/4",
    "wrong-{wrong}-no-record",
    zh="与保函不一致的撤销通知不留下业务记录",
    fix=_COMPARE,
)
def test_a_batch_that_does_not_fit_its_guarantees_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.release(wrong))


@check(
    "guarantor/2.8/4",
    "wrong-serial_num",
    zh="保函序列号不一致的撤销通知不产生业务效果",
    level=Level.SHOULD,
    decision="P50",
    fix=_SERIAL,
)
def test_a_batch_with_another_serial_number_has_no_effect(false_notices: FalseNotices) -> None:
    expect_no_effect(false_notices.release("serial_num"))


@pytest.mark.parametrize("wrong", _HASHES)
@check("guarantor/2.8/hash", "{wrong}", zh="声明文件与哈希不一致时不产生业务效果", fix=_HASH)
def test_a_declaration_that_does_not_fit_its_hash_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.release(wrong))


@pytest.mark.parametrize("wrong", _HASHES)
@check(
    "guarantor/2.8/hash",
    "{wrong}-no-record",
    zh="声明文件与哈希不一致时不留下业务记录",
    fix=_HASH,
)
def test_a_declaration_that_does_not_fit_its_hash_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.release(wrong))


@check(
    "guarantor/2.8/hash",
    "hash-missing",
    zh="有声明文件而没有哈希时不产生业务效果",
    level=Level.SHOULD,
    decision="P54",
    fix=_HASH,
)
def test_a_declaration_without_a_hash_has_no_effect(false_notices: FalseNotices) -> None:
    expect_no_effect(false_notices.release("hash-missing"))


@check(
    "guarantor/2.8/file",
    "not-a-pdf",
    zh="声明文件不是 PDF 时不产生业务效果",
    level=Level.SHOULD,
    fix=_PDF,
)
def test_a_declaration_that_is_no_pdf_has_no_effect(false_notices: FalseNotices) -> None:
    expect_no_effect(false_notices.release("not-a-pdf"))
