"""What goes over the wire in one attempt: made afresh, or the same bytes again (P18)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator import clock
from simulator.errors import Unreadable
from simulator.operations.business import files
from simulator.operations.faults import fault_rules
from simulator.operations.faults.fault_rules import SPOILING, Struck
from simulator.operations.outgoing import Notice
from simulator.operations.registry import PlatformConfig
from simulator.protocol import envelope, masking, rsa, signing
from simulator.protocol.form_files import FormFile
from simulator.protocol.key_pool import strangers_key
from simulator.protocol.plaintext import Value
from simulator.store.records import Account, Attempt, StoredFile


@dataclass(frozen=True)
class Sealed:
    """The form of one attempt, and what may be shown of it (credentials masked)."""

    param: str
    files: Sequence[FormFile]
    shown: Mapping[str, Any]
    base: str

    def as_record(self, url: str) -> dict[str, Any]:
        """Return what an attempt keeps of what was sent."""
        return {
            "url": url,
            "params": dict(self.shown),
            "base": self.base,
            "param": self.param,
            "files": {
                file.field: {
                    "name": file.name,
                    "bytes": len(file.content),
                    "sha256": hashlib.sha256(file.content).hexdigest(),
                }
                for file in self.files
            },
        }


def seal(
    session: Session,
    platform: PlatformConfig,
    account: Account,
    notice: Notice,
    wall: float,
    struck: Sequence[Struck] = (),
    push_id: int | None = None,
) -> Sealed:
    """Return an attempt's form: content, fresh file URLs and timestamp, sign, RSA blocks.

    With the switch `repeat: identical` a push that was sealed before goes out byte for byte;
    `push_id` says which push this is an attempt of.
    """
    attachments = _load_attachments(session, account, notice)
    rules = {strike.rule: strike.value for strike in struck}
    if account.switch("repeat") == "identical" and not SPOILING & set(rules):
        first = _find_first_sent(session, account, push_id)
        if first is not None:
            return Sealed(first["param"], attachments, first["params"], first["base"])
    parameters = _build_parameters(platform, account, notice, wall)
    signed = envelope.signed(parameters, _choose_secret(session, account, rules))
    base = masking.mask_base(signed)
    if fault_rules.CHANGE_VALUE in rules:
        signed = _change_value(notice, signed, rules[fault_rules.CHANGE_VALUE])
    public = rsa.public_half(rsa.load_key(account.private_key))
    if fault_rules.SEAL_WITH_OTHER_KEY in rules:
        public = rsa.public_half(strangers_key(account.key_bits))
    param = envelope.seal(signed, public, account.switch("plaintext"))
    return Sealed(param, attachments, masking.mask(signed), base)


def _choose_secret(
    session: Session, account: Account, rules: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return the secret that signs: the account's own, unless a rule wants another's."""
    own = account.api_secret
    if fault_rules.SIGN_OF_OTHER_ACCOUNT in rules:
        name = rules[fault_rules.SIGN_OF_OTHER_ACCOUNT]["account"]
        found = session.scalar(select(Account.api_secret).where(Account.name == name))
        # That account may be gone since the rule was set: then a secret of no account signs.
        return found or _make_foreign_secret(own)
    return _make_foreign_secret(own) if fault_rules.SIGN_WITH_OTHER_KEY in rules else own


def _make_foreign_secret(own: str) -> str:
    return hashlib.sha256(own.encode()).hexdigest()[: len(own)]


def _find_first_sent(
    session: Session, account: Account, push_id: int | None
) -> dict[str, Any] | None:
    """Return what the push's first attempt sent, of those that no rule spoiled.

    What was sealed and signed before the account got its present credentials holds no more.
    """
    for attempt in session.scalars(
        select(Attempt).where(Attempt.push_id == push_id).order_by(Attempt.number)
    ):
        rules = {tag["rule"] for tag in attempt.faults}
        if attempt.sent and not SPOILING & rules and _holds(account, attempt.sent["param"]):
            return attempt.sent
    return None


def _holds(account: Account, param: str) -> bool:
    try:
        opened = envelope.open_param(param, rsa.load_key(account.private_key))
    except Unreadable:
        return False
    return signing.verify(opened.parameters, account.api_secret).valid


def _build_parameters(
    platform: PlatformConfig, account: Account, notice: Notice, wall: float
) -> dict[str, Value]:
    """Return the parameters in the table's order, without the sign."""
    values: dict[str, Value] = {
        **notice.content,
        **{
            name: files.url_text(platform, account, wall, listed)
            for name, listed in notice.url_fields.items()
        },
        "timestamp": clock.stamp(account.wire_time(wall)),
    }
    interface = platform.catalogue.interfaces[notice.interface]
    listed = [parameter.name for parameter in interface.parameters if parameter.name in values]
    return {name: values[name] for name in listed}


def _change_value(
    notice: Notice, signed: dict[str, Value], value: Mapping[str, Any]
) -> dict[str, Value]:
    """Return the signed parameters with one of them changed (by default the first of them)."""
    business = [name for name in signed if name in notice.content and name != "request_method"]
    name = str(value.get("parameter") or business[0])
    return {**signed, name: str(value.get("to", f"{signed.get(name, '')}0"))}


def _load_attachments(session: Session, account: Account, notice: Notice) -> list[FormFile]:
    wanted = notice.attachments
    if not wanted:
        return []
    found = session.scalars(
        select(StoredFile).where(
            StoredFile.account_id == account.id, StoredFile.file_id.in_(wanted.values())
        )
    )
    stored = {row.file_id: row for row in found}
    return [
        FormFile(field, stored[file_id].name, stored[file_id].media_type, stored[file_id].content)
        for field, file_id in wanted.items()
    ]
