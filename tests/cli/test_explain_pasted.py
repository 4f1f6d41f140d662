"""`conzhu-sim explain --call`: curl commands, requests and log lines, as people paste them."""

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from cli.command_line import Cli
from support.platform import Platform

from simulator.cli.offline.pasted import dumps
from simulator.errors import SimulatorError
from simulator.protocol import envelope, rsa

TOKEN = "0123456789abcdef0123456789abcdef"
PARAM = "aB+/9xY=" * 8
FIELDS = {"param": PARAM, "access_token": TOKEN}
BODY = urlencode(FIELDS)
URL = "http://127.0.0.1:8900/api/insurer/v1"
QUOTED = quote_plus(PARAM)

WHOLE = {
    "bash": f"curl -sS -X POST '{URL}' -H 'Content-Type: application/x-www-form-urlencoded' \\\n"
    f"  -d 'param={QUOTED}' \\\n  -d \"access_token={TOKEN}\" | jq .",
    "a prompt": f"user@host:~$ curl --url {URL} --data-raw {BODY.replace('&', chr(92) + '&')}",
    "ANSI-C quotes": f"curl {URL} --data-raw $'param={QUOTED}\\u0026access_token={TOKEN}'",
    "cmd": f'curl ^"{URL}^" ^\r\n  -H ^"Accept: */*^" ^\r\n  --data-raw '
    f'^"param={QUOTED.replace("%", "^%^")}^&access_token={TOKEN}^"',
    "PowerShell": f'curl.exe -s "{URL}" `\r\n  -d "param={QUOTED}" `\r\n'
    f'  -d "access_token={TOKEN}"',
    "urlencode": f"curl {URL} --data-urlencode 'param={PARAM}' "
    f"--data-urlencode access_token={TOKEN}",
    "multipart": f"curl {URL} -F 'param={PARAM}' -F 'access_token={TOKEN};type=text/plain' "
    "-F file=@guarantee.pdf",
    "what Postman writes": f"curl --location '{URL}' --form 'param=\"{PARAM}\"' "
    f"--form 'access_token=\"{TOKEN}\"'",
    "prompts of further lines": f"$ curl {URL} \\\n> -d param={QUOTED} \\\n> "
    f"-d access_token={TOKEN}",
    "lines that lost their joints": f"curl {URL}\n  -d '{BODY}'",
    "what curl wrote behind it": f"curl -v {URL} -d '{BODY}'\n* Can't\n"
    "> POST / HTTP/1.1\n< HTTP/1.1",
    "two commands": f"curl {URL} -d '{BODY}'; curl {URL} -d param=x\ncurl {URL} -d param=y",
    "a chat's fence": f"```bash\ncurl '{URL}' \\\n  -d '{BODY}'\n```",
    "signs without blanks": f"curl {URL} -d '{BODY}'|jq . 2>/dev/null",
    "an empty value": f"curl {URL} -H '' -d '{BODY}' >out.json",
    "blanks that do not break": f"curl\xa0{URL}\xa0-d\xa0'{BODY}'",
    "a dollar": f"curl {URL} -H 'X-Price: $free' -d '{BODY}'",
    "a sentence with curl": f"sent by curl with {BODY}",
    "short options": f"curl -sSkLXPOST -dparam={QUOTED} -d access_token={TOKEN} {URL} 2>&1",
    "a request": f"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\n"
    f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{BODY}\r\n",
    "what curl -v writes": "> POST /api/insurer/v1 HTTP/1.1\n> Host: a\n"
    f"> Content-Type: application/x-www-form-urlencoded\n>\n{BODY}",
    "a request and its answer": "POST / HTTP/1.1\n"
    "Content-Type: application/x-www-form-urlencoded\n\n"
    f"{BODY}\n\nHTTP/1.1 200 OK\n\n{{}}",
    "a request in one line": f"send: b'POST / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n{BODY}'",
    "a log line": f'2026-08-01 10:00:00 INFO  sent body="{BODY}" status=200',
    "the token first": f"body=access_token={TOKEN}&param={QUOTED}; took 3 ms",
    "JSON with a body": json.dumps({"level": "info", "http": {"body": BODY}}),
    "JSON in a line": 'INFO {"body":"' + BODY.replace("&", "\\u0026") + '"}',
    "JSON cut off": 'INFO {"body":"' + BODY.replace("&", "\\u0026"),
    "members": json.dumps({"request": FIELDS}),
    "a map of Java": f"post form {{param={PARAM}, access_token={TOKEN}}}",
    "a map of Spring": f"Writing [{{param=[{PARAM}], access_token=[{TOKEN}]}}]",
    "a map of Go": f"map[access_token:[{TOKEN}] param:[{PARAM}]]",
    "an array of PHP": f"Array\n(\n [param] => {PARAM}\n [access_token] => {TOKEN}\n)",
    "its var_export": f"array (\n 'param' => '{PARAM}',\n 'access_token' => '{TOKEN}',\n)",
    "its var_dump": f'["param"]=>\n string(64) "{PARAM}"\n ["access_token"]'
    f'=>\n string(32) "{TOKEN}"',
    "pairs of Python": f"[('param', '{PARAM}'), ('access_token', '{TOKEN}')]",
    "a map of Node": f"URLSearchParams {{ 'param' => '{PARAM}', 'access_token' => '{TOKEN}' }}",
    "a map of Python": f"post {FIELDS!r} to {URL}",
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_fields_are_what_was_posted(name: str) -> None:
    posting = dumps.read(WHOLE[name]).read()

    assert dict(posting.fields) == FIELDS
    assert posting.files == ({"file"} if name == "multipart" else set())


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    for piece in ("a=b&", "param ", "param=", "{", "$'", "curl\n", "> ", " ", "\n-d ", "```\n"):
        text = piece * 30_000
        try:
            dumps.read(text).read()
        except SimulatorError as refused:
            assert refused.text.zh  # noqa: PT017


def test_bash_words_are_those_of_bash() -> None:
    command = WHOLE["bash"].partition("|")[0]
    assert shutil.which("bash")
    shown = subprocess.run(
        ["bash", "-c", 'curl() { printf "%s\\n" "$@"; }\n' + command],
        capture_output=True,
        check=True,
        text=True,
    )
    assert f"param={QUOTED}" in shown.stdout.splitlines()
    assert shlex.split(command.replace("\\\n", ""))[1:] == shown.stdout.splitlines()


WRONG = {
    f"curl {URL} --frobnicate hunter2hunter2": "curl's option --frobnicate is not understood",
    f"curl {URL} -d @body.txt": "--data takes a file, which is not in the command",
    f'curl {URL} -d "param=$PARAM"': "has a variable of the shell",
    f"curl {URL} -d 'param=abc": "ends within a quote",
    f"curl {URL} -d": "ends behind -d",
    f"curl {URL} -d “{BODY}”": "has typographic quotation marks",
    "> POST / HTTP/1.1\n> Content-Length: 900\n>\n* uploaded\n< HTTP/1.1 200 OK": "body is not in",
    "nothing of the kind": "There is no call in this",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_not_understood_is_said_without_its_value(text: str) -> None:
    with pytest.raises(SimulatorError) as refused:
        dumps.read(text).read()

    assert WRONG[text] in refused.value.text.en
    assert "hunter2" not in refused.value.text.en + refused.value.text.zh


@pytest.mark.parametrize(
    "text",
    [
        "param=\udcff&access_token=x",
        '{"body": "param=\\ud800&access_token=x"}',
        "{param: \udcff, access_token: x}",
        "POST / HTTP/1.1\n\nparam=\udcff",
    ],
)
def test_half_a_letter_is_read_as_well(text: str) -> None:
    assert dumps.read(text).body.startswith(b"param=")


@pytest.fixture
def explain(
    offline: Cli, letter_file: str, tmp_path: Path
) -> Callable[[str], tuple[dict[str, Any], str]]:
    """Explains a call from a file, and returns JSON and text; neither shows a credential."""
    letter = json.loads(Path(letter_file).read_text("utf-8"))

    def run(call: str) -> tuple[dict[str, Any], str]:
        file = tmp_path / "call.txt"
        file.write_text(call, "utf-16")
        command = ("explain", "--letter", letter_file, "--call")
        shown = dict(offline.json(*command, f"@{file}"))
        text = offline.text(*command, "-", stdin=call)
        for secret in (TOKEN, letter["api_secret"]):
            assert secret not in text + json.dumps(shown)
        return shown, text

    return run


def seal(platform: Platform, **changes: str) -> str:
    letter = platform.letter()
    parameters = {
        "method": "insurer_get_guarantee_info",
        "btc_id": str(letter["btc_id"]),
        "enter_institution_type": "4",
        "order_no": "97",
        "timestamp": "20260105100000",
    }
    signed = envelope.signed(parameters, letter["api_secret"]) | changes
    return quote_plus(envelope.seal(signed, rsa.load_key(letter["rsa_pk"]["pem"])))


def mistakes(shown: dict[str, Any]) -> list[str]:
    return [each["mistake"] for each in shown["findings"]]


def test_a_right_call_is_told_to_be_right(
    platform: Platform, explain: Callable[[str], tuple[dict[str, Any], str]]
) -> None:
    shown, text = explain(f"curl {URL} -d 'param={seal(platform)}&access_token={TOKEN}'")

    assert (shown["valid"], shown["findings"]) == (True, [])
    assert text.startswith("Nothing is wrong")


def test_each_part_of_a_wrong_call_is_explained(
    platform: Platform, explain: Callable[[str], tuple[dict[str, Any], str]]
) -> None:
    right = seal(platform)
    for call, expected in (
        (f"curl -G {URL} -d 'param={right}&access_token={TOKEN}'", "fields_in_query"),
        (f'curl {URL} --json \'{{"param":"x","api_secret":"y"}}\'', "json_instead_of_form"),
        (f"curl {URL} -F param=@param.txt -F access_token={TOKEN}", "param_as_file"),
        (f"curl '{URL}?access_token={TOKEN}' -d 'param={right}'", "token_elsewhere"),
        (f"curl {URL} -d 'param={right}' -H 'Authorization: Bearer {TOKEN}'", "token_elsewhere"),
        (f"curl {URL} -d 'param={right}'", "token_absent"),
    ):
        assert mistakes(explain(call)[0]) == [expected], call
    assert "Seal and sign are right" in explain(f"curl {URL} -d 'param={right}'")[1]
    broken = explain(f"curl {URL} -d 'param={seal(platform, order_no='98')}&access_token={TOKEN}'")
    assert not broken[0]["valid"]
    elsewhere = explain(f"curl {URL.replace('v1', 'v2')} -d 'param={right}&access_token={TOKEN}'")
    assert "ends with /api/insurer/v1" in elsewhere[1]
    for url in ("127.0.0.1:8900/api/insurer/v1", "https://a/b/api/insurer/v1/", "http://a：1/api"):
        near = explain(f"curl {url} -d 'param={right}&access_token={TOKEN}'")[1]
        assert ("ends with" in near) == url.endswith("/api"), url
