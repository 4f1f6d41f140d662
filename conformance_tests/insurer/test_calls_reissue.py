"""The re-issue of a guarantee (2.11): which one it replaces, its new period, its new document."""

import pytest

from conformance_tests.insurer.test_calls_orders import expect_day
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.insurer.target_actions import Actions, TargetAction

_PRESENT = (
    "guarantee_no_old is the number that is valid now: after a second change, that of the first "
    "re-issue.",
    "guarantee_no_old 为当前有效的保函编号；再次延期时应填上一次更新后的编号。",
)


@check("insurer/2.11/request", "old-number", zh="原保函编号为当前有效编号", fix=_PRESENT)
def test_a_reissue_names_the_present_guarantee(deeds: Actions) -> None:
    expect_replaces_the_present(deeds.of("reissue"))


@check(
    "insurer/2.11/request", "old-number-twice", zh="再次更新时原编号为上次的新编号", fix=_PRESENT
)
def test_a_second_reissue_names_the_first(deeds: Actions) -> None:
    expect_replaces_the_present(deeds.of("reissue_again"))


def expect_replaces_the_present(deed: TargetAction) -> None:
    """Show that a re-issue names the guarantee that was valid before it."""
    sent, present = deed.params.get("guarantee_no_old"), deed.guarantee["guarantee_no"]
    expect(
        sent == present,
        f"guarantee_no_old is {sent!r}, the present guarantee is {present}",
        f"guarantee_no_old 为 {sent!r}，当前有效的保函编号为 {present}",
    )


@check(
    "insurer/2.11/request",
    "{name}-form",
    zh="新担保日期为 yyyy-MM-dd",
    fix=("Write the date as yyyy-MM-dd.", "日期按 yyyy-MM-dd 书写。"),
)
@pytest.mark.parametrize("name", ["date1", "date2"])
def test_a_new_date_is_written_as_the_table_does(deeds: Actions, name: str) -> None:
    reissue = deeds.of("reissue")

    expect_day(reissue, name)


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
def test_a_reissue_has_the_new_period(deeds: Actions, name: str, known_as: str) -> None:
    deed = deeds.of("reissue")

    sent, wanted = deed.params.get(name), deed.order[known_as]

    expect(
        _same_day(sent, wanted),
        f"{name} is {sent}, 2.3 says {wanted}",
        f"{name} 为 {sent}，2.3 返回的是 {wanted}",
    )


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
def test_a_reissue_has_a_new_document(deeds: Actions) -> None:
    deed = deeds.of("reissue")

    sent = str(deed.params.get("guarantee_pdf_hash", "")).lower()

    expect(
        sent != deed.guarantee["sha256"],
        "the re-issue came with the old PDF",
        "更新保函时上传的仍是旧 PDF",
    )
