"""2.8 保函撤销 and 2.9 保函解保: what the lists of a batch do, and what they leave alone."""

from conformance_tests.guarantor.test_release_search import expect_revoked, expect_state
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, Warned, expect
from conformance_tests.suite.scenes.guarantor.releases import Releases, lists
from conformance_tests.suite.scenes.guarantor.scene import Scene

_EACH_OF_THE_LIST = (
    "Parse revoke_guarantee_data, which is JSON as text, and handle every guarantee of "
    "current_revoke_data, and no other.",
    "解析 revoke_guarantee_data（JSON 字符串），处理 current_revoke_data 中的每一份保函，"
    "且仅处理这些保函。",
)
_FORFEITED = (
    "Keep what stands in penalty_data apart: it is forfeited (2.10: 3), and never reported by 2.9.",
    "penalty_data 中的保函单独标记为被罚没（2.10 返回 3），不得通过 2.9 解保。",
)
_BEFORE = (
    "revoke_success_data and the earlier forfeits of penalty_data only repeat what you know: "
    "change nothing of these guarantees, and handle the rest of the batch.",
    "revoke_success_data 以及 penalty_data 中此前已罚没的保函仅为重复告知：不改变其状态，"
    "继续处理其余保函。",
)
_BATCH = (
    "Recognise a repeat by revoke_no. When a known one comes with another list, keep what was "
    "there: refuse it, or acknowledge it without effect.",
    "按 revoke_no 判断是否重复推送；批次号已存在但名单不同时，保留原有数据：拒绝，或确认但不生效。",
)
_NO_FILE = (
    "The declaration is optional (可能包括): without a file and with an empty hash the batch is "
    "handled all the same.",
    "撤销声明文件为可选：没有文件且 hash 为空时，同样应处理该批次。",
)
_QUOTA = (
    "Where a quota can be freed only once per block, free it when the last guarantee of the block "
    "that you issued is revoked.",
    "若同一标段的额度只能释放一次，应在该标段下本公司出具的保函全部撤销后再释放。",
)
_AFTER_THE_NOTICE = (
    "Offer the release (2.9) only for guarantees that a 2.8 named in current_revoke_data.",
    "只有 2.8 当次撤销名单中的保函才可调用 2.9 解保。",
)
_READ_THE_ERRORS = (
    "Read data.error of 2.9's answer: status 200 says nothing of single guarantees. One that is "
    "listed there was not released.",
    "检查 2.9 应答中的 data.error：status 为 200 不代表每份保函都已解保，列出的保函并未解保。",
)


# The lists.


@check(
    "guarantor/2.8/function", "each", zh="当次撤销名单中的每份保函都被撤销", fix=_EACH_OF_THE_LIST
)
def test_each_guarantee_of_a_batch_is_revoked(releases: Releases) -> None:
    first, second = releases.block().revoked

    answers = releases.ask(first), releases.ask(second)

    expect_revoked(answers[0])
    expect_revoked(answers[1])


@check("guarantor/2.8/function", "unnamed", zh="名单之外的保函不受影响", fix=_EACH_OF_THE_LIST)
def test_a_guarantee_of_the_block_that_no_list_names_is_left_alone(releases: Releases) -> None:
    answer = releases.ask(releases.block().unnamed)

    expect_state(answer, "2")


@check("guarantor/2.8/request", "forfeited-not-released", zh="被罚没的保函不解保", fix=_FORFEITED)
def test_a_forfeited_guarantee_is_not_released(scene: Scene, releases: Releases) -> None:
    values = scene.release_values(releases.block().forfeited)

    calls = scene.target.try_to("release", **values)

    expect(
        not calls,
        f"the target reported the release of the forfeited guarantee {values['guarantee_no']}",
        f"目标对被罚没的保函 {values['guarantee_no']} 调用了 2.9",
    )


@check("guarantor/2.8/request", "next-batch", zh="同一标段的后续批次继续处理", fix=_BEFORE)
def test_the_next_batch_of_a_block_is_handled(releases: Releases) -> None:
    answer = releases.ask(releases.next_batch().unnamed)

    expect_revoked(answer)


@check("guarantor/2.8/request", "forfeited-stays", zh="此前罚没的保函保持罚没", fix=_BEFORE)
def test_a_guarantee_stays_forfeited_in_the_next_batch(releases: Releases) -> None:
    answer = releases.ask(releases.next_batch().forfeited)

    expect_state(answer, "3")


@check("guarantor/2.8/request", "released-stays", zh="此前已解保的保函保持已解保", fix=_BEFORE)
def test_a_guarantee_stays_released_in_the_next_batch(releases: Releases) -> None:
    released, _ = releases.next_batch_after_a_release()

    answer = releases.ask(released)

    expect_state(answer, "5")


@check(
    "guarantor/2.8/request",
    "other-content",
    level=Level.SHOULD,
    decision="P41",
    zh="相同 revoke_no、不同名单的通知不产生业务效果",
    fix=_BATCH,
)
def test_a_known_batch_with_another_list_revokes_nothing(scene: Scene, releases: Releases) -> None:
    first, second = scene.issued_in_one_block(2)
    revoke_no = releases.tell([first])
    notice = scene.platform.notice_of(scene.platform.newest_push("release", revoke_no))
    other = lists(current_revoke_data=[releases.item(second)])

    scene.platform.send(notice.saying(revoke_guarantee_data=other))

    expect_state(releases.ask(second), "2")


@check("guarantor/2.8/file", "optional", zh="没有声明文件的批次同样处理", fix=_NO_FILE)
def test_a_batch_without_a_declaration_is_handled(scene: Scene) -> None:
    order_no = scene.issued()
    number = str(scene.platform.guarantee(order_no)["guarantee_no"])
    _, push = scene.platform.release(scene.platform.block_of(order_no), [number], declared=False)

    answer = scene.platform.deliver(push)

    expect(
        answer.acknowledged,
        f"a batch without a declaration was not acknowledged: {answer}",
        f"没有声明文件的批次未被确认：{answer.zh}",
    )


# The quota (额度).


@check(
    "guarantor/2.8/quota",
    "not-before-the-last",
    zh="标段保函未全部撤销前不释放额度",
    level=Level.SHOULD,
    fix=_QUOTA,
)
def test_no_quota_is_freed_before_the_last_guarantee_of_a_block(
    scene: Scene, releases: Releases
) -> None:
    first, second = scene.issued_in_one_block(2)
    releases.tell([first])

    freed = releases.freed(first, 0)

    expect(
        freed == 0,
        f"the quota of {first} was freed, though {second} of its block is still in force",
        f"标段内订单 {second} 的保函尚未撤销，订单 {first} 的额度却已释放",
    )


@check(
    "guarantor/2.8/quota",
    "after-the-last",
    zh="标段保函全部撤销并解保后释放额度",
    level=Level.SHOULD,
    fix=_QUOTA,
)
def test_the_quotas_are_freed_after_the_last_guarantee_of_a_block(
    scene: Scene, releases: Releases
) -> None:
    first, second = releases.next_batch_after_a_release()
    scene.target.act("release", **scene.release_values(second))

    freed = releases.freed(first, 1) + releases.freed(second, 1)

    expect(
        freed == 2,
        f"of the two quotas of the block {freed} were freed after all was revoked and released",
        f"标段保函全部撤销并解保后，两份额度只释放了 {freed} 份",
    )


# The release (2.9).


@check(
    "guarantor/2.9/function",
    "after-the-notice",
    zh="收到撤销通知之前不解保",
    fix=_AFTER_THE_NOTICE,
)
def test_a_guarantee_is_not_released_before_it_is_revoked(scene: Scene) -> None:
    values = scene.release_values(scene.issued())

    calls = scene.target.try_to("release", **values)

    expect(
        not calls,
        f"the target reported the release of {values['guarantee_no']}, which was never revoked",
        f"保函 {values['guarantee_no']} 从未被撤销，目标却调用了 2.9",
    )


@check(
    "guarantor/2.9/answer",
    "item-error",
    zh="2.9 应答中有错误的保函不视为已解保",
    fix=_READ_THE_ERRORS,
)
def test_a_guarantee_with_an_error_was_not_released(scene: Scene, releases: Releases) -> None:
    order_no = releases.revoke_unknown_to_the_platform()
    scene.target.act("release", **scene.release_values(order_no))
    scene.platform.settle()

    answer = releases.ask(order_no)

    told = answer.member("status")
    expect(
        told != "5",
        f"2.9 was answered with an error for this guarantee, but 2.10 tells 5 (released): {answer}",
        f"2.9 对该保函返回了错误，2.10 却返回 5（已解保）：{answer.zh}",
    )
    if told != "4":
        raise Warned(
            f"the guarantee still waits for its release, but 2.10 tells {told or 'nothing'}",
            f"该保函仍待解保，2.10 却返回 {told or '空'}",
        )
