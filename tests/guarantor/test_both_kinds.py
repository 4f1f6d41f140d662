"""One account of each kind side by side on one simulator (P13, P20)."""

from collections.abc import Iterator
from typing import Any

import pytest
from calls.insurer import BRANCHES, Insurer
from guarantor.guarantor import GET_ORDER, Guarantor
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError

NO_RIGHT = {"status": 1010, "data": "无权调用该接口"}


@pytest.fixture
def insurer(control: ControlClient, platform: Platform) -> Iterator[Insurer]:
    """An insurer on the same simulator."""
    name = f"{platform.name}-insurer"
    control.post("accounts", name=name, key_bits=1024)
    other = Platform(control, name)
    other.freeze()
    yield Insurer(other, Institution(other.letter()))
    control.delete("accounts", name)


def test_each_letter_has_its_own_address_and_type(guarantor: Guarantor, insurer: Insurer) -> None:
    letters = [guarantor.institution.letter, insurer.institution.letter]
    assert [letter["kind"] for letter in letters] == ["guarantor", "insurer"]
    assert [letter["enter_institution_type"] for letter in letters] == [2, 4]
    assert letters[0]["platform"].endswith("/api/guarantor/v1")
    assert letters[0]["company"] == "示例融资担保有限公司"


def test_orders_of_the_same_number_are_each_ones_own(
    guarantor: Guarantor, insurer: Insurer
) -> None:
    for side in (guarantor, insurer):
        side.platform.create_order("manual-sample")
    mine, theirs = ({"order_no": "1812487543"} for _ in range(2))
    assert guarantor.read(mine)["ktype"] == "2"
    assert insurer.read(theirs)["ktype"] == "4"


def test_a_method_of_the_other_kind_is_1010(guarantor: Guarantor, insurer: Insurer) -> None:
    assert guarantor.call(BRANCHES, insurer_name="x") == NO_RIGHT
    assert insurer.call(GET_ORDER, order_no="x") == NO_RIGHT
    assert insurer.call("remove_guarantee") == NO_RIGHT


def test_the_other_kinds_address_is_1010(
    guarantor: Guarantor, insurer: Insurer, order: Any
) -> None:
    for side, method in ((guarantor, GET_ORDER), (insurer, BRANCHES)):
        institution = side.institution
        assert institution.token
        own, other = ("guarantor", "insurer") if side is guarantor else ("insurer", "guarantor")
        institution.letter = {
            **institution.letter,
            "platform": institution.url.replace(f"/{own}/", f"/{other}/"),
        }
        assert side.call(method, order_no=order["order_no"], insurer_name="x") == NO_RIGHT
        assert side.institution.request_token()["status"] == 1002


def test_the_other_kinds_type_is_1018_in_the_words_of_the_own_kind(guarantor: Guarantor) -> None:
    institution = guarantor.institution
    secret = institution.letter["api_secret"]
    from simulator.protocol import envelope

    parameters = {
        **institution.parameters(GET_ORDER, order_no="x"),
        "enter_institution_type": "4",
    }
    answer = institution.send(envelope.signed(parameters, secret))
    assert answer == {"status": 1018, "data": "非法的担保公司"}


def test_a_btc_id_of_the_other_kind_is_1015(guarantor: Guarantor, insurer: Insurer) -> None:
    answer = guarantor.call(
        GET_ORDER, order_no="x", btc_id=str(insurer.institution.letter["btc_id"])
    )
    assert answer == {"status": 1015, "data": "非法的担保公司"}


def test_a_file_of_one_is_not_the_others(
    guarantor: Guarantor, insurer: Insurer, order: Any
) -> None:
    file_id = order["files"][0]["file_id"]
    assert guarantor.call("get_file_url", file_id=file_id)["status"] == 200
    assert insurer.call("insurer_get_file_url", file_id=file_id)["status"] == 4401


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (("invoices",), {"order_nos": ["NUMBER"]}, "has an interface 'invoice_application'"),
        (
            ("bid-openings",),
            {"block_number": "BLOCK", "type": "delay", "open_tender_time": "2030-01-05 09:30:00"},
            "has an interface 'bid_opening'",
        ),
        (("orders", "NUMBER", "open"), {}, "has an interface 'order_page'"),
    ],
)
def test_what_only_insurers_have_is_refused_and_changes_nothing(
    guarantor: Guarantor, platform: Platform, issued: Any, path: Any, body: Any, said: str
) -> None:
    known = {"NUMBER": issued["order_no"], "BLOCK": issued["block_number"]}
    place = [known.get(part, part) for part in path]
    filled = {
        name: [known[value[0]]] if isinstance(value, list) else known.get(value, value)
        for name, value in body.items()
    }
    pushes = len(platform.pushes())
    with pytest.raises(SimulatorError, match=said):
        platform.post(*place, **filled)
    assert platform.order(issued["order_no"]) == issued
    assert len(platform.pushes()) == pushes


def test_what_only_guarantors_have_is_refused(insurer: Insurer) -> None:
    order = insurer.bring(insurer.platform.create_order(), "HAS_OUT_GUARANTEE")
    with pytest.raises(SimulatorError, match="has an interface 'release'"):
        insurer.platform.post("releases", block_number=order["block_number"])
    with pytest.raises(SimulatorError, match="has an interface 'release_search'"):
        insurer.platform.post("guarantees", "release-search", guarantee_no="GX-1")
    claim = insurer.platform.post("claims", order_no=order["order_no"])
    with pytest.raises(SimulatorError, match="close is not allowed there"):
        insurer.platform.post("claims", claim["claim_no"], "close")


def test_each_has_the_endpoints_of_its_kind(
    guarantor: Guarantor, insurer: Insurer, endpoint: Endpoint
) -> None:
    with pytest.raises(SimulatorError, match="no push 'bid_opening'; the pushes are: application"):
        guarantor.platform.change(endpoints={"bid_opening": "http://127.0.0.1:9/"})
    guarantor.platform.change(endpoints={"guarantor/2.10": f"{endpoint.url}/search"})
    assert guarantor.platform.get()["endpoints"]["release_search"] == f"{endpoint.url}/search"


def test_the_journal_of_one_is_searched_by_its_own_names(
    guarantor: Guarantor, insurer: Insurer, order: Any, control: ControlClient
) -> None:
    theirs = insurer.platform.create_order()
    for side, number in ((guarantor, order["order_no"]), (insurer, theirs["order_no"])):
        side.platform.register("http://127.0.0.1:9")
        side.platform.post("orders", number, "cancel")
        side.platform.advance(0)
        [entry] = side.platform.journal(interface="order_status")
        kind = side.institution.letter["kind"]
        assert entry["interface"] == {"guarantor": "guarantor/2.4", "insurer": "insurer/2.2"}[kind]
    both = control.get("journal", interface="order_status", limit=2)
    assert [entry["interface"] for entry in both] == ["guarantor/2.4", "insurer/2.2"]


def test_a_reset_empties_batches_too(guarantor: Guarantor, platform: Platform, issued: Any) -> None:
    platform.post("releases", block_number=issued["block_number"])
    platform.post("reset")
    assert (platform.get("releases"), platform.get("guarantees")) == ([], [])


def test_what_is_said_of_an_order_names_its_applicant(
    guarantor: Guarantor, platform: Platform, order: Any, separate: Any
) -> None:
    platform.post("orders", order["order_no"], "cancel")
    platform.post("orders", separate["order_no"], "cancel")
    direct, other = platform.pushes(interface="order_status")
    assert direct["content"]["applicant"] == order["principal"]
    assert other["content"]["applicant"] == "示例融资担保有限公司"
    assert direct["content"]["request_method"] == "notify_order_status"
