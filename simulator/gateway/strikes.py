"""What a fault does to a call: the sentence in the journal, and the way that its answer takes."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Response

from simulator.errors import Text
from simulator.http_server.connection_faults import Ending
from simulator.operations.faults import fault_rules
from simulator.operations.faults.fault_rules import Struck

_NOTES: Mapping[str, Text] = {
    fault_rules.ANSWER: Text(
        "The fault rule {tag} answers {code} on purpose; nothing is wrong with the call.",
        "故障规则 {tag} 有意返回 {code}；调用本身没有问题。",
    ),
    fault_rules.EXPIRE_TOKEN: Text(
        "The fault rule {tag} ended this access_token on purpose just as the call arrived: get a "
        "new one with 1.1, and call again.",
        "故障规则 {tag} 有意使该 access_token 在调用到达时过期：请用 1.1 重新获取后再次调用。",
    ),
    fault_rules.HTTP_ERROR: Text(
        "The fault rule {tag} answers HTTP {status} on purpose; the call had no effect.",
        "故障规则 {tag} 有意返回 HTTP {status}；调用未产生效果。",
    ),
    fault_rules.NO_ANSWER: Text(
        "The fault rule {tag} gives no answer on purpose, and closes the connection after "
        "{seconds} s; the call had no effect.",
        "故障规则 {tag} 有意不应答，{seconds} 秒后关闭连接；调用未产生效果。",
    ),
    fault_rules.RESET: Text(
        "The fault rule {tag} resets the connection on purpose; the call had no effect.",
        "故障规则 {tag} 有意重置连接；调用未产生效果。",
    ),
    fault_rules.DRIP: Text(
        "The fault rule {tag} lets this answer drip over {seconds} s on purpose.",
        "故障规则 {tag} 有意在 {seconds} 秒内缓慢返回本应答。",
    ),
    fault_rules.LOSE_ANSWER: Text(
        "The fault rule {tag} loses this answer on purpose: what the call did is done, but the "
        "connection is reset after {seconds} s.",
        "故障规则 {tag} 有意丢失本应答：调用已处理，但连接在 {seconds} 秒后被重置。",
    ),
    fault_rules.EXPIRE_FILE_URL: Text(
        "The fault rule {tag} ended this file URL on purpose just as it was used: get a new one "
        "with 4.1.",
        "故障规则 {tag} 有意使该文件 URL 在使用时过期：请用 4.1 重新获取。",
    ),
}

#: What the journal's `status` says of a call whose answer a fault withholds.
_WITHHELD: Mapping[str, str] = {
    fault_rules.HTTP_ERROR: "HTTP {status}",
    fault_rules.NO_ANSWER: "no_answer",
    fault_rules.RESET: "reset",
}


class Withheld(Exception):
    """A fault keeps a call from being served, and no documented code is its answer."""

    def __init__(self, strike: Struck) -> None:
        super().__init__(str(strike.tag))
        self.status = _WITHHELD[strike.rule].format(**strike.value)


def withholds(strike: Struck) -> bool:
    """Return whether a fault keeps a call from being served without a documented code."""
    return strike.rule in _WITHHELD


def describe_strike(strike: Struck) -> Text:
    """Return what the journal says of a fault that struck."""
    text, words = _NOTES[strike.rule], {"tag": strike.tag, **strike.value}
    return Text(text.en.format(**words), text.zh.format(**words))


def spoil_response(strike: Struck, right: Response, end: Callable[[Ending], None]) -> Response:
    """Return what goes back for a call that a fault struck; `right` is the answer without it.

    `end` takes how the connection ends, where that is what the fault is about.
    """
    value = strike.value
    match strike.rule:
        case fault_rules.HTTP_ERROR:
            return _render_error_page(value["status"])
        case fault_rules.NO_ANSWER:
            end(Ending("close", value["seconds"]))
        case fault_rules.RESET:
            end(Ending("reset"))
        case fault_rules.LOSE_ANSWER:
            end(Ending("reset", value["seconds"]))
        case fault_rules.DRIP:
            end(Ending("drip", value["seconds"]))
    return right


def _render_error_page(status: int) -> Response:
    """Return a page such as a proxy in front of the platform answers with: HTML, no JSON."""
    known = status in set(HTTPStatus)
    title = f"{status} {HTTPStatus(status).phrase}" if known else str(status)
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return Response(page, status, content_type="text/html")
