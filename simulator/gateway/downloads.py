"""Files behind URLs: an order's files, which expire (P35), and certificates, which do not."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from simulator import clock, paths
from simulator.errors import Text
from simulator.gateway import strikes
from simulator.operations.business import companies, files
from simulator.operations.faults import faults
from simulator.operations.faults.fault_rules import Struck
from simulator.operations.registry import PlatformConfig
from simulator.protocol import envelope, file_urls
from simulator.protocol.codes import Refusal
from simulator.protocol.plaintext import NotAPlaintext, as_text
from simulator.protocol.rsa import CannotOpen
from simulator.store.database import Database
from simulator.store.journal import Writer
from simulator.store.records import Account, Company, JournalEntry, StoredFile


@dataclass(frozen=True)
class Download:
    """A file on its way out."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Downloads:
    """Serves the URLs of files."""

    database: Database
    platform: PlatformConfig
    journal: Writer

    def fetch_file(self, kind: str, param: str, token: str, peer: str) -> Download:
        """Return the file of an expiring URL; each download leaves a journal entry.

        Raises:
            Refusal: 1006 the token is wrong or over, 4500 no file_id in it, 4501 no such file.
        """
        wall = clock.wall_now()
        account: Account | None = None
        strike: Struck | None = None
        try:
            account, grant = self._read_grant(kind, token)
            _check_not_over(account, grant, wall)
            self._check_not_ended(account, param)
            file_id, download = self._fetch(account, grant, param)
            strike = self._strike(account, file_id, param)
            if strike:
                raise Refusal(1006, strikes.describe_strike(strike))
        except Refusal as refusal:
            self._record(account, wall, peer, None, str(refusal.code), refusal.why, strike)
            raise
        self._record(account, wall, peer, download, "200", None)
        return download

    def _read_grant(self, kind: str, token: str) -> tuple[Account, file_urls.FileToken]:
        unknown = Text(
            "The URL's access_token is no file token of this platform: use the URL as it was "
            "given, URL-encoded.",
            "URL 中的 access_token 不是本平台签发的文件 token：请原样使用（含 URL 编码）。",
        )
        btc_id = file_urls.read_account_id(token)
        with self.database.reading() as session:
            account = session.get(Account, btc_id) if btc_id and btc_id < 2**31 else None
        grant = file_urls.read_token(account.seed, token) if account else None
        if account is None or grant is None or account.kind != kind:
            raise Refusal(1006, unknown)
        return account, grant

    def _check_not_ended(self, account: Account, param: str) -> None:
        with self.database.reading() as session:
            if files.is_ended(session, account, param):
                why = Text(
                    "A fault rule ended this file URL on purpose; get a new one with 4.1.",
                    "该文件 URL 已被故障规则有意提前终止；请用 4.1 重新获取。",
                )
                raise Refusal(1006, why)

    def _strike(self, account: Account, file_id: str, param: str) -> Struck | None:
        """Let a fault rule end the URL, from now on and for good."""
        with self.database.reading() as session:
            if not faults.may_strike(session, self.platform, account.id, "download"):
                return None
        with self.database.writing() as session:
            strike = faults.strike_download(session, self.platform, account.id, file_id)
            if strike:
                files.end_url(session, account, param)
            return strike

    def _fetch(
        self, account: Account, grant: file_urls.FileToken, param: str
    ) -> tuple[str, Download]:
        try:
            parameters = envelope.open_param(param, self.platform.private_key).parameters
        except (CannotOpen, NotAPlaintext):
            why = Text(
                "The URL's param cannot be opened: use the URL as it was given.",
                "URL 中的 param 无法解密：请原样使用。",
            )
            raise Refusal(1006, why) from None
        file_id = as_text(parameters.get("file_id"))
        if not file_id:
            why = Text("The URL's param names no file_id.", "URL 的 param 中没有 file_id。")
            raise Refusal(4500, why)
        with self.database.reading() as session:
            stored = session.scalar(
                select(StoredFile).where(
                    StoredFile.account_id == account.id, StoredFile.file_id == file_id
                )
            )
            if stored is None:
                why = Text(f"This account has no file {file_id}.", f"该账户没有文件 {file_id}。")
                raise Refusal(4501, why)
            if not grant.is_for(file_id):
                why = Text(
                    "The URL's access_token was made for another file.",
                    "URL 的 access_token 属于另一个文件。",
                )
                raise Refusal(1006, why)
            return file_id, Download(stored.name, stored.media_type, stored.content)

    def fetch_certificate(self, key: str) -> Download:
        """Return a company's certificate (4.3), from a URL that never ends.

        Raises:
            Refusal: 1050, the key is not genuine.
        """
        found = companies.read_certificate_key(self.platform, key)
        with self.database.reading() as session:
            company = session.get(Company, found[0]) if found else None
        details: Mapping[str, str] = company.details if company else {}
        name = details.get(found[1], "") if found else ""
        path = paths.fixtures() / "files" / name
        if not name or not path.is_file():
            why = Text("There is no certificate behind this URL.", "该 URL 没有对应的证件。")
            raise Refusal(1050, why)
        return Download(name, "image/png", path.read_bytes())

    def _record(
        self,
        account: Account | None,
        wall: float,
        peer: str,
        download: Download | None,
        status: str,
        why: Text | None,
        strike: Struck | None = None,
    ) -> None:
        entry = JournalEntry(
            account_id=account.id if account else None,
            wall=wall,
            at=account.clock.now(wall) if account else None,
            direction="download",
            about=download.name if download else None,
            status=status,
            received={"bytes": len(download.content)} if download else {},
            notes=[why.as_json()] if why else [],
            faults=[strike.tag.as_json()] if strike else [],
            peer=peer,
        )
        with self.database.writing() as session:
            self.journal.write(session, entry)


def _check_not_over(account: Account, grant: file_urls.FileToken, wall: float) -> None:
    over_since = account.clock.now(wall) - grant.expires_at
    if over_since >= 0:
        why = Text(
            f"The file URL ended {over_since:.0f} s ago by the account's clock; get a new "
            "one with 4.1.",
            f"按账户时钟，文件 URL 已过期 {over_since:.0f} 秒；请用 4.1 重新获取。",
        )
        raise Refusal(1006, why)
