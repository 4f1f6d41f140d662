"""What happens on the platform of a guarantor's account beside what all accounts have."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.platform.seen import Attempt
from conformance_tests.suite.rules.outcomes import Blocked
from conformance_tests.suite.rules.reasons import NotTaken
from simulator.driver import Claim, Guarantee, Release
from simulator.protocol.form_files import FormFile

#: The states of a claim that keep another from being applied for, when it cannot be revoked (P55).
_SETTLED = (
    "CLAIM_MEDIATE",
    "GUARANTOR_COMPENSATE",
    "GUARANTEE_COMPANY_COMPENSATION",
    "POLICYHOLDER_LIQUIDATION",
    "COUNTER_GUARANTEE_RECOVERY",
    "JUDICIAL_LITIGATION_RECOVERY",
)
_PDF = "application/pdf"


class Platform(Business):
    """A guarantor's account: what principals, beneficiaries and the platform's people do there."""

    entrance: ClassVar[str] = "application"
    reading: ClassVar[str | None] = None
    revocable: ClassVar[tuple[str, ...]] = ("APPLY_WAIT_DEAL", "DEAL_PASS")

    # Orders.

    def known_separate_order(self, **fields: Any) -> str:
        """Return a new order of the separate product that the target knows.

        Raises:
            Blocked: the target did not take it.
        """
        return self.known_order("separate", **fields)

    def application_of(self, order_no: str) -> int:
        """Return the push that brings an order (2.1); it waits until it is delivered."""
        return self.newest_push("application", order_no)

    def bring(self, order_no: str) -> Attempt:
        """Bring a new order to the target (2.1), and nothing else that waits."""
        self.endpoint("application")
        return self.repeat(self.application_of(order_no))

    def _introduce(self, order_nos: list[str]) -> None:
        for order_no in order_nos:
            attempt = self.bring(order_no)
            if not attempt.acknowledged:
                raise Blocked.because(NotTaken("application", attempt.text, order_no))
        self.settle()

    def answer_to(self, order_no: str) -> Mapping[str, Any]:
        """Return what the target said of an order in its answer to 2.1, as the platform kept it."""
        return dict(self.order(order_no)["reply"] or {})

    # Claims.

    def _end(self, claim: Mapping[str, Any]) -> None:
        super()._end(claim)
        if claim["status"] in _SETTLED:
            self.close_claim(claim["claim_no"])

    def close_claim(self, claim_no: str) -> None:
        """Let the platform end a claim that was settled; nothing is pushed (P55)."""
        self._happen(Claim(self, claim_no).close)

    # The end of guarantees.

    def release(
        self,
        block: Mapping[str, str],
        guarantee_nos: Sequence[str] | None = None,
        penalty: Sequence[str] = (),
        declared: bool = True,
        note: str | None = None,
    ) -> tuple[str, int]:
        """Let the beneficiary revoke guarantees of a block; returns batch number and push (2.8).

        `guarantee_nos` are those to revoke, by default all that no earlier batch named; `penalty`
        are forfeited instead. `declared` is whether the signed declaration comes along.
        """
        wanted: dict[str, Any] = {} if note is None else {"note": note}
        if guarantee_nos is not None:
            wanted["guarantee_nos"] = list(guarantee_nos)
        return self._announce(
            Release.make,
            self,
            **block,
            **wanted,
            penalty=list(penalty),
            with_declaration=declared,
        )

    def release_order(self, order_no: str, note: str | None = None) -> tuple[str, int]:
        """Let the beneficiary revoke an order's guarantee; returns batch number and push (2.8)."""
        number = str(self.guarantee(order_no)["guarantee_no"])
        return self.release(self.block_of(order_no), [number], note=note)

    def batch(self, revoke_no: str) -> Mapping[str, Any]:
        """Return a batch of revocations as the platform has it."""
        return dict(next(e for e in self.get("releases") if e["revoke_no"] == revoke_no))

    def search_release(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask how far a guarantee's release has come (2.10); returns the push."""
        self.endpoint("release_search")
        return Guarantee(self, guarantee["guarantee_no"]).search_release().record

    # The files of pushes.

    def files_of(self, push: Mapping[str, Any]) -> list[FormFile]:
        """Return the files that go beside a push's `param` (2.8, 3.1)."""
        if push["name"] == "release":
            file_id = self.batch(push["about"])["file_id"]
            return [self.form_file("revoke_guarantee_declare_file", file_id)] if file_id else []
        if push["name"] == "claim":
            claim = self.claim(push["about"])
            guarantees = self.get("guarantees", order_no=claim["order_no"])
            number = claim["guarantee_no"]
            pdf = next(e["file_id"] for e in guarantees if e["guarantee_no"] == number)
            attached = [
                self.form_file(f"attach_file{place}", file_id)
                for place, file_id in enumerate(claim["file_ids"])
            ]
            return [self.form_file("guarantee_pdf", pdf), *attached]
        return []

    def form_file(self, field: str, file_id: str) -> FormFile:
        """Return a file of the account as a part of a form."""
        name, content = self.file(file_id)
        media_type = _PDF if name.endswith(".pdf") else "application/octet-stream"
        return FormFile(field, name, media_type, content)
