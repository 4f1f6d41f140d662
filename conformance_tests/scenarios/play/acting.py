"""The step `act`: what people do on the platform, and what the institution does."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance_tests.scenarios.files import vocabulary
from conformance_tests.scenarios.files.vocabulary import PLACEHOLDERS, RESTART
from conformance_tests.scenarios.play.play import Play, Unexpected, text_of
from conformance_tests.suite.rules.outcomes import NoEffect
from simulator import clock

#: The values of `with`, their references resolved.
Given = Mapping[str, Any]
_DAYS = 40
#: The time of day that a bid opening is moved to.
_HOUR = "09:30:00"


def act(play: Play, spec: Mapping[str, Any]) -> None:
    """Carry out an act, and name what it makes.

    Raises:
        Unexpected: it cannot be done, or does not have the expected effect.
        NotApplicable: the target file declares no such action.
    """
    name = str(spec["act"])
    known = vocabulary.acts(play.kind)[name]
    given = dict(play.fill(spec.get("with", {})))
    if known.by_institution:
        number = _institution(play, known.action, given, spec.get("effect", "accepted"))
    else:
        for value, thing in known.about.items():
            given.setdefault(value, play.number(thing))
        number = _ON_PLATFORM[name](play, given)
    if known.makes and number is not None:
        play.name(str(spec.get("as", known.makes)), known.makes, number)


def _fields(given: Given, *own: str) -> dict[str, str]:
    """Return the given values, but for some, as fields of what is made."""
    return {name: text_of(value) for name, value in given.items() if name not in own}


def _pick(given: Given, *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _apply(play: Play, given: Given) -> str:
    own = play.new_block()
    if "same_block_as" in given:
        neighbour = play.record("order", str(given["same_block_as"]))
        own = {name: str(neighbour[name]) for name in own}
    fields = {**own, **_fields(given, "fixture", "same_block_as")}
    made = play.post("orders", fixture=given.get("fixture", "standard"), fields=fields)
    return str(made["order_no"])


def _open(play: Play, given: Given) -> None:
    play.platform.endpoint("order_page")
    jump = play.post("orders", str(given["order"]), "open")
    play.note_sent("order_page", jump["id"], jump["about"])
    play.silent = False


def _move_order(event: str) -> Callable[[Play, Given], None]:
    def run(play: Play, given: Given) -> None:
        play.post("orders", str(given["order"]), event, **_pick(given, "note"))

    return run


def _apply_for_invoice(play: Play, given: Given) -> str:
    also = given.get("also", [])
    orders = [str(given["order"]), *map(str, also if isinstance(also, list) else [also])]
    made = play.post("invoices", order_nos=orders, fields=_fields(given, "order", "also"))
    return str(made["invoice_id"])


def _move_bid_opening(play: Play, given: Given) -> None:
    order = play.record("order", str(given["order"]))
    day = clock.spoken(clock.wall_now() + int(given.get("days", _DAYS)) * 86400)[:10]
    play.post(
        "bid-openings",
        block_number=order["block_number"],
        block_name=order["block_name"],
        type=given.get("type", "delay"),
        open_tender_time=f"{day} {_HOUR}",
    )


def _claim(play: Play, given: Given) -> str:
    made = play.post(
        "claims",
        order_no=str(given["order"]),
        fields=_fields(given, "order", "claim_amount", "with_file"),
        **_pick(given, "claim_amount", "with_file"),
    )
    return str(made["claim_no"])


def _move_claim(event: str) -> Callable[[Play, Given], None]:
    def run(play: Play, given: Given) -> None:
        play.post("claims", str(given["claim"]), event)

    return run


def _revoke_guarantees(play: Play, given: Given) -> str:
    order = play.record("order", str(given["order"]))
    listed = {
        name: [str(e) for e in (given[name] if isinstance(given[name], list) else [given[name]])]
        for name in ("guarantee_nos", "penalty")
        if name in given
    }
    made = play.post(
        "releases",
        block_number=order["block_number"],
        block_name=order["block_name"],
        **listed,
        **_pick(given, "note", "with_declaration"),
    )
    return str(made["revoke_no"])


_ON_PLATFORM: Mapping[str, Callable[[Play, Given], str | None]] = {
    "principal.apply": _apply,
    "principal.open": _open,
    "principal.cancel": _move_order("cancel"),
    "principal.submit": _move_order("submit"),
    "principal.apply_for_invoice": _apply_for_invoice,
    "trading_centre.move_bid_opening": _move_bid_opening,
    "beneficiary.claim": _claim,
    "beneficiary.revoke_claim": _move_claim("revoke"),
    "beneficiary.revoke_guarantees": _revoke_guarantees,
    "platform.finish": _move_order("finish"),
    "platform.close_claim": _move_claim("close"),
}


def _institution(play: Play, action: str, given: Given, effect: str) -> str | None:
    if action == RESTART:
        play.target.restart()
        return None
    values = _values(play, action, given)
    # An action that is a request or a command is over when that has answered.
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
                f"`{action}` should have had no effect, but the platform accepted {call.method} "
                f"about {call.entry['about']}",
                f"`{action}` 本不应生效，但平台接受了 {call.method}（{call.entry['about']}）",
            )
    return _guarantee_of(play, values["order_no"]) if action in ("issue", "reissue") else None


def _values(play: Play, action: str, given: Given) -> dict[str, str]:
    """Return the values of the placeholders: those given, or else the things of the usual names."""
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
