"""The institution's HTTP server: an endpoint for each push, the actions, and the records."""

import logging
from pathlib import Path

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from reference_institution.actions import CannotAct
from reference_institution.guarantor import Guarantor
from reference_institution.institution import Handler, Institution
from reference_institution.insurer import Insurer
from reference_institution.letter import AccountLetter
from reference_institution.platform_client import PlatformRefused, PlatformUnreachable
from reference_institution.pushes import NoticeRefused, open_push, param, uploads
from reference_institution.questions import PDF_LIMIT, Questions
from reference_institution.store import Store

_log = logging.getLogger(__name__)
_ACKNOWLEDGED = {"status": 200}
#: Bytes of a request: enough for a PDF that is just too large, so that we can answer 2603.
_BODY_LIMIT = PDF_LIMIT + 4 * 1024 * 1024
#: The institutions by their kind, which the account letter names.
KINDS: dict[str, type[Institution]] = {"insurer": Insurer, "guarantor": Guarantor}


def create_app(letter: AccountLetter, store_dir: Path) -> Flask:
    """Return the institution's server; records and certificates are kept in `store_dir`."""
    institution = KINDS[letter.kind].open(letter, store_dir)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_LIMIT + institution.room_for_files
    app.extensions["institution"] = institution
    _add_notices(app, institution)
    _add_questions(app, institution)
    _add_actions(app, institution)
    _add_records(app, institution.store)
    institution.add_pages(app)

    @app.errorhandler(NoticeRefused)
    def refuse(refused: NoticeRefused) -> ResponseReturnValue:
        _log.warning("refused a push to %s: %s", request.path, refused.reason)
        return {"status": refused.code, "data": refused.reason}

    return app


def _add_notices(app: Flask, institution: Institution) -> None:
    def add(path: str, handle: Handler) -> None:
        def take_notice() -> ResponseReturnValue:
            answered = handle(open_push(param(), institution.letter))
            return _ACKNOWLEDGED if answered is None else {"status": 200, "data": answered}

        app.add_url_rule(path, path, take_notice, methods=["POST"])

    for path, handle in institution.handlers().items():
        add(path, handle)


def _add_questions(app: Flask, institution: Institution) -> None:
    questions = Questions(institution.store, institution.seal)

    @app.post("/verify")
    def verify() -> ResponseReturnValue:
        """Verify a guarantee's PDF (2.6)."""
        try:
            sealed, pdf = param(), uploads().get("guarantee_pdf")
        except RequestEntityTooLarge as error:
            raise NoticeRefused(2603, "保函文件过大") from error
        said = open_push(sealed, institution.letter, cannot_open=2606, wrong_sign=2607)
        return {"status": 200, "data": questions.verify(said, pdf.content if pdf else None)}

    @app.post("/query")
    def query() -> ResponseReturnValue:
        """Answer with a guarantee's particulars (2.7)."""
        # 5.6 has no codes for a push that cannot be decrypted: the general ones apply.
        return {"status": 200, "data": questions.query(open_push(param(), institution.letter))}


def _add_actions(app: Flask, institution: Institution) -> None:
    @app.post("/actions/<name>")
    def act(name: str) -> ResponseReturnValue:
        """Perform an action; 409 means that the platform refused, 502 that it did not answer."""
        actions = institution.actions
        if name not in actions:
            abort(404, f"There is no action {name}; there are: {', '.join(actions)}.")
        body = request.get_json(silent=True)
        try:
            data = actions[name](institution, body if isinstance(body, dict) else {})
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
        """Show records without their files; `?status=` selects by status."""
        if kind not in store.keys:
            abort(404, f"There are no records of {kind}; there are: {', '.join(store.keys)}.")
        found = [
            {name: value for name, value in record.items() if not isinstance(value, bytes)}
            for record in store.find(kind, key)
            if record.get("status") == request.args.get("status", record.get("status"))
        ]
        return {"count": len(found), "records": found}

    @app.get("/health")
    def health() -> ResponseReturnValue:
        """Report that the server is up."""
        return {"status": "ok"}
