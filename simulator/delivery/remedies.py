"""What an institution changes after a verdict, where the verdict's own sentence does not say it."""

from collections.abc import Mapping

from simulator.errors import Text
from simulator.protocol.catalogue import Interface

#: Verdicts whose own sentence ends with what to change.
SAID_BY_ITSELF = frozenset(
    {
        *("timeout", "name", "address", "too_large"),
        *("empty", "not_json", "not_object", "status_missing", "statue", "statues"),
    }
)

REMEDIES: Mapping[str, Text] = {
    "unreachable": Text(
        "Start the endpoint, let it listen on the address that is registered (0.0.0.0 inside a "
        "container), or register another: `conzhu-sim account endpoint NAME INTERFACE URL`.",
        "请启动接收服务，并监听所登记的地址（容器内请监听 0.0.0.0）；或重新登记："
        "`conzhu-sim account endpoint NAME INTERFACE URL`。",
    ),
    "name_slow": Text(
        "Look at the name servers of the machine that the simulator runs on (`getent hosts NAME` "
        "must answer at once), or register the endpoint by its IP address.",
        "请检查模拟器所在机器的 DNS（`getent hosts 域名` 应立即返回），或以 IP 地址登记接收地址。",
    ),
    "tls": Text(
        "The certificate must name this host, be valid today, come with its whole chain, and be "
        "trusted by this machine; on a laptop register an http address instead.",
        "证书须包含该域名、在有效期内、带完整证书链，并被本机信任；本机联调可改为登记 http 地址。",
    ),
    "broken": Text(
        "Read the whole request, send all bytes that Content-Length announces, and only then "
        "close; look in your log and your proxy's for a crash or a limit on the size.",
        "请读完整个请求，发完 Content-Length 所示的全部字节后再关闭连接；"
        "并查看自己和代理的日志是否有崩溃或大小限制。",
    ),
    "redirect": Text(
        "If it leads to a log-in page, exempt this path from the log-in filter.",
        "如果跳转到登录页，请把该路径排除在登录拦截之外。",
    ),
    "http_status": Text(
        "404: correct the path; 401 or 403: exempt it from log-in and CSRF filters; 405 or 415: "
        "accept POST of a form; 413: raise the limit of the form; 5xx: look in your own log.",
        "404：请更正路径；401、403：请排除登录与 CSRF 拦截；405、415：请接受表单 POST；"
        "413：请放宽表单大小限制；5xx：请查看自己的日志。",
    ),
    "status_other": Text(
        'Once the push is stored, answer {"status":200}, also to a repeat and to a state that '
        "changes nothing for you; any other status lets it come again.",
        '推送入库后请返回 {"status":200}，重复推送和不影响业务的状态也一样；'
        "其他 status 会导致再次推送。",
    ),
    "refused": Text(
        "This is a documented refusal. If it should have been answered, compare what was asked "
        "with your records: the numbers, the names, the seal's key and the sign.",
        "这是手册规定的拒绝。如果本应成功，请将询问内容与自己的记录比对：编号、名称、私钥和签名。",
    ),
    "answer_form": Text(
        "Give the member that is named the name, type and format of the table; what the table "
        "says of each is in docs/reference.",
        "请按手册表格更正所指字段的名称、类型和格式；各字段说明见 docs/reference。",
    ),
    "ack_lost": Text(
        "Nothing: your answer was right. A notice comes again; acknowledge it again, and do what "
        "it asks only once.",
        "无需更改：应答正确。通知会再次到达；请再次确认，且业务只处理一次。",
    ),
    "not_delivered": Text(
        "Nothing: it never reached you. A notice is sent again by the schedule; "
        "`conzhu-sim fault list` shows rules that still strike.",
        "无需更改：推送未发出。通知会按通知频率重发；`conzhu-sim fault list` 可查看仍有效的规则。",
    ),
    "cut": Text(
        "Nothing, if your system did not act on half a request: the notice comes again by the "
        "schedule.",
        "如果系统没有处理这半个请求，则无需更改：通知会按通知频率重发。",
    ),
    "interrupted": Text(
        "Nothing: but a push that comes twice must take effect only once.",
        "无需更改：但重复到达的推送只能生效一次。",
    ),
}

_QUESTION = Text(
    "This is a question: beside `status` its answer has the members of the table in "
    "docs/reference.",
    "这是询问：除 `status` 外，应答还须包含手册表格中的字段（见 docs/reference）。",
)
#: Verdicts on answers of which `{"status":200}` alone would not be enough for a question.
_NO_ANSWER = frozenset(
    {
        *("http_status", "too_large", "empty"),
        *("not_json", "not_object", "status_missing", "status_other"),
    }
)


def remedy(interface: Interface, code: str) -> Text | None:
    """Return what to change beside what the verdict says; None where it says everything."""
    said = [REMEDIES[code]] if code in REMEDIES else []
    if interface.delivery == "question":
        said = [each for each in said if code != "status_other"]
        said += [_QUESTION] if code in _NO_ANSWER else []
    if not said:
        return None
    return Text(" ".join(each.en for each in said), "".join(each.zh for each in said))
