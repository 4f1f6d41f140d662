"""What people do on the platform, and the institution at its own desk: the step `act`."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance_tests.scenarios.files import vocabulary
from conformance_tests.scenarios.files.vocabulary import PLACEHOLDERS, RESTART
from conformance_tests.scenarios.play.play import Play, Unexpected, text_of
from conformance_tests.suite.rules.outcomes import NoEffect
from simulator import clock

#: The values of `with`, filled in.
Given = Mapping[str, Any]
_DAYS = 40
#: When bids are opened on the day that a bid opening is moved to.
_HOUR = "09:30:00"


def act(play: Play, says: Mapping[str, Any]) -> None:
    """Let somebody do something, and give what comes of it its name.

    Raises:
        Unexpected: it cannot be done, or has not the effect that was expected of it.
        NotApplicable: the target file declares no such action.
    """
    name = str(says["act"])
    known = vocabulary.acts(play.kind)[name]
    given = dict(play.filled(says.get("with", {})))
    if known.by_institution:
        number = _institution(play, known.action, given, says.get("effect", "accepted"))
    else:
        for value, thing in known.about.items():
            given.setdefault(value, play.number(thing))
        number = _ON_PLATFORM[name](play, given)
    if known.makes and number is not None:
        play.name(str(says.get("as", known.makes)), known.makes, number)


def _others(given: Given, *own: str) -> dict[str, str]:
    """Return the values that go into the table of what is made."""
    return {name: text_of(value) for name, value in given.items() if name not in own}


def _only(given: Given, *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _apply(play: Play, given: Given) -> str:
    own = play.new_block()
    if "same_block_as" in given:
        neighbour = play.record("order", str(given["same_block_as"]))
        own = {name: str(neighbour[name]) for name in own}
    fields = {**own, **_others(given, "fixture", "same_block_as")}
    made = play.happen("orders", fixture=given.get("fixture", "standard"), fields=fields)
    return str(made["order_no"])


def _open(play: Play, given: Given) -> None:
    play.platform.endpoint("order_page")
    jump = play.happen("orders", str(given["order"]), "open")
    play.note_sent("order_page", jump["id"], jump["about"])
    play.silent = False


def _event(event: str) -> Callable[[Play, Given], None]:
    def happen(play: Play, given: Given) -> None:
        play.happen("orders", str(given["order"]), event, **_only(given, "note"))

    return happen


def _apply_for_invoice(play: Play, given: Given) -> str:
    also = given.get("also", [])
    orders = [str(given["order"]), *map(str, also if isinstance(also, list) else [also])]
    made = play.happen("invoices", order_nos=orders, fields=_others(given, "order", "also"))
    return str(made["invoice_id"])


def _move_bid_opening(play: Play, given: Given) -> None:
    order = play.record("order", str(given["order"]))
    day = clock.spoken(clock.wall_now() + int(given.get("days", _DAYS)) * 86400)[:10]
    play.happen(
        "bid-openings",
        block_number=order["block_number"],
        block_name=order["block_name"],
        type=given.get("type", "delay"),
        open_tender_time=f"{day} {_HOUR}",
    )


def _claim(play: Play, given: Given) -> str:
    made = play.happen(
        "claims",
        order_no=str(given["order"]),
        fields=_others(given, "order", "claim_amount", "with_file"),
        **_only(given, "claim_amount", "with_file"),
    )
    return str(made["claim_no"])


def _of_claim(event: str) -> Callable[[Play, Given], None]:
    def happen(play: Play, given: Given) -> None:
        play.happen("claims", str(given["claim"]), event)

    return happen


def _revoke_guarantees(play: Play, given: Given) -> str:
    order = play.record("order", str(given["order"]))
    listed = {
        name: [str(e) for e in (given[name] if isinstance(given[name], list) else [given[name]])]
        for name in ("guarantee_nos", "penalty")
        if name in given
    }
    made = play.happen(
        "releases",
        block_number=order["block_number"],
        block_name=order["block_name"],
        **listed,
        **_only(given, "note", "with_declaration"),
    )
    return str(made["revoke_no"])


_ON_PLATFORM: Mapping[str, Callable[[Play, Given], str | None]] = {
    "principal.apply": _apply,
    "principal.open": _open,
    "principal.cancel": _event("cancel"),
    "principal.submit": _event("submit"),
    "principal.apply_for_invoice": _apply_for_invoice,
    "trading_centre.move_bid_opening": _move_bid_opening,
    "beneficiary.claim": _claim,
    "beneficiary.revoke_claim": _of_claim("revoke"),
    "beneficiary.revoke_guarantees": _revoke_guarantees,
    "platform.finish": _event("finish"),
    "platform.close_claim": _of_claim("close"),
}


def _institution(play: Play, action: str, given: Given, effect: str) -> str | None:
    if action == RESTART:
        play.target.restart()
        return None
    values = _values(play, action, given)
    # What is asked for by a request or a command is over when that has answered.
    play.silent = isinstance(play.venue.stage.target.actions.get(action), Mapping)
    if effect == "accepted":
        try:
            play.target.act(action, **values)
        except NoEffect as error:
            raise Unexpected(error.text.en, error.text.zh) from error
    else:
        calls = play.target.try_to(action, **values)
        play.silent = True
        accepted = [call for call in calls if call.accepted]
        if effect == "refused" and accepted:
            call = accepted[0]
            raise Unexpected(
                f"`{action}` was to have no effect, but the platform took {call.method} about "
                f"{call.entry['about']}",
                f"`{action}` 本不应生效，但平台接受了 {call.method}（{call.entry['about']}）",
            )
    return _guarantee_of(play, values["order_no"]) if action in ("issue", "reissue") else None


def _values(play: Play, action: str, given: Given) -> dict[str, str]:
    """Return what fills the placeholders: what is given, else what has its usual name."""
    values = {name: text_of(value) for name, value in given.items()}
    for placeholder, thing in PLACEHOLDERS.items():
        number = play.number(thing) if thing else None
        if placeholder in values or number is None:
            continue
        if placeholder == "block_number":
            effect = play.target.effects[action]
            if effect.about != placeholder:
                continue
            number = str(play.record("order", number)["block_number"])
        values[placeholder] = number
    return values


def _guarantee_of(play: Play, order_no: str) -> str | None:
    found = [
        each
        for each in play.platform.get("guarantees")
        if each["order_no"] == order_no and each["current"]
    ]
    return str(found[-1]["guarantee_no"]) if found else None
