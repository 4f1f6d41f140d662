"""What happened on a simulator becomes a scenario, and is played again with new keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.house import House
from conformance.proving import target_of
from support.lived import Lived

from conformance_tests.scenarios.files import loading
from conformance_tests.scenarios.play import running
from conformance_tests.scenarios.play.results import Outcome
from conformance_tests.scenarios.play.running import RunResult
from conformance_tests.scenarios.record import event_steps, journals, recording
from conformance_tests.scenarios.record.recording import Recording
from simulator.control.routes import ROUTES
from simulator.errors import SimulatorError

pytestmark = pytest.mark.timeout(120)
Write = Callable[[str], Path]


def _live(lived: Lived) -> dict[str, str]:
    """Let an order be returned, offered, paid, issued, issued anew, invoiced and claimed on."""
    platform = lived.platform
    order_no = platform.create_order()["order_no"]
    platform.post("orders", order_no, "open")
    lived.act("due_diligence", order_no=order_no, **{"pass": False, "note": "请补充"})
    platform.post("orders", order_no, "submit")
    platform.advance(0)
    for action, values in (("offer", {"price": "888.00"}), ("pay", {"real_pay": "888.00"})):
        assert lived.act(action, order_no=order_no, **values) == 200
    assert lived.act("issue", order_no=order_no) == 200
    platform.fault("lose_ack", interface="invoice_application", times=2)
    invoice = platform.post("invoices", order_nos=[order_no])["invoice_id"]
    platform.run()
    assert lived.act("invoice", invoice_id=invoice) == 200
    order = platform.order(order_no)
    platform.post(
        "bid-openings",
        block_number=order["block_number"],
        type="delay",
        open_tender_time="2031-01-20 09:30:00",
    )
    platform.advance(0)
    assert lived.act("reissue", order_no=order_no) == 200
    claim = platform.post("claims", order_no=order_no, claim_amount="1000.00")["claim_no"]
    platform.advance(0)
    assert lived.act("claim", claim_no=claim, do="ACCEPT") == 200
    guarantee = platform.get("guarantees")[-1]["guarantee_no"]
    platform.post("guarantees", "query", guarantee_no=guarantee)
    assert lived.act("file_url", file_id=order["files"][0]["file_id"]) == 200
    return {"order": order_no, "claim": claim, "invoice": invoice, "guarantee": guarantee}


def _recorded(lived: Lived, place: Path, **between: str) -> Recording:
    stretch = journals.read(lived.platform, **between)
    made = recording.record(stretch)
    journals.write(made, place)
    return made


def _acts(made: Recording) -> list[str]:
    return [step["act"] for step in made.document["steps"] if "act" in step]


def test_each_event_that_a_route_keeps_is_a_step() -> None:
    assert {route.name for route in ROUTES if route.keeps is not None} == set(event_steps._EVENTS)


def test_a_recording_has_what_everybody_did_and_no_number_of_it(
    lived: Lived, tmp_path: Path
) -> None:
    numbers = _live(lived)
    place = tmp_path / "recorded.yaml"

    made = _recorded(lived, place)

    assert _acts(made) == [
        "principal.apply",
        "principal.open",
        "institution.return_due_diligence",
        "principal.submit",
        "institution.offer",
        "institution.pay",
        "institution.issue",
        "principal.apply_for_invoice",
        "institution.issue_invoice",
        "trading_centre.move_bid_opening",
        "institution.reissue",
        "beneficiary.claim",
        "institution.accept_claim",
        "institution.renew_file_url",
    ]
    text = place.read_text("utf-8")
    letter = lived.platform.letter()
    for secret in (*numbers.values(), letter["api_key"], letter["api_secret"], "access_token"):
        assert secret not in text
    assert {"rule": "lose_ack", "interface": "invoice_application", "times": 2} in [
        step["fault"] for step in made.document["steps"] if "fault" in step
    ]
    assert made.left_out == []


def test_played_again_on_the_same_institution_it_shows_no_difference(
    lived: Lived, tmp_path: Path, target: House
) -> None:
    _live(lived)
    place = tmp_path / "recorded.yaml"
    _recorded(lived, place)

    ended = running.run(running.prepare([str(place)], str(target.target())))

    assert [failure.text.en for failure in ended.played[0].failures] == []
    assert ended.code == 0


@pytest.mark.parametrize(
    ("defect", "told"),
    [
        ("forgets-the-old-number", "`reissue` had no effect"),
        ("issues-an-invoice-at-every-notice", "exactly 1 of insurer_push_invoice"),
    ],
)
def test_on_a_changed_institution_the_differences_are_told(
    lived: Lived, tmp_path: Path, defect: str, told: str
) -> None:
    _live(lived)
    place = tmp_path / "recorded.yaml"
    _recorded(lived, place)
    target = target_of(tmp_path, ["broken_institutions", defect])

    [played] = running.run(running.prepare([str(place)], str(target))).played

    said = [failure.text.en for failure in played.failures]
    assert played.outcome == Outcome.FAILED
    assert told in " ".join(said)


def test_what_a_running_clock_sent_by_itself_is_pushed_again(
    lived: Lived, tmp_path: Path, target: House
) -> None:
    platform = lived.platform
    order_no = platform.create_order()["order_no"]
    platform.post("orders", order_no, "open")
    platform.post("clock", action="resume")
    platform.post("orders", order_no, "cancel", note="项目终止")
    for direction in ("push", "call"):
        platform.get("journal", "wait", direction=direction, text="CANCEL", timeout=10)
    place = tmp_path / "recorded.yaml"

    made = _recorded(lived, place)

    steps = made.document["steps"]
    assert {"push": "order_status", "about": "${order}"} in steps
    assert {"act": "principal.cancel", "with": {"order": "${order}", "note": "项目终止"}} in steps
    assert running.run(running.prepare([str(place)], str(target.target()))).code == 0


def test_a_rule_that_was_set_before_the_stretch_is_set_in_the_recording(
    lived: Lived, target: House, tmp_path: Path
) -> None:
    platform = lived.platform
    platform.fault("lose_ack", interface="order_status", times=3)
    set_at = platform.get("journal", direction="event")[-1]["id"]
    order_no = platform.create_order()["order_no"]
    platform.post("orders", order_no, "open")
    platform.post("orders", order_no, "cancel")
    platform.advance(0)
    platform.advance(15)

    place = tmp_path / "recorded.yaml"
    made = _recorded(lived, place, since=str(set_at + 1))

    assert made.document["steps"][0]["fault"] == {
        "rule": "lose_ack",
        "interface": "order_status",
        "times": 2,
    }
    answers = [step["expect"] for step in made.document["steps"] if "expect" in step]
    said = {each["verdict"] for each in answers if each.get("answer") == "order_status"}
    assert said == {"ack_lost"}
    ended = running.run(running.prepare([str(place)], str(target.target())))
    assert [played.outcome for played in ended.played] == [Outcome.PASSED], ended.played[0].failures


def test_a_stretch_that_begins_too_late_says_where_it_should_begin(
    lived: Lived, tmp_path: Path
) -> None:
    _live(lived)
    entries = lived.platform.journal(direction="push")
    late = str(entries[1]["id"])
    made = next(
        event["id"]
        for event in lived.platform.journal(direction="event")
        if event["sent"]["event"] == "create_order"
    )

    with pytest.raises(SimulatorError) as refused:
        _recorded(lived, tmp_path / "late.yaml", since=late)
    assert f"in the entry {made}: begin there, with --since {made}," in refused.value.text.en
    assert f"--since {made} 从该处开始" in refused.value.text.zh
    assert _acts(_recorded(lived, tmp_path / "begun.yaml", since=str(made)))[0] == "principal.apply"
    with pytest.raises(SimulatorError, match="has no entry"):
        _recorded(lived, tmp_path / "late.yaml", since="99999999")
    with pytest.raises(SimulatorError, match="not a place in the journal"):
        _recorded(lived, tmp_path / "late.yaml", since="yesterday")


@pytest.mark.parametrize(
    ("event", "number"),
    [("apply_for_invoice", "invoice_id"), ("apply_for_claim", "claim_no")],
)
def test_where_an_invoice_or_a_claim_was_made_is_told_as_well(
    lived: Lived, tmp_path: Path, event: str, number: str
) -> None:
    _live(lived)
    events = lived.platform.journal(direction="event", limit=100)
    [made] = [each for each in events if each["sent"]["event"] == event]
    thing = made["received"][number]
    about = [e["id"] for e in lived.platform.journal(direction="push") if e["about"] == thing]

    with pytest.raises(SimulatorError) as refused:
        _recorded(lived, tmp_path / "late.yaml", since=str(about[-1]), until=str(about[-1]))

    assert f"about {thing}, which was made before" in refused.value.text.en
    assert f"--since {made['id']}," in refused.value.text.en


def test_where_a_guarantee_was_issued_is_told_as_well(lived: Lived, tmp_path: Path) -> None:
    guarantee = _live(lived)["guarantee"]
    calls = lived.platform.journal(direction="call", limit=1000)
    [issued] = [
        call["id"]
        for call in calls
        if call["sent"]["params"].get("method") == "insurer_push_guarantee_update"
    ]
    [asked] = [e["id"] for e in lived.platform.journal(direction="push") if e["about"] == guarantee]

    with pytest.raises(SimulatorError, match=rf"{guarantee}, .* --since {issued},"):
        _recorded(lived, tmp_path / "late.yaml", since=str(asked), until=str(asked))


def test_a_lost_acknowledgement_is_recorded_as_that_and_a_refusal_as_a_failure(
    lived: Lived, tmp_path: Path
) -> None:
    platform = lived.platform
    orders = [platform.create_order()["order_no"] for _ in range(2)]
    for order_no in orders:
        platform.post("orders", order_no, "open")
    # The rule strikes both; the insurer does not acknowledge what is of another principal.
    platform.fault("lose_ack", interface="order_status", times=2)
    platform.post("orders", orders[0], "cancel")
    platform.advance(0)
    false = {"order_status": "CANCEL", "principal": "福建省假通知建筑有限公司"}
    platform.post("pushes", interface="order_status", about=orders[1], content=false)
    platform.advance(0)

    made = _recorded(lived, tmp_path / "recorded.yaml")

    expected = [step["expect"] for step in made.document["steps"] if "expect" in step]
    verdicts = {e["about"]: e["verdict"] for e in expected if e.get("answer") == "order_status"}
    assert verdicts == {"${order}": "ack_lost", "${order_2}": "failed"}


def test_a_stretch_may_end_early(lived: Lived, tmp_path: Path, target: House) -> None:
    _live(lived)
    submit = next(
        e
        for e in lived.platform.journal(direction="event", limit=100)
        if e["sent"]["event"] == "submit_order"
    )
    place = tmp_path / "early.yaml"

    made = _recorded(lived, place, until=str(submit["id"] - 1))

    assert _acts(made)[-1] == "institution.return_due_diligence"
    assert running.run(running.prepare([str(place)], str(target.target()))).code == 0


def test_events_stand_in_the_journal_only_where_they_are_asked_for(lived: Lived) -> None:
    platform = lived.platform
    platform.create_order()
    platform.advance(0)
    platform.fault("end_token")

    def events() -> list[Any]:
        return [each["sent"]["event"] for each in platform.journal(direction="event")]

    # What the fixtures did, and a clock that did not move, are no events of this account's life.
    assert events()[-2:] == ["create_order", "add_fault"]
    assert "event" not in {each["direction"] for each in platform.journal()}
    [order] = [e for e in platform.journal(direction="event") if e["received"].get("order_no")]
    assert order["received"]["order_no"] == platform.get("orders")[0]["order_no"]


def test_what_cannot_be_played_again_stands_at_the_top_of_the_file(
    lived: Lived, tmp_path: Path
) -> None:
    lived.platform.create_order()
    lived.platform.switch(repeat="identical")
    place = tmp_path / "recorded.yaml"

    made = _recorded(lived, place)

    assert len(made.left_out) == 1
    assert place.read_text("utf-8").startswith("# left out 未录制: ")
    document = yaml.safe_load(place.read_text("utf-8"))
    assert document["account"] == {"repeat": "identical"}
    assert loading.load(place).swift


def test_a_play_itself_can_be_recorded(
    lived: Lived, tmp_path: Path, target: House, write: Write
) -> None:
    # What a scenario does goes through the same control API.
    platform = lived.platform
    order = platform.create_order()
    platform.post(
        "pushes",
        interface="order_page",
        about=order["order_no"],
        content={"return_url": "https://example.com/back"},
    )
    place = tmp_path / "recorded.yaml"

    made = _recorded(lived, place)

    pushed = [step for step in made.document["steps"] if "push" in step]
    assert pushed[0]["changed"] == {"return_url": "https://example.com/back"}
    ended: RunResult = running.run(running.prepare([str(place)], str(target.target())))
    assert ended.code == 0
