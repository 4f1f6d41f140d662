"""Almost right messages, for hypothesis: each step of making a call may go wrong.

A message is drawn along the grammar of the protocol: parameters, their sign, the plaintext, its
blocks, Base64, the form with its files, the HTTP request. Mistakes are made at one step, or at
two, so that they get as deep into the platform as they can.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from calls.insurer import (
    BRANCHES,
    COMPANIES,
    DECIDE,
    FILE_URL,
    GET_ORDER,
    INVOICE,
    ISSUE,
    ISSUE_ANEW,
    POLICY,
    Insurer,
    sha256,
)
from hypothesis import strategies as st
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.protocol import envelope, plaintext, rsa

Draw = Callable[[st.SearchStrategy[Any]], Any]
Pairs = list[tuple[str, str]]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
literals = st.sampled_from(["1e999", "-0", "1E400", "0.10", "123456789012345678901234567890"])
odd_texts = st.sampled_from(
    [
        *["", "0", "-1", "1e9", "\x00", "２０３０", "null", "NaN", "%", "' OR 1=1 --", "😀"],
        *["0000-00-00", "9999-12-31", "2031-02-29", "99991231235959", "00000000000000", "9" * 5000],
        *["0000-01-01 00:00:00", "99999999999999.99", "3", "REFUSE_INDEMNITY", "../../etc/passwd"],
        *["\ufffe", "[" * 3000, "a" * 40000],
    ]
)
wild = json_values.map(json.dumps) | literals | odd_texts.map(json.dumps)
#: Where mistakes are made, and how often.
_STEPS = [
    *[("values",)] * 50,
    *[(step,) for step in ("sign", "writing", "blocks", "base64", "form", "wrapping", "http")] * 8,
    *[("values", step) for step in ("writing", "blocks", "form", "wrapping", "http")] * 3,
    *[()] * 4,
]
_DEEP = "[" * 60000 + "]" * 60000


@contextmanager
def insurer_with_business(control: ControlClient, name: str) -> Iterator[Insurer]:
    """Open an account with an issued order, a fresh one and a claim; close it at the end."""
    control.post("accounts", name=name, key_bits=1024)
    platform = Platform(control, name)
    insurer = Insurer(platform, Institution(platform.letter()))
    order = insurer.bring(platform.create_order(order_no="1000000001"), "HAS_OUT_GUARANTEE")
    platform.create_order(order_no="1000000002")
    platform.post("claims", order_no=order["order_no"])
    platform.switch(max_clock_skew=86399)
    yield insurer
    control.delete("accounts", name)


def right_calls(insurer: Insurer) -> dict[str, dict[str, Any]]:
    """Return the business parameters of a sensible call of each method."""
    order = insurer.platform.order("1000000001")
    other = insurer.platform.order("1000000002")
    [claim] = insurer.platform.get("claims")
    names = {name: order[name] for name in ("order_no", "principal", "creditor")}
    pushed = {
        **names,
        "guarantee_no": "GX-1",
        "guarantor": order["accept_insurer"],
        "out_guarantee_time": "2030-10-30 15:12:12",
        "guarantee_pdf_hash": sha256(POLICY),
    }
    dates = {"guarantee_no_old": "GX-1", "date1": "2031-01-01", "date2": "2031-06-01"}
    about_claim = {"claim_no": claim["claim_no"], "guarantee_no": "GX-1"}
    return {
        "get_access_token": {},
        GET_ORDER: {"order_no": order["order_no"]},
        DECIDE: insurer.decision(other, "1", "1"),
        ISSUE: pushed,
        ISSUE_ANEW: {**pushed, **dates},
        INVOICE: {"invoice_id": "1", "invoice_pdf_hash": sha256(POLICY)},
        "update_claim": {**about_claim, "do_type": "AGREE_INDEMNITY"},
        "get_claim_detail": {**names, **about_claim, "guarantor": order["accept_insurer"]},
        FILE_URL: {"file_id": order["files"][0]["file_id"]},
        BRANCHES: {"insurer_name": insurer.institution.letter["access_party"]},
        COMPANIES: {"order_no": order["order_no"]},
    }


def write_json(pairs: Pairs) -> bytes:
    """Write JSON with arbitrary literals and repeated names, valid or not."""
    return ("{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in pairs) + "}").encode()


def _one_in(number: int, draw: Draw) -> bool:
    return bool(draw(st.sampled_from([False] * (number - 1) + [True])))


def _case(count: int, draw: Draw) -> int:
    return int(draw(st.sampled_from(range(count))))


def _place(draw: Draw, content: Sized) -> int:
    # Not drawn from its length: that is chance where content was encrypted.
    return int(draw(st.integers(0, 1000))) * len(content) // 1000


def parameters(
    draw: Draw, insurer: Insurer, calls: Mapping[str, dict[str, Any]], mistaken: bool
) -> Pairs:
    """Draw the parameters of a call, up to three of them mistaken."""
    method, business = draw(st.sampled_from(sorted(calls.items())))
    whole = insurer.institution.parameters(method, **business)
    if method == "get_access_token":
        letter = insurer.institution.letter
        whole |= {"api_key": letter["api_key"], "api_secret": letter["api_secret"]}
    pairs = [(name, json.dumps(value)) for name, value in whole.items()]
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3])) if mistaken else 0):
        if pairs:
            _mistake(draw, pairs)
    return pairs


def _mistake(draw: Draw, pairs: Pairs) -> None:
    place, other = _case(len(pairs), draw), _case(len(pairs), draw)
    name, text = pairs[place]
    match _case(10, draw):
        case 0:
            pairs[place] = (name, draw(wild))
        case 1:
            del pairs[place]
        case 2:
            pairs.insert(other, (name, draw(wild)))
        case 3:
            pairs.insert(other, pairs.pop(place))
        case 4:
            pairs[place] = (name, pairs[other][1])
        case 5:
            pairs[place] = (draw(st.sampled_from(_renamed(name)) | texts), text)
        case 6:
            retyped = [text.strip('"') or '""', json.dumps(text), f"[{text}]", f'{{"a":{text}}}']
            pairs[place] = (name, draw(st.sampled_from(retyped)))
        case 7:
            pairs[place] = (name, text[: _place(draw, text)] + '"')
        case 8:
            pairs.insert(other, (draw(st.sampled_from(["note", "status", ""]) | texts), draw(wild)))
        case 9:
            pairs[place] = (name, draw(st.sampled_from([_DEEP, '"\\ud800"', "\\u0000", "01"])))


def _renamed(name: str) -> list[str]:
    return [name.upper(), f"{name} ", f"{name}[]", f"{name}\x00", name[:-1], f"{name}[a]"]


def plaintext_of(draw: Draw, insurer: Insurer, pairs: Pairs, steps: tuple[str, ...]) -> bytes:
    """Draw how the parameters are signed and written."""
    secret = insurer.institution.letter["api_secret"]
    try:
        sign = envelope.signed(plaintext.read(write_json(pairs)), secret)["sign"]
    except ValueError:
        sign = "0" * 32  # no JSON, or unsignable
    signs = [sign.lower(), sign[:-1], "", "0" * 32, sign * 2, None]
    if "sign" in steps:
        sign = draw(st.sampled_from(signs))
    if sign is not None:
        pairs = [*pairs, ("sign", json.dumps(sign))]
    raw = write_json(pairs)
    match _case(7, draw) if "writing" in steps else None:
        case 0:
            return "&".join(
                f"{quote_plus(name)}={quote_plus(text)}" for name, text in pairs
            ).encode()
        case 1:
            return b"\xef\xbb\xbf" + raw
        case 2:
            place = _place(draw, raw)
            return raw[:place] + draw(st.binary(min_size=1, max_size=4)) + raw[place:]
        case 3:
            return raw[: _place(draw, raw)]
        case 4:
            return raw.decode().encode(draw(st.sampled_from(["utf-16", "gb18030", "utf-7"])))
        case 5:
            return draw(st.sampled_from([b"[%s]", b'{"a":%s}', b"%s%s", b"%s\n\x00"])).replace(
                b"%s", raw
            )
        case 6:
            return bytes(
                draw(st.binary(max_size=300) | json_values.map(json.dumps).map(str.encode))
            )
        case _:
            return raw


def draw_blocks(draw: Draw, insurer: Insurer, raw: bytes, common: bool, mistaken: bool) -> bytes:
    """Draw the blocks of a plaintext, one of them broken, or all sealed with the other key."""
    institution = insurer.institution
    case = _case(8, draw) if mistaken else None
    if case == 7:
        common = not common
    key = institution.common_public if common else institution.own_public
    content, size = rsa.seal(raw[:50_000], key), rsa.block_size(key)
    blocks = [content[start : start + size] for start in range(0, len(content), size)]
    place = _case(len(blocks), draw)
    match case:
        case 0:
            del blocks[place]
        case 1:
            blocks.insert(0, blocks.pop(place))
        case 2:
            blocks.insert(place, blocks[place])
        case 3:
            blocks[place] = blocks[place][: draw(st.integers(0, size))]
        case 4:
            broken = bytearray(blocks[place])
            broken[draw(st.integers(0, size - 1))] ^= 1 << draw(st.integers(0, 7))
            blocks[place] = bytes(broken)
        case 5:
            return raw
        case 6:
            blocks = [block[::-1] for block in blocks]
    return b"".join(blocks)


def draw_base64(draw: Draw, content: bytes, mistaken: bool) -> str:
    """Draw how the ciphertext is written."""
    right = base64.b64encode(content).decode()
    if not mistaken:
        return right
    match _case(7, draw):
        case 0:
            return base64.encodebytes(content).decode()
        case 1:
            return base64.urlsafe_b64encode(content).decode()
        case 2:
            return right.rstrip("=")
        case 3:
            return base64.b64encode(right.encode()).decode()
        case 4:
            return content.hex()
        case 5:
            place = _place(draw, right)
            return right[:place] + draw(texts) + right[place:]
        case _:
            return content.decode("latin-1")


def _form(draw: Draw, insurer: Insurer, pairs: Pairs, steps: tuple[str, ...]) -> Pairs:
    common = dict(pairs).get("method") == '"get_access_token"'
    raw = plaintext_of(draw, insurer, pairs, steps)
    blocks = draw_blocks(draw, insurer, raw, common, "blocks" in steps)
    form = [("param", draw_base64(draw, blocks, "base64" in steps))]
    if not common:
        form.append(("access_token", insurer.institution.token))
    for _ in range(draw(st.sampled_from([1, 1, 2])) if "form" in steps else 0):
        place = _case(len(form), draw)
        name, text = form[place]
        changes = [
            (name, draw(texts | odd_texts)),
            (draw(st.sampled_from(_renamed(name))), text),
            (name, text[: _place(draw, text)]),
        ]
        match _case(4, draw):
            case 0:
                form[place] = draw(st.sampled_from(changes))
            case 1:
                form.insert(place, draw(st.sampled_from(changes)))
            case 2:
                form.append((draw(texts), draw(texts)))
            case 3 if len(form) > 1:
                del form[place]
    return form


def _urlencoded(draw: Draw, form: Pairs, mistaken: bool) -> tuple[str, bytes]:
    escape, joined, more = quote_plus, "&", ""
    if mistaken:
        escape = draw(st.sampled_from([quote, lambda text: text, quote_plus]))
        joined = draw(st.sampled_from(["&", ";", "&&", "\n"]))
        more = draw(st.sampled_from(["", "; charset=gb2312", "; charset=x\xff", ";;="]))
    body = joined.join(f"{escape(name)}={escape(text)}" for name, text in form).encode()
    return f"application/x-www-form-urlencoded{more}", body


def _multipart(draw: Draw, form: Pairs, file: str, mistaken: bool) -> tuple[str, bytes]:
    parts = [(f'name="{name}"', text.encode()) for name, text in form]
    parts.append((f'name="{file}"; filename="a.pdf"', POLICY))
    head, kind, boundary = b"Content-Disposition: form-data; ", b"", "x"
    case = _case(7, draw) if mistaken else None
    if case in (0, 1):
        contents = [POLICY[:-20], POLICY[9:], b"", b"\r\n--x--\r\n", POLICY + b"\x00", POLICY * 50]
        names = ['"a"', '"保函.pdf"', '"../../a"', '""', '"', "a\x00"]
        said = f'name="{file}"; filename={draw(st.sampled_from(names))}'
        parts[-1:] = [(said, draw(st.sampled_from(contents)))] * (case + 1)
    elif case == 2:
        parts[-1] = (draw(st.sampled_from(['name="param"', 'name=""', "name", ""])), POLICY)
    elif case == 3:
        head = draw(st.sampled_from([b"", b"X-\xff: y; ", b"Content-Disposition: attachment; "]))
    elif case == 4:
        kind = draw(st.sampled_from([b"\r\n:", b"\r\nContent-Type: \xff; charset=x"]))
    elif case == 5:
        boundary = draw(st.sampled_from(["y", '"', "x" * 300, ""]))
    body = b"".join(
        b"--x\r\n" + head + said.encode() + kind + b"\r\n\r\n" + content + b"\r\n"
        for said, content in parts
    )
    body += b"--x--\r\n"
    if case == 6:
        body = body[: _place(draw, body)]
    return f"multipart/form-data; boundary={boundary}", body


def http_request(draw: Draw, insurer: Insurer, calls: Mapping[str, dict[str, Any]]) -> bytes:
    """Draw a whole HTTP request: complete and valid HTTP with any content."""
    steps = draw(st.sampled_from(_STEPS))
    pairs = parameters(draw, insurer, calls, "values" in steps)
    form = _form(draw, insurer, pairs, steps)
    wrapped_wrong = "wrapping" in steps
    files = [name.removesuffix("_hash") for name, _ in pairs if name.endswith("_pdf_hash")]
    if files or (wrapped_wrong and _one_in(3, draw)):
        media_type, body = _multipart(draw, form, (files or ["x"])[0], wrapped_wrong)
    else:
        media_type, body = _urlencoded(draw, form, wrapped_wrong)
    verb, path, version, chunked = "POST", "/api/insurer/v1", "1.1", False
    match _case(5, draw) if "http" in steps else None:
        case 0:
            media_type = draw(st.sampled_from(["application/json", "", "text/xml", "é", "a/b; c"]))
        case 1:
            verb = draw(st.sampled_from(["GET", "PUT", "FOO", "OPTIONS", "DELETE", "HEAD-"]))
        case 2:
            path = draw(
                st.sampled_from(["/api/insurer/v1/", "/api/guarantor/v1", "/", "/%ff%00%zz"])
            )
        case 3:
            version = "1.0"
        case 4:
            chunked = True
    head = f"{verb} {path} HTTP/{version}\r\nHost: a\r\nConnection: close\r\n".encode()
    head += b"Content-Type: " + media_type.encode() + b"\r\n"
    if not chunked:
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    size = draw(st.sampled_from([1, 7, 100, 4000]))
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(chunks) + b"0\r\n\r\n"
