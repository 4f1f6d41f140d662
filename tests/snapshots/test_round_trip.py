"""A snapshot that was loaded shows what was saved, and goes on from there."""

import base64
from typing import Any

import pytest
import requests
from snapshots.conftest import Lived
from snapshots.lives import everything
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.operations.snapshots.loading import PLACEHOLDER
from simulator.testing import Platform as Motion


def test_everything_is_shown_as_it_was(lived: Lived, target: ControlClient) -> None:
    before = everything(lived.platform.control, "demo")
    assert all(before[part] for part in before if part not in ("invoices", "releases"))

    target.post("snapshots", snapshot=lived.save(with_personal_data=1))

    assert everything(target, "demo") == before


def test_saving_changes_nothing_and_twice_gives_the_same(lived: Lived) -> None:
    before = everything(lived.platform.control, "demo")
    saved = [lived.save() for _ in range(2)]

    when = [each.pop("saved") for each in saved]
    sums = [each.pop("sha256") for each in saved]
    assert saved[0] == saved[1]
    assert (sums[0] == sums[1]) == (when[0] == when[1])
    assert everything(lived.platform.control, "demo") == before


def test_credentials_are_new(lived: Lived, target: ControlClient) -> None:
    target.post("snapshots", snapshot=lived.save())

    old, new = lived.platform.letter(), target.get("accounts", "demo", "letter")
    same = {name for name in new if new[name] == old[name]}
    assert {"name", "kind", "company", "btc_id", "key_bits"} <= same
    assert not {"api_key", "api_secret"} & same


def test_the_clock_stands_still_where_it_was_saved(lived: Lived, target: ControlClient) -> None:
    lived.platform.post("clock", action="resume")
    try:
        snapshot = lived.save()
    finally:
        lived.platform.freeze()

    shown = target.post("snapshots", snapshot=snapshot)

    assert shown["clock"]["mode"] == "frozen"
    assert shown["clock"]["now"] == round(snapshot["account"]["now"], 3)


def test_the_schedule_goes_on_where_it_was(
    insurer: Lived, target: ControlClient, endpoint: Endpoint
) -> None:
    due = insurer.platform.get("clock")["next_due"]
    assert due is not None
    before = len(endpoint.posts)

    target.post("snapshots", snapshot=insurer.save())
    assert target.get("accounts", "demo", "clock")["next_due"] == due
    walked = target.post("accounts", "demo", "clock", action="next")

    # Two of the rule's two strikes were used up: this attempt is the third, and acknowledged.
    assert [(each["attempt"], each["acknowledged"]) for each in walked["attempts"]] == [(3, True)]
    assert len(endpoint.posts) == before + 1
    said = Institution(target.get("accounts", "demo", "letter")).open(
        endpoint.posts[-1].fields["param"]
    )
    assert said["order_status"] == "CANCEL"


def test_the_institution_goes_on_with_its_new_letter(insurer: Lived, target: ControlClient) -> None:
    target.post("snapshots", snapshot=insurer.save(with_personal_data=1))
    platform = Platform(target, "demo")
    institution = Institution(platform.letter())
    order = platform.get("orders")[0]

    data = institution.call("insurer_get_guarantee_info", order_no=order["order_no"])["data"]
    file = requests.get(data["attach_files"][0]["file_url"], timeout=10)

    assert data["principal_name"] == order["details"]["principal_name"]
    assert file.content.startswith(b"%PDF-")
    stale = insurer.institution.token
    parameters = institution.sign("insurer_get_guarantee_info", order_no=order["order_no"])
    institution._token = stale
    assert institution.send(parameters)["status"] == 1006


def test_new_numbers_are_others_than_the_old_ones(insurer: Lived, target: ControlClient) -> None:
    target.post("snapshots", snapshot=insurer.save())
    platform = Platform(target, "demo")
    known = {order["order_no"] for order in platform.get("orders")}
    last_push = platform.get("pushes")[-1]["id"]
    last_entry = platform.journal()[-1]["id"]

    order = platform.create_order()
    platform.post("orders", order["order_no"], "cancel")
    platform.advance(0)

    assert order["order_no"] not in known
    assert platform.get("pushes")[-1]["id"] == last_push + 1
    assert platform.journal()[-1]["id"] > last_entry
    assert platform.fault("lose_ack")["id"] == 3


def test_what_was_sealed_for_the_old_credentials_is_not_sent_again(
    insurer: Lived, target: ControlClient, endpoint: Endpoint
) -> None:
    for name, personal in (("masked", 0), ("whole", 1)):
        snapshot = insurer.save(with_personal_data=personal)
        target.post("snapshots", snapshot=snapshot, name=name)
        target.patch("accounts", name, switches={"repeat": "identical"})

        target.post("accounts", name, "clock", action="next")

        letter = target.get("accounts", name, "letter")
        assert Institution(letter).open(endpoint.posts[-1].fields["param"])["sign"]


def test_a_masked_one_can_be_worked_with(lived: Lived, target: ControlClient) -> None:
    target.post("snapshots", snapshot=lived.save())
    platform = Platform(target, "demo")
    institution = Institution(platform.letter())
    read = {"insurer": "insurer_get_guarantee_info", "guarantor": "get_guarantee_info"}

    for order in platform.get("orders"):
        answer = institution.call(read[platform.get()["kind"]], order_no=order["order_no"])
        assert answer["status"] == 200
        assert answer["data"]["principal_name"].endswith("***")
    platform.run()
    files = [everything(each, "demo")["files"] for each in (lived.platform.control, target)]
    assert [file["sha256"] for file in files[0]] == [file["sha256"] for file in files[1]]
    left_out = base64.b64encode(PLACEHOLDER).decode()
    assert {file["content"] for file in files[1]} == {left_out}


def test_only_the_newest_entries_are_saved_if_so_wanted(lived: Lived) -> None:
    whole = lived.save()["journal"]

    assert lived.save(journal=2)["journal"] == whole[-2:]
    assert lived.save(journal=0)["journal"] == []


def test_an_account_in_motion_is_not_saved(conzhu_platform: Motion) -> None:
    told: list[str] = []

    def app(environment: dict[str, Any], start_response: Any) -> list[bytes]:
        try:
            conzhu_platform.get("snapshot")
        except SimulatorError as error:
            told.append(error.text.en)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"status":200}']

    conzhu_platform.connect(app, order_status="/status")
    conzhu_platform.create_order().cancel().send_again()

    assert [text.partition(";")[0] for text in told] == [
        f"The clock of {conzhu_platform.name} is being moved",
        "A push is being delivered right now",
    ]
    assert conzhu_platform.get("snapshot")["pushes"][0]["state"] == "acknowledged"


@pytest.mark.parametrize("order", ["minimal", "difficult", "manual-sample"])
def test_every_ready_made_order_is_kept(target: ControlClient, order: str) -> None:
    target.post("accounts", name="source", key_bits=1024)
    source = Platform(target, "source")
    made = source.create_order(order)
    snapshot = source.get("snapshot", with_personal_data=1)

    target.post("snapshots", snapshot=snapshot, name="copy")

    assert target.get("accounts", "copy", "orders") == [made]
