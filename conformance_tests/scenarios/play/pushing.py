"""What the platform sends: the steps `push` and `advance`, and the rules of `fault`."""

from collections.abc import Mapping
from typing import Any

from conformance_tests.scenarios.files import durations, vocabulary
from conformance_tests.scenarios.files.checking import ALL
from conformance_tests.scenarios.files.vocabulary import ABOUT_PUSH
from conformance_tests.scenarios.play.play import Play, Unexpected, text_of
from simulator.errors import SimulatorError

_COPIES = "copies"
_JUMPS = ("order_page",)
#: A push of these states waits to be sent.
_WAITING = ("pending", "held")


def push(play: Play, says: Mapping[str, Any]) -> None:
    """Send what is due, or something once more, or something untrue.

    Raises:
        Unexpected: there is nothing to send.
        NotApplicable: the target file declares no endpoint for it.
    """
    interface = str(play.filled(says["push"]))
    play.platform.endpoint(interface)
    times = int(play.text(says.get("times", 1)))
    about = play.about_push(interface, says.get("about"))
    mode = says.get("mode", "deliver")
    if "changed" in says:
        _falsely(play, interface, says, times)
    elif vocabulary.pushes(play.kind)[interface].delivery != "notice":
        for _ in range(times):
            _ask(play, interface, says, {})
        # A question is answered, and leads to nothing else; a jump does.
        play.silent = play.silent and interface not in _JUMPS
        return
    elif mode == "at_once":
        _at_once(play, interface, about, int(play.text(says.get("times", 2))))
    elif mode == "repeat":
        _repeat(play, interface, about, times)
    else:
        _deliver(play, interface, about)
    play.silent = False


def _deliver(play: Play, interface: str, about: str | None) -> None:
    made = play.moved(play.happen("clock", action="advance", seconds=0))
    wanted = [
        each for each in made if each["name"] == interface and about in (None, str(each["about"]))
    ]
    if not wanted:
        raise _nothing(play, interface, about)
    play.note_sent(interface, wanted[-1]["push"], wanted[-1]["about"])


def _nothing(play: Play, interface: str, about: str | None) -> Unexpected:
    """Say why nothing was sent: which pushes of the interface there are instead."""
    found = play.pushes(interface, about)
    listed = ", ".join(f"{each['about']} {each['state']}" for each in found[-5:])
    there = f"there are: {listed}" if found else "there is none: let happen what announces it"
    there_zh = f"现有：{listed}" if found else "一条也没有：请先执行引起该推送的操作"
    of = f" about {about}" if about else ""
    of_zh = f"（{about}）" if about else ""
    return Unexpected(
        f"no {interface}{of} was sent now; {there}", f"没有待发的 {interface}{of_zh}；{there_zh}"
    )


def _newest(play: Play, interface: str, about: str | None) -> Mapping[str, Any]:
    found = play.newest(interface, about)
    if found is None:
        raise _nothing(play, interface, about)
    return found


def _repeat(play: Play, interface: str, about: str | None, times: int) -> None:
    newest = _newest(play, interface, about)
    for _ in range(times):
        play.happen("pushes", str(newest["id"]), "resend")
    play.note_sent(interface, newest["id"], newest["about"])


def _at_once(play: Play, interface: str, about: str | None, copies: int) -> None:
    newest = _newest(play, interface, about)
    play.happen(
        "faults",
        rule=_COPIES,
        interface=interface,
        about=str(newest["about"]),
        value={"copies": copies},
    )
    if newest["state"] in _WAITING:
        _deliver(play, interface, str(newest["about"]))
    else:
        play.happen("pushes", str(newest["id"]), "resend")
        play.note_sent(interface, newest["id"], newest["about"])


def _ask(
    play: Play, interface: str, says: Mapping[str, Any], content: Mapping[str, str]
) -> Mapping[str, Any]:
    about = says.get("about", "${" + ABOUT_PUSH[interface] + "}")
    made = play.happen("pushes", interface=interface, about=play.text(about), content=dict(content))
    play.note_sent(interface, made["id"], made["about"])
    return dict(made)


def _falsely(play: Play, interface: str, says: Mapping[str, Any], times: int) -> None:
    content = {name: text_of(play.filled(value)) for name, value in says["changed"].items()}
    made = _ask(play, interface, says, content)
    number = made["id"]
    if vocabulary.pushes(play.kind)[interface].delivery == "notice":
        play.moved(play.happen("clock", action="advance", seconds=0))
        # True ones that were due may have gone with it.
        play.note_sent(interface, number, made["about"])
    for _ in range(times - 1):
        play.happen("pushes", str(number), "resend")
    # Whoever forges a notice has no schedule: it is not sent again by itself.
    if play.platform.push(number)["state"] in _WAITING:
        play.happen("pushes", str(number), "give-up")


def advance(play: Play, says: Mapping[str, Any]) -> None:
    """Let the account's time pass; what is due on the way is sent.

    Raises:
        Unexpected: nothing is due, where the next attempt was asked for.
    """
    far = play.text(says["advance"])
    if far == "next":
        play.moved(play.happen("clock", action="next"))
    elif far == "idle":
        play.moved(play.happen("clock", action="run"))
    else:
        play.moved(play.happen("clock", action="advance", seconds=durations.seconds(far)))


def fault(play: Play, says: Mapping[str, Any]) -> None:
    """Set a rule by which the platform misbehaves, or end rules.

    Raises:
        Unexpected: the control API refuses it.
    """
    given: Mapping[str, Any] = play.filled(says["fault"])
    if "remove" in given:
        _remove(play, str(given["remove"]))
        return
    body = dict(given)
    for name in ("attempt", "times"):
        if isinstance(body.get(name), str):
            body[name] = int(body[name])
    if "about" in body and "interface" in body:
        body["about"] = play.about_push(str(body["interface"]), body["about"])
    if isinstance(body.get("value"), Mapping):
        body["value"] = {name: _number(value) for name, value in body["value"].items()}
    try:
        play.platform.fault(**body)
    except SimulatorError as error:
        raise Unexpected(error.text.en, error.text.zh) from error


def _number(value: Any) -> Any:
    """Return a value of a rule; what came out of a row is text, though it may be a number."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _remove(play: Play, rule: str) -> None:
    for each in play.platform.get("faults"):
        if rule in (ALL, each["rule"]):
            play.platform.delete("faults", str(each["id"]))
