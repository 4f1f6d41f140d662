"""What an institution says of a push that it could not open or verify (P37)."""

import re

from simulator.delivery import bodies

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: The verdict's code for each complaint, the narrowest first.
COMPLAINTS = {
    "node_pkcs1": re.compile(r"RSA_PKCS1_PADDING is no longer supported[\w ]*", re.IGNORECASE),
    "unopened": re.compile(
        r"解密(?:失败|错误|异常|出错)|[无不][法能]解密|decrypt(?:ion)? (?:error|fail\w*)"
        r"|(?:failed to|cannot|could not|can't|unable to) decrypt"
        r"|illegal base64[\w ]*|(?:invalid|not a valid) base-?64|incorrect padding"
        r"|input byte array has \w+ \d*-?\w* ?ending byte|\w*BadPadding\w*|padding error"
        r"|(?:invalid|bad) padding|padding check failed|IllegalBlockSize\w*"
        r"|data must not be longer than \d+ bytes|data (?:too large|greater)[\w ]*mod\w*",
        re.IGNORECASE,
    ),
    "sign_refused": re.compile(
        r"验签(?:失败|错误|异常|[不未]通过)|(?:校验|验证)签名(?:失败|错误|[不未]通过)"
        r"|签名(?:校验|验证|认证)?(?:失败|错误|无效|不正确|不匹配|不一致|不对|[不未]通过)"
        # Also what is said of a contract's signature, which is none of ours.
        r"|\b(?:invalid|bad|wrong|illegal|incorrect)[ _]sign(?:ature)?\b"
        r"(?! (?:date|time|page|image|file|field|position))"
        r"|\bsign(?:ature)?[ _](?:is |was )?(?:error|invalid|wrong|incorrect|mismatch|fail\w*"
        r"|verification fail\w*|verify fail\w*|check fail\w*|(?:does )?not match)",
        re.IGNORECASE,
    ),
}


def find(body: bytes) -> tuple[str, str] | None:
    """Return the verdict's code and the words of a complaint; None where there is none."""
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), _decode(body))
    for code, words in COMPLAINTS.items():
        if found := words.search(text):
            return code, bodies.quote(found[0])
    return None


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")
