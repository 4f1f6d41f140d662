"""What is said of an action without effect: no call came, or the platform refused it."""

from collections.abc import Sequence

from conformance_tests.suite.platform.corrections import correct_call
from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.rules.outcomes import NoEffect
from conformance_tests.suite.rules.reasons import NoCall, Refused
from simulator.errors import Text


def no_effect(action: str, method: str, calls: Sequence[Call], said: str) -> NoEffect:
    """Return what is said of an action of which the platform saw no accepted call.

    `method` is the call that was waited for, `calls` are those that came, `said` is what the
    action itself answered.
    """
    if not calls:
        return NoEffect.because(
            NoCall(action, method, said),
            Text(
                f"Let the action `{action}` lead to {method} within the target's `patience`: look "
                "in your own log why it does not call, and whether it calls the platform of the "
                "letter.",
                f"操作 `{action}` 应在目标文件的 `patience` 秒内引起 {method} 调用："
                "请查看系统日志，确认未调用的原因，以及调用的地址是否为开户信中的平台地址。",
            ),
        )
    last = calls[-1]
    return NoEffect.because(
        Refused(action, method, last.status, last.answered, said),
        correct_call(last.kind, method, last.status),
    )
