"""Mistakes in the answers to 2.7 保函查验 that only insurers can make."""

from typing import Any

from broken_institutions.defects import defect
from reference_institution.questions import Questions


@defect("insurer/2.7/function/old-number")
def tells_the_new_period_under_the_old_number() -> None:
    """Overwrites the dates of the order's guarantees when one is issued anew."""

    def query(self: Questions, said: Any) -> dict[str, Any]:
        data = rightly(self, said)
        guarantee = self._store.guarantee(said["guarantee_no"])
        now = self._store.current_guarantee(guarantee["order_no"]) if guarantee else None
        dates = ("guarantee_start_date", "guarantee_end_date")
        return {**data, **{name: now["particulars"][name] for name in dates}} if now else data

    rightly = Questions.query
    Questions.query = query  # type: ignore[method-assign]
