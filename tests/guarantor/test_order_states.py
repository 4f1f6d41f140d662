"""What moves a guarantor's order: 2.3, 2.11, the principal, the platform (P31, P52)."""

from typing import Any

import pytest
from calls.insurer import ABSENT
from guarantor.guarantor import NOTIFY, Guarantor
from pushes.contents import open_push
from support.endpoint import Endpoint
from support.platform import Platform

from simulator.errors import SimulatorError

#: Each product's states in the order of the work (P52), what follows them, and how orders start.
PATHS = {
    "standard": [
        *("WAIT_SUBMIT_FIRST_TRAIL", "WAIT_FIRST_TRAIL", "WAIT_SUBMIT_TUNE_UP", "WAIT_TUNE_UP"),
        *("WAIT_OFFER", "WAIT_PAY", "WAIT_OUT_GUARANTEE"),
    ],
    "separate": ["WAIT_SUBMIT_DATA", "WAIT_APPROVAL_DATA", "WAIT_OUT_GUARANTEE"],
}
ENDS = ["HAS_OUT_GUARANTEE", "FINISH", "CANCEL"]
EVERY = sorted({*PATHS["standard"], *PATHS["separate"], *ENDS})
WAITING = {"WAIT_SUBMIT_FIRST_TRAIL": 2332, "WAIT_SUBMIT_TUNE_UP": 2333, "WAIT_SUBMIT_DATA": 2313}
#: Where a return leads that names no submitting state before the present one.
NEAREST = {
    "WAIT_FIRST_TRAIL": "WAIT_SUBMIT_FIRST_TRAIL",
    "WAIT_TUNE_UP": "WAIT_SUBMIT_TUNE_UP",
    "WAIT_OFFER": "WAIT_SUBMIT_TUNE_UP",
    "WAIT_PAY": "WAIT_SUBMIT_TUNE_UP",
    "WAIT_APPROVAL_DATA": "WAIT_SUBMIT_DATA",
}

every_start = pytest.mark.parametrize(
    ("fixture", "start"), [(name, s) for name, path in PATHS.items() for s in [*path, *ENDS]]
)


@every_start
def test_a_notice_moves_ahead_on_the_line_and_nowhere_else(
    guarantor: Guarantor, platform: Platform, fixture: str, start: str
) -> None:
    path = PATHS[fixture]
    order = guarantor.bring(platform.create_order(fixture), start)
    for target in EVERY:
        if platform.state(order["order_no"]) != start:
            order = guarantor.bring(platform.create_order(fixture), start)

        status = guarantor.notify(order, target)["status"]

        ahead = start in path and target in path and path.index(target) > path.index(start)
        if start == target:
            expected = (200, start)
        elif ahead and start not in WAITING:
            expected = (200, target)
        else:
            expected = (WAITING.get(start, 2313), start)
        assert (status, platform.state(order["order_no"])) == expected, (start, target)


@every_start
def test_a_return_leads_back_to_the_principal(
    guarantor: Guarantor, platform: Platform, fixture: str, start: str
) -> None:
    path = PATHS[fixture]
    order = guarantor.bring(platform.create_order(fixture), start)
    for named in EVERY:
        if platform.state(order["order_no"]) != start:
            order = guarantor.bring(platform.create_order(fixture), start)

        status = guarantor.return_to(order, named)["status"]

        back = named in WAITING and named in path and start in path
        if start in WAITING:
            expected = (200, start)
        elif start in ENDS:
            expected = (2313, start)
        elif back and path.index(named) < path.index(start):
            expected = (200, named)
        elif start == "WAIT_OUT_GUARANTEE":
            expected = (200, {"standard": "WAIT_SUBMIT_TUNE_UP"}.get(fixture, "WAIT_SUBMIT_DATA"))
        else:
            expected = (200, NEAREST[start])
        assert (status, platform.state(order["order_no"])) == expected, (start, named)


@every_start
def test_the_guarantor_cancels_before_the_guarantee_only(
    guarantor: Guarantor, platform: Platform, fixture: str, start: str
) -> None:
    order = guarantor.bring(platform.create_order(fixture), start)

    answer = guarantor.cancel(order)

    if start in ENDS:
        assert answer == {"status": 2330, "data": "该订单不允许报价取消操作"}
        assert platform.state(order["order_no"]) == start
    else:
        assert answer == {"status": 200, "data": "成功"}
        assert platform.state(order["order_no"]) == "CANCEL"
        [*_, last] = platform.order(order["order_no"])["history"]
        assert (last["event"], last["by"], last["note"]) == (
            "cancel_order",
            "institution",
            "不予受理",
        )


@every_start
def test_the_principal_submits_and_cancels_where_it_may(
    guarantor: Guarantor, platform: Platform, fixture: str, start: str
) -> None:
    path = PATHS[fixture]
    for event in ("submit", "cancel"):
        order = platform.create_order(fixture)
        guarantor.bring(order, start, number=f"DB-{event}")
        may = {
            "submit": start in WAITING,
            "cancel": start in path and start != "WAIT_OUT_GUARANTEE",
        }
        if may[event]:
            moved = platform.post("orders", order["order_no"], event)
            examined = path[path.index(start) + 1]
            assert moved["state"] == ("CANCEL" if event == "cancel" else examined)
        else:
            with pytest.raises(SimulatorError, match="not allowed there"):
                platform.post("orders", order["order_no"], event)


@pytest.mark.parametrize(
    ("changes", "status", "data"),
    [
        ({"order_no": ABSENT}, 2300, "参数缺失：order_no"),
        ({"order_no": "404"}, 2302, "订单不存在"),
        ({"order_status": ABSENT}, 2304, "参数缺失：status"),
        ({"order_status": "WAIT"}, 2305, "参数错误: status"),
        ({"order_amount": ABSENT}, 404, "失败：order_amount"),
        ({"order_amount": "0.00"}, 404, "失败：order_amount"),
        ({"order_amount": "1.005"}, 404, "失败：order_amount"),
        ({"is_withdraw": "2"}, 2317, "该订单的信息缺失：is_withdraw"),
        ({"is_withdraw": "1"}, 2317, "该订单的信息缺失：statement"),
    ],
)
def test_a_notice_that_is_wrong_has_its_code(
    guarantor: Guarantor, order: Any, changes: dict[str, Any], status: int, data: str
) -> None:
    assert guarantor.notify(order, "WAIT_OUT_GUARANTEE", **changes) == {
        "status": status,
        "data": data,
    }


@pytest.mark.parametrize(
    ("changes", "status", "data"),
    [
        ({"order_no": ABSENT}, 2300, "参数缺失：order_no"),
        ({"order_no": "404"}, 2302, "订单不存在"),
        ({"cancel_reason": ABSENT}, 2317, "该订单的信息缺失：cancel_reason"),
        ({"cancel_reason": ""}, 2317, "该订单的信息缺失：cancel_reason"),
    ],
)
def test_a_cancellation_that_is_wrong_has_its_code(
    guarantor: Guarantor, order: Any, changes: dict[str, Any], status: int, data: str
) -> None:
    assert guarantor.cancel(order, **changes) == {"status": status, "data": data}


def test_the_fee_is_kept_and_read_again(guarantor: Guarantor, order: Any) -> None:
    assert guarantor.read(order)["order_amount"] is None
    guarantor.notify(order, "WAIT_PAY", order_amount="480")
    assert guarantor.read(order)["order_amount"] == "480.00"
    guarantor.notify(order, "WAIT_OUT_GUARANTEE", order_amount=500.5)
    assert guarantor.read(order)["order_amount"] == "500.50"
    guarantor.notify(order, "WAIT_OUT_GUARANTEE", order_amount="999.00")
    assert "nothing changed" in guarantor.notes()
    assert guarantor.read(order)["order_amount"] == "500.50"


def test_what_the_guarantor_moves_is_not_pushed_and_what_the_principal_does_is(
    guarantor: Guarantor, platform: Platform, endpoint: Endpoint, order: Any
) -> None:
    platform.run()
    guarantor.notify(order, "WAIT_TUNE_UP")
    guarantor.return_to(order, "WAIT_SUBMIT_TUNE_UP")
    assert platform.pushes(interface="order_status") == []
    platform.post("orders", order["order_no"], "submit")
    platform.run()
    [push] = platform.pushes(interface="order_status")
    assert push["state"] == "acknowledged"
    post = endpoint.posts[-1]
    assert post.path == "/order_status"
    said = open_push(guarantor.institution, "2.4", post.fields["param"])
    assert {name: said[name] for name in said if name not in ("sign", "timestamp")} == {
        "request_method": "notify_order_status",
        **{name: order[name] for name in ("order_no", "block_number", "block_name")},
        "principal": order["principal"],
        "creditor": order["creditor"],
        "applicant": order["principal"],
        "order_status_old": "WAIT_SUBMIT_TUNE_UP",
        "order_status": "WAIT_TUNE_UP",
    }


def test_a_switch_pushes_the_guarantors_own_changes(
    guarantor: Guarantor, platform: Platform, endpoint: Endpoint, order: Any
) -> None:
    platform.switch(push_own_changes=True)
    guarantor.notify(order, "WAIT_TUNE_UP")
    [push] = platform.pushes(interface="order_status")
    assert push["content"]["order_status"] == "WAIT_TUNE_UP"


def test_the_statement_of_a_return_stands_in_the_history(
    guarantor: Guarantor, platform: Platform, order: Any
) -> None:
    guarantor.return_to(order, "WAIT_FIRST_TRAIL")
    [*_, last] = platform.order(order["order_no"])["history"]
    assert (last["state"], last["note"]) == ("WAIT_SUBMIT_FIRST_TRAIL", "资料不全")


def test_an_order_of_another_institution_is_2334(guarantor: Guarantor, control: Any) -> None:
    name = f"{guarantor.platform.name}-other"
    control.post("accounts", name=name, kind="guarantor", key_bits=1024)
    try:
        foreign = control.post("accounts", name, "orders")["order_no"]
        answer = guarantor.call(NOTIFY, order_no=foreign, order_status="WAIT_PAY")
    finally:
        control.delete("accounts", name)
    assert answer == {"status": 2334, "data": "订单不存在"}
