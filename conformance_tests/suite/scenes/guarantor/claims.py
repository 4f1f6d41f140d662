"""Claims (3.1) with files as people attach them, and what the target made of the files."""

import hashlib
from collections.abc import Collection

from conformance_tests.suite.messages import attachments
from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.scenes.both.scene import Matter, pdf_part
from conformance_tests.suite.scenes.guarantor.scene import Scene
from simulator.protocol.form_files import FormFile

__all__ = ["ABOVE_THE_LIMIT", "TYPES", "WITHIN_THE_LIMIT", "Claims", "content"]

#: The formats of one claim's attachments, some of them twice: `attach_file10` must be there, too.
TYPES = (*attachments.TYPES, "pdf", "jpg", "zip")
#: 上传大小限制为10M: read as the smaller of two ways nobody may refuse it, above the larger one
#: nobody need take it.
WITHIN_THE_LIMIT = 10_000_000
ABOVE_THE_LIMIT = 10 * 1024 * 1024 + 1


class Claims:
    """Sends claims on the shared guarantee, with chosen files beside `param`."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._platform = scene.platform
        self._target = scene.target

    def send(
        self, attached: Collection[tuple[str, bytes]], guarantee: bytes | None = None
    ) -> tuple[Matter, Answer]:
        """Send a claim with these attachments, each a name and its bytes; return both.

        `guarantee` is sent for its PDF instead of the one that was issued, empty for none.
        """
        claim = self._scene.matter("claim")
        issued = self._platform.pdf_of(self._platform.guarantee(self._scene.shared_issued()))
        pdf = issued if guarantee is None else guarantee
        parts = [
            FormFile(f"attach_file{place}", name, "application/octet-stream", content)
            for place, (name, content) in enumerate(attached)
        ]
        notice = claim.notice.with_files(*([pdf_part(pdf)] if pdf else []), *parts)
        answer = self._platform.send(notice)
        self._platform.settle()
        return claim, answer

    def of_all_types(self) -> tuple[Matter, Answer]:
        """Send a claim with attachments of all formats, more than ten; once in a run."""
        return self._scene.once("all types", self._send_all_types)

    def _send_all_types(self) -> tuple[Matter, Answer]:
        names = [f"attachment{place}.{each}" for place, each in enumerate(TYPES)]
        return self.send([(name, content(name)) for name in names])

    def kept(self, claim: Matter, wanted: int) -> int:
        """Return how many attachments of a claim the target has, by its own count."""
        return self._target.count_settled("attachments", claim.about, wanted)

    def kept_intact(self, sent: bytes) -> int:
        """Return how many attachments of exactly these bytes the target has, by its own count."""
        return self._target.count_settled("intact_attachments", hashlib.sha256(sent).hexdigest(), 1)


def content(name: str, size: int | None = None) -> bytes:
    """Return a whole file of the format that a name's suffix says; a zip of so many bytes."""
    return attachments.make(name) if size is None else attachments.make_zip(name, size)
