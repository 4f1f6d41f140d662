"""Mistakes with the sign and the seal."""

from types import SimpleNamespace

from broken_institutions.defects import defect
from reference_institution import notices


@defect("insurer/2.8/encryption/changed-value", "insurer/2.2/encryption/changed-value")
def never_looks_at_the_sign() -> None:
    """Decrypts and goes on: what opens with our key must come from the platform, surely."""
    taken = SimpleNamespace(valid=True)
    notices.signing = SimpleNamespace(verify=lambda *_: taken)  # type: ignore[attr-defined]
