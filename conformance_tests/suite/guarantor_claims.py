"""Claims (3.1) with files as people attach them, and what the target made of the files."""

import hashlib
from collections.abc import Collection

from conformance_tests.suite.guarantor import Scene
from conformance_tests.suite.notices import Answer
from conformance_tests.suite.scene import Matter, pdf_part
from simulator.operations.sealing import FormFile

#: The formats that the table lists for attachments.
TYPES = (
    *("doc", "docx", "ppt", "pdf", "xls", "zip", "rar", "tar", "gzip"),
    *("jpg", "png", "gif", "bmp"),
)
_OFFICE = bytes.fromhex("D0CF11E0A1B11AE1")
#: How files of these formats begin: some look at that before they believe a suffix.
_BEGINNINGS = {
    **dict.fromkeys(("doc", "ppt", "xls"), _OFFICE),
    **dict.fromkeys(("docx", "zip"), b"PK\x03\x04"),
    "pdf": b"%PDF-1.4\n",
    "rar": b"Rar!\x1a\x07\x00",
    "gzip": b"\x1f\x8b\x08\x00",
    "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
    "bmp": b"BM",
}
#: Where an archive of tar says what it is.
_TAR_MARK = 257
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
        """Send a claim with an attachment of each listed format; once in a run."""
        return self._scene.once("all types", self._send_all_types)

    def _send_all_types(self) -> tuple[Matter, Answer]:
        return self.send([(f"attachment.{each}", content(f"attachment.{each}")) for each in TYPES])

    def kept(self, claim: Matter, wanted: int) -> int:
        """Return how many attachments of a claim the target has, by its own count."""
        return self._target.count_settled("attachments", claim.about, wanted)

    def kept_intact(self, sent: bytes) -> int:
        """Return how many attachments of exactly these bytes the target has, by its own count."""
        return self._target.count_settled("intact_attachments", hashlib.sha256(sent).hexdigest(), 1)


def content(name: str, size: int = 2048) -> bytes:
    """Return what a file of this name may contain: its format's first bytes, then any.

    Only who keeps all bytes keeps them: there is every value among them, and they are no text.
    """
    suffix = name.rpartition(".")[2].lower()
    begin = (_BEGINNINGS.get(suffix, b"") + name.encode()).ljust(_TAR_MARK, b"\0")
    block = bytes(range(256)) + b"\r\n--\r\n\x1a\x00"
    return (begin + b"ustar\0" + b"00" + block * (size // len(block) + 1))[:size]
