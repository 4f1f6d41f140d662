"""docs/wire.md, executed in every language of it that is installed here, on a real simulator.

`languages/` has a program for each that does with the page's code what the page says: it gets a
token, issues a guarantee with its PDF, and then serves an endpoint until it is stopped.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from calls.insurer import POLICY, Insurer
from support.institution import Institution
from support.platform import Platform

from simulator.texts.dialects import DIALECTS

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "wire.md").read_text("utf-8")
#: What each language needs, how its program is built, and how it is started.
LANGUAGES = {
    "java": (
        ("javac", "java"),
        "javac -J-XX:TieredStopAtLevel=1 -proc:none -d . Conzhu.java Main.java ObjectMapper.java",
        "exec java -XX:TieredStopAtLevel=1 Main",
    ),
    "php": (("php",), "true", 'php main.php "$@" && exec php -S 127.0.0.1:$2 main.php'),
    "node": (("node",), "true", "exec node main.mjs"),
    "python": ((), "true", "exec $PYTHON main.py"),
    "csharp": (
        ("mcs", "mono"),
        "mcs -r:System.Net.Http,System.Web.Extensions -out:main.exe Conzhu.cs Main.cs Net6.cs",
        "exec mono main.exe",
    ),
    "go": (("go",), "go build -o main conzhu.go main.go", "exec ./main"),
}
HERE_NOW = [
    name for name, (tools, _, _) in LANGUAGES.items() if all(shutil.which(tool) for tool in tools)
]


def test_the_page_has_every_language_once() -> None:
    assert re.findall("<summary>(.+)</summary>", PAGE) == [
        dialect.title for dialect in DIALECTS.values()
    ]


@pytest.mark.parametrize("language", HERE_NOW)
def test_the_page_does_what_it_says(
    language: str, platform: Platform, institution: Institution, tmp_path: Path
) -> None:
    order = Insurer(platform, institution).bring(platform.create_order(), "WAIT_OUT_GUARANTEE")
    with run(language, platform.letter(), order, tmp_path) as (port, lines):
        said = dict(line.split(" ", 1) for line in (next(lines) for _ in range(3)))
        assert said["amount"] == "1234.50"
        assert json.loads(said["list"]) == ["施工", 'a/b"']
        assert json.loads(said["answer"])["status"] == 200, said["answer"]
        [guarantee] = platform.get("guarantees")
        assert guarantee["guarantee_no"] == f"保函 {language}+&="

        forged = answer_of(port, "AAAA")
        assert forged == {"status": 404, "data": "验签失败"}
        platform.register(f"http://127.0.0.1:{port}")
        platform.post("orders", order["order_no"], "finish")
        platform.run()
        assert [push["state"] for push in platform.pushes()][-1] == "acknowledged"
        assert next(lines) == f"push {order['order_no']}"


@contextmanager
def run(
    language: str, letter: dict[str, Any], order: Any, folder: Path
) -> Iterator[tuple[int, Iterator[str]]]:
    """Build and start a language's program; give its endpoint's port, and the lines it prints."""
    _, build, start = LANGUAGES[language]
    dialect = DIALECTS[language]
    [code] = re.findall(
        rf"<summary>{re.escape(dialect.title)}</summary>\n\n```\w+\n(.*?)^```", PAGE, re.M | re.S
    )
    for program in (HERE / "languages").iterdir():
        shutil.copy(program, folder)
    (folder / dialect.file).write_text(code, "utf-8")
    (folder / "a.pdf").write_bytes(POLICY)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    business = {
        **{name: order[name] for name in ("order_no", "principal", "creditor")},
        "guarantor": order["accept_insurer"],
        "guarantee_no": f"保函 {language}+&=",
        "out_guarantee_time": "2030-10-30 15:12:12",
    }
    given = ["a.pdf", str(port), *(f"{name}={value}" for name, value in business.items())]
    environment = {**os.environ, **credentials(letter), "PYTHON": sys.executable}
    shell = ["bash", "-ec", f'{build}\n{start} "$@"', language, *given]
    process = subprocess.Popen(
        shell, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout
    try:
        yield port, (line.rstrip("\n") for line in process.stdout)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def credentials(letter: dict[str, Any]) -> dict[str, str]:
    keys = {name.upper(): letter[name]["base64"] for name in ("rsa_pk", "rsa_sk", "api_rsa_pk")}
    names = {"PLATFORM": "platform", "BTC_ID": "btc_id", "API_KEY": "api_key"}
    names |= {"API_SECRET": "api_secret", "INSTITUTION_TYPE": "enter_institution_type"}
    return keys | {name: str(letter[member]) for name, member in names.items()}


def answer_of(port: int, param: str) -> Any:
    """Post a push's form to the endpoint, as soon as it listens."""
    for _ in range(200):
        try:
            return requests.post(f"http://127.0.0.1:{port}/", {"param": param}, timeout=10).json()
        except requests.ConnectionError:
            time.sleep(0.02)
    raise AssertionError("the endpoint does not listen")
