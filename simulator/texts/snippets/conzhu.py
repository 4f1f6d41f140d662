"""Python 3, with the packages cryptography and requests. 需要 cryptography 与 requests。"""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

# From the account letter; the keys are each one line of Base64. 取自开户信，密钥为单行 Base64。
PLATFORM, BTC_ID = os.environ["PLATFORM"], os.environ["BTC_ID"]
API_KEY, API_SECRET = os.environ["API_KEY"], os.environ["API_SECRET"]
INSTITUTION_TYPE, API_RSA_PK = os.environ["INSTITUTION_TYPE"], os.environ["API_RSA_PK"]
RSA_PK, RSA_SK = os.environ["RSA_PK"], os.environ["RSA_SK"]


# [timestamp]
def timestamp() -> str:  # %H, not %I 小时用 %H，不要用 %I
    return datetime.now(timezone(timedelta(hours=8))).strftime("%Y%m%d%H%M%S")


# [amount]
def amount(number: str) -> str:  # never str(float) 不要用 str(float)
    return f"{Decimal(number):.2f}"


# [list]
def json_list(rows: list[object]) -> str:  # params["files"] = json_list(rows), then sign 再签名
    return json.dumps(rows, ensure_ascii=False)


# [plaintext]
def plaintext(params: dict[str, str]) -> bytes:  # no str(params) 不要用 str(params)
    return json.dumps(params, ensure_ascii=False).encode("utf-8")


# [sign]
def sign(params: dict[str, str], secret: str) -> str:
    names = sorted(name for name in params if name != "sign")
    base = secret + "".join(f"{name}{params[name]}" for name in names) + secret
    return hashlib.md5(base.encode("utf-8")).hexdigest().upper()


# [seal]
def seal(plain: bytes, public_key: str) -> str:
    key = load_der_public_key(base64.b64decode(public_key))
    assert isinstance(key, RSAPublicKey)
    room = key.key_size // 8 - 11
    pieces = [plain[at : at + room] for at in range(0, len(plain), room)]
    sealed = b"".join(key.encrypt(piece, PKCS1v15()) for piece in pieces)
    return base64.b64encode(sealed).decode()  # once; no encodebytes, no urlsafe_b64encode


# [open]
def open_param(param: str) -> dict[str, str]:
    key = load_der_private_key(base64.b64decode(RSA_SK), password=None)
    assert isinstance(key, RSAPrivateKey)
    size, sealed = key.key_size // 8, base64.b64decode(param)
    blocks = [sealed[at : at + size] for at in range(0, len(sealed), size)]
    params: dict[str, str] = json.loads(b"".join(key.decrypt(each, PKCS1v15()) for each in blocks))
    return params


# [hash]
def file_hash(content: bytes) -> str:  # Path(…).read_bytes(), the very bytes sent 即发送的字节
    return hashlib.sha256(content).hexdigest()


# [message]
def message(method: str, business: dict[str, str]) -> str:
    params = {  # one dict for both 签名与加密用同一个 dict
        **business,
        "method": method,
        "timestamp": timestamp(),
        "btc_id": BTC_ID,
        "enter_institution_type": INSTITUTION_TYPE,
    }
    params["sign"] = sign(params, API_SECRET)  # last 最后签名
    return seal(plaintext(params), RSA_PK)


# [token]
def fetch_token() -> str:
    params = {
        "method": "get_access_token",
        "api_key": API_KEY,
        "api_secret": API_SECRET,
        "timestamp": timestamp(),
    }
    params["sign"] = sign(params, API_SECRET)
    answer = json.loads(post({"param": seal(plaintext(params), API_RSA_PK)}))  # not RSA_PK
    if "access_token" not in answer["data"]:
        raise RuntimeError(answer)  # refused 被拒绝
    return str(answer["data"]["access_token"])  # keep it for the next calls 请保存


# [form]
def post(fields: dict[str, str]) -> str:  # data=, not json= or params=
    return requests.post(PLATFORM, data=fields, timeout=30).text


# [multipart]
def post_file(fields: dict[str, str], name: str, content: bytes) -> str:
    files = {name: ("a.pdf", content, "application/pdf")}  # no Content-Type header 不要自设请求头
    return requests.post(PLATFORM, data=fields, files=files, timeout=30).text


# [endpoint]
def serve(port: int, keep: Callable[[dict[str, str]], None]) -> None:
    class Pushes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer: dict[str, object] = {"status": 200}
            try:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                params = open_param(parse_qs(body)["param"][0])
                if sign(params, API_SECRET) != params["sign"]:
                    raise ValueError("sign")
                keep(params)  # once only, a push may come again 只处理一次，推送可能重复
            except Exception:
                answer = {"status": 404, "data": "验签失败"}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

    HTTPServer(("", port), Pushes).serve_forever()
