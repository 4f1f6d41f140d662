"""Mistakes with answers: late, in another form, or saying too much; and with hostile bodies."""

import os
import time
import traceback
from typing import Any

import flask
from flask import Flask

from broken_institutions.both.seal import serving
from broken_institutions.both.spoiling import RECORDS, Handle, around
from broken_institutions.defects import defect
from broken_institutions.naming import later, of, sealed
from conformance_tests.suite.rules.interfaces import (
    ANSWERED,
    JUMPS,
    NOTICES,
    PUSHES,
    QUESTIONS,
    together,
)
from reference_institution import app
from reference_institution import pushes as notices
from reference_institution.institution import Institution
from reference_institution.insurer import order_page
from reference_institution.letter import AccountLetter
from reference_institution.pushes import NoticeRefused
from simulator.protocol import signing

ABOUT_KNOWN = later(NOTICES)
_WRONG_SIGN = (1001, 2607)


@defect(*sealed(PUSHES, "in-time"))
def tells_the_operator_first() -> None:
    """Writes an e-mail about the first wrong sign at an address, before it is answered."""
    refuse, told = NoticeRefused.__init__, set[str]()

    def slowly(self: NoticeRefused, code: int, reason: str) -> None:
        if code in _WRONG_SIGN and flask.request.path not in told:
            told.add(flask.request.path)
            time.sleep(5.2)
        refuse(self, code, reason)

    NoticeRefused.__init__ = slowly  # type: ignore[method-assign]


@defect(*of(ANSWERED, "{section}/answer/json-on-refusal", "{section}/answer/json-when-unreadable"))
def refuses_in_a_bare_word() -> None:
    """`echo 'fail'; exit;`, as another payment interface wanted it."""

    def create_app(*arguments: Any) -> Flask:
        made = app.create_app(*arguments)

        @made.errorhandler(NoticeRefused)
        def fail(_error: NoticeRefused) -> Any:
            return "fail"

        return made

    serving(create_app)


@defect(*sealed(PUSHES, "no-insides"))
def shows_its_stack_trace() -> None:
    """The debug page of the framework is still on, and nobody catches what a seal can raise."""

    class Never(Exception):
        pass

    order_page.NoticeRefused = Never  # type: ignore[attr-defined,misc]

    def create_app(*arguments: Any) -> Flask:
        made = app.create_app(*arguments)

        @made.errorhandler(NoticeRefused)
        def show(_error: NoticeRefused) -> Any:
            return {"status": 404, "data": traceback.format_exc()}

        return made

    serving(create_app)


@defect(
    *of(NOTICES, "{section}/4/no-secrets"),
    *sealed(together(JUMPS, QUESTIONS), "no-secrets"),
)
def shows_the_base_string_of_a_wrong_sign() -> None:
    """Returns what was hashed, for the platform's people to compare; api_secret stands in it."""
    verify = signing.verify

    class Signing:
        @staticmethod
        def verify(said: Any, secret: str) -> Any:
            verdict = verify(said, secret)
            if not verdict.valid:
                flask.g.base = signing.base_string(said, secret)
            return verdict

    notices.signing = Signing  # type: ignore[attr-defined,assignment]

    def create_app(letter: AccountLetter, *arguments: Any) -> Flask:
        made = app.create_app(letter, *arguments)

        @made.after_request
        def tell(answer: flask.Response) -> flask.Response:
            base = flask.g.get("base")
            if base and answer.is_json:
                answer.set_data(made.json.dumps({**(answer.json or {}), "debug": base}))
            elif base:
                answer.set_data(answer.get_data() + f"<!-- {base} -->".encode())
            return answer

        return made

    serving(create_app)


@defect(*sealed(PUSHES, "alive-after-malformed"))
def ends_at_a_large_body() -> None:
    """Reads every body into memory several times; the container's limit ends the process."""

    def create_app(*arguments: Any) -> Flask:
        made = app.create_app(*arguments)

        @made.before_request
        def read() -> None:
            if (flask.request.content_length or 0) > 150_000 and not flask.request.files:
                os._exit(137)

        return made

    serving(create_app)


@defect(*of(ABOUT_KNOWN, "{section}/4/unknown-answered"))
def fails_on_what_it_cannot_find() -> None:
    """Goes on with the null that the database gave: HTTP 500, with the trace in it."""

    def failing(_institution: Institution, _path: str, handle: Handle) -> Handle:
        def fail(said: Any) -> Any:
            try:
                return handle(said)
            except NoticeRefused as refused:
                if "不存在" in refused.reason or "不一致" in refused.reason:
                    raise LookupError(refused.reason) from refused
                raise

        return fail

    def create_app(*arguments: Any) -> Flask:
        made = app.create_app(*arguments)

        @made.errorhandler(LookupError)
        def show(_error: LookupError) -> Any:
            return traceback.format_exc(), 500

        return made

    around(failing)
    serving(create_app)


@defect(*of(NOTICES, "{section}/answer/status-spelled"))
def answers_statue() -> None:
    """Copied the one example of the manual that says `statue`."""

    def create_app(*arguments: Any) -> Flask:
        made = app.create_app(*arguments)

        @made.after_request
        def misspell(answer: flask.Response) -> flask.Response:
            if flask.request.path in RECORDS:
                answer.set_data(answer.get_data().replace(b'"status"', b'"statue"'))
            return answer

        return made

    serving(create_app)


@defect(*of(ABOUT_KNOWN, "{section}/4/lacking"))
def takes_what_lacks_parameters() -> None:
    """Reads each parameter with a default, and never looks whether it was there."""

    class Lenient(dict[str, str]):
        def __contains__(self, _name: object) -> bool:
            return True

        def __missing__(self, _name: str) -> str:
            return ""

    open_push = app.open_push

    def open_leniently(*arguments: Any, **codes: int) -> dict[str, str]:
        return Lenient(open_push(*arguments, **codes))

    app.open_push = open_leniently  # type: ignore[attr-defined]
