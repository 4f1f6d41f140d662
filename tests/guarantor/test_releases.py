"""Guarantees revoked by a batch (2.8), released (2.9), and asked for (2.10): P33, P54."""

import hashlib
import json
from typing import Any

import pytest
from calls.insurer import ABSENT
from guarantor.guarantor import Guarantor
from pushes.contents import open_push
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator import paths
from simulator.errors import SimulatorError

DECLARATION = (paths.fixtures() / "files" / "release-declaration.pdf").read_bytes()
DATE = "2030-01-05 10:00:00"


@pytest.fixture
def block(guarantor: Guarantor, platform: Platform) -> list[Any]:
    """Three issued orders of one block, DB-1 to DB-3."""
    return [
        guarantor.bring(platform.create_order(), "HAS_OUT_GUARANTEE", number=f"DB-{number}")
        for number in (1, 2, 3)
    ]


def revoke(platform: Platform, order: Any, **body: Any) -> Any:
    return platform.post("releases", block_number=order["block_number"], **body)


def guarantees(platform: Platform) -> dict[str, Any]:
    return {each["guarantee_no"]: each for each in platform.get("guarantees")}


def item(platform: Platform, number: str, **changes: Any) -> dict[str, Any]:
    """Return a right item of 2.9 about a guarantee."""
    serial = str(guarantees(platform)[number]["serial_num"])
    return {
        "guarantee_no": number,
        "remove_guarantee_date": DATE,
        "serial_num": serial,
        **changes,
    }


def notice(platform: Platform, institution: Institution, endpoint: Endpoint) -> dict[str, str]:
    """Let the newest 2.8 arrive and return what it says, checked, its lists opened."""
    platform.run()
    post = endpoint.posts[-1]
    assert post.path == "/release"
    said = open_push(institution, "2.8", post.fields["param"])
    assert "\\u" in said["revoke_guarantee_data"]
    return said


def lists(said: dict[str, str]) -> dict[str, list[str]]:
    data = json.loads(said["revoke_guarantee_data"])
    assert list(data) == ["revoke_success_data", "current_revoke_data", "penalty_data"]
    for entry in (entry for listed in data.values() for entry in listed):
        assert list(entry) == ["guarantee_no", "principal", "serial_num"]
        assert all(isinstance(value, str) for value in entry.values())
    return {name: [entry["guarantee_no"] for entry in listed] for name, listed in data.items()}


def test_a_batch_says_what_is_revoked_and_carries_the_signed_declaration(
    platform: Platform, institution: Institution, endpoint: Endpoint, block: list[Any]
) -> None:
    batch = revoke(platform, block[0])

    said = notice(platform, institution, endpoint)

    assert said["request_method"] == "guarantee_release"
    assert said["revoke_no"] == batch["revoke_no"]
    assert (said["block_number"], said["block_name"], said["creditor"]) == (
        block[0]["block_number"],
        block[0]["block_name"],
        block[0]["creditor"],
    )
    assert said["revoke_guarantee_declare_file_hash"] == hashlib.sha256(DECLARATION).hexdigest()
    assert endpoint.posts[-1].files == {"revoke_guarantee_declare_file": DECLARATION}
    assert lists(said) == {
        "revoke_success_data": [],
        "current_revoke_data": ["DB-1", "DB-2", "DB-3"],
        "penalty_data": [],
    }
    assert all(each["revoked"] for each in guarantees(platform).values())


def test_later_batches_name_what_earlier_ones_revoked(
    platform: Platform, institution: Institution, endpoint: Endpoint, block: list[Any]
) -> None:
    revoke(platform, block[0], guarantee_nos=["DB-2"], with_declaration=False)
    first = notice(platform, institution, endpoint)
    revoke(platform, block[0], penalty=["DB-3"], note="罚没")
    second = notice(platform, institution, endpoint)

    assert first["revoke_guarantee_declare_file_hash"] == ""
    assert next(post.files for post in endpoint.posts if post.path == "/release") == {}
    assert lists(first)["current_revoke_data"] == ["DB-2"]
    assert lists(second) == {
        "revoke_success_data": ["DB-2"],
        "current_revoke_data": ["DB-1"],
        "penalty_data": ["DB-3"],
    }
    assert second["note"] == "罚没"
    assert [each["revoke_no"] for each in platform.get("releases")] == [
        first["revoke_no"],
        second["revoke_no"],
    ]
    assert {number: each["forfeited"] for number, each in guarantees(platform).items()} == {
        "DB-1": False,
        "DB-2": False,
        "DB-3": True,
    }


def test_a_batch_is_repeated_with_the_same_content(
    platform: Platform, institution: Institution, endpoint: Endpoint, block: list[Any]
) -> None:
    platform.run()
    endpoint.answers = [(500, b""), (200, b'{"statue":200}')]
    revoke(platform, block[0])
    platform.run()
    first, second = (
        open_push(institution, "2.8", post.fields["param"]) for post in endpoint.posts[-2:]
    )
    assert first["revoke_guarantee_data"] == second["revoke_guarantee_data"]
    assert platform.pushes(interface="release")[0]["state"] == "acknowledged"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"guarantee_nos": ["DB-9"]}, "has no issued guarantee DB-9"),
        ({"penalty": ["DB-9"]}, "has no issued guarantee DB-9"),
        ({"guarantee_nos": []}, "no issued guarantee left to revoke"),
        ({"block_number": "X"}, "no issued guarantee left to revoke"),
        ({"block_number": ""}, "give that, too"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(
    platform: Platform, block: list[Any], body: dict[str, Any], said: str
) -> None:
    asked = {"block_number": block[0]["block_number"], **body}
    with pytest.raises(SimulatorError, match=said):
        platform.post("releases", **asked)


def test_a_guarantee_is_revoked_once(platform: Platform, block: list[Any]) -> None:
    revoke(platform, block[0])
    with pytest.raises(SimulatorError, match="is in an earlier batch"):
        revoke(platform, block[0], guarantee_nos=["DB-1"])


def test_a_block_without_a_number_is_known_by_its_name(
    guarantor: Guarantor, platform: Platform
) -> None:
    order = guarantor.bring(platform.create_order("minimal"), "HAS_OUT_GUARANTEE")
    revoke(platform, order, block_name=order["block_name"])
    answer = guarantor.remove(order, [item(platform, "DB-1")])
    assert answer == {"status": 200, "data": {"error": {"error_total": 0}}}


def test_a_release_is_taken_and_the_same_again_has_no_effect(
    guarantor: Guarantor, platform: Platform, block: list[Any]
) -> None:
    revoke(platform, block[0])
    items = [
        item(platform, "DB-1", remove_guarantee_date="2030-1-5 10:00:00"),
        item(platform, "DB-2"),
    ]
    items[1]["serial_num"] = int(items[1]["serial_num"])

    first, again = guarantor.remove(block[0], items), guarantor.remove(block[0], items)

    assert first == again == {"status": 200, "data": {"error": {"error_total": 0}}}
    assert "nothing changed" in guarantor.notes()
    released = {number: each["removed_at"] for number, each in guarantees(platform).items()}
    assert released == {"DB-1": DATE, "DB-2": DATE, "DB-3": None}


WRONG_ITEMS: list[tuple[dict[str, Any], str]] = [
    ({"guarantee_no": ""}, "参数缺失：guarantee_no"),
    ({"guarantee_no": None}, "参数缺失：guarantee_no"),
    ({"guarantee_no": ["DB-1"]}, "参数缺失：guarantee_no"),
    ({"guarantee_no": True}, "参数缺失：guarantee_no"),
    ({"serial_num": 1.5}, "参数缺失：serial_num"),
    ({"remove_guarantee_date": ""}, "参数缺失：remove_guarantee_date"),
    ({"remove_guarantee_date": "2030-02-30 10:00:00"}, "参数错误：remove_guarantee_date"),
    ({"remove_guarantee_date": "2030-01-05"}, "参数错误：remove_guarantee_date"),
    ({"serial_num": ""}, "参数缺失：serial_num"),
    ({"serial_num": "1"}, "保函序列号不正确"),
    ({"guarantee_no": "DB-9"}, "保函编号不存在"),
]


@pytest.mark.parametrize(("changes", "message"), WRONG_ITEMS)
def test_a_wrong_item_is_listed_beside_right_ones(
    guarantor: Guarantor,
    platform: Platform,
    block: list[Any],
    changes: dict[str, Any],
    message: str,
) -> None:
    revoke(platform, block[0])
    wrong = item(platform, "DB-1", **changes)

    answer = guarantor.remove(block[0], [wrong, item(platform, "DB-2")])

    info = {name: value if isinstance(value, str) else "" for name, value in wrong.items()}
    assert answer == {
        "status": 200,
        "data": {
            "error": {
                "error_total": 1,
                "data": [{"error_msg": message, "error_info": info}],
            }
        },
    }
    assert guarantees(platform)["DB-1"]["removed_at"] is None
    assert guarantees(platform)["DB-2"]["removed_at"] == DATE


def test_what_was_not_revoked_or_was_forfeited_or_released_before_is_listed(
    guarantor: Guarantor, platform: Platform, block: list[Any]
) -> None:
    revoke(platform, block[0], guarantee_nos=["DB-2"], penalty=["DB-3"])
    guarantor.remove(block[0], [item(platform, "DB-2")])
    later = {"remove_guarantee_date": "2030-01-06 10:00:00"}

    answer = guarantor.remove(
        block[0],
        [item(platform, "DB-1"), item(platform, "DB-2", **later), item(platform, "DB-3")],
    )

    error = answer["data"]["error"]
    assert error["error_total"] == 3
    assert [each["error_msg"] for each in error["data"]] == [
        "保函未被撤销",
        "保函已解保",
        "保函已被罚没",
    ]


@pytest.mark.parametrize(
    ("changes", "status", "data"),
    [
        ({"block_number": ABSENT}, 2405, "参数缺失：block_number"),
        ({"block_name": ABSENT}, 2406, "参数缺失：block_name"),
        ({"creditor": ABSENT}, 2408, "参数缺失：creditor"),
        ({"remove_guarantee_data": ABSENT}, 404, "失败：remove_guarantee_data"),
        ({"block_number": "X"}, 2318, "该订单的信息缺失"),
        ({"block_name": "X"}, 2318, "该订单的信息缺失"),
        ({"creditor": "别家公司"}, 2321, "受益人名称不正确"),
        *(
            ({"remove_guarantee_data": text}, 404, "失败：remove_guarantee_data")
            for text in (
                *("", "no JSON", "{}", "[]", "[1]", "null", "NaN", "[" * 20_000),
                '[{"guarantee_no":"\\ud800"}]',
                f'[{{"serial_num":{"9" * 5000}}}]',
            )
        ),
    ],
)
def test_a_release_that_is_wrong_as_a_whole_has_its_code(
    guarantor: Guarantor, platform: Platform, issued: Any, changes: Any, status: int, data: str
) -> None:
    revoke(platform, issued)
    answer = guarantor.remove(issued, [item(platform, "DB-1")], **changes)
    assert answer == {"status": status, "data": data}
    assert guarantees(platform)["DB-1"]["removed_at"] is None


def test_an_array_that_is_not_written_as_text_has_the_sign_code(
    guarantor: Guarantor, platform: Platform, issued: Any
) -> None:
    revoke(platform, issued)
    institution = guarantor.institution
    right = {"block_number": issued["block_number"], "block_name": issued["block_name"]}
    parameters = institution.sign("remove_guarantee", **right, creditor=issued["creditor"])
    from simulator.protocol import envelope
    from simulator.protocol.plaintext import Compound

    parameters["remove_guarantee_data"] = Compound(json.dumps([item(platform, "DB-1")]))
    param = envelope.seal(parameters, institution.own_public)
    assert institution.post({"param": param, "access_token": institution.token})["status"] == 1007


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"status": 4, "revoke_guarantee_date": ""}, "answered"),
        ({"status": "5", "revoke_guarantee_date": DATE}, "answered"),
        ({"status": 6, "revoke_guarantee_date": DATE}, "unanswered"),
        ({"status": 5, "revoke_guarantee_date": "soon"}, "unanswered"),
        ({"status": 5}, "unanswered"),
    ],
)
def test_the_state_of_a_release_is_asked_for_and_shown(
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
    issued: Any,
    data: dict[str, Any],
    state: str,
) -> None:
    serial = str(guarantees(platform)["DB-1"]["serial_num"])
    answered = {"guarantee_no": "DB-1", "serial_num": serial, **data}
    endpoint.answers = [(200, json.dumps({"status": 200, "data": answered}).encode())]

    shown = platform.post("guarantees", "release-search", guarantee_no="DB-1")

    assert (shown["state"], shown["attempts_made"]) == (state, 1)
    assert shown["answer"]["data"] == answered
    post = endpoint.posts[-1]
    assert post.path == "/release_search"
    said = open_push(institution, "2.10", post.fields["param"])
    assert {name: said[name] for name in said if name not in ("sign", "timestamp")} == {
        "request_method": "guarantee_release_search",
        "block_number": issued["block_number"],
        "guarantee_no": "DB-1",
        "serial_num": serial,
    }
