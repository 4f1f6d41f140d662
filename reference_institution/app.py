"""The insurer's server: one address for each push, the actions, and a look at the records."""

import logging
from collections.abc import Callable
from pathlib import Path

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

# Importing these three is what makes their functions actions.
from reference_institution import claim_actions, document_actions, order_actions  # noqa: F401
from reference_institution.actions import ACTIONS, CannotAct
from reference_institution.insurer import Insurer
from reference_institution.letter import AccountLetter
from reference_institution.notices import NoticeRefused, Notices, open_push
from reference_institution.order_page import order_page
from reference_institution.platform_client import PlatformRefused, PlatformUnreachable
from reference_institution.questions import PDF_LIMIT, Questions
from reference_institution.store import KEYS, Store

_log = logging.getLogger(__name__)
_ACKNOWLEDGED = {"status": 200}
#: Room in a request for a PDF that is just too large, so that we can say so ourselves.
_BODY_LIMIT = PDF_LIMIT + 4 * 1024 * 1024


def create_app(letter: AccountLetter, store_dir: Path) -> Flask:
    """Return the insurer's server; its records and certificates are kept in `store_dir`."""
    insurer = Insurer.open(letter, store_dir)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_LIMIT
    app.extensions["insurer"] = insurer
    _add_notices(app, insurer)
    _add_questions(app, insurer)
    _add_actions(app, insurer)
    _add_records(app, insurer.store)

    @app.errorhandler(NoticeRefused)
    def refuse(refused: NoticeRefused) -> ResponseReturnValue:
        _log.warning("refused a push to %s: %s", request.path, refused.reason)
        return {"status": refused.code, "data": refused.reason}

    @app.post("/order-page")
    def show_order() -> ResponseReturnValue:
        """Show the order that the principal's browser brought along (insurer 2.1)."""
        return order_page(insurer, request.form.get("param", ""))

    return app


def _add_notices(app: Flask, insurer: Insurer) -> None:
    notices = Notices(insurer.store, insurer.orders)

    def add(path: str, handle: Callable[[dict[str, str]], None]) -> None:
        def take_notice() -> ResponseReturnValue:
            handle(open_push(request.form.get("param", ""), insurer.letter))
            return _ACKNOWLEDGED

        app.add_url_rule(path, path, take_notice, methods=["POST"])

    add("/order-status", notices.order_status)
    add("/invoice", notices.invoice)
    add("/bid-opening", notices.bid_opening)
    add("/claim", notices.claim)


def _add_questions(app: Flask, insurer: Insurer) -> None:
    questions = Questions(insurer.store, insurer.seal)

    @app.post("/verify")
    def verify() -> ResponseReturnValue:
        """Verify a guarantee's PDF (insurer 2.6)."""
        try:
            param, pdf = request.form.get("param", ""), request.files.get("guarantee_pdf")
        except RequestEntityTooLarge as error:
            raise NoticeRefused(2603, "保函文件过大") from error
        said = open_push(param, insurer.letter, cannot_open=2606, wrong_sign=2607)
        return {"status": 200, "data": questions.verify(said, pdf.read() if pdf else None)}

    @app.post("/query")
    def query() -> ResponseReturnValue:
        """Tell a guarantee's particulars (insurer 2.7)."""
        # 5.6 has no code of its own for a push that does not open: the general ones serve.
        said = open_push(request.form.get("param", ""), insurer.letter)
        return {"status": 200, "data": questions.query(said)}


def _add_actions(app: Flask, insurer: Insurer) -> None:
    @app.post("/actions/<name>")
    def act(name: str) -> ResponseReturnValue:
        """Let the insurer act; 409 is the platform's refusal, 502 its silence."""
        if name not in ACTIONS:
            abort(404, f"There is no action {name}; there are: {', '.join(ACTIONS)}.")
        body = request.get_json(silent=True)
        try:
            data = ACTIONS[name](insurer, body if isinstance(body, dict) else {})
        except CannotAct as error:
            return {"status": 400, "data": str(error)}, 400
        except PlatformRefused as refused:
            return {"status": refused.code, "data": refused.data}, 409
        except PlatformUnreachable as error:
            return {"status": 502, "data": str(error)}, 502
        return {"status": 200, "data": data}


def _add_records(app: Flask, store: Store) -> None:
    @app.get("/records/<kind>/<path:key>")
    def records(kind: str, key: str) -> ResponseReturnValue:
        """Show what we have on record, without the files themselves; `?status=` chooses of it."""
        if kind not in KEYS:
            abort(404, f"There are no records of {kind}; there are: {', '.join(KEYS)}.")
        found = [
            {name: value for name, value in record.items() if name != "pdf"}
            for record in store.find(kind, key)
            if record.get("status") == request.args.get("status", record.get("status"))
        ]
        return {"count": len(found), "records": found}

    @app.get("/health")
    def health() -> ResponseReturnValue:
        """Say that the server is up."""
        return {"status": "ok"}
