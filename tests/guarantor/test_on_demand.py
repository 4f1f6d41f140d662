"""Pushes on demand to a guarantee company: 2.1, 2.4, 2.8, 2.10 and 3.1 said again."""

from typing import Any

import pytest
from guarantor.guarantor import Guarantor
from pushes.business import demand
from support.endpoint import Endpoint
from support.platform import Platform


@pytest.mark.usefixtures("endpoint")
def test_a_notice_says_again_what_was_announced(platform: Platform, guarantor: Guarantor) -> None:
    order = guarantor.bring(platform.create_order(), "HAS_OUT_GUARANTEE")
    platform.post("claims", order_no=order["order_no"])
    platform.post("releases", block_number=order["block_number"])
    platform.post("orders", order["order_no"], "finish")
    platform.run()
    announced = {push["name"]: push for push in platform.pushes()}
    assert set(announced) == {"application", "claim", "release", "order_status"}

    for name, push in announced.items():
        again = demand(platform, name, push["about"])
        differ = {"order_status"} if name == "application" else set()

        assert again["state"] == "acknowledged"
        assert {k for k, v in again["content"].items() if push["content"][k] != v} == differ
        files = [
            each["attempts"][0]["sent"]["files"] for each in (again, platform.push(push["id"]))
        ]
        assert files[0] == files[1]


def test_how_far_a_release_has_come_is_asked_at_once(
    platform: Platform, issued: Any, endpoint: Endpoint
) -> None:
    made = platform.post("pushes", interface="release_search", about="DB-1")

    assert made["attempts_made"] == 1
    assert made["content"]["guarantee_no"] == "DB-1"
    assert endpoint.posts[-1].path == "/release_search"
