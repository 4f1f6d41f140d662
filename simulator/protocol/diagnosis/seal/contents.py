"""What is wrong with a plaintext whose blocks opened, but that is none of the forms of P3."""

import base64
import binascii
import codecs
import itertools
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from urllib.parse import unquote_to_bytes

from simulator.errors import Text
from simulator.protocol import plaintext
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding, format_names
from simulator.protocol.plaintext import NotAPlaintext

_BRACE = ord("}")
_CALL = frozenset({"method", "timestamp", "sign"})
_ARRAY_NAME = re.compile(rb"(?<![^&])(\w+)(?:(?:%5B|\[)[\w-]*(?:%5D|\]))+=", re.IGNORECASE)
_PRINTED = re.compile(r"\{\s*(?:\w+=|'\w+'\s*:).*\}", re.DOTALL)


def reads(data: bytes) -> bool:
    """Return whether the bytes are a plaintext."""
    try:
        plaintext.read(data)
    except NotAPlaintext:
        return False
    return True


def _is_call(data: bytes) -> bool:
    """Return whether the bytes are a plaintext with what all calls have.

    Nearly any text reads as a query string of something, so that reading alone proves little.
    """
    try:
        return plaintext.read(data).keys() >= _CALL
    except NotAPlaintext:
        return False


def reads_in_gbk(data: bytes) -> bool:
    """Return whether the bytes would be a plaintext if read as GBK, and are none in UTF-8."""
    try:
        return not reads(data) and reads(data.decode("gb18030").encode())
    except UnicodeError:
        return False


def is_text(data: bytes) -> bool:
    """Return whether bytes are the beginning of a text, whose last letter may be cut."""
    for charset in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(charset)().decode(data)
        except UnicodeDecodeError:
            continue
        return not any(letter < " " and letter not in "\t\r\n" for letter in text)
    return False


def judge(blocks: Sequence[bytes], room: int) -> Finding | None:
    """Say what is wrong with the contents of the blocks; None if they are a plaintext."""
    data = b"".join(blocks)
    if reads(data):
        return None
    if not data.strip():
        nothing = Text("There is nothing inside the blocks.", "解密后没有内容。")
        return make_finding("plaintext_empty", nothing)
    if reads_in_gbk(data):
        gbk = Text("It reads as GBK, not as UTF-8.", "按 GBK 可读，按 UTF-8 不可读。")
        return make_finding("plaintext_in_gbk", gbk)
    for order in _list_orders(len(blocks)):
        joined = b"".join(blocks[index] for index in order)
        if reads(joined) if joined.lstrip().startswith(b"{") else _is_call(joined):
            numbers = ", ".join(str(index + 1) for index in order)
            detail = Text(
                f"It reads in the order {numbers} of its blocks.", f"按第 {numbers} 块的顺序可读。"
            )
            return make_finding("blocks_out_of_order", detail)
    return (
        _judge_segments(blocks, data)
        or _judge_other_kind(data)
        or _judge_broken(blocks, data, room)
    )


def _judge_segments(blocks: Sequence[bytes], data: bytes) -> Finding | None:
    """Recognise segments that were cut wrongly, though the whole text is there."""
    bare = data.rstrip(b"\0")
    if bare != data and reads(bare):
        count = len(data) - len(bare)
        detail = Text(f"{count} NUL bytes stand behind it.", f"其后有 {count} 个 NUL 字节。")
        return make_finding("segment_filled_up", detail)
    last = blocks[-1]
    for place in (place for place, byte in enumerate(last) if byte == _BRACE):
        rest = last[place + 1 :]
        if rest and reads(b"".join(blocks[:-1]) + last[: place + 1]):
            before = blocks[-2] if len(blocks) > 1 else b""
            if before.endswith(rest) or before[place + 1 :] == rest:
                detail = Text(
                    f"{len(rest)} bytes of block {len(blocks) - 1} stand again behind it.",
                    f"其后又出现第 {len(blocks) - 1} 块的 {len(rest)} 字节。",
                )
                return make_finding("segment_with_leftovers", detail)
            detail = Text(f"{len(rest)} bytes stand behind it.", f"其后多了 {len(rest)} 字节。")
            return make_finding("segment_filled_up", detail)
    for number, (one, other) in enumerate(itertools.pairwise(blocks), 1):
        if one == other and reads(b"".join((*blocks[:number], *blocks[number + 1 :]))):
            detail = Text(f"Block {number} stands twice.", f"第 {number} 块出现两次。")
            return make_finding("segment_repeated", detail)
    if len(blocks) > 1 and all(block == blocks[0] for block in blocks):
        detail = Text(
            f"All {len(blocks)} blocks hold the same text.", f"{len(blocks)} 块内容全部相同。"
        )
        return make_finding("segment_repeated", detail)
    return _find_overlap(blocks)


def _find_overlap(blocks: Sequence[bytes]) -> Finding | None:
    shortest = min(len(block) for block in blocks)
    for overlap in range(1, shortest) if len(blocks) > 1 else ():
        pairs = itertools.pairwise(blocks)
        if all(after.startswith(before[-overlap:]) for before, after in pairs) and reads(
            blocks[0] + b"".join(block[overlap:] for block in blocks[1:])
        ):
            detail = Text(
                f"Each block begins with the last {overlap} bytes of the one before.",
                f"每块都以前一块的最后 {overlap} 字节开头。",
            )
            return make_finding("segments_overlap", detail)
    return None


def _list_orders(count: int) -> Iterator[tuple[int, ...]]:
    straight = tuple(range(count))
    if count <= 4:
        yield from itertools.islice(itertools.permutations(straight), 1, None)
        return
    yield straight[::-1]
    for one in range(min(count - 1, 30)):
        yield (*straight[:one], one + 1, one, *straight[one + 2 :])
    yield (*straight[1:], 0)
    yield (count - 1, *straight[:-1])


def _judge_other_kind(data: bytes) -> Finding | None:
    """Recognise what is no JSON object, but something else that is whole."""
    text = data.decode("utf-8", "replace").strip()
    member = _parse_json(text)
    if isinstance(member, list):
        detail = Text(f"The array has {len(member)} members.", f"数组有 {len(member)} 个元素。")
        return make_finding("plaintext_is_an_array", detail)
    if isinstance(member, str):
        detail = Text(
            f"It is one JSON string of {len(member)} characters.",
            f"是一个 {len(member)} 个字符的 JSON 字符串。",
        )
        return make_finding("plaintext_is_a_text", detail)
    if _reads_once_decoded(data):
        detail = Text("Inside the blocks stands Base64.", "解密后得到 Base64 文本。")
        return make_finding("plaintext_in_base64", detail)
    if b"%" in data and reads(unquote_to_bytes(data.replace(b"+", b" "))):
        detail = Text("It reads once it is URL-decoded.", "做一次 URL 解码后可读。")
        return make_finding("plaintext_url_encoded", detail)
    if query := _judge_query(data):
        return query
    if hidden := _describe_hidden(data):
        return make_finding("no_plaintext", hidden)
    if not text.startswith("{") and reads(data + b"&sign="):
        count = text.count("&") + 1
        detail = Text(
            f"The query string has {count} parameter(s), neither sign nor timestamp among them.",
            f"query 字符串有 {count} 个参数，其中没有 sign 和 timestamp。",
        )
        return make_finding("plaintext_without_sign", detail)
    if _PRINTED.fullmatch(text):
        detail = Text(
            "It starts with a name and = or with a quoted name in ''.",
            "以 名称= 或单引号括起的名称开头。",
        )
        return make_finding("map_printed", detail)
    if text.startswith("<") and text.endswith(">"):
        xml = Text("It starts with < and ends with >.", "以 < 开头、以 > 结尾。")
        return make_finding("plaintext_is_xml", xml)
    return None


def _describe_hidden(data: bytes) -> Text | None:
    """Say how a plaintext is hidden in bytes that are none; None where there is no plaintext."""
    for en, zh, undo in (
        ("Unpacked (gzip, zlib), it reads.", "解压（gzip、zlib）后可读。", _unpack),
        ("It reads as UTF-16.", "按 UTF-16 可读。", lambda it: it.decode("utf-16").encode()),
        ("Decoded from hexadecimal, it reads.", "十六进制解码后可读。", binascii.unhexlify),
    ):
        try:
            if _is_call(undo(data)):
                return Text(en, zh)
        except (ValueError, zlib.error):
            continue
    start, end = data.find(b"{"), data.rfind(b"}") + 1
    if 0 < start < end and _is_call(data[start:end]):
        before, behind = start, len(data) - end
        return Text(
            f"{before} bytes stand before the JSON object, {behind} behind it.",
            f"JSON 对象之前有 {before} 字节，之后有 {behind} 字节。",
        )
    return None


def _unpack(data: bytes) -> bytes:
    # 32 takes both heads; a plaintext that unpacks to more is none.
    return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, 1 << 20)


def _judge_query(data: bytes) -> Finding | None:
    """Recognise a query string that is written a little otherwise than P3 reads it."""
    stripped = data.strip().strip(b"?&")
    if stripped != data and reads(stripped):
        before = data.strip()[:1].decode("latin-1")
        detail = (
            Text("It begins with ?.", "以 ? 开头。")
            if before == "?"
            else Text("It begins or ends with &.", "以 & 开头或结尾。")
        )
        return make_finding("query_not_plain", detail)
    for written in (b"&amp;", b";", b"\r\n", b"\n", b","):
        if written in data and _is_call(data.strip().replace(written, b"&")):
            shown = written.decode()
            detail = Text(
                f"Its parameters are joined with {shown!r}.", f"参数之间用 {shown!r} 连接。"
            )
            return make_finding("query_not_plain", detail)
    flat = _ARRAY_NAME.sub(lambda name: name[1] + b"=", data)
    if flat != data and reads(flat):
        names = sorted({name[1].decode("latin-1") for name in _ARRAY_NAME.finditer(data)})
        detail = Text(
            f"Written as an array: {format_names(names)}[…].",
            f"以数组形式书写：{format_names(names)}[…]。",
        )
        return make_finding("query_with_arrays", detail)
    return None


def _parse_json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _reads_once_decoded(data: bytes) -> bool:
    try:
        return reads(base64.b64decode(re.sub(rb"\s", b"", data), validate=True))
    except (binascii.Error, ValueError):
        return False


def _judge_broken(blocks: Sequence[bytes], data: bytes, room: int) -> Finding:
    """Judge a plaintext that is not whole: cut, with a block missing, or not well-formed."""
    starts = data.lstrip().startswith(b"{")
    count, full = len(blocks), len(blocks[-1]) == room
    if starts and full and _breaks_off(data):
        detail = Text(
            f"The text breaks off after {count} full block(s) of {room} bytes.",
            f"文本在 {count} 个满块（每块 {room} 字节）之后中断。",
        )
        return make_finding("cut_to_one_block" if count == 1 else "block_lost", detail)
    if not starts and data.rstrip().endswith(b"}"):
        # The cut may have gone through a letter, of which the last bytes are left.
        rest = data.lstrip(_CONTINUATIONS)
        proved = any(reads(missing + rest) for missing in _BEGINNINGS)
        detail = Text(
            f"The text of {count} block(s) has an end, but no beginning.",
            f"{count} 块的文本有结尾，没有开头。",
        )
        return make_finding("block_lost", detail, certain=proved)
    place = _find_first_fault(data)
    if starts and count > 1 and 0 <= place % room < 20 and place >= room:
        number = place // room + 1
        detail = Text(
            f"The text breaks where block {number} of {count} begins.",
            f"文本在第 {number} 块（共 {count} 块）开头处断开。",
        )
        return make_finding("block_lost", detail, certain=False)
    if starts:
        detail = _describe_value(data) or Text(
            f"The JSON is broken at byte {place} of {len(data)}.",
            f"JSON 在第 {place} 字节处有误（共 {len(data)} 字节）。",
        )
        return make_finding("broken_json", detail)
    detail = Text(
        f"{count} block(s) opened to {len(data)} bytes that are no plaintext.",
        f"{count} 块解密得到 {len(data)} 字节，但不是可识别的明文。",
    )
    return make_finding("no_plaintext", detail)


#: What may have stood before the end of an object: the beginning of a name, a value, a member.
_BEGINNINGS = (b'{"', b'{"x":"', b'{"x":', b'{"x"', b"{")
_CONTINUATIONS = bytes(range(0x80, 0xC0))
#: The beginning of an escape, a number or a word, which is no fault where the text ends.
_BEGUN = re.compile(r"(?:\\u?[0-9a-fA-F]{0,3}|[\w.+-]{1,20})\Z")


def _breaks_off(data: bytes) -> bool:
    """Return whether bytes are the beginning of an object, and nothing is wrong with them."""
    text = _BEGUN.sub("", data.decode("utf-8", "ignore"))
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    except (ValueError, RecursionError):
        return False
    return False


def _describe_value(data: bytes) -> Text | None:
    """Return what Python's reader takes and JSON, or this platform, does not; it has no place."""
    constants: list[str] = []
    try:
        value = json.loads(data, parse_constant=constants.append)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        return Text("It is nested too deeply.", "嵌套过深。")
    except UnicodeEncodeError:
        return Text(
            "It has half of a letter, a lone \\ud800 to \\udfff.",
            "其中有不成对的代理字符（\\ud800 至 \\udfff）。",
        )
    except ValueError:
        return None
    if constants:
        name = constants[0]
        return Text(f"It has {name}, which JSON does not.", f"其中有 {name}，而 JSON 没有它。")
    return None


def _find_first_fault(data: bytes) -> int:
    """Return the byte at which the JSON goes wrong."""
    try:
        json.loads(data.decode())
    except UnicodeDecodeError as error:
        return error.start
    except json.JSONDecodeError as error:
        return len(data.decode()[: error.pos].encode())
    except (ValueError, RecursionError):
        return 0
    return 0
