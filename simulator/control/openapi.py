"""The OpenAPI document of the control API, made from the routes."""

import re
from typing import Any

from simulator import __version__
from simulator.control.routing import Route

#: The prefix of all paths.
PREFIX = "/control/v1"

_TEXT = {"type": "string"}
_SECONDS = {"type": "number"}
_MAYBE = {"type": ["string", "null"]}
_MAYBE_SECONDS = {"type": ["number", "null"]}
_MAYBE_WHOLE = {"type": ["integer", "null"]}
_OBJECT = {"type": "object"}
_FLAG = {"type": "boolean"}
_WHOLE = {"type": "integer"}


def _shape(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(members)}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


_KEY = _shape(pem=_TEXT, base64=_TEXT)

COMPONENTS: dict[str, Any] = {
    "Anything": {},
    "Done": _shape(done=_FLAG),
    "Error": _shape(error=_shape(en=_TEXT, zh=_TEXT)),
    "Health": _shape(
        ok=_FLAG,
        version=_TEXT,
        protocol=_TEXT,
        kinds={"type": "array"},
        hostile={"type": ["object", "null"]},
    ),
    "Clock": _shape(
        mode={"enum": ["real", "frozen"]},
        now=_SECONDS,
        ahead=_MAYBE_SECONDS,
        text=_TEXT,
        moving=_FLAG,
        next_due=_MAYBE_SECONDS,
    ),
    "Account": _shape(
        name=_TEXT,
        btc_id=_WHOLE,
        kind=_TEXT,
        company=_TEXT,
        access_party=_TEXT,
        key_bits=_WHOLE,
        disabled=_FLAG,
        allow_list={"type": "array", "items": _TEXT},
        endpoints=_OBJECT,
        switches=_OBJECT,
        clock={"$ref": "#/components/schemas/Clock"},
    ),
    "Accounts": _list_of("Account"),
    "Letter": _shape(
        platform=_TEXT,
        kind=_TEXT,
        name=_TEXT,
        company=_TEXT,
        access_party=_TEXT,
        btc_id=_WHOLE,
        enter_institution_type=_WHOLE,
        api_key=_TEXT,
        api_secret=_TEXT,
        key_bits=_WHOLE,
        rsa_pk=_KEY,
        rsa_sk=_KEY,
        api_rsa_pk=_KEY,
    ),
    "Order": _shape(
        order_no=_TEXT,
        ktype=_TEXT,
        state=_TEXT,
        block_number=_TEXT,
        block_name=_TEXT,
        principal=_TEXT,
        creditor=_TEXT,
        accept_insurer=_TEXT,
        bid_deadline=_TEXT,
        valid_day=_TEXT,
        guarantee_amount=_TEXT,
        guarantee_start_date=_TEXT,
        guarantee_end_date=_TEXT,
        price=_MAYBE,
        real_pay=_MAYBE,
        order_amount=_MAYBE,
        reply={"type": ["object", "null"]},
        details=_OBJECT,
        files={"type": "array"},
        history={"type": "array"},
    ),
    "Orders": _list_of("Order"),
    "Guarantee": _shape(
        guarantee_no=_TEXT,
        serial_num=_WHOLE,
        order_no=_TEXT,
        guarantor=_TEXT,
        out_guarantee_time=_TEXT,
        start_date=_TEXT,
        end_date=_TEXT,
        file_id=_TEXT,
        sha256=_TEXT,
        trans_no=_MAYBE,
        current=_FLAG,
        revoked=_FLAG,
        forfeited=_FLAG,
        removed_at=_MAYBE,
    ),
    "Guarantees": _list_of("Guarantee"),
    "File": _shape(file_id=_TEXT, name=_TEXT, media_type=_TEXT, sha256=_TEXT, content=_TEXT),
    "Release": _shape(
        revoke_no=_TEXT,
        block_number=_TEXT,
        block_name=_TEXT,
        creditor=_TEXT,
        note=_TEXT,
        file_id=_MAYBE,
    ),
    "Releases": _list_of("Release"),
    "Invoice": _shape(
        invoice_id=_TEXT, electronic=_FLAG, issued=_FLAG, sha256=_MAYBE, fields=_OBJECT
    ),
    "Invoices": _list_of("Invoice"),
    "Claim": _shape(
        claim_no=_TEXT,
        status=_TEXT,
        order_no=_TEXT,
        guarantee_no=_TEXT,
        claim_amount=_TEXT,
        phase=_TEXT,
        refuse_reason=_MAYBE,
        note=_MAYBE,
        file_id=_MAYBE,
        file_ids={"type": "array", "items": _TEXT},
        fields=_OBJECT,
    ),
    "Claims": _list_of("Claim"),
    "Attempt": _shape(
        number=_WHOLE,
        by_hand=_FLAG,
        started_at=_SECONDS,
        started_wall=_SECONDS,
        outcome={"enum": ["in_flight", "acknowledged", "failed", "interrupted"]},
        verdict=_OBJECT,
        sent=_OBJECT,
        received=_OBJECT,
        faults={"type": "array"},
        next_due=_MAYBE_SECONDS,
    ),
    "Push": {
        **_shape(
            id=_WHOLE,
            interface=_TEXT,
            name=_TEXT,
            about=_TEXT,
            state=_TEXT,
            content=_OBJECT,
            created_at=_SECONDS,
            due=_MAYBE_SECONDS,
            attempts_made=_WHOLE,
            answer={"type": ["object", "null"]},
        )
    },
    "Pushes": _list_of("Push"),
    "JournalEntry": _shape(
        id=_WHOLE,
        btc_id=_MAYBE_WHOLE,
        wall=_SECONDS,
        at=_MAYBE_SECONDS,
        direction={"enum": ["call", "push", "page", "download", "event"]},
        interface=_MAYBE,
        about=_MAYBE,
        status=_TEXT,
        sent=_OBJECT,
        received=_OBJECT,
        notes={"type": "array"},
        faults={"type": "array"},
        peer=_MAYBE,
        milliseconds=_MAYBE_SECONDS,
        push=_MAYBE_WHOLE,
        attempt=_MAYBE_WHOLE,
    ),
    "Journal": _list_of("JournalEntry"),
    "Walk": {
        "type": "object",
        "properties": {
            "clock": {"$ref": "#/components/schemas/Clock"},
            "attempts": {"type": "array"},
            "from": _MAYBE_SECONDS,
            "to": _MAYBE_SECONDS,
        },
        "required": ["clock", "attempts", "from", "to"],
    },
    "Fault": _shape(
        id=_WHOLE,
        rule=_TEXT,
        interface=_MAYBE,
        about=_MAYBE,
        attempt=_MAYBE_WHOLE,
        times=_MAYBE_WHOLE,
        value=_OBJECT,
        hits=_WHOLE,
    ),
    "Faults": _list_of("Fault"),
    "Outage": {
        "type": "object",
        "properties": {
            "from": _SECONDS,
            "to": _SECONDS,
            "lost": _WHOLE,
            "late": _WHOLE,
            "untouched": _WHOLE,
            "unscheduled": _WHOLE,
            "pushes": {
                "type": "array",
                "items": _shape(
                    push=_WHOLE,
                    interface=_TEXT,
                    name=_TEXT,
                    about=_TEXT,
                    fate={"enum": ["lost", "late", "untouched"]},
                    first_due=_SECONDS,
                    missed=_WHOLE,
                    arrives=_MAYBE_SECONDS,
                    late=_MAYBE_SECONDS,
                ),
            },
        },
        "required": ["from", "to", "lost", "late", "untouched", "unscheduled", "pushes"],
    },
    "Snapshot": {"type": "object", "description": "Its form is schemas/snapshot.schema.json."},
    "ThirdParty": _shape(
        status=_WHOLE,
        # The remark of the platform, or what the institution answered.
        data={},
        why={"type": ["object", "null"]},
        push=_MAYBE_WHOLE,
    ),
}
COMPONENTS["Push"]["properties"]["attempts"] = _list_of("Attempt")


def document(routes: list[Route], server: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document for the routes, served at `server`."""
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "conzhu-sim control API",
            "version": __version__,
            "description": "What the people around the platform do. / 平台各方的操作与观察接口。",
        },
        "servers": [{"url": f"{server}{PREFIX}"}],
        "paths": paths,
        # None on loopback; elsewhere the token that `conzhu-sim serve` prints.
        "security": [{}, {"token": []}],
        "components": {
            "schemas": COMPONENTS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.name,
        "summary": f"{route.summary.en} / {route.summary.zh}",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": _TEXT}
            for name in re.findall(r"\{(\w+)\}", route.path)
        ]
        + [{"name": name, "in": "query", "schema": kind} for name, kind in route.query.items()],
        "responses": {
            "200": _content("Done or found", f"#/components/schemas/{route.answer}"),
            "default": _content("One sentence in each language", "#/components/schemas/Error"),
        },
    }
    if route.method in ("POST", "PATCH"):
        described["requestBody"] = {
            "required": bool(route.required),
            "content": {"application/json": {"schema": route.body_schema}},
        }
    return described


def _content(description: str, reference: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": reference}}},
    }
