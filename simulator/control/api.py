"""The control API as a Flask application: JSON in, JSON out, errors as one sentence."""

import json
import logging
from functools import partial
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from simulator import clock, strict_json, texts
from simulator.control import events
from simulator.control.context import Control
from simulator.control.guard import Denied, Guard, RequestHead
from simulator.control.openapi import PREFIX, document
from simulator.control.routes import ROUTES
from simulator.control.routing import Request, Route, check_body, check_query
from simulator.control.waiting import Waiting
from simulator.errors import Conflict, NotFound, SimulatorError, Text
from simulator.http_server.broken_requests import BrokenRequest
from simulator.http_server.channels import PARK, RESUMED
from simulator.store.misfits import find_misfit

_LOG = logging.getLogger(__name__)
#: Bytes of a request.
BODY_LIMIT = 64 * 1024 * 1024


def create_app(control: Control) -> Flask:
    """Return the application behind the control port."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    # A path with two slashes would be redirected otherwise.
    app.url_map.merge_slashes = False
    guard = Guard(control.settings)
    app.before_request(lambda: guard.check(_read_head()))
    for route in ROUTES:
        rule = PREFIX + route.path.replace("{", "<").replace("}", ">")
        app.add_url_rule(rule, route.name, _view(control, route), methods=[route.method])
    app.add_url_rule(
        f"{PREFIX}/openapi.json",
        "openapi",
        lambda: _json(document(ROUTES, request.host_url.rstrip("/"))),
    )
    app.register_error_handler(SimulatorError, _refused)
    app.register_error_handler(Waiting, partial(_park, control))
    app.register_error_handler(HTTPException, _not_an_operation)
    app.register_error_handler(OverflowError, _refuse_large_number)
    app.register_error_handler(SQLAlchemyError, partial(_answer_without_database, control))
    app.register_error_handler(Exception, _own_fault)
    return app


def _read_head() -> RequestHead:
    headers = request.headers
    return RequestHead(
        method=request.method,
        host=headers.get("Host"),
        origin=headers.get("Origin"),
        authorization=headers.get("Authorization"),
        media_type=request.mimetype,
        has_body=bool(request.content_length),
    )


def _view(control: Control, route: Route) -> Any:
    def view(**path: str) -> Response:
        if (found := request.environ.get(RESUMED)) is not None:
            return _json(found)
        asked = Request(path, check_query(route, request.args.to_dict()), _read_body(route))
        wall = clock.wall_now()
        answer = route.function(control, asked)
        events.keep(control, route, asked, answer, wall)
        return _json(answer)

    return view


def _park(control: Control, waiting: Waiting) -> Response:
    """Park a request; what is returned here is no answer, which comes when it is resumed."""
    request.environ[PARK](partial(control.waiters.add, waiting))
    return Response()


def _read_body(route: Route) -> Any:
    if route.method not in ("POST", "PATCH") or not request.get_data():
        return check_body(route, {}) if route.method in ("POST", "PATCH") else {}
    try:
        body = strict_json.read(request.get_data())
        # Python's reader takes lone surrogates, which are no text and cannot be stored.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise SimulatorError("The body is not JSON.", "请求体不是 JSON。") from None
    return check_body(route, body)


def _json(content: Any, status: int = 200) -> Response:
    # A lone surrogate (from an answer or a call that had one) goes out as its JSON escape.
    body = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Response(
        body.encode("utf-8", "backslashreplace"),
        status,
        content_type="application/json; charset=utf-8",
    )


def _error(text: Text, status: int) -> Response:
    return _json({"error": text.as_json()}, status)


def _refused(error: SimulatorError) -> Response:
    match error:
        case Denied():
            status = error.status
        case NotFound():
            status = 404
        case Conflict():
            status = 409
        case _:
            status = 400
    return _error(error.text, status)


def _not_an_operation(error: HTTPException) -> Response:
    text = Text(
        f"{request.method} {request.path} is no operation of the control API ({error.name}); "
        f"see {PREFIX}/openapi.json.",
        f"{request.method} {request.path} 不是控制接口的操作（{error.name}）；"
        f"参见 {PREFIX}/openapi.json。",
    )
    answer = _error(text, error.code or 400)
    if isinstance(error, MethodNotAllowed):
        answer.allow.update(error.valid_methods or ())
    return answer


def refuse_broken(broken: BrokenRequest) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and the JSON that answer what the server cannot read."""
    text: Text = texts.load("broken_requests")[broken.cause]
    return broken.status if broken.status in (400, 431) else 400, {"error": text.as_json()}


def _refuse_large_number(error: OverflowError) -> Response:
    misfit = find_misfit(error)
    return _refused(misfit) if misfit else _own_fault(error)


def _answer_without_database(control: Control, error: SQLAlchemyError) -> Response:
    if misfit := find_misfit(error):
        return _refused(misfit)
    text = control.database.outage.explain(error)
    # A conflict with the state of things: it is no fault of the simulator, so no 5xx.
    return _error(text, 409) if text else _own_fault(error)


def _own_fault(error: Exception) -> Response:
    _LOG.error("The simulator failed on %s %s", request.method, request.path, exc_info=error)
    text = Text(
        "The simulator itself failed; please report it with the server's log.",
        "模拟器内部错误；请附服务器日志反馈。",
    )
    return _error(text, 500)
