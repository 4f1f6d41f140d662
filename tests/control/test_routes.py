"""Every operation answers in the shape that the OpenAPI document gives for it."""

import base64
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from control.conftest import Api
from guarantor.guarantor import Guarantor
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pushes import business
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator import __version__
from simulator.control.openapi import document as document_of
from simulator.control.routes import ROUTES
from simulator.domain.switches import SWITCHES
from simulator.driver import ControlClient
from simulator.texts.dialects import DIALECTS


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    """The OpenAPI document."""
    status, content = api("GET", "openapi.json")
    assert status == 200
    return dict(content)


class Operations:
    """Makes calls by their place in the document, checks each answer, remembers which."""

    def __init__(self, api: Api, document: dict[str, Any], account: str) -> None:
        self._api = api
        self._document = document
        self._account = account
        self.done: set[tuple[str, str]] = set()

    def __call__(
        self,
        method: str,
        template: str,
        body: Any = None,
        query: dict[str, Any] | None = None,
        **path: Any,
    ) -> Any:
        operation = self._document["paths"][template][method.lower()]
        filled = template.format(account=self._account, **path).lstrip("/")
        known = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
        assert set(query or {}) <= known
        asked = f"?{urlencode(query)}" if query else ""
        status, answer = self._api(method, filled + asked, body)
        assert status == 200, answer
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        root = {**schema, "components": self._document["components"]}
        Draft202012Validator(root).validate(answer)
        self.done.add((method, template))
        return answer


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == __version__
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_document_lists_every_operation_in_both_languages(document: dict[str, Any]) -> None:
    listed = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert listed == {(route.method, route.path) for route in ROUTES}
    summaries = [op["summary"] for ops in document["paths"].values() for op in ops.values()]
    assert all(" / " in summary for summary in summaries)
    names = [op["operationId"] for ops in document["paths"].values() for op in ops.values()]
    assert len(set(names)) == len(names)


def test_operations_are_named_by_their_routes_not_by_their_functions() -> None:
    names = [route.name for route in ROUTES]
    assert len(set(names)) == len(names)

    renamed = [replace(route, function=lambda control, request: None) for route in ROUTES]

    assert document_of(renamed, "http://x") == document_of(ROUTES, "http://x")


# The endpoint of the tests leaves the form's file to the garbage collector.
def test_every_operation_answers_in_its_shape(
    api: Api,
    document: dict[str, Any],
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
) -> None:
    do = Operations(api, document, platform.name)
    _see_the_platform(do)
    order = _apply_and_cancel(do, institution)
    _issue_and_claim(do, institution, order)
    _see_what_happened(do)
    _release(do, api, platform.control)
    _move_and_spoil(do)
    _hand_over(do)
    _close(do, api)

    # What empties every account would disturb the tests that run beside this one.
    assert {(route.method, route.path) for route in ROUTES} - do.done == {("POST", "/reset")}


def _see_the_platform(do: Operations) -> None:
    assert do("GET", "/health")["ok"] is True
    assert list(do("GET", "/lookup")["switches"]) == list(SWITCHES)
    remedies = do("GET", "/remedies")
    assert {*remedies["snippets"]["sign"]} == {*DIALECTS}
    assert remedies["mistakes"]["lower_case"]["snippet"] == "sign"
    created = do("POST", "/accounts", {"name": "shape-of-answers", "key_bits": 1024})
    assert created["name"] in [each["name"] for each in do("GET", "/accounts")]
    assert do("GET", "/accounts/{account}")["clock"]["mode"] == "frozen"
    do("GET", "/accounts/{account}/letter")
    do("PATCH", "/accounts/{account}", {"allow_list": ["127.0.0.0/8"], "disabled": False})


def _apply_and_cancel(do: Operations, institution: Institution) -> Any:
    order = do("POST", "/accounts/{account}/orders", {"fixture": "standard"})
    number = order["order_no"]
    assert do("GET", "/accounts/{account}/orders")[0] == order
    assert do("GET", "/accounts/{account}/orders/{order_no}", order_no=number) == order
    do("GET", "/accounts/{account}/files/{file_id}", file_id=order["files"][0]["file_id"])
    business.decide(institution, order, "1", status="2", note="请补充")
    do("POST", "/accounts/{account}/orders/{order_no}/submit", order_no=number)
    do("POST", "/accounts/{account}/orders/{order_no}/open", order_no=number)
    doomed = do("POST", "/accounts/{account}/orders")["order_no"]
    cancel = "/accounts/{account}/orders/{order_no}/cancel"
    assert do("POST", cancel, {"note": "不投了"}, order_no=doomed)["state"] == "CANCEL"
    [told] = do("GET", "/accounts/{account}/pushes", query={"about": doomed})
    give_up = "/accounts/{account}/pushes/{push}/give-up"
    assert do("POST", give_up, push=told["id"])["state"] == "exhausted"
    untrue = {"interface": "order_status", "about": doomed, "content": {"principal": "别家公司"}}
    assert do("POST", "/accounts/{account}/pushes", untrue)["state"] == "pending"
    return order


def _issue_and_claim(do: Operations, institution: Institution, order: Any) -> None:
    number = order["order_no"]
    business.issue(institution, order)
    assert do("GET", "/accounts/{account}/guarantees")[0]["guarantee_no"] == "BH-1"
    pdf = base64.b64encode(business.PDF).decode()
    asked = {"guarantee_no": "BH-1"}
    do("POST", "/accounts/{account}/guarantees/query", asked)
    do("POST", "/accounts/{account}/third-party/query", asked)
    do("POST", "/accounts/{account}/third-party/verify", {"serial_num": "1", "pdf": pdf})
    do("POST", "/accounts/{account}/invoices", {"order_nos": [number]})
    do("GET", "/accounts/{account}/invoices")
    moved = {"type": "delay", "open_tender_time": "2030-01-05 09:30:00"}
    block = {"block_number": order["block_number"]}
    do("POST", "/accounts/{account}/bid-openings", {**block, **moved})
    claim = do("POST", "/accounts/{account}/claims", {"order_no": number})
    assert do("GET", "/accounts/{account}/claims") == [claim]
    assert do("GET", "/accounts/{account}/claims/{claim_no}", claim_no=claim["claim_no"]) == claim
    other = do("POST", "/accounts/{account}/orders", {})["order_no"]
    for listed in ("/accounts/{account}/claims", "/accounts/{account}/guarantees"):
        assert do("GET", listed, query={"order_no": number}) == do("GET", listed) != []
        assert do("GET", listed, query={"order_no": other}) == []
    revoke = "/accounts/{account}/claims/{claim_no}/revoke"
    do("POST", revoke, claim_no=claim["claim_no"])
    do("POST", "/accounts/{account}/orders/{order_no}/finish", order_no=number)
    do("POST", "/accounts/{account}/guarantees/verify", {**asked, "pdf": pdf})


def _see_what_happened(do: Operations) -> None:
    [push] = do("GET", "/accounts/{account}/pushes", query={"interface": "query", "limit": 1})
    one = do("GET", "/accounts/{account}/pushes/{push}", push=push["id"])
    assert one["attempts"][0]["number"] == 1
    do("POST", "/accounts/{account}/pushes/{push}/resend", push=push["id"])
    assert do("GET", "/accounts/{account}/journal", query={"limit": 1000})
    [entry] = do("GET", "/journal", query={"text": "BH-1", "limit": 1})
    do("GET", "/journal/{entry}", entry=entry["id"])
    assert do("GET", "/accounts/{account}/journal/wait", query={"timeout": 0})


def _move_and_spoil(do: Operations) -> None:
    assert do("GET", "/accounts/{account}/clock")["next_due"]
    walk = do("POST", "/accounts/{account}/clock", {"action": "advance", "seconds": 0.5})
    assert walk["attempts"]
    for action in ("freeze", "run", "resume"):
        do("POST", "/accounts/{account}/clock", {"action": action})
    asked = {"from": "2026-01-05 10:00", "for": 60}
    assert do("GET", "/accounts/{account}/outage", query=asked)["pushes"]
    rule = do("POST", "/accounts/{account}/faults", {"rule": "copies"})
    assert do("GET", "/accounts/{account}/faults") == [rule]
    do("DELETE", "/accounts/{account}/faults/{fault}", fault=rule["id"])


def _release(do: Operations, api: Api, control: ControlClient) -> None:
    """Do what only guarantors' accounts have."""
    mine = {"name": "shape-of-releases", "kind": "guarantor", "key_bits": 1024}
    account = do("POST", "/accounts", mine)["name"]
    there = Operations(api, do._document, account)
    platform = Platform(control, account)
    guarantor = Guarantor(platform, Institution(platform.letter()))
    order = guarantor.bring(platform.create_order(), "HAS_OUT_GUARANTEE")
    there("GET", "/accounts/{account}/orders")
    batch = there("POST", "/accounts/{account}/releases", {"block_number": order["block_number"]})
    assert there("GET", "/accounts/{account}/releases") == [batch]
    assert there("GET", "/accounts/{account}/guarantees")[0]["revoked"] is True
    platform.change(endpoints={"release_search": "http://127.0.0.1:9/"})
    there("POST", "/accounts/{account}/guarantees/release-search", {"guarantee_no": "DB-1"})
    claim = there("POST", "/accounts/{account}/claims", {"order_no": order["order_no"]})
    guarantor.update_claim(claim, "1", "2")
    close = "/accounts/{account}/claims/{claim_no}/close"
    assert there("POST", close, claim_no=claim["claim_no"])["status"] == "CLAIM_CLOSE"
    assert there("DELETE", "/accounts/{account}") == {"done": True}
    do.done |= there.done


def _hand_over(do: Operations) -> None:
    snapshot = do("GET", "/accounts/{account}/snapshot", query={"journal": 5})
    loaded = do("POST", "/snapshots", {"snapshot": snapshot, "name": "shape-of-snapshots"})
    copy = Operations(do._api, do._document, loaded["name"])
    assert copy("DELETE", "/accounts/{account}") == {"done": True}


def _close(do: Operations, api: Api) -> None:
    do("POST", "/accounts/{account}/keys", {})
    assert do("POST", "/accounts/{account}/reset")["clock"]["mode"] == "real"
    created = Operations(api, do._document, "shape-of-answers")
    assert created("DELETE", "/accounts/{account}") == {"done": True}
    do.done |= created.done
