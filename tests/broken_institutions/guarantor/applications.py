"""Mistakes with the application (2.1): whoever cannot read it gets no orders at all."""

import html
import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from flask import Flask, request

from broken_institutions.both.seal import applies, blocks, opening, serving
from broken_institutions.defects import defect
from broken_institutions.naming import sealed, signed
from conformance_tests.suite.rules.interfaces import Group
from reference_institution import app
from reference_institution import pushes as notices
from reference_institution.guarantor.notices import Notices
from simulator.protocol import plaintext, signing
from simulator.protocol.plaintext import Parameters, as_text

_APPLICATION: Group = {"guarantor": ("application",)}
_Change = Callable[[str, str], str]


def _with_values(change: _Change) -> None:
    """Change every value of an application before its sign is verified."""
    verify = signing.verify

    def verdict(said: Parameters, secret: str) -> Any:
        changed = {name: change(name, as_text(value)) for name, value in said.items()}
        return verify(changed if applies() else said, secret)

    notices.signing = SimpleNamespace(verify=verdict)  # type: ignore[attr-defined]


@defect(*sealed(_APPLICATION, "valid", "many-blocks", "whole-blocks"))
def decrypts_two_blocks_of_an_application() -> None:
    """The buffer has room for two blocks: the application of the first test had few members."""

    def read(param: str, private: Any) -> Any:
        opened = blocks(param, private)
        return plaintext.read(b"".join(opened[:2] if applies() else opened))

    opening(read)


@defect(*signed(_APPLICATION, "utf-8/across-blocks"))
def makes_a_string_of_each_block_of_an_application() -> None:
    """Joins what each block says as text; no character of the own samples was ever cut in two."""

    def read(param: str, private: Any) -> Any:
        opened = blocks(param, private)
        if not applies():
            return plaintext.read(b"".join(opened))
        return plaintext.read("".join(each.decode("utf-8", "replace") for each in opened).encode())

    opening(read)


@defect(
    *signed(_APPLICATION, "rule/form-characters", "rule/quotes-and-markup"),
    *sealed(_APPLICATION, "valid"),
)
def escapes_the_markup_of_an_application() -> None:
    """The form of the back office escapes what it stores; the sign is verified over that."""
    _with_values(lambda _name, text: html.escape(text))


@defect(*signed(_APPLICATION, "rule/outer-spaces", "rule/several-lines"))
def tidies_the_project_name_up() -> None:
    """Takes blanks and line breaks out of a project's name, which people paste from a tender."""
    _with_values(
        lambda name, text: re.sub(r"\s+", " ", text).strip() if name == "project_name" else text
    )


@defect(*signed(_APPLICATION, "rule/empty-value", "rule/zero"))
def leaves_out_a_project_name_that_is_nothing() -> None:
    """`StringUtils.isBlank(name) || name.equals("0")`: stored, and signed, as 未命名."""
    _with_values(
        lambda name, text: "未命名" if name == "project_name" and text in ("", "0") else text
    )


@defect(
    *sealed(_APPLICATION, "valid", "many-blocks"),
    *signed(_APPLICATION, "rule/any-order", "utf-8/rare-characters"),
    "guarantor/2.1/1/not-delivered-9",
)
def shows_a_page_for_an_application() -> None:
    """Took 2.1 for a jump of the principal's browser, and answers with the page of the payment."""

    def create_app(*arguments: Any) -> Flask:
        made = app.create_app(*arguments)

        @made.after_request
        def show(answer: Any) -> Any:
            said = answer.get_json(silent=True)
            if request.path == "/application" and isinstance(said, Mapping) and "data" in said:
                answer.set_data("<!doctype html><title>保函费用支付</title>".encode())
                answer.content_type = "text/html; charset=utf-8"
            return answer

        return made

    serving(create_app)


# What is answered to an application, and what it may contain.

_DATA = "guarantor/2.1/data"
_REQUEST = "guarantor/2.1/request"
_Reply = dict[str, str]


def _answering(change: Callable[[Notices, dict[str, str], _Reply], _Reply | None]) -> None:
    """Change what is answered to an application; None is a bare acknowledgement."""
    rightly: Any = Notices.application

    def application(self: Notices, said: dict[str, str], address: str) -> _Reply | None:
        return change(self, said, rightly(self, said, address))

    Notices.application = application  # type: ignore[method-assign, assignment]


def _refusing(wrong: Callable[[Mapping[str, str]], bool]) -> None:
    """Refuse the applications that are wrong."""
    rightly: Any = Notices.application

    def application(self: Notices, said: dict[str, str], address: str) -> Any:
        if wrong(said):
            raise notices.refuse("参数错误")
        return rightly(self, said, address)

    Notices.application = application  # type: ignore[method-assign]


@defect(f"{_DATA}/order_status", f"{_DATA}/pay_method")
def answers_an_application_like_any_notice() -> None:
    """Sentence 5 of the notes asks for the bare {"status":200}, and so it answers."""
    _answering(lambda _self, _said, _reply: None)


@defect(
    f"{_DATA}/order_status-known",
    f"{_DATA}/line-standard",
    f"{_DATA}/line-separate",
    f"{_DATA}/pay_method-known",
)
def answers_an_application_in_its_own_words() -> None:
    """Hands out the states of its own work flow and the ways to pay of its own cash desk."""
    _answering(
        lambda _self, _said, reply: {**reply, "order_status": "AUDITING", "pay_method": "ALIPAY"}
    )


@defect(f"{_DATA}/line-separate")
def answers_what_the_sample_answers() -> None:
    """Copied the sample, WAIT_PAY for every order: nothing is paid on the separate line."""
    _answering(lambda _self, _said, reply: {**reply, "order_status": "WAIT_PAY"})


@defect(f"{_DATA}/line-standard", f"{_DATA}/line-separate")
def answers_that_the_order_is_finished() -> None:
    """Answers FINISH: the application was stored, so this request is finished."""
    _answering(lambda _self, _said, reply: {**reply, "order_status": "FINISH"})


@defect(f"{_DATA}/redirect_url")
def redirects_to_nowhere() -> None:
    """Answers REDIRECT, but the address of the page is filled in by a later version."""
    _answering(lambda _self, _said, reply: {**reply, "redirect_url": ""})


@defect(f"{_DATA}/redirect_url-address")
def redirects_to_a_path() -> None:
    """`redirect:/payment/…` works within its own site."""
    _answering(lambda _self, said, reply: {**reply, "redirect_url": f"/payment/{said['order_no']}"})


@defect(f"{_DATA}/same-answer")
def answers_a_repeated_application_otherwise() -> None:
    """A repeat is answered before anything is looked up: there is nothing left to pay."""
    seen: set[str] = set()

    def change(_self: Notices, said: dict[str, str], reply: _Reply) -> _Reply:
        known = said["order_no"] in seen
        seen.add(said["order_no"])
        return {**reply, "pay_method": "CLIENT"} if known else reply

    _answering(change)


@defect(f"{_REQUEST}/files", f"{_REQUEST}/many-files")
def takes_arrays_of_files_only() -> None:
    """Jackson maps the lists to List<File>; a text in their place is refused."""
    _refusing(lambda said: said.get("attach_files", "").startswith("[{"))


@defect(f"{_REQUEST}/many-files")
def keeps_files_in_a_short_column() -> None:
    """The column is a VARCHAR(4000), and nobody attached more than three files in the tests."""
    _refusing(lambda said: len(said.get("attach_files", "")) > 4000)


@defect(*(f"{_REQUEST}/files-{how}" for how in ("empty", "list-of-none", "absent")))
def requires_files_with_an_application() -> None:
    """Every application of the test environment had attachments: `get(0)`."""
    _refusing(lambda said: "file_id" not in said.get("attach_files", ""))


@defect(f"{_REQUEST}/files-absent", f"{_REQUEST}/optional-absent")
def counts_the_parameters_of_an_application() -> None:
    """Checks that all 46 names of the table are there, before it looks which are required."""
    _refusing(lambda said: "attach_files" not in said)


@defect(f"{_REQUEST}/optional-empty", f"{_REQUEST}/optional-absent")
def requires_the_number_of_the_project() -> None:
    """Its own form requires 项目编号, so its own table does: NOT NULL."""
    _refusing(lambda said: not said.get("project_number"))


@defect(f"{_REQUEST}/project_type")
def knows_types_of_projects_in_lower_case() -> None:
    """The enum is written in lower case: `valueOf("EPC")` throws."""
    _refusing(lambda said: not said["project_type"].islower())


@defect(f"{_REQUEST}/decimals")
def takes_amounts_with_two_decimals_only() -> None:
    """The pattern of an amount is that of its own samples: `\\d+\\.\\d{2}`."""
    _refusing(lambda said: re.fullmatch(r"[0-9]+\.[0-9]{2}", said["project_amount"]) is None)
