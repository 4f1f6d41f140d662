"""The states and project types of `states.json`: as printed, and the ones that the schemas take."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.schemas import walk

from simulator import paths
from simulator.protocol.interface_files import read_interfaces

STATES: dict[str, Any] = json.loads((paths.schemas() / "states.json").read_text("utf-8"))
KINDS = ("guarantor", "insurer")
#: The member that carries the state of a claim, and how both lines of orders end.
CLAIM_STATUS = {"insurer": "claim_status", "guarantor": "status"}
COMMON_END = ["WAIT_OUT_GUARANTEE", "HAS_OUT_GUARANTEE", "FINISH", "CANCEL"]


def interfaces_of(kind: str) -> list[dict[str, Any]]:
    return read_interfaces(paths.schemas(), kind)


def test_the_states_of_an_insurers_order_and_claim_are_complete() -> None:
    order = [(item["state"], item["zh"]) for item in STATES["insurer"]["order"]]
    assert order == [
        ("WAIT_TUNE_UP", "待尽调"),
        ("WAIT_SUBMIT_TUNE_UP", "待提交尽调资料（尽调退回重新上传或补充资料）"),
        ("WAIT_OFFER", "待报价"),
        ("WAIT_PAY", "待支付"),
        ("WAIT_OUT_GUARANTEE", "待出函"),
        ("HAS_OUT_GUARANTEE", "已出函"),
        ("FINISH", "交易完成"),
        ("CANCEL", "交易取消"),
    ]
    claim = [(item["state"], item["zh"]) for item in STATES["insurer"]["claim"]]
    assert claim == [
        ("WAIT_ACCEPT", "待受理"),
        ("INVESTIGATING", "调查中"),
        ("WAIT_INDEMNITY", "等待赔付"),
        ("FINISH_INDEMNITY", "完成赔付"),
        ("REFUSE_INDEMNITY", "拒绝赔付"),
        ("REVOKED", "已撤销"),
    ]
    assert all(item["en"] for group in STATES["insurer"].values() for item in group)


def test_the_states_of_a_guarantors_order_and_claim_are_complete() -> None:
    products: dict[str, list[str]] = {}
    for item in STATES["guarantor"]["order"]:
        products.setdefault(item["product"], []).append(item["state"])
    assert products == {
        "分离式": ["WAIT_SUBMIT_DATA", "WAIT_APPROVAL_DATA", *COMMON_END],
        "直开式": [
            "WAIT_FIRST_TRAIL",
            "WAIT_SUBMIT_FIRST_TRAIL",
            "WAIT_TUNE_UP",
            "WAIT_SUBMIT_TUNE_UP",
            "WAIT_OFFER",
            "WAIT_PAY",
            *COMMON_END,
        ],
    }
    claims = [item["state"] for item in STATES["guarantor"]["claim"]]
    assert len(claims) == 17
    assert len(set(claims)) == 12
    assert claims.count("POLICYHOLDER_LIQUIDATION") == 3
    assert all(
        item["zh"] and item["en"] for group in STATES["guarantor"].values() for item in group
    )


def test_every_project_type_has_a_nearest_kind_of_works() -> None:
    project_types = [(item["name"], item["zh"], item["gtype"]) for item in STATES["project_type"]]
    assert project_types == [
        ("construction", "施工", 1),
        ("purchase", "采购", 2),
        ("design", "设计", 3),
        ("supervisor", "监理", 4),
        ("survey", "勘察", 5),
        ("property", "物业", 6),
        ("consult", "咨询", 7),
        ("rail_transit", "轨道交通", 8),
        ("EPC", "工程总承包", 8),
        ("other", "其他", 8),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_states_and_project_types_in_the_schemas_are_the_listed_ones(kind: str) -> None:
    orders = {item["state"] for item in STATES[kind]["order"]}
    listed = {
        "order_status": orders,
        "order_status_old": orders,
        CLAIM_STATUS[kind]: {item["state"] for item in STATES[kind]["claim"]},
        "project_type": {item["name"] for item in STATES["project_type"]},
    }
    seen = set()
    for data in interfaces_of(kind):
        for node in walk([data["form"], data["request"], data["response"]]):
            for field, values in listed.items():
                prop = node.get(field)
                # The `status` of an answer, of 2.10 and of 3.2 is another thing.
                other = field == "status" and data["section"] not in ("3.1", "3.3")
                if isinstance(prop, dict) and "x-type" in prop and not other:
                    if field == "status" and prop["x-type"] == "int":
                        continue
                    assert set(prop["enum"]) - {None} == values
                    assert len(prop["enum"]) == len(set(prop["enum"]))
                    seen.add(field)
    assert seen == set(listed)
