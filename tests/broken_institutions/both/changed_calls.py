"""How a defect changes what the reference's own calls say."""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from reference_institution.platform_client import PlatformClient

DECIDE = "insurer_apply_guarantee_result"
#: That of either kind.
ISSUE = ("insurer_push_guarantee", "guarantor_push_guarantee")
REISSUE = "insurer_push_guarantee_update"
INVOICE = "insurer_push_invoice"
CLAIM = "update_claim"

#: The names of the calls that are changed: one, or those of both kinds.
Method: TypeAlias = str | Collection[str]
#: The parameters and the file of a call, to be changed in place.
Change: TypeAlias = Callable[[dict[str, Any], list[Any]], None]


def change_call(method: Method, change: Change) -> None:
    """Change what every call of a method says."""
    rightly = PlatformClient.call
    methods = (method,) if isinstance(method, str) else method

    def call(self: PlatformClient, name: str, params: Any, *rest: Any, **named: Any) -> Any:
        said, beside = dict(params), list(rest)
        if name in methods:
            change(said, beside)
        return rightly(self, name, said, *beside, **named)

    PlatformClient.call = call  # type: ignore[method-assign]


def set_values(method: Method, **values: Callable[[Any], Any]) -> None:
    """Change some of the values that calls of a method carry."""

    def change(said: dict[str, Any], _file: list[Any]) -> None:
        for name, new in values.items():
            if name in said:
                said[name] = new(said[name])

    change_call(method, change)


def drop_value(method: Method, name: str) -> None:
    """Leave a value out of the calls of a method."""
    change_call(method, lambda said, _file: said.pop(name, None))


def short_name(company: str) -> str:
    """Return a company's name as people say it."""
    return company.removesuffix("股份有限公司").removesuffix("有限公司") + "公司"


def moved(day: str, days: int) -> str:
    """Return the day so many days later."""
    return f"{datetime.fromisoformat(day) + timedelta(days=days):%Y-%m-%d}"


def replace_file(method: Method, field: str, new: Callable[[bytes], bytes]) -> None:
    """Send another file with the calls of a method, and its right hash."""

    def change(said: dict[str, Any], beside: list[Any]) -> None:
        if beside and beside[0]:
            content = new(beside[0][1])
            beside[0] = (beside[0][0], content)
            said[f"{field}_hash"] = hashlib.sha256(content).hexdigest()

    change_call(method, change)
