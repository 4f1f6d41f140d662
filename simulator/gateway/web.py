"""The protocol as a Flask application: every request is answered, none is redirected."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from simulator.domain.institution import KINDS
from simulator.errors import Text
from simulator.gateway import strikes
from simulator.gateway.downloads import Download, Downloads
from simulator.gateway.pages import Pages
from simulator.gateway.pipeline import Pipeline
from simulator.gateway.wire import Reply, Request
from simulator.http_server.channels import ENDING
from simulator.protocol import posted_forms
from simulator.protocol.codes import FAILED, Refusal
from simulator.protocol.diagnosis.forms import Posting
from simulator.protocol.posted_forms import Limits
from simulator.store.misfits import find_misfit

_LOG = logging.getLogger(__name__)
_ADDRESS = re.compile(r"/api/([a-z]+)/v1/?\Z")
_ORDER_PAGE = re.compile(r"/principal/(\d+)/orders/([^/]+)(/jump)?\Z")
#: Bytes of a form's fields without its files, and how many may stand in it (files included).
_FIELDS_LIMIT = 1024 * 1024
_MOST_FIELDS = 1000
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def create_app(pipeline: Pipeline, downloads: Downloads, pages: Pages, body_limit: int) -> Flask:
    """Return the application behind the protocol's port. `body_limit` is in bytes."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = body_limit
    app.config["MAX_FORM_MEMORY_SIZE"] = min(body_limit, _FIELDS_LIMIT)
    app.config["MAX_FORM_PARTS"] = _MOST_FIELDS
    # A path with two slashes would be redirected otherwise.
    app.url_map.merge_slashes = False
    views = _Views(pipeline, downloads, pages)
    app.add_url_rule("/", "root", views.answer, methods=_METHODS)
    app.add_url_rule("/<path:path>", "any", views.answer, methods=_METHODS)
    app.register_error_handler(HTTPException, views.refuse_request)
    app.register_error_handler(SQLAlchemyError, views.answer_without_database)
    app.register_error_handler(Exception, views.report_own_fault)
    return app


class _Views:
    def __init__(self, pipeline: Pipeline, downloads: Downloads, pages: Pages) -> None:
        self._pipeline = pipeline
        self._downloads = downloads
        self._pages = pages

    def answer(self, path: str = "") -> Response:
        """Answer any request: a call, a download, a page, or 1050."""
        address = _ADDRESS.match(request.path)
        kind = address[1] if address and address[1] in KINDS else None
        if request.method == "POST":
            return _build_response(self._pipeline.serve(_read_request(kind)))
        if request.method in ("GET", "HEAD"):
            page = _ORDER_PAGE.match(request.path)
            if page:
                return self._render_page(page[1], page[2], jump=bool(page[3]))
            if request.path == "/show.php":
                return self._answer_download(kind, certificate=True)
            if kind and request.args.get("access_token") and request.args.get("param"):
                return self._answer_download(kind, certificate=False)
        why = Text(
            f"{request.method} {request.path} is no call: calls are POST to /api/<kind>/v1, "
            "files GET with param and access_token.",
            f"{request.method} {request.path} 不是有效调用：接口调用为 POST /api/<kind>/v1，"
            "文件下载为带 param 与 access_token 的 GET。",
        )
        refused = Request(kind, _peer(), _read_head())
        return _render_json(self._pipeline.refuse(refused, Refusal(1050, why)))

    def _render_page(self, btc_id: str, order_no: str, jump: bool) -> Response:
        show = self._pages.render_jump if jump else self._pages.render_order
        text, status = show(btc_id, order_no)
        return Response(text, status, content_type="text/html; charset=utf-8")

    def _answer_download(self, kind: str | None, certificate: bool) -> Response:
        try:
            if certificate:
                return _render_file(self._downloads.fetch_certificate(request.args.get("sss", "")))
            arguments = request.args
            return _render_file(
                self._downloads.fetch_file(
                    kind or "", arguments["param"], arguments["access_token"], _peer()
                )
            )
        except Refusal as refusal:
            codes = self._pipeline.platform.catalogue.codes
            return _render_json(codes.answer(refusal.code, kind or "insurer"))

    def refuse_request(self, error: HTTPException) -> Response:
        """Answer what Flask itself refuses: too large a body 404, any other 1050."""
        if isinstance(error, RequestEntityTooLarge):
            limit = request.max_content_length or 0
            why = Text(
                f"The request is larger than {limit} bytes, its fields without files than "
                f"{_fields_limit()}, or it has more than {_MOST_FIELDS} fields.",
                f"请求超过 {limit} 字节，或不含文件的字段超过 {_fields_limit()} 字节，"
                f"或字段多于 {_MOST_FIELDS} 个。",
            )
            refusal = Refusal(FAILED, why, "param")
        else:
            why = Text(
                f"The request cannot be read as a form: {error.name}.",
                f"请求无法按表单解析：{error.name}。",
            )
            refusal = Refusal(1050, why)
        return _render_json(self._pipeline.refuse(Request(None, _peer(), _read_head()), refusal))

    def answer_without_database(self, error: SQLAlchemyError) -> Response:
        """Answer the general failure (P14) where the database takes a call's values not, or none.

        The entry of a call whose values it does not take says so; else nothing is kept.
        """
        if misfit := find_misfit(error):
            return _render_json(
                self._pipeline.refuse(Request(None, _peer()), Refusal(FAILED, misfit.text))
            )
        if self._pipeline.database.outage.explain(error) is None:
            return self.report_own_fault(error)
        return _render_json(self._pipeline.platform.catalogue.codes.answer(FAILED, "insurer"))

    def report_own_fault(self, error: Exception) -> Response:
        """Own up to a fault of the simulator: HTTP 500, no documented code, no internals."""
        _LOG.error("The simulator failed on %s %s", request.method, request.path, exc_info=error)
        answer = {
            "status": 500,
            "data": "conzhu-sim: internal error, please report it with the server's log "
            "/ 模拟器内部错误，请附日志反馈",
        }
        return _render_json(answer, 500)


def _peer() -> str:
    return request.remote_addr or ""


def _read_request(kind: str | None) -> Request:
    limits = Limits(_fields_limit(), _MOST_FIELDS)
    form = posted_forms.read(request.stream, request.content_type or "", limits)
    posting = replace(
        _read_head(),
        fields=form.fields,
        files=frozenset(form.files),
        beginning=form.beginning,
        length=form.length,
        fault=form.fault,
    )
    return Request(kind, _peer(), posting, form.files)


def _read_head() -> Posting:
    return Posting(
        content_type=request.content_type or "",
        encoding=request.headers.get("Content-Encoding", ""),
        query=request.args.to_dict(),
        headers=dict(request.headers),
        length=request.content_length or 0,
    )


def _fields_limit() -> int:
    return request.max_form_memory_size or _FIELDS_LIMIT


def _build_response(reply: Reply) -> Response:
    right = _render_json(reply.answer or {})
    if reply.strike is None:
        return right
    return strikes.spoil_response(reply.strike, right, request.environ[ENDING])


def _render_json(answer: Mapping[str, Any], status: int = 200) -> Response:
    body = json.dumps(answer, ensure_ascii=False)
    return Response(body, status, content_type="application/json; charset=utf-8")


def _render_file(download: Download) -> Response:
    response = Response(download.content, content_type=download.media_type)
    # RFC 6266's extended form: names are Chinese, headers are Latin.
    name = quote(download.name, safe="")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return response
