"""The OpenAPI document of the control API, made from the routes."""

import re
from typing import Any

from simulator import __version__, shapes
from simulator.control.routing import TEXT, Route
from simulator.shapes.schema import components, schema

#: The prefix of all paths.
PREFIX = "/control/v1"


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
            "schemas": components([shapes.Error, *(route.answer for route in routes)]),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.name,
        "summary": f"{route.summary.en} / {route.summary.zh}",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": TEXT}
            for name in re.findall(r"\{(\w+)\}", route.path)
        ]
        + [{"name": name, "in": "query", "schema": kind} for name, kind in route.query.items()],
        "responses": {
            "200": _content("Done or found", schema(route.answer)),
            "default": _content("One sentence in each language", schema(shapes.Error)),
        },
    }
    if route.method in ("POST", "PATCH"):
        described["requestBody"] = {
            "required": bool(route.required),
            "content": {"application/json": {"schema": route.body_schema}},
        }
    return described


def _content(description: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": answer}},
    }
