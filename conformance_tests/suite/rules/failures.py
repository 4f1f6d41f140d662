"""A few words for each way in which an endpoint gives no answer."""

from collections.abc import Mapping

from simulator.errors import Text

#: How an endpoint gave no answer, by the codes of `Received.failure`.
_FAILURES: Mapping[str, Text] = {
    "timeout": Text("no answer in time", "应答超时"),
    "unreachable": Text("nothing accepts connections", "无法连接"),
    "name": Text("unknown host name", "域名无法解析"),
    "name_slow": Text("host name not resolved in time", "域名解析超时"),
    "broken": Text("broken off", "连接中断"),
    "cut": Text("cut off by the suite", "由套件中断"),
    "too_large": Text("answer too large", "应答过大"),
    "address": Text("no address for pushes", "地址不可用"),
    "https_needed": Text("it speaks TLS", "接收端使用 TLS"),
    "http_needed": Text("it speaks plain HTTP", "接收端使用明文 HTTP"),
    "not_http": Text("it does not speak HTTP", "接收端不是 HTTP 服务"),
    "tls": Text("TLS handshake failed", "TLS 握手失败"),
}


def name_failure(failure: str) -> Text:
    """Return a few words for how an endpoint gave no answer: a code of `Received.failure`."""
    if failure.startswith("certificate"):
        return Text("certificate not accepted", "证书不被接受")
    return _FAILURES.get(failure, Text(failure, failure))
