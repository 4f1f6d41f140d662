"""Mistakes in the answers to 2.6 保函验真 that only insurers can make."""

from typing import Any

from broken_institutions.defects import defect
from reference_institution.questions import Questions


@defect("insurer/2.6/function/reissued")
def compares_with_the_first_document() -> None:
    """Finds the guarantee by its order and compares with the file that was issued first."""

    def verify(self: Questions, said: Any, pdf: bytes | None) -> dict[str, Any]:
        data = rightly(self, said, pdf)
        guarantee = self._store.guarantee_by_serial(said["serial_num"])
        first = guarantee is None or guarantee["edition"] == 1
        return data if first else {**data, "is_modified": 1}

    rightly = Questions.verify
    Questions.verify = verify  # type: ignore[method-assign]
