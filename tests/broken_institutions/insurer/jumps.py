"""Mistakes with the jump to the order's page (2.1)."""

import base64
import re
from contextlib import suppress
from typing import Any

import flask

from broken_institutions.both.seal import blocks, opening
from broken_institutions.defects import defect
from broken_institutions.naming import sealed
from conformance_tests.suite.rules.interfaces import JUMPS
from reference_institution import pushes as notices
from reference_institution.actions import CannotAct
from reference_institution.insurer import ACTIONS, institution, order_page
from reference_institution.platform_client import PlatformRefused
from reference_institution.pushes import NoticeRefused
from simulator.protocol import plaintext, rsa


@defect("insurer/2.1/encryption/many-blocks")
def keeps_a_text_in_255_characters() -> None:
    """The page keeps what was decrypted in a column of 255 characters, and reads it from there."""

    def read(param: str, private: Any) -> Any:
        opened = b"".join(blocks(param, private))
        of_a_jump = flask.request.path == "/order-page"
        return plaintext.read(opened[:255] if of_a_jump else opened)

    opening(read)


@defect("insurer/2.1/encryption/valid")
def looks_for_a_jump_in_the_address() -> None:
    """`$_GET['param']`: a jump is a link, they thought, and tried it in the address bar only."""

    class Request:
        def __getattr__(self, name: str) -> Any:
            of_a_jump = name == "form" and flask.request.path == "/order-page"
            return getattr(flask.request, "args" if of_a_jump else name)

    notices.request = Request()  # type: ignore[attr-defined]


@defect(*sealed(JUMPS, "truncated", "changed-value", "sign-missing", "other-secret"))
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


@defect("insurer/2.1/offer/once-after-return")
def offers_at_every_jump() -> None:
    """The page ends with "calculate and offer", whoever opens it, and however often."""
    rightly = institution.order_page

    def page(insurer: Any, param: str) -> Any:
        shown = rightly(insurer, param)
        with suppress(NoticeRefused, PlatformRefused, CannotAct):
            order = insurer.store.order(notices.open_push(param, insurer.letter)["order_no"])
            if order and order["status"] == "WAIT_PAY":
                ACTIONS["offer"](insurer, {"order_no": order["order_no"]})
        return shown

    institution.order_page = page
