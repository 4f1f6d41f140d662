"""False notices to guarantors: those that every kind has, and of applications and releases."""

import hashlib
from collections.abc import Mapping
from typing import ClassVar

from conformance_tests.suite.messages.notices import Notice
from conformance_tests.suite.platform.guarantor import Platform
from conformance_tests.suite.rules.outcomes import Blocked, NoEffect, NotApplicable
from conformance_tests.suite.rules.reasons import NotTaken
from conformance_tests.suite.scenes.both.false_notices import (
    NAMES,
    NOTHING,
    WRONG,
    Aftermath,
    AnyFalseNotices,
)
from conformance_tests.suite.scenes.guarantor.releases import Releases, declaration, lists
from conformance_tests.suite.scenes.guarantor.scene import Scene
from simulator import paths
from simulator.errors import Text

_HASH = "revoke_guarantee_declare_file_hash"
#: What is wrong with a batch of revocations: what it says of the block and of one guarantee.
_HEADS = ("creditor", "block_number", "block_name")
_ITEMS = ("principal", "guarantee_no", "serial_num", "guarantee-of-another-order")
#: The same of its declaration, which is signed by the beneficiary.
_DECLARATIONS = ("file-changed", "hash-changed", "file-missing", "hash-missing", "not-a-pdf")
_RELEASES = (*_HEADS, *_ITEMS, *_DECLARATIONS)
_NO_SUCH_SERIAL = "100000000000001"
#: Where 2.7 tells the names of an application.
_TOLD_AS = {"principal": "warrantee", "creditor": "beneficiary", "block_name": "proitem"}

#: What a target may be made to do with a new order, whichever it declares.
_ONWARD = ("offer", "pay", "approve", "pass_first_trial", "pass_due_diligence")


class FalseNotices(AnyFalseNotices):
    """Sends false notices to a guarantor, and tells what came of each."""

    _platform: Platform
    _scene: Scene

    revoked: ClassVar[Mapping[str, str]] = {"status": "CLAIM_CANCEL"}
    order_names: ClassVar[tuple[str, ...]] = (*NAMES, "applicant")
    claim_names: ClassVar[tuple[str, ...]] = (*NAMES, "guarantor", "out_guarantee")
    _unspoiled = ""

    @property
    def onward(self) -> str:
        """The action that the target can take on a new order, unless that is cancelled."""
        return next((each for each in _ONWARD if self._target.can(each)), _ONWARD[0])

    def another_issued(self) -> str:
        """Return an issued order that is not the one on which claims are made."""
        return self._scene.once("another issued", self._scene.issued)

    def _names_of(self, order_no: str) -> dict[str, str]:
        names = super()._names_of(order_no)
        return {**names, "applicant": self._scene.applicant(self._platform.order(order_no))}

    def application(self, wrong: str) -> Aftermath:
        """Bring a known order once more, with one other name (2.1)."""
        return self._told("application", self._apply_falsely, NAMES, wrong)

    def release(self, wrong: str) -> Aftermath:
        """Revoke a guarantee by a batch that does not fit, or with a wrong declaration (2.8)."""
        return self._told("release", self._release_falsely, _RELEASES, wrong)

    def _apply_falsely(self, wrong: str) -> Aftermath:
        order_no = self._platform.apply()
        right = self._platform.notice_of(self._platform.application_of(order_no))
        taken = self._send(right)
        if not taken.acknowledged:
            raise Blocked.because(NotTaken("application", taken.text))
        before = self._count("applications", order_no)
        answer = self._send(right.saying(**{wrong: WRONG[wrong]}))
        after = self._count("applications", order_no)
        effect = self._issued_wrongly(order_no, wrong)
        if isinstance(before, NotApplicable) or isinstance(after, NotApplicable):
            return Aftermath(answer, effect, before)
        return Aftermath(answer, effect, after - before)

    def _issued_wrongly(self, order_no: str, wrong: str) -> Text | NotApplicable:
        """Let an order's guarantee be issued, and say how it shows what a false notice said."""
        try:
            self._target.act("issue", order_no=self._scene.advance(order_no))
            return self._told_wrongly(order_no, wrong)
        except NotApplicable as undeclared:
            return undeclared
        except NoEffect:
            return Text(
                f"the guarantee of {order_no} could no longer be issued",
                f"订单 {order_no} 无法再出函",
            )

    def _told_wrongly(self, order_no: str, wrong: str) -> Text:
        if wrong == "block_number":
            told = Releases(self._scene).ask(order_no)
            if told.member("status") != "1":
                return NOTHING
            return Text(
                f"2.10 no longer knows the guarantee of {order_no} by its block: {told}",
                f"2.10 按原标段已查不到订单 {order_no} 的保函：{told.zh}",
            )
        guarantee = self._platform.guarantee(order_no)
        numbers = {name: str(guarantee[name]) for name in ("guarantee_no", "serial_num")}
        told = self._platform.send(self._platform.compose("query").saying(**numbers))
        name = _TOLD_AS[wrong]
        if told.member(name) != WRONG[wrong]:
            return NOTHING
        return Text(f"2.7 now tells {name} {WRONG[wrong]}", f"2.7 的 {name} 现在为 {WRONG[wrong]}")

    def _release_falsely(self, wrong: str) -> Aftermath:
        releases = Releases(self._scene)
        order_no = self._unrevoked(releases)
        item = releases.item(order_no)
        asked = self._scene.search(order_no).notice
        if wrong == "guarantee-of-another-order":
            other = self.another_issued()
            item["guarantee_no"] = releases.item(other)["guarantee_no"]
            asked = self._scene.search(other).notice
        elif wrong == "serial_num":
            item["serial_num"] = _NO_SUCH_SERIAL
        elif wrong in _ITEMS:
            item[wrong] = WRONG[wrong]
        if wrong == "guarantee_no":
            asked = asked.saying(guarantee_no=WRONG[wrong])
        right = releases.revocation(order_no)
        notice = right.saying(revoke_guarantee_data=lists(current_revoke_data=[item]))
        if wrong in _HEADS:
            notice = notice.saying(**{wrong: WRONG[wrong]})
        elif wrong in _DECLARATIONS:
            notice = _wrongly_declared(notice, wrong)
        before = self._platform.send(asked).member("status")
        answer = self._send(notice)
        now = self._platform.send(asked).member("status")
        records = self._count("batches", str(notice.parameters["revoke_no"]))
        if now in ("", before):
            return Aftermath(answer, NOTHING, records)
        number = asked.parameters["guarantee_no"]
        effect = Text(
            f"2.10 tells {now} of the guarantee {number}, before it was {before}",
            f"2.10 对保函 {number} 返回 {now}，此前为 {before}",
        )
        return Aftermath(answer, effect, records)

    def _unrevoked(self, releases: Releases) -> str:
        """Return an issued order that no false notice revoked yet."""
        if not self._unspoiled or releases.ask(self._unspoiled).member("status") != "2":
            self._unspoiled = self._scene.issued()
        return self._unspoiled


def _wrongly_declared(notice: Notice, wrong: str) -> Notice:
    """Return a notice whose declaration does not fit its hash, or is none."""
    pdf = (paths.fixtures() / "files" / "release-declaration.pdf").read_bytes()
    sha256 = hashlib.sha256(pdf).hexdigest()
    if wrong == "file-changed":
        changed = pdf.replace(b"%PDF-1", b"%PDF-2", 1)
        return notice.saying(**{_HASH: sha256}).with_files(declaration(changed))
    if wrong == "hash-changed":
        other = hashlib.sha256(b"another declaration").hexdigest()
        return notice.saying(**{_HASH: other}).with_files(declaration(pdf))
    if wrong == "file-missing":
        return notice.saying(**{_HASH: sha256})
    if wrong == "hash-missing":
        return notice.with_files(declaration(pdf))
    text = "同意撤销本标段全部保函。".encode()
    said = hashlib.sha256(text).hexdigest()
    return notice.saying(**{_HASH: said}).with_files(declaration(text))
