"""Mistakes with the seal, and with what comes without one."""

from types import SimpleNamespace
from typing import Any

import flask
from flask import Flask

from broken_institutions.defects import defect
from broken_institutions.naming import later, of, sealed, signed
from conformance_tests.suite.rules.interfaces import ANSWERED, JUMPS, NOTICES, PUSHES, TYPED, VERIFY
from reference_institution import app
from reference_institution import pushes as notices
from reference_institution.pushes import NoticeRefused
from simulator.protocol import envelope, plaintext, rsa

#: Where files come along, which an address cannot carry.
_WITH_FILES = ("/verify", "/release", "/claim")


def opening(read: Any) -> None:
    """Let this make the parameters of a `param` and our private key."""

    def open_param(param: str, private: Any) -> Any:
        return SimpleNamespace(parameters=read(param, private))

    notices.envelope = SimpleNamespace(open_param=open_param)  # type: ignore[attr-defined]


def brings_an_order() -> bool:
    """Return whether the request at hand is the one by which orders come (2.1)."""
    return flask.request.path in ("/order-page", "/application")


def applies() -> bool:
    """Return whether the request at hand is an application (guarantor 2.1)."""
    return flask.request.path == "/application"


def blocks(param: str, private: Any) -> list[bytes]:
    """Return what each block of a `param` says."""
    sealed, size = envelope.decode(param), rsa.block_size(private)
    if len(sealed) % size:
        raise rsa.CannotOpen("the length is wrong", "长度有误")
    starts = range(0, len(sealed), size)
    return [rsa.open_blocks(sealed[start : start + size], private) for start in starts]


@defect(*sealed(later(NOTICES), "valid", "many-blocks"))
def decrypts_the_first_block_only() -> None:
    """`cipher.doFinal` once, but where an order comes in, which was tried with a real one."""

    def read(param: str, private: Any) -> Any:
        opened = blocks(param, private)
        return plaintext.read(b"".join(opened) if brings_an_order() else opened[0])

    opening(read)


@defect(*sealed(VERIFY, "one-block"), *sealed(later(TYPED), "whole-blocks"))
def loses_a_full_last_block() -> None:
    """`for (i = 0; i < length / size - 1; i++)` and then the rest, which is never empty, surely."""

    def read(param: str, private: Any) -> Any:
        opened, room = blocks(param, private), rsa.block_size(private) - rsa.PADDING
        alone, full = len(opened) == 1, len(opened[-1]) == room
        lost = (alone or full) and not applies()
        return plaintext.read(b"".join(opened[:-1] if lost else opened))

    opening(read)


@defect(*signed(later(NOTICES), "utf-8/across-blocks"))
def makes_a_string_of_each_block() -> None:
    """`sb.append(new String(block, "UTF-8"))`: a character cut in two turns into `??`."""

    def read(param: str, private: Any) -> Any:
        opened = blocks(param, private)
        if applies():
            return plaintext.read(b"".join(opened))
        return plaintext.read("".join(each.decode("utf-8", "replace") for each in opened).encode())

    opening(read)


@defect(*sealed(later(NOTICES), "valid"), *signed(later(TYPED), "utf-8/rare-characters"))
def reads_the_text_as_gbk() -> None:
    """`new String(bytes)` on a Windows server in Fujian: the platform's default is GBK."""

    def read(param: str, private: Any) -> Any:
        opened = b"".join(blocks(param, private))
        return plaintext.read(opened if applies() else opened.decode("gbk", "replace").encode())

    opening(read)


@defect(
    *sealed(ANSWERED, "other-key", "garbage", "not-base64", "truncated", "no-parameters-inside"),
    *sealed(NOTICES, "last-block-lost"),
    *sealed(PUSHES, "malformed-answered"),
    *of(ANSWERED, "{section}/form/no-param", "{section}/form/empty-param"),
    *sealed(JUMPS, "other-key", "garbage"),
    *of(JUMPS, "{section}/form/no-param"),
    *of(ANSWERED, "{section}/answer/json-when-unreadable"),
)
def lets_errors_of_the_decryption_out() -> None:
    """Nothing catches BadPaddingException: the framework makes HTTP 500 of it."""

    class Never(Exception):
        pass

    notices.CannotOpen = notices.NotAPlaintext = Never  # type: ignore[attr-defined,assignment,misc]


@defect(*sealed(PUSHES, "unsealed"))
def takes_plain_text_as_well() -> None:
    """A switch for the first tests, `if (param.startsWith("{"))`, was never taken out."""
    opened = envelope.open_param

    def read(param: str, private: Any) -> Any:
        try:
            return plaintext.read(param.encode())
        except plaintext.NotAPlaintext:
            return opened(param, private).parameters

    opening(read)


@defect(*sealed(ANSWERED, "malformed-not-taken"), *sealed(TYPED, "garbage"))
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


@defect(*of(PUSHES, "{section}/method/get"))
def takes_get_as_well() -> None:
    """`@RequestMapping` without a method: whatever is asked by GET is a form, too."""
    add = Flask.add_url_rule

    def add_both(self: Flask, rule: str, *arguments: Any, **options: Any) -> None:
        if options.get("methods") == ["POST"]:
            options["methods"] = ["GET", "POST"]
        add(self, rule, *arguments, **options)

    class Request:
        def __getattr__(self, name: str) -> Any:
            if flask.request.method == "GET" and flask.request.path in _WITH_FILES:
                # The check of the file stands in the handler of POST alone.
                flask.abort(flask.make_response({"status": 200}))
            return getattr(flask.request, "values" if name == "form" else name)

    Flask.add_url_rule = add_both  # type: ignore[method-assign]
    notices.request = Request()  # type: ignore[attr-defined]


def serving(create_app: Any) -> None:
    """Let the server be made by this."""
    import reference_institution.__main__ as main

    main.create_app = create_app
