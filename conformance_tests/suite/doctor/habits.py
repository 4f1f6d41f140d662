"""What the target does with what is right: whether it acknowledges it, and renews its token."""

from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.rules.outcomes import Blocked, NoEffect, NotApplicable
from conformance_tests.suite.scenes.both.institution import Institution
from simulator.errors import Text

_TOKEN_REFUSED = "1006"
#: Calls that are looked at.
_MOST = 50


def find_no_acknowledgement(platform: Business) -> Text | None:
    """Let a known order be cancelled, and say why the target's answer acknowledges nothing.

    None where it does, or where this could not be tried.
    """
    try:
        platform.endpoint("order_status")
        order_no = platform.known_order()
    except (Blocked, NotApplicable):
        return None
    attempt = platform.deliver(platform.cancel(order_no))
    if attempt.acknowledged:
        return None
    return Text(
        f"The target does not acknowledge a right notice (order_status, the order {order_no} was "
        f'cancelled): {attempt} Answer {{"status":200}} within 5 s, as JSON in UTF-8.',
        f"目标没有确认正确的通知（order_status，订单 {order_no} 已取消）：{attempt.zh}"
        '请在 5 秒内返回 {"status":200}（UTF-8 编码的 JSON）。',
    )


def find_kept_token(platform: Business, target: Institution, order_no: str) -> Text | None:
    """End the target's token, let it read an order, and say if it does not fetch another one."""
    platform.fault("end_token")
    start = platform.mark()
    try:
        target.act("refresh_order", order_no=order_no)
    except (NoEffect, Blocked, NotApplicable):
        # A call with a token that is over is not opened, so it is no account's: on a platform that
        # others use too, it may be anybody's.
        strays = int(not platform.stage.is_attached)
        made = platform.get("journal", after=start, direction="call", strays=strays, limit=_MOST)
        statuses = [entry["status"] for entry in made]
        if _TOKEN_REFUSED not in statuses or "200" in statuses:
            return None
        return Text(
            "The target keeps its token when that is over: what it called then was refused with "
            "1006, and it fetched no other. Get a new token by 1.1 when a call is answered 1006, "
            "and make the call again with it.",
            "token 失效后目标仍继续使用：调用被拒绝（1006），也没有重新获取。"
            "接口返回 1006 时，请通过 1.1 重新获取 token，并重新调用。",
        )
    finally:
        platform.end_check()
    return None
