"""The calls about a claim's own particulars (3.2, 3.3), and what 4.1 asks for."""

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import expect
from conformance_tests.suite.scenes.both.target_actions import TargetActions

_AS_NOTIFIED = (
    "Send guarantee_no, principal, creditor and guarantor as the notice of the claim and "
    "{reading} had them.",
    "guarantee_no、principal、creditor、guarantor 应与理赔通知及 {reading} 中的内容一致。",
)


@check("{kind}/3.2/request", "guarantee-no", zh="理赔操作的保函编号与通知一致", fix=_AS_NOTIFIED)
def test_a_decision_names_the_claims_guarantee(deeds: TargetActions) -> None:
    deed = deeds.of("accept_claim")

    sent, known = deed.params.get("guarantee_no"), deed.matter["guarantee_no"]
    expect(
        sent == known,
        f"guarantee_no is {sent!r}, the claim is about {known}",
        f"guarantee_no 为 {sent!r}，理赔对应的保函为 {known}",
    )


@check("{kind}/3.3/request", "names", zh="3.3 的名称与理赔一致", fix=_AS_NOTIFIED)
def test_a_claim_is_read_by_its_own_names(deeds: TargetActions) -> None:
    deed = deeds.of("refresh_claim")

    differing = [
        (name, deed.params.get(name), deed.matter[name])
        for name in ("guarantee_no", "principal", "creditor")
        if deed.params.get(name) != deed.matter[name]
    ]

    expect(
        not differing,
        "; ".join(f"{name} is {sent!r} instead of {known!r}" for name, sent, known in differing),
        "；".join(f"{name} 为 {sent!r}，应为 {known!r}" for name, sent, known in differing),
    )


@check(
    "{kind}/4.1/request",
    "file-id",
    zh="按 {reading} 的 file_id 换取文件地址",
    fix=(
        "Keep the file_id of {reading} beside each file and send it to 4.1, not the URL.",
        "保存 {reading} 返回的 file_id，调用 4.1 时发送 file_id 而不是 URL。",
    ),
)
def test_a_file_is_asked_for_by_its_id(deeds: TargetActions) -> None:
    deed = deeds.of("renew_file_url")

    sent, known = deed.params.get("file_id"), deed.matter["file_id"]
    expect(
        sent == known,
        f"file_id is {sent!r}, the file is {known}",
        f"file_id 为 {sent!r}，该文件的 file_id 为 {known}",
    )
