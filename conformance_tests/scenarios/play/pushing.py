"""The steps `push`, `advance` and `fault`: what the platform sends, and when."""

from collections.abc import Mapping
from typing import Any

from conformance_tests.scenarios.files import durations, vocabulary
from conformance_tests.scenarios.files.checking import ALL
from conformance_tests.scenarios.files.vocabulary import ABOUT_PUSH
from conformance_tests.scenarios.play.play import Play, Unexpected, text_of
from simulator.errors import SimulatorError

_COPIES = "copies"
_JUMPS = ("order_page",)
#: The states of a push that waits to be sent.
_WAITING = ("pending", "held")


def push(play: Play, spec: Mapping[str, Any]) -> None:
    """Send a push that is due, repeat one, ask a question, or send a false notice.

    Raises:
        Unexpected: there is nothing to send.
        NotApplicable: the target file declares no endpoint for it.
    """
    interface = str(play.fill(spec["push"]))
    play.platform.endpoint(interface)
    times = int(play.text(spec.get("times", 1)))
    about = play.about_push(interface, spec.get("about"))
    mode = spec.get("mode", "deliver")
    if "changed" in spec:
        _send_false_notice(play, interface, spec, times)
    elif vocabulary.pushes(play.kind)[interface].delivery != "notice":
        for _ in range(times):
            _ask(play, interface, spec, {})
        # A question leads to nothing but its answer; a jump makes the target call.
        play.silent = play.silent and interface not in _JUMPS
        return
    elif mode == "at_once":
        _send_copies(play, interface, about, int(play.text(spec.get("times", 2))))
    elif mode == "repeat":
        _repeat(play, interface, about, times)
    else:
        _deliver(play, interface, about)
    play.silent = False


def _deliver(play: Play, interface: str, about: str | None) -> None:
    made = play.note_walk(play.post("clock", action="advance", seconds=0))
    wanted = [
        each for each in made if each["name"] == interface and about in (None, str(each["about"]))
    ]
    if not wanted:
        raise _nothing_sent(play, interface, about)
    play.note_sent(interface, wanted[-1]["push"], wanted[-1]["about"])


def _nothing_sent(play: Play, interface: str, about: str | None) -> Unexpected:
    """Return why nothing was sent, with the pushes of the interface that there are instead."""
    found = play.pushes(interface, about)
    listed = ", ".join(f"{each['about']} {each['state']}" for each in found[-5:])
    there = f"there are: {listed}" if found else "there is none: first do what announces it"
    there_zh = f"现有：{listed}" if found else "一条也没有：请先执行引起该推送的操作"
    of = f" about {about}" if about else ""
    of_zh = f"（{about}）" if about else ""
    return Unexpected(
        f"no {interface}{of} was sent now; {there}", f"没有待发的 {interface}{of_zh}；{there_zh}"
    )


def _newest(play: Play, interface: str, about: str | None) -> Mapping[str, Any]:
    found = play.newest(interface, about)
    if found is None:
        raise _nothing_sent(play, interface, about)
    return found


def _repeat(play: Play, interface: str, about: str | None, times: int) -> None:
    newest = _newest(play, interface, about)
    for _ in range(times):
        play.post("pushes", str(newest["id"]), "resend")
    play.note_sent(interface, newest["id"], newest["about"])


def _send_copies(play: Play, interface: str, about: str | None, copies: int) -> None:
    newest = _newest(play, interface, about)
    play.post(
        "faults",
        rule=_COPIES,
        interface=interface,
        about=str(newest["about"]),
        value={"copies": copies},
    )
    if newest["state"] in _WAITING:
        _deliver(play, interface, str(newest["about"]))
    else:
        play.post("pushes", str(newest["id"]), "resend")
        play.note_sent(interface, newest["id"], newest["about"])


def _ask(
    play: Play, interface: str, spec: Mapping[str, Any], content: Mapping[str, str]
) -> Mapping[str, Any]:
    about = spec.get("about", "${" + ABOUT_PUSH[interface] + "}")
    made = play.post("pushes", interface=interface, about=play.text(about), content=dict(content))
    play.note_sent(interface, made["id"], made["about"])
    return dict(made)


def _send_false_notice(play: Play, interface: str, spec: Mapping[str, Any], times: int) -> None:
    content = {name: text_of(play.fill(value)) for name, value in spec["changed"].items()}
    made = _ask(play, interface, spec, content)
    number = made["id"]
    if vocabulary.pushes(play.kind)[interface].delivery == "notice":
        play.note_walk(play.post("clock", action="advance", seconds=0))
        # True pushes that were due may have been sent after it.
        play.note_sent(interface, number, made["about"])
    for _ in range(times - 1):
        play.post("pushes", str(number), "resend")
    # A forger has no schedule: a false notice is not repeated.
    if play.platform.push(number)["state"] in _WAITING:
        play.post("pushes", str(number), "give-up")


def advance(play: Play, spec: Mapping[str, Any]) -> None:
    """Let the account's time pass; what falls due is sent.

    Raises:
        Unexpected: the step asks for the next attempt, but none is due.
    """
    far = play.text(spec["advance"])
    if far == "next":
        play.note_walk(play.post("clock", action="next"))
    elif far == "idle":
        play.note_walk(play.post("clock", action="run"))
    else:
        play.note_walk(play.post("clock", action="advance", seconds=durations.parse(far)))


def fault(play: Play, spec: Mapping[str, Any]) -> None:
    """Add a fault rule, or remove rules.

    Raises:
        Unexpected: the control API refuses it.
    """
    given: Mapping[str, Any] = play.fill(spec["fault"])
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
    """Return a value of a rule; one that came from a row is text, even if it is a number."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _remove(play: Play, rule: str) -> None:
    for each in play.platform.get("faults"):
        if rule in (ALL, each["rule"]):
            play.platform.delete("faults", str(each["id"]))
