"""A stub that takes an afternoon to write: opens `param`, checks the sign, answers 200.

`python benchmarks/stub.py LETTER` prints its address. No storage, no state, no journal, no check
of any parameter, one key; Flask, pycryptodome and waitress, almost as their first pages show them.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from Crypto.Cipher import PKCS1_v1_5
from Crypto.PublicKey import RSA
from flask import Flask, jsonify, request
from waitress.server import create_server

app = Flask(__name__)
letter = json.loads(Path(sys.argv[1]).read_text("utf-8"))
key = RSA.import_key(letter["rsa_sk"]["pem"])


def open_param(param: str) -> dict[str, Any]:
    """Decrypt the blocks and read the JSON in them."""
    sealed = base64.b64decode(param)
    cipher = PKCS1_v1_5.new(key)
    size = key.size_in_bytes()
    opened = [
        cipher.decrypt(sealed[start : start + size], b"") for start in range(0, len(sealed), size)
    ]
    return dict(json.loads(b"".join(opened)))


def sign(parameters: dict[str, Any]) -> str:
    """Return the sign of 5.1."""
    secret = letter["api_secret"]
    names = sorted(name for name in parameters if name != "sign")
    base = secret + "".join(name + str(parameters[name]) for name in names) + secret
    return hashlib.md5(base.encode(), usedforsecurity=False).hexdigest().upper()


@app.post("/api/insurer/v1")
def answer() -> Any:
    """Answer a call."""
    try:
        parameters = open_param(request.form["param"])
    except ValueError:
        return jsonify(status=1006)
    if parameters.get("sign") != sign(parameters):
        return jsonify(status=1007)
    return jsonify(status=200, data="成功")


if __name__ == "__main__":
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    print(f"http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()
