"""A small insurer's web application, as one that exists already: it knows nothing of the simulator.

Of the manual it does 1.1, 2.1, 2.2, 2.3 and the offer of 2.4, which is enough to be tested.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import requests
from Crypto.Cipher import PKCS1_v1_5
from Crypto.PublicKey import RSA
from flask import Flask, abort, request

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Config:
    """What the platform's e-mail gave us (开户信)."""

    platform: str
    btc_id: str
    api_key: str
    api_secret: str
    own_public_key: str
    own_private_key: str
    platform_public_key: str


class Refused(Exception):
    """The platform refused a call."""


@dataclass
class Insurer:
    """Our line to the platform, and the orders that we know."""

    config: Config
    orders: dict[str, dict[str, str]] = field(default_factory=dict)
    token: str = ""

    # 5.1 and 5.2: sign, seal, open.

    def sign(self, params: Mapping[str, str]) -> str:
        names = sorted(name for name in params if name != "sign")
        text = "".join(name + params[name] for name in names)
        secret = self.config.api_secret
        return hashlib.md5(f"{secret}{text}{secret}".encode()).hexdigest().upper()

    def seal(self, params: Mapping[str, str], public_key: str) -> str:
        key = RSA.import_key(public_key)
        text = json.dumps({**params, "sign": self.sign(params)}, ensure_ascii=False).encode()
        room = key.size_in_bytes() - 11
        blocks = [text[at : at + room] for at in range(0, len(text), room)]
        return base64.b64encode(b"".join(map(PKCS1_v1_5.new(key).encrypt, blocks))).decode()

    def open(self, param: str) -> dict[str, str]:
        key = RSA.import_key(self.config.own_private_key)
        sealed, size = base64.b64decode(param), key.size_in_bytes()
        blocks = [sealed[at : at + size] for at in range(0, len(sealed), size)]
        opened = b"".join(PKCS1_v1_5.new(key).decrypt(block, b"") for block in blocks)
        params: dict[str, str] = json.loads(opened)
        if params["sign"] != self.sign(params):
            raise ValueError("the sign does not hold")
        return params

    # Calls.

    def call(self, method: str, **params: str) -> dict[str, str]:
        if not self.token:
            secrets = {"api_key": self.config.api_key, "api_secret": self.config.api_secret}
            key = self.config.platform_public_key
            self.token = self._post("get_access_token", secrets, key)["access_token"]
        ids = {"btc_id": self.config.btc_id, "enter_institution_type": "4"}
        return self._post(method, {**ids, **params}, self.config.own_public_key)

    def _post(self, method: str, params: dict[str, str], public_key: str) -> dict[str, str]:
        now = datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S")
        form = {"param": self.seal({**params, "method": method, "timestamp": now}, public_key)}
        if self.token:
            form["access_token"] = self.token
        answer = requests.post(self.config.platform, data=form, timeout=5).json()
        if answer["status"] == 1006 and self.token:
            self.token = ""
            return self.call(method, **params)
        if answer["status"] != 200:
            raise Refused(f"{answer['status']}: {answer['data']}")
        data: dict[str, str] = answer["data"]
        return data

    def read_order(self, order_no: str) -> dict[str, str]:
        self.orders[order_no] = self.call("insurer_get_guarantee_info", order_no=order_no)
        return self.orders[order_no]

    def offer(self, order_no: str, price: str) -> None:
        order = self.orders[order_no]
        names = ("order_no", "block_number", "block_name", "principal", "creditor")
        self.call(
            "insurer_apply_guarantee_result",
            **{name: order[name] for name in names},
            order_do_type="3",
            price=price,
            guarantee_end_date=order["guarantee_end_date"],
        )


def create_app(config: Config) -> Flask:
    app = Flask(__name__)
    insurer = app.extensions["insurer"] = Insurer(config)

    @app.post("/conzhu/order")
    def show_order() -> str:
        """The principal's browser comes from the platform (2.1)."""
        order = insurer.read_order(insurer.open(request.form["param"])["order_no"])
        return f"<h1>{order['block_name']}</h1><p>{order['guarantee_amount']} 元</p>"

    @app.post("/conzhu/status")
    def take_status() -> dict[str, object]:
        """The platform says that an order's status changed (2.2)."""
        notice = insurer.open(request.form["param"])
        order = insurer.orders[notice["order_no"]]
        if order["principal"] != notice["principal"]:
            return {"status": 404, "data": "与订单信息不一致"}
        order["order_status"] = notice["order_status"]
        # Acknowledge first, then work: what else has changed is read afterwards.
        threading.Thread(target=insurer.read_order, args=[notice["order_no"]]).start()
        return {"status": 200}

    @app.post("/desk/orders/<order_no>/offer")
    def offer(order_no: str) -> tuple[str, int]:
        """What our clerk does in the browser."""
        if order_no not in insurer.orders:
            abort(404)
        insurer.offer(order_no, request.form["price"])
        return "", 204

    return app
