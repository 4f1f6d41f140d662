"""The institution's PDF documents: how they are drawn, signed and verified (2.5, 2.6)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from reference_institution import clock
from reference_institution.certificates import Seal

# Every PDF reader has this Chinese font, so it is not embedded and the file stays small.
_FONT = "STSong-Light"
_LINE_LENGTH = 32


class NotOurs(ValueError):
    """The file has no signature that was made with our seal."""


@dataclass(frozen=True)
class SignatureReport:
    """A PDF's signature: signer, issuer of the certificate, time, and whether it is intact."""

    signer: str
    issuer: str
    signed_at: str
    intact: bool


def make_document(title: str, rows: Sequence[tuple[str, str]], seal: Seal) -> bytes:
    """Return a signed one-page PDF: a title, and one label with its text for each row."""
    return _sign(_draw(title, rows), seal)


def _draw(title: str, rows: Sequence[tuple[str, str]]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setTitle(title)
    canvas.setFont(_FONT, 20)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 80, title)
    canvas.setFont(_FONT, 12)
    height = A4[1] - 130
    for label, text in rows:
        canvas.drawString(60, height, f"{label}：")
        for start in range(0, len(text) or 1, _LINE_LENGTH):
            canvas.drawString(150, height, text[start : start + _LINE_LENGTH])
            height -= 24
    canvas.save()
    return target.getvalue()


def _sign(pdf: bytes, seal: Seal) -> bytes:
    signed = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        PdfSignatureMetadata(field_name="Guarantor", md_algorithm="sha256"),
        signer=seal.signer,
        timestamper=seal.timestamper,
    )
    return bytes(signed.getvalue())


def read_signature(pdf: bytes, seal: Seal) -> SignatureReport:
    """Verify the signature and the time stamp of a PDF against our own authority.

    `intact` is true only if the signed part is unchanged and nothing was added after it. The
    signature's own padding is not protected, so compare the file's hash as well.

    Raises:
        NotOurs: the file cannot be read, is not signed, or was signed by someone else.
    """
    try:
        # Without an explicit context, pyHanko would trust whatever the machine trusts.
        context = ValidationContext(trust_roots=[seal.authority])
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
        status = validate_pdf_signature(signature, context, ts_validation_context=context)
    except Exception as error:
        # A damaged file can break the reader anywhere, with whatever exception it meets first.
        raise NotOurs("the PDF has no signature that can be read") from error
    signer, stamp = seal.signer.signing_cert, status.timestamp_validity
    if signer is None or status.signing_cert.sha256 != signer.sha256 or stamp is None:
        raise NotOurs("the PDF was signed by somebody else")
    return SignatureReport(
        signer=str(signer.subject.native["common_name"]),
        issuer=str(signer.issuer.native["common_name"]),
        signed_at=clock.format_moment(stamp.timestamp),
        intact=status.intact
        and status.valid
        and status.trusted
        and stamp.trusted
        and status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
    )
