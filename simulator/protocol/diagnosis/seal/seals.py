"""Why a `param` cannot be opened: other keys, paddings and encodings are tried until one opens."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from Crypto.PublicKey.RSA import RsaKey

from simulator.errors import SimulatorError, Text
from simulator.protocol import rsa
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Credentials, Finding
from simulator.protocol.diagnosis.seal import blocks, contents, wrappings
from simulator.protocol.diagnosis.seal.blocks import Block, Effort
from simulator.protocol.diagnosis.seal.wrappings import Wrapped

#: The most blocks opened of one message, and the most other accounts tried.
BLOCKS = 32
OTHERS = 20
#: What programs print for nothing, for an object, or for what is still being computed.
_WORDS = frozenset(
    {
        *("null", "undefined", "none", "nil", "nan", "false", "true", "array", "<nil>", "()"),
        *("[object object]", "[object promise]", "[object arraybuffer]", "system.byte[]"),
    }
)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
#: Replacement characters that chance does not bring into random bytes.
_FEW = 3
#: Random bytes of which all are below 128 only by intention.
_ENOUGH = 64


@dataclass(frozen=True)
class _Key:
    """A private key to try, and the mistake if it opens the message; none for the right one."""

    private: RsaKey
    findings: tuple[Finding, ...]

    @property
    def size(self) -> int:
        return rsa.block_size(self.private)


def explain_seal(
    param: str,
    own_private: RsaKey | None,
    platform_private: RsaKey,
    expected: Literal["own", "platform"],
    others: Sequence[Credentials] = (),
) -> list[Finding]:
    """Name the mistakes because of which a `param` does not open with the key expected.

    All findings together explain the failure, the outermost first; none means that `param` opens
    to a plaintext, or that no known mistake explains it. `own_private` is None where the account
    is not known (a token request); its key is then looked for among the others.
    """
    if _is_plain(param) and not _holds_base64(param):
        detail = Text("param starts with readable text.", "param 是可读的明文。")
        return [make_finding("not_encrypted", detail)]
    if param.strip().lower() in _WORDS:
        word = Text(f"It is {param.strip()!r}.", f"内容为 {param.strip()!r}。")
        return [make_finding("param_is_a_word", word)]
    if re.match(r"\s*\[B@[0-9a-f]+", param):
        detail = Text(
            "param is what toString() gives for a byte[].", "param 是 byte[] 的 toString()。"
        )
        return [make_finding("java_bytes_printed", detail)]
    keys = list(_list_keys(own_private, platform_private, expected, others))
    effort = Effort()
    readings = list(itertools.islice(wrappings.unwrap(param), 12))
    # The usual keys before all others, so that the effort suffices for them.
    for chosen in (keys[:2], keys[2:]):
        for wrapped in readings:
            found = _examine(wrapped, chosen, keys[0], effort)
            if found is not None:
                return found
    for wrapped in readings:
        if found := _find_read_as_text(wrapped, keys[:1]):
            return found
    for wrapped in readings[:1]:
        found = _find_realigned(wrapped, keys, effort)
        if found is not None:
            return found
    return _guess_by_length(param, readings, keys[0])


def _is_plain(param: str) -> bool:
    text = param.strip()
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    return text.startswith("{") or contents.reads(data) or text[:2] in ("[{", '"{')


def _holds_base64(param: str) -> bool:
    """Return whether a JSON text is only what was put around the Base64."""
    return any(
        each.mistake.name in ("json_around_param", "java_bytes_printed")
        for wrapped in wrappings.unwrap(param)
        for each in wrapped.findings
    )


def _list_keys(
    own: RsaKey | None,
    platform: RsaKey,
    expected: Literal["own", "platform"],
    others: Sequence[Credentials],
) -> Iterator[_Key]:
    """Return the keys to try, the right one first."""
    common = Text("It opens with the platform's common key.", "可用平台公用私钥解密。")
    if expected == "own" and own is not None:
        yield _Key(own, ())
        yield _Key(platform, (make_finding("platform_key_instead_of_own", common),))
    else:
        yield _Key(platform, ())
        if own is not None:
            detail = Text("It opens with the account's own key.", "可用该账户自己的私钥解密。")
            yield _Key(own, (make_finding("own_key_instead_of_platform", detail),))
    known = {int(key.n) for key in (own, platform) if key is not None}
    for other in others[:OTHERS]:
        try:
            private = rsa.load_key(other.private_key)
        except SimulatorError:
            continue
        if not private.has_private() or int(private.n) in known:
            continue
        detail = Text(
            f"It opens with the key of the account {other.name}.",
            f"可用账户 {other.name} 的私钥解密。",
        )
        name = "key_of_another_account" if expected == "own" else "own_key_instead_of_platform"
        yield _Key(private, (make_finding(name, detail),))


def _examine(
    wrapped: Wrapped, keys: Sequence[_Key], right: _Key, effort: Effort
) -> list[Finding] | None:
    """Return what is found in these bytes, an empty list if all is right, None if nothing opens."""
    outer = wrapped.findings
    if contents.reads(wrapped.data) or contents.reads_in_gbk(wrapped.data):
        detail = Text("The Base64 holds readable text.", "Base64 解码后就是明文。")
        return [*outer, make_finding("only_base64", detail)]
    for key in keys:
        first = blocks.open_block(wrapped.data[: key.size], key.private, effort)
        # One block in 100,000 looks padded to any key, but then it holds no text.
        if first is None or not (key is right or contents.is_text(first.content)):
            continue
        found = [*key.findings, *_find_padding(first)]
        if first.padding == "right":
            realigned = _find_realigned(wrapped, [key], effort)
            if realigned is not None:
                return realigned
        if key is right and first.padding == "right":
            found = _examine_content(wrapped.data, first, key, effort)
        return _combine(outer, found)
    return None


def _find_realigned(wrapped: Wrapped, keys: Sequence[_Key], effort: Effort) -> list[Finding] | None:
    """Return the mistake of blocks that lost a zero byte, or got one, on the way."""
    for key in keys:
        if len(wrapped.data) % key.size == 0:
            continue
        found = blocks.realign(wrapped.data, key.private, effort)
        if found is None:
            continue
        findings = [*wrapped.findings, *key.findings]
        for name, places in (
            ("zero_byte_lost", found.shortened),
            ("sign_byte_added", found.lengthened),
        ):
            if places:
                numbers = ", ".join(str(place) for place in places)
                count = len(found.contents)
                detail = Text(
                    f"It opens so: block {numbers} of {count}.",
                    f"这样可以解密：第 {numbers} 块（共 {count} 块）。",
                )
                findings.append(make_finding(name, detail))
        return findings
    return None


def _find_read_as_text(wrapped: Wrapped, keys: Sequence[_Key]) -> list[Finding]:
    """Return the mistake of turning the encrypted bytes into text and back."""
    data = wrapped.data
    lost = data.count(_REPLACEMENT)
    if lost >= _FEW:
        detail = Text(
            f"{lost} times EF BF BD (U+FFFD) stands in the bytes.",
            f"字节中有 {lost} 处 EF BF BD（U+FFFD）。",
        )
        return [*wrapped.findings, make_finding("cipher_read_as_text", detail)]
    if len(data) >= _ENOUGH and all(byte < 0x80 for byte in data):
        marks = data.count(b"?")
        detail = Text(
            f"No byte is above 127, and {marks} of {len(data)} are question marks.",
            f"没有大于 127 的字节，{len(data)} 个字节中有 {marks} 个问号。",
        )
        return [*wrapped.findings, make_finding("cipher_read_as_text", detail)]
    try:
        undone = data.decode().encode("latin-1")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return []
    if undone != data and any(len(undone) % key.size == 0 for key in keys):
        detail = Text(
            f"Read as ISO-8859-1 and written as UTF-8, {len(undone)} bytes became {len(data)}.",
            f"按 ISO-8859-1 读取又按 UTF-8 写出，{len(undone)} 字节变成 {len(data)} 字节。",
        )
        return [*wrapped.findings, make_finding("cipher_read_as_text", detail)]
    return []


def _combine(outer: Sequence[Finding], inner: Sequence[Finding]) -> list[Finding]:
    """Return all findings; what was cut off took the padding of the Base64 along."""
    cut = any(finding.mistake.name == "truncated" for finding in inner)
    dropped = "base64_padding_missing" if cut else ""
    return [*(finding for finding in outer if finding.mistake.name != dropped), *inner]


def _find_padding(block: Block) -> Iterator[Finding]:
    if block.padding == "oaep":
        detail = Text(
            f"The padding is OAEP ({block.hashes}).", f"填充方式为 OAEP（{block.hashes}）。"
        )
        yield make_finding("oaep_padding", detail)
    if block.padding == "none":
        yield make_finding("no_padding", Text("The block has no padding.", "数据块没有填充。"))
    if block.padding == "private":
        detail = Text(
            "It opens with the public key: its padding is type 1, that of a signature.",
            "可用公钥解开：填充为类型 1（签名用）。",
        )
        yield make_finding("private_key_used", detail)


def _examine_content(data: bytes, first: Block, key: _Key, effort: Effort) -> list[Finding]:
    """Return what is wrong behind a first block that is right."""
    whole, rest = divmod(len(data), key.size)
    opened = [first.content]
    for index in range(1, min(whole, BLOCKS)):
        start = index * key.size
        block = blocks.open_block(data[start : start + key.size], key.private, effort)
        if block is None or block.padding != "right":
            detail = Text(
                f"Block {index + 1} of {whole} does not open, though the first does.",
                f"第一块可以解密，但第 {index + 1} 块（共 {whole} 块）不能。",
            )
            return [make_finding("later_block_does_not_open", detail)]
        opened.append(block.content)
    if rest:
        detail = Text(
            f"param has {len(data)} bytes: {whole} block(s) of {key.size} and {rest} bytes more.",
            f"param 共 {len(data)} 字节：{whole} 个 {key.size} 字节的块，另多 {rest} 字节。",
        )
        return [make_finding("truncated", detail)]
    if whole > BLOCKS:
        return []
    found = contents.judge(opened, key.size - rsa.PADDING)
    return [found] if found else []


def _guess_by_length(param: str, readings: Sequence[Wrapped], right: _Key) -> list[Finding]:
    """Return what its length suggests where nothing opens."""
    if not readings:
        if not param.strip():
            return []
        strange = re.search(r"[^A-Za-z0-9+/=_\r\n-]", param)
        place = strange.start() + 1 if strange else len(param)
        detail = Text(
            f"Character {place} of {len(param)} does not belong there.",
            f"第 {place} 个字符（共 {len(param)} 个）不符合 Base64。",
        )
        return [make_finding("not_base64", detail)]
    letters = re.sub(r"[^A-Za-z]", "", param)
    if len(letters) >= _ENOUGH and letters in (letters.lower(), letters.upper()):
        case = Text(
            "All its letters are of one case, and Base64 tells the cases apart.",
            "所有字母大小写相同，而 Base64 区分大小写。",
        )
        return [make_finding("not_base64", case)]
    wrapped = readings[0]
    length, bits = len(wrapped.data), right.size * 8
    outer = [replace(each, certain=False) for each in wrapped.findings]
    other = {128: 256, 256: 128}.get(right.size, right.size)
    if length % right.size == 0:
        return [
            *outer,
            make_finding(
                "unknown_key", _describe_unopened(length, right.size, other), certain=False
            ),
        ]
    if length % other == 0:
        detail = Text(
            f"param has {length} bytes, as blocks of a {other * 8}-bit key have; the key is one of "
            f"{bits} bits.",
            f"param 共 {length} 字节，像是 {other * 8} 位密钥的数据块；正确的密钥为 {bits} 位。",
        )
        return [*outer, make_finding("another_key_size", detail, certain=False)]
    detail = Text(
        f"param has {length} bytes, which is not a multiple of {right.size} ({bits}-bit key).",
        f"param 共 {length} 字节，不是 {right.size} 的倍数（{bits} 位密钥）。",
    )
    return _combine(outer, [make_finding("truncated", detail, certain=False)])


def _describe_unopened(length: int, size: int, other: int) -> Text:
    """Say that blocks of the right length open with no key, and what else they may be.

    Two blocks of 1024 bits look like one of 2048: a block is below its key's modulus, but that is
    not known of a key that nobody here has.
    """
    opens = "but no key known here opens it"
    opens_zh = "但此处已知的密钥都不能解密"
    if length % other or other == size:
        return Text(
            f"param has the right length ({length} bytes), {opens}.",
            f"param 长度正确（{length} 字节），{opens_zh}。",
        )
    return Text(
        f"param has {length} bytes, as {length // size} block(s) of the right size have "
        f"({size * 8}-bit key), {opens}; by its length it may as well be {length // other} "
        f"block(s) of a {other * 8}-bit key.",
        f"param 共 {length} 字节，符合正确密钥（{size * 8} 位）的 {length // size} 个数据块，"
        f"{opens_zh}；仅凭长度，也可能是 {other * 8} 位密钥的 {length // other} 个数据块。",
    )
