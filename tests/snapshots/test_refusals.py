"""What cannot be loaded is refused in one sentence in each language, and leaves nothing behind."""

from collections.abc import Callable
from typing import Any

import pytest
from control.sentences import assert_sentences
from snapshots.conftest import Lived
from snapshots.lives import everything
from sqlalchemy import func, select

from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.fault_tag import FaultTag
from simulator.operations.snapshots import form
from simulator.store.records import Base
from simulator.testing import Server

Change = Callable[[dict[str, Any]], Any]


def add_checksum(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Return a changed snapshot with a right checksum."""
    return {**snapshot, "sha256": form.checksum(snapshot)}


@pytest.fixture
def snapshot(insurer: Lived) -> dict[str, Any]:
    """A snapshot to spoil."""
    return insurer.save(with_personal_data=1)


def refused(control: ControlClient, snapshot: dict[str, Any], **more: str) -> str:
    """Try to load; return the sentence in English."""
    with pytest.raises(SimulatorError) as error:
        control.post("snapshots", snapshot=snapshot, **more)
    assert_sentences({"error": error.value.text.as_json()})
    return error.value.text.en


def rows(server: Server) -> dict[str, int]:
    """Count the rows of every table."""
    with server._simulator.database.reading() as session:
        return {
            mapper.class_.__tablename__: session.scalar(select(func.count(mapper.class_.id))) or 0
            for mapper in Base.registry.mappers
        }


def test_what_is_no_snapshot_is_refused(target: ControlClient, snapshot: dict[str, Any]) -> None:
    for other in ({}, {"format": "x"}, {**snapshot, "format": None}, {"orders": []}):
        assert refused(target, other).startswith("This is not a snapshot: give a file that")


@pytest.mark.parametrize("version", [1, 3])
def test_one_of_another_version_is_refused(
    target: ControlClient, snapshot: dict[str, Any], version: int
) -> None:
    other = add_checksum({**snapshot, "version": version, "simulator": "7.1.0"})

    assert refused(target, other) == (
        f"The snapshot is of version {version}, and this simulator reads version 2: load it with "
        "conzhu-sim 7.1.0, which saved it."
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["orders"][0].update(principal="别家公司"),
        lambda s: s["journal"].pop(),
        lambda s: s.pop("sha256"),
        lambda s: s.update(sha256="0" * 64),
        lambda s: s["account"].update(sequence=0),
    ],
)
def test_a_changed_one_is_refused(
    target: ControlClient, snapshot: dict[str, Any], change: Change
) -> None:
    change(snapshot)

    assert refused(target, snapshot).startswith("The snapshot is damaged: its checksum does not")


MISFITS: dict[str, tuple[Change, str]] = {
    "a part is missing": (lambda s: s.pop("claims"), "'claims' is a required property"),
    "a part too many": (lambda s: s.update(more=1), "'more' was unexpected"),
    "a version that is none": (lambda s: s.update(version="1"), "version: 2 was expected"),
    "a member of another type": (
        lambda s: s["orders"][0].update(state=5),
        "orders[0].state: 5 is not of type 'string'",
    ),
    "a push in flight": (lambda s: s["pushes"][0].update(state="in_flight"), "pushes[0].state: "),
    "a key size": (lambda s: s["account"].update(key_bits=512), "account.key_bits: 512 is not"),
    "a number too large": (lambda s: s["guarantees"][0].update(serial_num=2**63), "serial_num"),
    "a kind": (lambda s: s["account"].update(kind="bank"), "account.kind: there is no 'bank'"),
    "another kind": (lambda s: s["account"].update(kind="guarantor"), "has no 'insurer/2."),
    "a line": (lambda s: s["orders"][0].update(ktype="9"), "orders[0].ktype: this simulator has"),
    "an interface": (
        lambda s: s["pushes"][0].update(interface="insurer/2.4"),
        "pushes[0].interface: this simulator has no 'insurer/2.4'",
    ),
    "a rule": (lambda s: s["faults"][0].update(rule="x"), "faults[0].rule: this simulator has no"),
    "a batch that is not there": (
        lambda s: s["guarantees"][0].update(revoke_no="4711"),
        "guarantees[0].revoke_no: it has no '4711'",
    ),
    "a push that is not there": (
        lambda s: s["journal"][0].update(push=999_999),
        "journal[0].push: it has no 999999",
    ),
    "a claim on nothing": (
        lambda s: [each.update(current=False) for each in s["guarantees"]],
        "claims[0].order_no: the order ",
    ),
    "no Base64": (lambda s: s["files"][0].update(content="%"), "files[0].content is not Base64"),
    "two orders of one number": (
        lambda s: s["orders"].append(s["orders"][0]),
        "two records have the same number",
    ),
    "two attempts of one number": (
        lambda s: s["pushes"][0]["attempts"].append(s["pushes"][0]["attempts"][0]),
        "two records have the same number",
    ),
    "two pushes of one number": (
        lambda s: s["pushes"].append(s["pushes"][0]),
        "two records have the same number",
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_together_is_named(snapshot: dict[str, Any], name: str) -> None:
    change, complaint = MISFITS[name]
    change(snapshot)
    with Server() as server:
        before = rows(server)

        told = refused(server.control, add_checksum(snapshot))

        assert told.startswith("The snapshot does not have the form of version 2: ")
        assert complaint in told
        assert rows(server) == before


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda s: s["account"]["switches"].update(x=1), "There is no switch 'x'"),
        (lambda s: s["account"]["endpoints"].update(x="http://h/"), "There is no push 'x'"),
        (lambda s: s["account"].update(allow_list=["x"]), "'x' is not an IP address"),
        (lambda s: s["account"].update(name="A B"), "An account's name has 1 to 40"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    snapshot: dict[str, Any], change: Change, complaint: str
) -> None:
    change(snapshot)
    with Server() as server:
        before = rows(server)

        assert complaint in refused(server.control, add_checksum(snapshot))
        assert rows(server) == before


def test_what_is_taken_here_is_not_loaded_over(
    target: ControlClient, snapshot: dict[str, Any]
) -> None:
    target.post("snapshots", snapshot=snapshot)
    before = everything(target, "demo")

    assert "There is an account 'demo' here already" in refused(target, snapshot)
    target.post("accounts", name="other")
    assert "There is an account 'other' already." in refused(target, snapshot, name="other")
    assert everything(target, "demo") == before
    assert [account["name"] for account in target.get("accounts")] == ["demo", "other"]


def test_a_btc_id_that_is_taken_is_named(target: ControlClient, snapshot: dict[str, Any]) -> None:
    target.post("accounts", name="first", key_bits=1024)

    assert "The account 'first' has the snapshot's btc_id 10001" in refused(target, snapshot)


def test_numbers_that_are_taken_are_named(target: ControlClient, snapshot: dict[str, Any]) -> None:
    target.post("accounts", name="gone", key_bits=1024)
    order = target.post("accounts", "gone", "orders")
    target.post("accounts", "gone", "orders", order["order_no"], "cancel")
    target.delete("accounts", "gone")

    # A number that was given is not given again, though the push is gone.
    assert "Numbers of the snapshot's pushes are in use here" in refused(target, snapshot)


def test_under_another_name_what_is_taken_is_drawn_anew(
    target: ControlClient, snapshot: dict[str, Any]
) -> None:
    target.post("snapshots", snapshot=snapshot)
    first = everything(target, "demo")

    shown = target.post("snapshots", snapshot=snapshot, name="copy")

    copy = everything(target, "copy")
    assert shown["btc_id"] == 10002
    for part in ("orders", "guarantees", "invoices", "claims", "files"):
        assert copy[part] == first[part]
    for part in ("pushes", "journal", "faults"):
        numbers = [[each["id"] for each in shown[part]] for shown in (first, copy)]
        assert len(numbers[0]) == len(numbers[1])
        assert max(numbers[0]) < min(numbers[1])
        for before, after in zip(first[part], copy[part], strict=True):
            same = {"id", "push", "faults", "attempts", "btc_id"}
            assert {k: before[k] for k in before if k not in same} == {
                k: after[k] for k in after if k not in same
            }
    pushes = dict(
        zip((p["id"] for p in first["pushes"]), (p["id"] for p in copy["pushes"]), strict=True)
    )
    assert [pushes.get(each["push"]) for each in first["journal"]] == [
        each["push"] for each in copy["journal"]
    ]
    rule = copy["faults"][0]["id"]
    struck = [tag for push in copy["pushes"] for a in push["attempts"] for tag in a["faults"]]
    assert struck
    assert all(tag == FaultTag("lose_ack", rule).as_json() for tag in struck)


def test_one_account_may_be_loaded_many_times(
    target: ControlClient, snapshot: dict[str, Any]
) -> None:
    for name in ("a", "b", "c"):
        target.post("snapshots", snapshot=snapshot, name=name)

    ids = [[push["id"] for push in target.get("accounts", name, "pushes")] for name in "abc"]
    assert len({number for each in ids for number in each}) == sum(len(each) for each in ids)
    assert (
        target.get("accounts", "a", "letter")["api_key"]
        != target.get("accounts", "b", "letter")["api_key"]
    )
