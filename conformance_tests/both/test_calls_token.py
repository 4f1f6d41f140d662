"""How the target keeps its access token: fetched once, used until the platform ends it (1.1)."""

from conformance_tests.both.test_calls import missing_in
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.scenes.both.target_actions import TargetActions

TOKEN = "get_access_token"
#: Seconds after which a token that nobody used is over.
_TWO_HOURS = 7200

_RENEW = (
    "When a call is answered 1006, get a new token by 1.1 and make the call once more with it, "
    "whatever your own clock says of the old one.",
    "接口返回 1006 时，应通过 1.1 重新获取 access_token 并重新调用一次，不要只依赖本地时间判断。",
)
_KEEP = (
    "Keep the token in one place for all threads and use it until the platform refuses it.",
    "access_token 应集中保存、各线程共用，直到平台提示失效再重新获取。",
)


@check(
    "{kind}/1.1/request",
    "complete",
    zh="获取 access_token 的请求携带全部必填参数",
    fix=(
        "Send method, api_key, api_secret, timestamp and sign, and nothing else.",
        "获取 access_token 时发送 method、api_key、api_secret、timestamp、sign。",
    ),
)
def test_a_token_request_has_every_required_parameter(deeds: TargetActions) -> None:
    request = deeds.token_request()

    lacking = missing_in(request)

    expect(not lacking, f"{TOKEN} lacks {', '.join(lacking)}", f"{TOKEN} 缺少 {'、'.join(lacking)}")


@check(
    "{kind}/{procedure}/2",
    "renewed-after-revocation",
    zh="token 失效后重新获取并完成调用",
    fix=_RENEW,
)
def test_a_token_that_was_ended_is_replaced(scene: Scene, deeds: TargetActions) -> None:
    deeds.with_living_token()
    scene.platform.fault("end_token")

    read = deeds.reads_a_new_order()

    expect(
        read,
        f"after the token was ended no {deeds.reading} succeeded any more",
        f"token 失效后，{deeds.reading} 再未调用成功",
    )


@check(
    "{kind}/{procedure}/2", "renewed-after-two-hours", zh="token 闲置两小时后重新获取", fix=_RENEW
)
def test_a_token_unused_for_two_hours_is_replaced(scene: Scene, deeds: TargetActions) -> None:
    deeds.with_living_token()
    scene.platform.advance(_TWO_HOURS + 1)

    read = deeds.reads_a_new_order()

    expect(
        read,
        f"two hours later, by the platform's clock, no {deeds.reading} succeeded any more",
        f"平台时钟前进两小时后，{deeds.reading} 再未调用成功",
    )


@check(
    "{kind}/{procedure}/2",
    "renewed-with-file",
    zh="token 失效后重新发送的保函带有完整文件",
    fix=(
        "Build the whole request anew for the second try: a file stream that was read is empty.",
        "重新调用时应重新构造整个请求：已读过的文件流再次发送时为空。",
    ),
)
def test_a_guarantee_is_sent_whole_when_its_token_was_over(deeds: TargetActions) -> None:
    deed = deeds.of("issue_without_token")

    expect(
        deed.accepted,
        f"after the token was ended the guarantee was not taken: {deed}",
        f"token 失效后，保函未被平台接受：{deed.zh}",
    )


@check(
    "{kind}/{procedure}/2",
    "used-again",
    zh="有效期内的 token 重复使用",
    level=Level.SHOULD,
    decision="P12",
    fix=_KEEP,
)
def test_a_living_token_is_used_again(scene: Scene, deeds: TargetActions) -> None:
    deeds.with_living_token()
    start = scene.platform.mark()

    read = deeds.reads_a_new_order()

    fetched = scene.platform.calls(TOKEN, since=start)
    expect(
        read,
        f"no {deeds.reading} succeeded for a new order",
        f"新订单到达后，{deeds.reading} 未调用成功",
    )
    expect(
        not fetched,
        f"{len(fetched)} tokens were fetched though one was alive",
        f"原 token 仍有效，却又获取了 {len(fetched)} 次 token",
    )


@check(
    "{kind}/{procedure}/2",
    "renewed-once",
    zh="重新获取的 token 会被保存并继续使用",
    level=Level.SHOULD,
    decision="P12",
    fix=_KEEP,
)
def test_a_new_token_is_kept(scene: Scene, deeds: TargetActions) -> None:
    deeds.with_living_token()
    scene.platform.fault("end_token")
    start = scene.platform.mark()

    reads = [deeds.reads_a_new_order() for _ in range(3)]

    fetched = scene.platform.calls(TOKEN, since=start)
    expect(
        all(reads),
        f"no {deeds.reading} succeeded for one of three new orders",
        f"三个新订单中有订单的 {deeds.reading} 未调用成功",
    )
    expect(
        len(fetched) <= 1,
        f"{len(fetched)} tokens were fetched for three new orders",
        f"三个新订单获取了 {len(fetched)} 次 token",
    )


@check(
    "{kind}/{procedure}/2",
    "token-refused-once",
    zh="一次获取 token 失败后仍能恢复",
    fix=(
        "When no token could be had, forget that, and ask for one again at the next call.",
        "获取 access_token 失败时不要缓存失败结果，下次调用时应再次获取。",
    ),
)
def test_a_refused_token_request_is_not_the_end(scene: Scene, deeds: TargetActions) -> None:
    deeds.with_living_token()
    scene.platform.fault("end_token")
    scene.platform.fault("answer", interface=TOKEN, value={"code": 404})
    deeds.meets_a_new_order()

    read = deeds.reads_a_new_order()

    expect(
        read,
        f"after one refused request for a token no {deeds.reading} succeeded any more",
        f"一次获取 token 失败后，{deeds.reading} 再未调用成功",
    )
