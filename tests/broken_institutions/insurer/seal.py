"""Mistakes with the seal, and with what comes without one."""

import base64
import re
from types import SimpleNamespace
from typing import Any

import flask
from flask import Flask

from broken_institutions.defects import defect
from broken_institutions.insurer.sign_and_seal import by_name, for_each
from reference_institution import app
from reference_institution import pushes as notices
from reference_institution.insurer import order_page
from reference_institution.pushes import NoticeRefused
from simulator.protocol import envelope, plaintext, rsa

_ANSWERED = ("2.2", "2.6", "2.7", "2.8", "2.10", "3.1")
_ALL = ("2.1", *_ANSWERED)
_NOTICES = ("2.2", "2.8", "2.10", "3.1")


def _opening(read: Any) -> None:
    """Let this make the parameters of a `param` and our private key."""

    def open_param(param: str, private: Any) -> Any:
        return SimpleNamespace(parameters=read(param, private))

    notices.envelope = SimpleNamespace(open_param=open_param)  # type: ignore[attr-defined]


def _blocks(param: str, private: Any) -> list[bytes]:
    sealed, size = envelope.decode(param), rsa.block_size(private)
    if len(sealed) % size:
        raise rsa.CannotOpen("the length is wrong", "长度有误")
    starts = range(0, len(sealed), size)
    return [rsa.open_blocks(sealed[start : start + size], private) for start in starts]


@defect(*for_each(_NOTICES, "valid", "many-blocks"))
def decrypts_the_first_block_only() -> None:
    """`cipher.doFinal` once: the jump in the company's example was short enough."""

    def read(param: str, private: Any) -> Any:
        opened = _blocks(param, private)
        of_a_jump = flask.request.path == "/order-page"
        return plaintext.read(b"".join(opened) if of_a_jump else opened[0])

    _opening(read)


@defect("insurer/2.1/encryption/many-blocks")
def keeps_a_text_in_255_characters() -> None:
    """The page keeps what was decrypted in a column of 255 characters, and reads it from there."""

    def read(param: str, private: Any) -> Any:
        opened = b"".join(_blocks(param, private))
        of_a_jump = flask.request.path == "/order-page"
        return plaintext.read(opened[:255] if of_a_jump else opened)

    _opening(read)


@defect("insurer/2.1/encryption/valid")
def looks_for_a_jump_in_the_address() -> None:
    """`$_GET['param']`: a jump is a link, they thought, and tried it in the address bar only."""

    class Request:
        def __getattr__(self, name: str) -> Any:
            of_a_jump = name == "form" and flask.request.path == "/order-page"
            return getattr(flask.request, "args" if of_a_jump else name)

    notices.request = Request()  # type: ignore[attr-defined]


@defect(*for_each(("2.6",), "one-block"), *for_each(("2.8", "3.1"), "whole-blocks"))
def loses_a_full_last_block() -> None:
    """`for (i = 0; i < length / size - 1; i++)` and then the rest, which is never empty, surely."""

    def read(param: str, private: Any) -> Any:
        opened, room = _blocks(param, private), rsa.block_size(private) - rsa.PADDING
        alone, full = len(opened) == 1, len(opened[-1]) == room
        return plaintext.read(b"".join(opened[:-1] if alone or full else opened))

    _opening(read)


@defect(*by_name(_NOTICES, "utf-8/across-blocks"))
def makes_a_string_of_each_block() -> None:
    """`sb.append(new String(block, "UTF-8"))`: a character cut in two turns into `??`."""

    def read(param: str, private: Any) -> Any:
        whole = "".join(block.decode("utf-8", "replace") for block in _blocks(param, private))
        return plaintext.read(whole.encode())

    _opening(read)


@defect(*for_each(_NOTICES, "valid"), *by_name(("2.8", "3.1"), "utf-8/rare-characters"))
def reads_the_text_as_gbk() -> None:
    """`new String(bytes)` on a Windows server in Fujian: the platform's default is GBK."""

    def read(param: str, private: Any) -> Any:
        text = b"".join(_blocks(param, private)).decode("gbk", "replace")
        return plaintext.read(text.encode())

    _opening(read)


@defect(
    *for_each(_ANSWERED, "other-key", "garbage", "not-base64", "truncated", "no-parameters-inside"),
    *for_each(_NOTICES, "last-block-lost"),
    *for_each(_ALL, "malformed-answered"),
    *(
        f"insurer/{section}/form/{each}"
        for section in _ANSWERED
        for each in ("no-param", "empty-param")
    ),
    *for_each(("2.1",), "other-key", "garbage"),
    "insurer/2.1/form/no-param",
    *(f"insurer/{section}/answer/json-when-unreadable" for section in _ANSWERED),
)
def lets_errors_of_the_decryption_out() -> None:
    """Nothing catches BadPaddingException: the framework makes HTTP 500 of it."""

    class Never(Exception):
        pass

    notices.CannotOpen = notices.NotAPlaintext = Never  # type: ignore[attr-defined,assignment,misc]


@defect(*for_each(_ALL, "unsealed"))
def takes_plain_text_as_well() -> None:
    """A switch for the first tests, `if (param.startsWith("{"))`, was never taken out."""
    opened = envelope.open_param

    def read(param: str, private: Any) -> Any:
        try:
            return plaintext.read(param.encode())
        except plaintext.NotAPlaintext:
            return opened(param, private).parameters

    _opening(read)


@defect(*for_each(_ANSWERED, "malformed-not-taken"), "insurer/2.8/encryption/garbage")
def acknowledges_whatever_comes() -> None:
    """`finally { return "{\\"status\\":200}"; }`: so that the platform stops repeating."""

    def create_app(*arguments: Any) -> Flask:
        made = app.create_app(*arguments)

        @made.errorhandler(Exception)
        @made.errorhandler(NoticeRefused)
        def acknowledge(_error: Exception) -> Any:
            return {"status": 200}

        return made

    serving(create_app)


@defect(
    *(f"insurer/{section}/method/get" for section in _ALL),
)
def takes_get_as_well() -> None:
    """`@RequestMapping` without a method: whatever is asked by GET is a form, too."""
    add = Flask.add_url_rule

    def add_both(self: Flask, rule: str, *arguments: Any, **options: Any) -> None:
        if options.get("methods") == ["POST"]:
            options["methods"] = ["GET", "POST"]
        add(self, rule, *arguments, **options)

    class Request:
        def __getattr__(self, name: str) -> Any:
            if flask.request.method == "GET" and flask.request.path == "/verify":
                # The check of the file stands in the handler of POST alone.
                flask.abort(flask.make_response({"status": 200}))
            return getattr(flask.request, "values" if name == "form" else name)

    Flask.add_url_rule = add_both  # type: ignore[method-assign]
    notices.request = Request()  # type: ignore[attr-defined]


@defect(*for_each(("2.1",), "truncated", "changed-value", "sign-missing", "other-secret"))
def reads_only_the_beginning_of_a_jump() -> None:
    """The page needs the order_no alone, so its first block is decrypted and searched for that."""

    def open_beginning(param: str, letter: Any) -> dict[str, str]:
        try:
            size = rsa.block_size(letter.rsa_sk)
            sealed = base64.b64decode(param + "=" * (-len(param) % 4))
            first = rsa.open_blocks(sealed[:size], letter.rsa_sk).decode("utf-8", "replace")
        except (ValueError, rsa.CannotOpen) as error:
            raise NoticeRefused(1000, "解密失败") from error
        found = re.search(r'order_no"?\s*[:=]\s*"?(\d+)', first)
        return {"order_no": found[1] if found else "", "return_url": ""}

    order_page.open_push = open_beginning  # type: ignore[attr-defined]


def serving(create_app: Any) -> None:
    """Let the server be made by this."""
    import reference_institution.__main__ as main

    main.create_app = create_app
