"""An institution on a real port, and the platform's hand that seals notices for it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from Crypto.PublicKey.RSA import RsaKey
from flask import Flask
from reference.both import Both, facing
from support.platform import Platform
from werkzeug.serving import make_server

from reference_institution.app import create_app
from reference_institution.guarantees import draft
from reference_institution.institution import Institution
from reference_institution.letter import AccountLetter
from reference_institution.store import Row
from simulator.protocol import envelope, rsa
from simulator.protocol.plaintext import Form

SERIAL = "806097210890174"
#: Files by their fields: name and content.
Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True)
class Live:
    """A served institution, and what the platform shares with it."""

    url: str
    institution: Institution
    keys: RsaKey
    order: Mapping[str, Any] = field(default_factory=dict)

    def param(self, said: Mapping[str, str], secret: str = "", form: Form = "json") -> str:
        """Return a sealed notice; another `secret` makes a forged one."""
        stamped = {**said, "timestamp": "20260105093000"}
        signed = envelope.signed(stamped, secret or self.institution.letter.api_secret)
        return envelope.seal(signed, self.keys.public_key(), form)

    def push(
        self, path: str, said: Mapping[str, str], files: Files | None = None, **sealing: Any
    ) -> dict[str, Any]:
        """Push a notice, with files beside it if there are any, and return the answer."""
        return self.post(path, {"param": self.param(said, **sealing)}, files=files)

    def post(
        self,
        path: str,
        data: Mapping[str, str],
        pdf: bytes | None = None,
        files: Files | None = None,
    ) -> dict[str, Any]:
        """Post a form, with a guarantee's PDF or other files, and return the JSON answer."""
        parts = {"guarantee_pdf": ("g.pdf", pdf)} if pdf is not None else files
        reply = requests.post(f"{self.url}{path}", data=data, files=parts or None, timeout=20)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def records(self, kind: str, key: str) -> list[dict[str, Any]]:
        """Return what the institution has on record."""
        answer = requests.get(f"{self.url}/records/{kind}/{key}", timeout=20).json()
        assert answer["count"] == len(answer["records"])
        return list(answer["records"])

    def issued(self, order_no: str = "", serial_num: str = SERIAL) -> Row:
        """Return an order's guarantee as if the platform had taken it; by default our order's."""
        order = self.institution.store.order(order_no or self.order["order_no"])
        assert order is not None
        guarantee = draft(self.institution, order)
        self.institution.store.give_serial(guarantee["guarantee_no"], serial_num)
        return guarantee


@pytest.fixture(scope="session")
def keys() -> RsaKey:
    """The institution's pair of keys, a small one for speed."""
    return rsa.generate(1024)


@pytest.fixture(scope="session")
def letter_json(keys: RsaKey) -> dict[str, Any]:
    """An account letter; at its platform's address nobody listens."""
    private, public = {"pem": rsa.pem(keys)}, {"base64": rsa.bare(keys.public_key())}
    return {
        "platform": "http://127.0.0.1:9/api/insurer/v1",
        "kind": "insurer",
        "name": "demo",
        "company": "演示财产保险股份有限公司",
        "access_party": "演示保险接入商",
        "btc_id": 10001,
        "enter_institution_type": 4,
        "api_key": "key",
        "api_secret": "secret",
        "key_bits": 1024,
        "rsa_pk": public,
        "rsa_sk": private,
        "api_rsa_pk": public,
    }


@pytest.fixture
def order() -> dict[str, Any]:
    """What 2.3 says of an order that is paid."""
    return {
        "order_no": "1812487543",
        "order_status": "WAIT_OUT_GUARANTEE",
        "ktype": "4",
        "block_number": "FZ-01",
        "block_name": "福州市希望小学维修",
        "bid_deadline": "2026-03-02 09:30",
        "valid_day": "60",
        "guarantee_amount": "10000.00",
        "guarantee_start_date": "2026-03-02",
        "guarantee_end_date": None,
        "principal": "福州飞翔建筑有限公司",
        "creditor": "福州力杨置业有限公司",
    }


Serve = Callable[[Path], Live]


@pytest.fixture
def serve(letter_json: dict[str, Any], keys: RsaKey, order: dict[str, Any]) -> Iterator[Serve]:
    """Start institutions with a store; they are stopped after the test."""
    running = []

    def start(folder: Path) -> Live:
        app: Flask = create_app(AccountLetter.from_json(letter_json), folder)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        institution: Institution = app.extensions["institution"]
        running.append((server, thread, institution))
        return Live(f"http://127.0.0.1:{server.server_port}", institution, keys, order)

    yield start
    for server, thread, institution in running:
        server.shutdown()
        thread.join()
        server.server_close()
        institution.orders.close()


@pytest.fixture
def live(serve: Serve, tmp_path: Path, order: dict[str, Any]) -> Live:
    """An institution that knows one order."""
    live = serve(tmp_path)
    live.institution.store.remember_order(order)
    return live


@pytest.fixture
def both(platform: Platform, tmp_path: Path) -> Iterator[Both]:
    """The institution of the test's account and its platform, and a proxy that loses answers."""
    with facing(platform, tmp_path) as both:
        yield both
