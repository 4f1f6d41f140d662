"""Bodies that no platform sends: what the internet throws at an open endpoint. Seeded, so that
every run throws the same."""

import base64
import gzip
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any, TypeAlias
from urllib.parse import quote

from conformance_tests.suite.messages import raw
from conformance_tests.suite.messages.notices import LIMIT, Answer
from conformance_tests.suite.rules.checks import catalogue
from simulator.delivery import judging

_SEED = 20210326
_BOUNDARY = "b0undary"
_MULTIPART = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}


@dataclass(frozen=True)
class Malformed:
    """A body that is no notice. `name` says what is wrong with it, `zh` the same in Chinese."""

    name: str
    zh: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, kind: str, interface: str, url: str, limit: float = LIMIT) -> Answer:
        """Post it, and return what came back within `limit` seconds."""
        received = raw.post(url, self.body, self.headers, limit)
        described = catalogue().fetch(kind, interface)
        judged = judging.judge(described, catalogue().codes, False, received)
        return Answer(received, judged, url)


_Maker: TypeAlias = Callable[[random.Random], Malformed]


def bodies(count: int, stream: str) -> list[Malformed]:
    """Return so many malformed bodies, all kinds in turn; another `stream`, other bodies."""
    chance = random.Random(f"{_SEED} {stream}")
    return [make(chance) for make in islice(cycle(_MAKERS), count)]


def _form(**fields: str) -> bytes:
    return "&".join(f"{name}={quote(text)}" for name, text in fields.items()).encode()


def _noise(chance: random.Random) -> Malformed:
    return Malformed(
        "noise instead of a form", "随机字节代替表单", chance.randbytes(chance.randint(1, 3000))
    )


def _blocks(chance: random.Random) -> Malformed:
    noise = chance.randbytes(128 * chance.randint(1, 12))
    return Malformed(
        "random blocks in param", "param 为随机分段", _form(param=base64.b64encode(noise).decode())
    )


def _odd_length(chance: random.Random) -> Malformed:
    noise = chance.randbytes(chance.randint(1, 900))
    return Malformed(
        "half a block in param", "param 的分段不完整", _form(param=base64.b64encode(noise).decode())
    )


def _no_base64(chance: random.Random) -> Malformed:
    text = "".join(chance.choices("保函{}[]\"'<>&=%+;\\/\0\r\n aA0", k=chance.randint(1, 400)))
    return Malformed("no Base64 in param", "param 不是 Base64", _form(param=text))


def _broken_escape(chance: random.Random) -> Malformed:
    return Malformed(
        "broken %-escapes", "URL 编码损坏", b"param=%ZZ%4%" + b"%" * chance.randint(1, 50)
    )


def _no_utf8(chance: random.Random) -> Malformed:
    wrong = "保函验真".encode("gbk") + bytes([0xC3, 0x28, 0xFF, 0xFE])
    return Malformed(
        "no UTF-8", "非 UTF-8 编码", b"param=" + wrong * chance.randint(1, 20) + b"&\xff\xfe=1"
    )


def _empty(_chance: random.Random) -> Malformed:
    return Malformed("an empty body", "空请求体", b"")


def _json(chance: random.Random) -> Malformed:
    members: dict[str, Any] = {"param": chance.choice([None, 1, [], {}, "e30="]), "status": 200}
    body = json.dumps(members).encode()
    return Malformed(
        "JSON instead of a form", "JSON 代替表单", body, {"Content-Type": "application/json"}
    )


def _deep_json(chance: random.Random) -> Malformed:
    depth = chance.randint(2_000, 20_000)
    return Malformed(
        "deep JSON", "嵌套极深的 JSON", b"[" * depth, {"Content-Type": "application/json"}
    )


def _xml(chance: random.Random) -> Malformed:
    entity = '<!ENTITY a SYSTEM "file:///etc/hostname">'
    body = f"<?xml version='1.0'?><!DOCTYPE a [{entity}]><param>&a;{chance.random()}</param>"
    return Malformed(
        "XML instead of a form", "XML 代替表单", body.encode(), {"Content-Type": "text/xml"}
    )


def _many_fields(chance: random.Random) -> Malformed:
    body = "&".join(f"f{number}={chance.random()}" for number in range(3_000))
    return Malformed("thousands of fields", "数千个字段", body.encode())


def _many_params(chance: random.Random) -> Malformed:
    return Malformed(
        "param many times", "重复的 param", b"&".join([b"param=AAAA"] * chance.randint(2, 400))
    )


def _nested_names(chance: random.Random) -> Malformed:
    steps = "[a]" * chance.randint(1, 60)
    return Malformed(
        "param as an array", "数组形式的 param", f"param[]=AAAA&param{steps}=AAAA".encode()
    )


def _long_name(chance: random.Random) -> Malformed:
    return Malformed(
        "a very long name", "超长的字段名", b"p" * chance.randint(5_000, 50_000) + b"=1"
    )


def _huge(chance: random.Random) -> Malformed:
    size = chance.randint(200_000, 600_000)
    return Malformed("a huge param", "超大的 param", b"param=" + b"QUJD" * (size // 4))


def _open_multipart(chance: random.Random) -> Malformed:
    part = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="param"\r\n\r\n'
    return Malformed(
        "multipart without its end",
        "未结束的 multipart",
        part.encode() + chance.randbytes(99),
        _MULTIPART,
    )


def _bare_multipart(chance: random.Random) -> Malformed:
    headers = {"Content-Type": "multipart/form-data"}
    return Malformed(
        "multipart without a boundary", "缺少 boundary 的 multipart", chance.randbytes(200), headers
    )


def _bad_part(chance: random.Random) -> Malformed:
    part = f"--{_BOUNDARY}\r\nContent-Disposition: \0\xff; name\r\nX\r\n\r\n"
    ended = part.encode("latin-1") + chance.randbytes(20) + f"\r\n--{_BOUNDARY}--\r\n".encode()
    return Malformed("a broken part of multipart", "损坏的 multipart 分段", ended, _MULTIPART)


def _file_as_param(chance: random.Random) -> Malformed:
    part = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="param"; '
        f'filename="../../param.php"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = part.encode() + chance.randbytes(500) + f"\r\n--{_BOUNDARY}--\r\n".encode()
    return Malformed("a file named param", "名为 param 的文件", body, _MULTIPART)


def _odd_type(chance: random.Random) -> Malformed:
    kinds = ["text/plain", "image/png", "application/octet-stream", "???", "text/html; charset=x"]
    kinds.append("application/x-www-form-urlencoded; charset=utf-16")
    return Malformed(
        "another content type",
        "其他 Content-Type",
        b"param=AAAA",
        {"Content-Type": chance.choice(kinds)},
    )


def _zipped(chance: random.Random) -> Malformed:
    body = gzip.compress(b"param=" + b"A" * 10_000)[: chance.randint(10, 30)]
    return Malformed("half a gzip", "不完整的 gzip", body, {"Content-Encoding": "gzip"})


_MAKERS: Sequence[_Maker] = (
    _noise,
    _blocks,
    _odd_length,
    _no_base64,
    _broken_escape,
    _no_utf8,
    _empty,
    _json,
    _deep_json,
    _xml,
    _many_fields,
    _many_params,
    _nested_names,
    _long_name,
    _huge,
    _open_multipart,
    _bare_multipart,
    _bad_part,
    _file_as_param,
    _odd_type,
    _zipped,
)
