"""What an answer to a push means: the verdict on one attempt (P17, P37, P51)."""

import re
from typing import Any

from simulator import schema_errors, strict_json
from simulator.delivery import bodies, complaints
from simulator.delivery.courier import BODY_LIMIT, Received
from simulator.delivery.verdict import MEANINGS, Verdict
from simulator.errors import Text
from simulator.protocol.catalogue import Interface
from simulator.protocol.codes import OK, Codes

_MISSPELLED = ("statue", "statues")
#: Verdicts on answers that may say that the push could not be opened or verified.
_MAY_COMPLAIN = {"http_status", "status_other", "status_missing", "not_json", "not_object"}
#: How nginx, Apache, Go and Tomcat say that plain HTTP came to a port for TLS.
_TLS_PORT = re.compile(
    rb"plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port"
    rb"|Client sent an HTTP request to an HTTPS server"
    rb"|This combination of host and port requires TLS",
    re.IGNORECASE,
)
_NOTHING = Text("", "")


def judge(interface: Interface, codes: Codes, strict_ack: bool, received: Received) -> Verdict:
    """Return the verdict on one attempt.

    A notice is acknowledged by HTTP 2xx and a JSON object whose `status` is 200; a question is
    answered by the same, or refused by a documented code; a page by any 2xx or 3xx (P51).
    """
    if received.failure is not None:
        return Verdict.of(
            received.failure,
            detail=received.detail,
            seconds=received.seconds,
            limit=BODY_LIMIT // 1024,
        )
    if interface.delivery == "page":
        return _judge_page(received.status or 0)
    outcome = _judge_answer(interface, codes, strict_ack, received)
    complaint = complaints.find(received.body) if outcome.code in _MAY_COMPLAIN else None
    if complaint is None:
        return outcome
    code, found = complaint
    return Verdict.of(code, outcome.answer, found=found)


def _judge_answer(
    interface: Interface, codes: Codes, strict_ack: bool, received: Received
) -> Verdict:
    status = received.status or 0
    if not 200 <= status < 300:
        return _judge_http_status(status, received)
    members = _parse(status, received)
    if isinstance(members, Verdict):
        return members
    outcome = _judge_status(interface, codes, strict_ack, status, members)
    if outcome.code != "acknowledged":
        return outcome
    return _name_oddities(interface, members, received.body)


def _judge_page(status: int) -> Verdict:
    if 200 <= status < 400:
        return Verdict.of("opened", status=status)
    sentence = MEANINGS["http_status"].page or _NOTHING
    return Verdict(False, "http_status", sentence.format(status=status))


def _judge_http_status(status: int, received: Received) -> Verdict:
    target = next((v for k, v in received.headers.items() if k.lower() == "location"), "")
    if 300 <= status < 400 and target:
        return Verdict.of("redirect", status=status, target=target)
    if status == 400 and (said := _TLS_PORT.search(received.body)):
        return Verdict.of("https_needed", detail=said[0].decode("latin-1"))
    return Verdict.of("http_status", status=status)


def _parse(status: int, received: Received) -> dict[str, Any] | Verdict:
    text = received.body.decode("utf-8", "replace").lstrip(bodies.BOM).strip()
    if not text:
        return Verdict.of("empty", status=status, found=bodies.describe_none(status))
    try:
        members = strict_json.read(text)
    except (ValueError, RecursionError):
        found = bodies.describe(received.body, received.headers)
        return Verdict.of("not_json", status=status, found=found)
    if isinstance(members, dict):
        return members
    return Verdict.of("not_object", status=status, found=bodies.describe_value(members))


def _judge_status(
    interface: Interface, codes: Codes, strict_ack: bool, http_status: int, members: dict[str, Any]
) -> Verdict:
    misspelled = next((name for name in _MISSPELLED if name in members), None)
    if "status" in members:
        name = "status"
    elif misspelled and not strict_ack:
        name = misspelled
    else:
        found = bodies.describe_missing(members)
        return Verdict.of("status_missing", members, http_status=http_status, found=found)
    value = members[name]
    if not _is_ok(value):
        return _judge_other_status(interface, codes, value, members)
    if name != "status":
        return Verdict.of(name, members)
    return _judge_success(interface, members)


def _name_oddities(interface: Interface, members: dict[str, Any], body: bytes) -> Verdict:
    """Acknowledge, and note what the answer has beyond its table, mostly `{"status":200}` (P17)."""
    table = (interface.description["response"] or {}).get("properties", {"status": {}})
    further = [name for name in members if name not in table]
    found = []
    if body.decode("utf-8", "replace").startswith(bodies.BOM):
        found.append(Text("a byte order mark before it", "开头有 BOM"))
    if further:
        found.append(
            Text(f"further members: {', '.join(further)}", f"多余字段：{'、'.join(further)}")
        )
    listed = Text.join(found, "; ", "；")
    oddities = Text(f" ({listed.en})", f"（{listed.zh}）") if found else _NOTHING
    return Verdict.of("acknowledged", members, oddities=oddities)


def _is_ok(value: object) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value == OK
    return value == str(OK)


def _judge_other_status(
    interface: Interface, codes: Codes, value: object, members: dict[str, Any]
) -> Verdict:
    documented = {"verify": codes.verify, "query": codes.query}.get(interface.name, {})
    remark = next((text for code, text in documented.items() if str(code) == str(value)), None)
    if interface.delivery == "question" and remark:
        return Verdict.of("refused", members, status=value, remark=remark)
    return Verdict.of("status_other", members, status=bodies.describe_status(value))


def _judge_success(interface: Interface, members: dict[str, Any]) -> Verdict:
    if interface.delivery == "question" and interface.answer is not None:
        for error in interface.answer.iter_errors(members):
            where, wrong = error.json_path.removeprefix("$."), schema_errors.describe(error)
            return Verdict.of("answer_form", members, where=where, wrong=wrong)
        return Verdict.of("answered", members)
    return Verdict.of("acknowledged", members, oddities=_NOTHING)
