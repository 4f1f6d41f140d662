"""The families that the checks come in, and the order in which a run goes through them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance_tests.suite.rules.checks import Check
from simulator.errors import Text

#: Each family by the name of its module, first those on which the others build.
FAMILIES = {
    "sign_and_seal": Text("Sign and seal", "签名与加密"),
    "verify": Text("Verification of a file (2.6)", "保函验真（2.6）"),
    "query": Text("Query of a guarantee (2.7)", "保函查验（2.7）"),
    "release_search": Text("Search for a release (2.10)", "保函解保查询（2.10）"),
    "application": Text("The application and its answer (2.1)", "保函申请与应答（2.1）"),
    "calls": Text("The calls that the target makes", "目标发起的调用"),
    "flows": Text("Whole flows", "完整流程"),
    "releases": Text("Revocations and releases (2.8, 2.9)", "保函撤销与解保（2.8、2.9）"),
    "claims": Text("Claims and their attachments (3.1)", "理赔与附件（3.1）"),
    "idempotency": Text("Idempotency", "重复通知"),
    "false_notices": Text("False notices", "假通知"),
    "order_of_events": Text("Order of events", "通知先后"),
    "schedule": Text("The retry schedule", "重发频率"),
    "hygiene": Text("Hygiene", "健壮性与信息安全"),
}


def family_of(path: Path) -> str:
    """Return the family of the checks in a module: `calls` of `test_calls_claims.py`, too."""
    name = path.stem.removeprefix("test_")
    return next((family for family in FAMILIES if f"{name}_".startswith(f"{family}_")), name)


def title_of(family: str) -> Text:
    """Return what a family is called."""
    plain = family.replace("_", " ").capitalize()
    return FAMILIES.get(family, Text(plain, plain))


def place_of(family: str) -> int:
    """Return where a family stands in the order; unknown ones stand last."""
    return list(FAMILIES).index(family) if family in FAMILIES else len(FAMILIES)


def sort(items: Sequence[tuple[pytest.Item, Check]]) -> list[pytest.Item]:
    """Return the checks by family; those that others need stand first, and before these."""
    place = {check.id: place_of(family_of(item.path)) for item, check in items}
    needed: dict[str, int] = {}
    for _, check in items:
        for need in check.needs:
            needed[need] = min(needed.get(need, len(FAMILIES)), place[check.id])

    def rank(pair: tuple[pytest.Item, Check]) -> tuple[int, int]:
        check = pair[1]
        own = place[check.id]
        return (min(own, needed[check.id]), 0) if check.id in needed else (own, 1)

    return [item for item, _ in sorted(items, key=rank)]
