"""Malformed bodies: 504 in all, 72 to each endpoint. They may be refused, not more."""

from conformance_tests.suite.messages.malformed import Malformed, bodies
from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import ANSWERED, PUSHES
from conformance_tests.suite.rules.outcomes import Level, TargetFault, expect
from conformance_tests.suite.scenes.both.scene import Scene

_EACH = 72


def _storm(scene: Scene, interface: str) -> list[tuple[Malformed, Answer]]:
    """Return what was thrown at an endpoint, and what it answered; thrown once in a run."""
    thrown = bodies(_EACH, f"storm {interface}")

    def throw() -> list[tuple[Malformed, Answer]]:
        return list(zip(thrown, scene.platform.send_malformed(interface, thrown), strict=True))

    return scene.once(("storm", interface), throw)


@check(
    "{kind}/{section}/encryption",
    "alive-after-malformed",
    each=PUSHES,
    zh="收到大量畸形请求之后仍能处理正确的推送",
    fix=(
        "A malformed body may cost its own request only: catch errors for each request, limit "
        "the size of bodies, and never let an error end the process or keep its thread.",
        "畸形请求只应影响其自身：逐请求捕获异常、限制请求体大小，不得导致进程退出或线程耗尽。",
    ),
)
def test_after_malformed_bodies_right_ones_are_still_taken(scene: Scene, interface: str) -> None:
    _storm(scene, interface)

    alive, answer = scene.still_takes(interface)

    expect(
        alive,
        f"after {_EACH} malformed bodies a right one was not taken: {answer}",
        f"收到 {_EACH} 个畸形请求后，正确的推送未得到成功应答：{answer.zh}",
    )


@check(
    "{kind}/{section}/encryption",
    "malformed-not-taken",
    each=ANSWERED,
    zh="畸形请求从不得到成功应答",
    needs=["{kind}/{section}/encryption/valid"],
    fix=(
        "Answer 200 only at the end of what was done; no catch-all may acknowledge.",
        "只有处理完成后才返回 200；兜底的异常处理不得返回成功。",
    ),
)
def test_no_malformed_body_is_acknowledged(scene: Scene, interface: str) -> None:
    storm = _storm(scene, interface)

    taken = [(thrown, answer) for thrown, answer in storm if answer.taken]
    if taken:
        thrown, answer = taken[0]
        raise TargetFault(
            f"{len(taken)} malformed bodies were acknowledged; {thrown.name}: {answer}",
            f"{len(taken)} 个畸形请求得到了成功应答；{thrown.zh}：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "malformed-answered",
    each=PUSHES,
    zh="畸形请求得到应答而不是服务器错误",
    fix=(
        "Refuse what is malformed with a `status` or HTTP 4xx; HTTP 5xx or a closed connection "
        "means that nobody caught the error.",
        "用 status 或 HTTP 4xx 拒绝畸形请求；HTTP 5xx 或断开连接说明异常未被捕获。",
    ),
    level=Level.SHOULD,
    decision="P37",
)
def test_a_malformed_body_is_answered_without_a_server_error(scene: Scene, interface: str) -> None:
    storm = _storm(scene, interface)

    faults = [(thrown, answer) for thrown, answer in storm if answer.fault]
    if faults:
        thrown, answer = faults[0]
        raise TargetFault(
            f"{len(faults)} malformed bodies broke the endpoint; {thrown.name}: {answer}",
            f"{len(faults)} 个畸形请求导致服务器错误；{thrown.zh}：{answer.zh}",
        )
