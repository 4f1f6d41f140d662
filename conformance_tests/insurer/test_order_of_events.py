"""Order of events, of bid openings (2.10): one that comes again late, and two that cross (P40)."""

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.crossings import Crossings, opens, starts_on_the_day_of
from conformance_tests.suite.scenes.both.repeats import Repeats
from conformance_tests.suite.scenes.insurer.scene import Scene

_NEWEST_DATES = (
    "Take the dates of a re-issue from 2.3 at that moment, not from the bid opening that arrived "
    "last.",
    "重新出函时的日期应以当时 2.3 返回的为准，而不是最后到达的延期通知。",
)


@check(
    "insurer/2.10/2",
    "late-bid-opening",
    zh="重复到达的较早延期通知不影响重新出函的日期",
    fix=_NEWEST_DATES,
)
def test_a_bid_opening_repeated_after_a_newer_one_does_not_undo_it(
    scene: Scene, repeats: Repeats, crossings: Crossings
) -> None:
    older, newer = repeats.task("bid_opening"), repeats.task("bid_opening")
    late = crossings.send_in_turn(older.matter, newer.matter, older.matter)

    reissue = scene.target.act(newer.action, **newer.values)

    starts, newest = reissue.params.get("date1"), opens(newer.matter)
    expect(
        starts_on_the_day_of(reissue, newer.matter),
        f"the guarantee starts on {starts}, but the newest bid opening is {newest} "
        f"(the older notice: {late})",
        f"保函起始日期为 {starts}，而最新的开标时间为 {newest}（较早的通知：{late.zh}）",
    )


@check(
    "insurer/2.3/function",
    "crossed-bid-openings",
    level=Level.SHOULD,
    decision="P40",
    zh="两条延期通知交叉到达后，以较新的日期重新出函",
    fix=_NEWEST_DATES,
)
def test_of_two_crossed_bid_openings_the_newer_counts(
    scene: Scene, repeats: Repeats, crossings: Crossings
) -> None:
    older, newer = repeats.task("bid_opening"), repeats.task("bid_opening")
    crossings.send_in_turn(newer.matter, older.matter)

    reissue = scene.target.act(newer.action, **newer.values)

    starts, newest = reissue.params.get("date1"), opens(newer.matter)
    expect(
        starts_on_the_day_of(reissue, newer.matter),
        f"the guarantee starts on {starts}, but the newest bid opening is {newest}",
        f"保函起始日期为 {starts}，而最新的开标时间为 {newest}",
    )
