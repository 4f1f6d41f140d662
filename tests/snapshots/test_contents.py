"""What is in a snapshot and what never is: persons only if asked for, credentials not at all."""

import json
import re
from typing import Any

import pytest
from snapshots.conftest import Lived
from snapshots.lives import everything
from support.platform import Platform

from simulator import paths
from simulator.driver import ControlClient
from simulator.operations.snapshots import form
from simulator.operations.snapshots.tables import ACCOUNT, ATTEMPTS, SECTIONS
from simulator.protocol import personal
from simulator.store.records import Base

SCHEMA = json.loads((paths.schemas() / "snapshot.schema.json").read_text("utf-8"))
#: Tables of an account of which a snapshot has nothing: tokens are credentials, ended URLs end
#: with the account, and what the hostile profile counted belongs to the server.
LEFT_OUT = {"access_token", "ended_file_url", "hostile_count"}
#: What was said in passing, where no name of a parameter tells that it is about a person.
SAID = ("13900000001", "finance@example.com", "收件人赵六", "chen@example.com", "陈联系")


def persons(lived: Lived) -> set[str]:
    """Return every personal value of the account, by the names of its parameters."""
    found = personal.find(everything(lived.platform.control, "demo"))
    assert {"测试己", "13800000011", "福建省福州市示例区测试路1号"} <= found
    return found


def test_a_masked_one_tells_of_no_person(lived: Lived) -> None:
    known = persons(lived)
    text = json.dumps(lived.save(), ensure_ascii=False)
    assert len(known) > 10

    assert [value for value in known if value in text] == []
    assert re.findall(r"(?<![\w+/])1[3-9][0-9]{9}(?![\w+/=])", text) == []
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+", text) == []


def test_what_was_said_in_passing_is_masked_too(insurer: Lived) -> None:
    masked, whole = (
        json.dumps(insurer.save(with_personal_data=each), ensure_ascii=False) for each in (0, 1)
    )

    assert [text for text in SAID if text in masked] == []
    assert [text for text in SAID if text not in whole] == []


def test_files_and_wire_forms_are_left_out_of_a_masked_one(lived: Lived) -> None:
    masked, whole = (lived.save(with_personal_data=each) for each in (0, 1))

    assert {file["content"] for file in masked["files"]} == {None}
    assert all(file["content"].startswith("JVBER") for file in whole["files"])
    for snapshot, sealed in ((masked, False), (whole, True)):
        params = [
            attempt["sent"]["param"]
            for push in snapshot["pushes"]
            for attempt in push["attempts"]
            if attempt["sent"]
        ]
        assert params
        assert all((len(param) > 100) == sealed for param in params)
    assert masked["personal_data"] is False
    assert "the contents of files" in masked["note"]["en"]
    assert "文件内容" in masked["note"]["zh"]
    assert "do not give it to anyone" in whole["note"]["en"]


def test_what_is_no_persons_stays_readable(lived: Lived) -> None:
    order = lived.save()["orders"][0]
    shown = lived.platform.get("orders")[0]

    for name in ("order_no", "state", "principal", "creditor", "block_name", "guarantee_amount"):
        assert order[name] == shown[name]


def test_numbers_stay_even_where_they_look_like_a_persons(target: ControlClient) -> None:
    target.post("accounts", name="odd", key_bits=1024)
    platform = Platform(target, "odd")
    made = platform.create_order(order_no="13900000009", principal_phone="13900000009x")
    platform.post("orders", made["order_no"], "cancel")

    snapshot = platform.get("snapshot")

    [push] = snapshot["pushes"]
    assert push["about"] == push["content"]["order_no"] == "13900000009"
    assert snapshot["orders"][0]["details"]["principal_phone"] == "1***"


@pytest.mark.parametrize("personal_data", [0, 1])
def test_no_credential_is_in_one(lived: Lived, personal_data: int) -> None:
    text = json.dumps(lived.save(with_personal_data=personal_data), ensure_ascii=False)
    letter = lived.platform.letter()
    private = letter["rsa_sk"]["pem"].splitlines()[1:-1]

    secrets = [letter["api_key"], letter["api_secret"], lived.institution.token, *private]
    assert [secret for secret in secrets if secret in text] == []
    assert not re.search(r"access_token=(?!\[access_token #)", text)


def test_the_schema_has_every_column() -> None:
    properties = SCHEMA["properties"]
    for section in SECTIONS:
        items = properties[section.name]["items"]
        own = ["attempts"] if section.name == "pushes" else []
        assert list(items["properties"]) == items["required"] == [*section.members, *own]
        assert set(section.fixed) <= set(section.columns)
    assert SCHEMA["$defs"]["attempt"]["required"] == ATTEMPTS.members
    assert set(properties["account"]["required"]) == {*ACCOUNT, "btc_id", "now"}
    assert properties["version"] == {**properties["version"], "const": form.VERSION}
    assert properties["format"]["const"] == form.FORMAT


def test_every_table_of_an_account_is_saved_or_left_out_on_purpose() -> None:
    owned = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if "account_id" in mapper.columns or mapper.class_.__tablename__ == "attempt"
    }
    saved = {section.record.__tablename__ for section in (*SECTIONS, ATTEMPTS)}

    assert owned == saved | LEFT_OUT


def test_one_is_described_in_the_order_of_its_schema(lived: Lived) -> None:
    snapshot: dict[str, Any] = lived.save()

    assert list(snapshot) == list(SCHEMA["properties"])
    assert snapshot["sha256"] == form.checksum(snapshot)
    form.check(snapshot)
