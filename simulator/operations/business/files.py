"""Files that institutions send and orders carry, and their expiring URLs (4.1, P27, P35)."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from simulator import clock, ids
from simulator.errors import Text
from simulator.operations.business import lookup
from simulator.operations.registry import Call, Desk, PlatformConfig, inbound
from simulator.protocol import file_urls, pdf
from simulator.protocol.codes import Refusal
from simulator.protocol.diagnosis.files import explain_pdf
from simulator.protocol.diagnosis.hashes import explain_hash
from simulator.protocol.form_files import Upload
from simulator.protocol.plaintext import json_text
from simulator.store.records import Account, EndedFileUrl, StoredFile

#: PHP's upload error numbers (2421, P5).
TOO_LARGE = 1
_ENDED = (
    select(EndedFileUrl.id)
    .where(
        EndedFileUrl.account_id == bindparam("account"),
        EndedFileUrl.digest == bindparam("url_digest"),
    )
    .limit(1)
)
#: How many of a file's first bytes a refusal shows.
_SHOWN = 12


def keep(desk: Desk, name: str, media_type: str, content: bytes) -> StoredFile:
    """Store a file of the account; its id has 23 digits, as in the manual's samples."""
    number = desk.account.next_number()
    stored = StoredFile(
        account_id=desk.account.id,
        file_id=ids.digits(desk.account.seed, "file", number, 23),
        name=name,
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
    desk.session.add(stored)
    desk.session.flush()
    return stored


def keep_fixture(desk: Desk, path: Path, name: str | None = None) -> StoredFile:
    """Store a copy of a fixture's file for the account."""
    media_type = "application/pdf" if path.suffix == ".pdf" else "image/png"
    return keep(desk, name or path.name, media_type, path.read_bytes())


def url_of(platform: PlatformConfig, account: Account, wall: float, file_id: str) -> str:
    """Return a fresh URL of a file; it is valid for two hours of the account's time (P35)."""
    expires_at = account.clock.now(wall) + file_urls.LIFETIME
    return file_urls.make_url(
        platform.public_url,
        account.kind,
        platform.private_key.public_key(),
        file_urls.make_token(account.seed, account.id, file_id, expires_at),
        file_id,
        clock.stamp(account.wire_time(wall)),
    )


def end_url(session: Session, account: Account, param: str) -> None:
    """Expire one URL of a file early, for a fault rule.

    The URL is identified by its `param`, whose random padding makes it unique; the tokens of two
    URLs are equal if the account's clock stands still.
    """
    session.add(EndedFileUrl(account_id=account.id, digest=_digest(param)))


def is_ended(session: Session, account: Account, param: str) -> bool:
    """Return whether a fault rule expired this URL."""
    asked = {"account": account.id, "url_digest": _digest(param)}
    return session.scalar(_ENDED, asked) is not None


def _digest(param: str) -> str:
    return hashlib.sha256(param.encode()).hexdigest()


def url_in(desk: Desk, file_id: str) -> str:
    """Return a fresh URL of a file, for the answer to a call."""
    return url_of(desk.platform, desk.account, desk.wall, file_id)


def describe(
    platform: PlatformConfig, account: Account, wall: float, listed: Iterable[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Return files as the wire lists them: `file_id`, a fresh `file_url`, the name if any."""
    return [
        {
            "file_id": file["file_id"],
            "file_url": url_of(platform, account, wall, file["file_id"]),
            **{name: text for name, text in file.items() if name != "file_id"},
        }
        for file in listed
    ]


def url_text(
    platform: PlatformConfig,
    account: Account,
    wall: float,
    listed: str | Iterable[Mapping[str, str]],
) -> str:
    """Return the value of a push's parameter: the fresh URL of a file, or a list as JSON text."""
    if isinstance(listed, str):
        return url_of(platform, account, wall, listed)
    return json_text(describe(platform, account, wall, listed))


def require_pdf(call: Call, field: str, given_hash: str, codes: tuple[int, int, int]) -> Upload:
    """Return an uploaded PDF after checking it in the order of P27.

    `codes` are those for one too large or broken, for no PDF, and for a different hash. The hash
    is sha256 in hexadecimal, either case.

    Raises:
        Refusal: one of the checks failed.
    """
    upload = call.files[field]
    broken, no_pdf, differs = codes
    limit = call.platform.upload_limit
    if len(upload.content) > limit:
        why = Text(
            f"{field} has {len(upload.content)} bytes; this platform takes {limit} at most.",
            f"{field} 大小为 {len(upload.content)} 字节，平台上限为 {limit} 字节。",
        )
        raise Refusal(broken, why, field, upload_error=TOO_LARGE)
    layout = pdf.read(upload.content)
    if not layout.is_headed:
        first = ascii(upload.content[:_SHOWN])[1:] if upload.content else "0"
        why = Text(
            f"{field} does not start with %PDF- (its first bytes: {first}).",
            f"{field} 不以 %PDF- 开头（开头字节：{first}）。",
        )
        raise Refusal(no_pdf, why, field, hints=_explain(upload.content))
    if not layout.is_whole:
        why = Text(
            f"{field} starts as a PDF, but is no whole one ({len(upload.content)} bytes).",
            f"{field} 开头是 PDF，但文件不完整（{len(upload.content)} 字节）。",
        )
        raise Refusal(broken, why, field, upload_error=3, hints=_explain(upload.content))
    if layout.before:
        call.notes.append(
            Text(
                f"{field} has {len(layout.before)} bytes of white space before %PDF-: taken here, "
                "but the real platform may not take it.",
                f"{field} 的 %PDF- 之前有 {len(layout.before)} 个空白字节：此处接受，"
                "真实平台可能不接受。",
            )
        )
    found = hashlib.sha256(upload.content).hexdigest()
    if given_hash.lower() != found:
        why = Text(
            f"{field}_hash is {given_hash}, but the sha256 of the received bytes is {found}.",
            f"{field}_hash 为 {given_hash}，而收到的文件 sha256 为 {found}。",
        )
        others = {name: each.content for name, each in call.files.items() if name != field}
        mistake = explain_hash(upload.content, given_hash, others)
        hints = (mistake.describe(),) if mistake else ()
        raise Refusal(differs, why, f"{field}_hash", hints=hints)
    return upload


def _explain(content: bytes) -> tuple[Text, ...]:
    mistake = explain_pdf(content)
    return (mistake.describe(),) if mistake else ()


@inbound("insurer/4.1")
@inbound("guarantor/4.1")
def get_file_url(call: Call) -> dict[str, str]:
    """Return a fresh URL for a file; earlier ones stay valid for their time (P35)."""
    stored = lookup.find(call, StoredFile, call.params["file_id"])
    if stored is None:
        why = Text(
            f"This account has no file {call.params['file_id']}.",
            f"该账户没有文件 {call.params['file_id']}。",
        )
        raise Refusal(4401, why, "file_id")
    return {"file_url": url_in(call, stored.file_id)}
