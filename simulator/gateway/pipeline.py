"""A call from its form to its answer: the gateway's stages, the operation, the journal."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from simulator import clock
from simulator.errors import Text
from simulator.gateway import stages, strikes
from simulator.gateway.stages import Admitted, Arrival
from simulator.gateway.strikes import Withheld
from simulator.gateway.wire import Exchange, Reply, Request
from simulator.operations.accounts import tokens
from simulator.operations.faults import fault_rules, faults
from simulator.operations.registry import Call, PlatformConfig, handler_of
from simulator.operations.traffic import Traffic
from simulator.protocol import masking
from simulator.protocol.codes import FAILED, OK, Refusal
from simulator.protocol.diagnosis.forms import (
    Posting,
    describe_absent_param,
    explain_fault,
    explain_form,
)
from simulator.store import credentials, foreign, locking
from simulator.store.database import Database
from simulator.store.journal import Writer
from simulator.store.records import Account, JournalEntry

#: A shorter text is not a token, but may be a word that occurs anywhere.
_SHORTEST_TOKEN = 40
#: Letters of a body that is not opened.
_SHOWN_BEGINNING = 300
#: Letters of `param`: some 750 blocks of 2048 bits, half a second of one core.
_LONGEST_PARAM = 256 * 1024


class BrokenAnswer(RuntimeError):
    """The platform's own answer breaks its own schema: our fault, never a documented code."""


@dataclass(frozen=True)
class Pipeline:
    """Serves calls."""

    database: Database
    platform: PlatformConfig
    traffic: Traffic
    journal: Writer
    #: Called after a call that may have announced something.
    nudge: Callable[[], None]

    def serve(self, request: Request) -> Reply:
        """Return the answer to a call; every call leaves one journal entry.

        A call with an effect writes its entry in the transaction of the effect, a refused one
        in its own, after the rollback. A fault strikes a call that was admitted: before it is
        served, so that it has no effect, or on the way back of its answer.
        """
        exchange = Exchange(request)
        try:
            admitted = self._admit(exchange)
            with self.traffic.passing(admitted.account.id):
                answer: Mapping[str, Any] | None = self._serve_admitted(exchange, admitted)
        except Refusal as refusal:
            answer = self._refuse(exchange, refusal)
        except Withheld as withheld:
            answer = None
            with self.database.writing() as session:
                self._record(session, exchange, withheld.status, {})
        return Reply(answer, exchange.trace.strike)

    def refuse(self, request: Request, refusal: Refusal) -> dict[str, Any]:
        """Answer a request that never was a call (wrong path, no form), and record it."""
        return self._refuse(Exchange(request), refusal)

    def _refuse(self, exchange: Exchange, refusal: Refusal) -> dict[str, Any]:
        answer = self.platform.catalogue.codes.answer(
            refusal.code, exchange.kind, refusal.parameter, refusal.upload_error
        )
        exchange.trace.notes.extend((refusal.why, *refusal.hints))
        with self.database.writing() as session:
            self._record(session, exchange, str(answer["status"]), answer)
        return answer

    def _admit(self, exchange: Exchange) -> Admitted:
        if exchange.request.kind is None or not exchange.param.strip():
            raise _build_no_call(exchange.request)
        if half_read := explain_fault(exchange.request.posting):
            exchange.trace.notes.append(half_read.describe())
        if len(exchange.param) > _LONGEST_PARAM:
            why = Text(
                f"param has {len(exchange.param)} letters; this platform opens "
                f"{_LONGEST_PARAM} at most.",
                f"param 有 {len(exchange.param)} 个字符，平台最多解密 {_LONGEST_PARAM} 个。",
            )
            raise Refusal(FAILED, why, "param")
        with self.database.reading() as session:
            admitted = stages.admit(Arrival(self.platform, session, exchange))
            maybe_struck = faults.may_strike(session, self.platform, admitted.account.id, "call")
        if maybe_struck:
            self._strike(exchange, admitted)
        return admitted

    def _strike(self, exchange: Exchange, admitted: Admitted) -> None:
        """Let a fault rule strike, counted as used whatever becomes of the call.

        Raises:
            Refusal: the rule answers with a documented code.
            Withheld: it keeps the call from being served in another way.
        """
        trace = exchange.trace
        with self.database.writing() as session:
            account_id, name = admitted.account.id, admitted.interface.name
            strike = faults.strike_call(session, self.platform, account_id, name, trace.about)
            if strike and strike.rule == fault_rules.EXPIRE_TOKEN:
                account = locking.lock_account(session, account_id) or admitted.account
                now = account.clock.now(exchange.wall)
                tokens.end(session, account, admitted.token or "", now)
        trace.strike = strike
        if strike is None:
            return
        if strike.rule == fault_rules.ANSWER:
            raise Refusal(int(strike.value["code"]), strikes.describe_strike(strike))
        if strike.rule == fault_rules.EXPIRE_TOKEN:
            raise Refusal(1006, strikes.describe_strike(strike))
        trace.notes.append(strikes.describe_strike(strike))
        if strikes.withholds(strike):
            raise Withheld(strike)

    def _serve_admitted(self, exchange: Exchange, admitted: Admitted) -> dict[str, Any]:
        with self.database.writing() as session:
            account = locking.lock_account(session, admitted.account.id)
            if account is None:
                raise LookupError(f"the account {admitted.account.id} was deleted just now")
            now = account.clock.now(exchange.wall)
            if admitted.token and not tokens.slide(session, account, admitted.token, now):
                why = Text("The access_token was revoked.", "access_token 已被撤销。")
                raise Refusal(1006, why)
            call = Call(
                session=session,
                account=account,
                platform=self.platform,
                wall=exchange.wall,
                interface=admitted.interface,
                params=foreign.mask(session, admitted.params),
                files=dict(exchange.request.files),
                notes=exchange.trace.notes,
            )
            data = handler_of(admitted.interface)(call)
            answer = {"status": OK} if data is None else {"status": OK, "data": data}
            self._check_own_answer(admitted, answer)
            self._record(session, exchange, str(OK), answer)
        if account.switch("push_own_changes"):
            self.nudge()
        return answer

    def _check_own_answer(self, admitted: Admitted, answer: Mapping[str, Any]) -> None:
        validator = admitted.interface.answer
        for error in validator.iter_errors(answer) if validator else ():
            raise BrokenAnswer(f"{admitted.interface.id}: {error.json_path}: {error.message}")

    def _record(
        self,
        session: Session,
        exchange: Exchange,
        status: str,
        answer: Mapping[str, Any],
    ) -> None:
        request, trace, wall = exchange.request, exchange.trace, exchange.wall
        account = session.get(Account, trace.account_id) if trace.account_id else None
        # Those of a letter from elsewhere have any form, and are looked for as they are.
        secrets = (
            [account.api_secret, account.api_key] if account else credentials.list_pairs(session)
        )
        if len(token := exchange.token) > _SHORTEST_TOKEN:
            secrets.append(token)
        fields = {name: value for name, value in request.fields.items() if name != "param"}
        sent: dict[str, Any] = {
            "fields": masking.mask(fields),
            "params": masking.mask({k: _render_value(v) for k, v in trace.parameters.items()}),
            "base": trace.base,
            "files": {name: len(file.content) for name, file in request.files.items()},
        }
        if not trace.parameters:
            sent["posted"] = _describe_posting(session, request.posting, secrets)
        entry = JournalEntry(
            account_id=trace.account_id,
            wall=wall,
            at=account.clock.now(wall) if account else None,
            direction="call",
            interface=trace.interface,
            about=masking.mask(trace.about),
            status=status,
            sent=sent,
            received=masking.mask(answer),
            notes=[masking.mask(note.as_json()) for note in trace.notes],
            faults=[trace.strike.tag.as_json()] if trace.strike else [],
            peer=request.peer,
            milliseconds=round((clock.monotonic() - exchange.started) * 1000, 2),
        )
        self.journal.write(session, entry, secrets)


def _build_no_call(request: Request) -> Refusal:
    """Return the refusal of a post that is no call, with what came instead."""
    if request.kind is None:
        why = Text(
            "The address is no interface of the platform: post to /api/insurer/v1.",
            "地址不是平台接口：请 POST 到 /api/insurer/v1。",
        )
        return Refusal(1050, why)
    found = tuple(each.describe() for each in explain_form(request.posting))
    return Refusal(1050, describe_absent_param(request.fields), hints=found)


def _describe_posting(
    session: Session, posting: Posting, secrets: Collection[str]
) -> dict[str, Any]:
    """Return what is kept of a body that was not opened; of its headers the names only."""
    beginning = posting.beginning.decode("utf-8", "replace").replace("\x00", "\ufffd")
    # Masked before it is cut: half a credential is none that can be found.
    shown = foreign.clean(session, masking.mask(beginning), secrets)
    return {
        "content_type": posting.content_type,
        "bytes": posting.length,
        "beginning": shown[:_SHOWN_BEGINNING],
        "headers": sorted(posting.headers),
    }


def _render_value(value: Any) -> Any:
    """Return a decrypted value as JSON keeps it; a number by its literal text."""
    return value if value is None or isinstance(value, bool) else str(value)
