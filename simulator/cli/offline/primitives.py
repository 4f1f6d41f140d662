"""`conzhu-sim sign`, `seal` and `open`: the protocol by hand, from an account letter alone."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click

from simulator import clock, given_files
from simulator.cli.accounts import letters
from simulator.cli.arguments import parse_pairs
from simulator.cli.command import command
from simulator.cli.output.render import Column, format_members
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError
from simulator.protocol import envelope, masking, plaintext, signing
from simulator.protocol.plaintext import FORMS, Form, NotAPlaintext, Value
from simulator.protocol.rsa import CannotOpen

LETTER = click.option(
    "--letter", required=True, metavar="FILE", help="The account letter (JSON). 开户信。"
)


def _parameters(function: Callable[..., None]) -> Callable[..., None]:
    option = click.option(
        "--json-params", metavar="FILE", help="A JSON object; - for stdin. JSON 参数文件。"
    )
    return click.argument("written", nargs=-1, metavar="[NAME=VALUE]...")(option(function))


def read_stdin() -> bytes:
    """Return all that stdin holds."""
    return sys.stdin.buffer.read()


def read_param(param: str) -> str:
    """Return a `param` as it was given, or what stdin holds for `-`."""
    return given_files.decode(read_stdin(), "stdin").strip() if param == "-" else param


def parse_parameters(written: tuple[str, ...], json_params: str | None) -> dict[str, Value]:
    """Return the parameters: those of the JSON object, then the pairs.

    Raises:
        SimulatorError: there are none, or the JSON is no object.
    """
    read: dict[str, Value] = {}
    if json_params is not None:
        given = read_stdin() if json_params == "-" else Path(json_params).read_bytes()
        content = given_files.decode(given, json_params).encode()
        try:
            if plaintext.form_of(content) != "json":
                raise NotAPlaintext("it is not a JSON object", "不是 JSON 对象")
            read = plaintext.read(content)
        except NotAPlaintext:
            raise SimulatorError(
                f"{json_params} does not hold a JSON object of parameters.",
                f"{json_params} 的内容不是 JSON 参数对象。",
            ) from None
    read |= parse_pairs(written)
    if not read:
        raise SimulatorError(
            "Give parameters: name=value, or --json-params FILE.",
            "请给出参数：name=value，或 --json-params FILE。",
        )
    return read


def _sign(parameters: dict[str, Value], secret: str) -> str:
    try:
        return signing.sign(parameters, secret)
    except signing.UnsignableValue as error:
        raise SimulatorError(
            f"{error} is a bare JSON array or object, which cannot be signed; write it as a JSON "
            "string.",
            f"{error} 是 JSON 数组或对象，无法签名；请写成 JSON 字符串。",
        ) from None


_SIGNED = (Column("base string", "待签名串", "base"), Column("sign", "签名", "sign"))


@command(
    "sign",
    "离线计算签名。",
    "sign --letter .simulator/letters/demo.json method=query order_no=1",
    None,
    False,
)
@click.option("--secret", help="The api_secret. 密钥 api_secret。")
@click.option("--letter", metavar="FILE", help="The account letter (JSON). 开户信。")
@click.option("--show-secret", is_flag=True, help="Do not mask credentials. 显示密钥。")
@_parameters
def sign(
    terminal: Terminal,
    secret: str | None,
    letter: str | None,
    show_secret: bool,
    written: tuple[str, ...],
    json_params: str | None,
) -> None:
    """Compute a sign (5.1) and show what is hashed; no server is needed."""
    if (secret is None) == (letter is None):
        raise SimulatorError(
            "Give either --secret or --letter.", "请给出 --secret 或 --letter（二选一）。"
        )
    if secret is None:
        secret = letters.read(str(letter))["api_secret"]
    parameters = parse_parameters(written, json_params)
    computed = _sign(parameters, str(secret))
    base = (
        signing.base_string(parameters, str(secret))
        if show_secret
        else masking.mask_base(parameters)
    )
    shown = {"base": base, "sign": computed}
    terminal.show(shown, lambda: terminal.draw_record(shown, _SIGNED))


@command(
    "seal",
    "离线生成 param（自动补充 timestamp 和 sign）。",
    "seal --letter .simulator/letters/demo.json method=query order_no=1",
    None,
    False,
)
@LETTER
@click.option(
    "--key",
    type=click.Choice(["rsa_pk", "api_rsa_pk"]),
    help="By default api_rsa_pk for get_access_token, else rsa_pk. 加密公钥。",
)
@click.option(
    "--form",
    type=click.Choice(FORMS),
    default="json",
    show_default=True,
    help="How the plaintext is written. 明文写法。",
)
@_parameters
def seal(
    terminal: Terminal,
    letter: str,
    key: str | None,
    form: str,
    written: tuple[str, ...],
    json_params: str | None,
) -> None:
    """Make a param (5.2), adding timestamp and sign where they are absent; no server is needed."""
    content = letters.read(letter)
    parameters = parse_parameters(written, json_params)
    token_request = parameters.get("method") == "get_access_token"
    public = letters.key(content, key or ("api_rsa_pk" if token_request else "rsa_pk"))
    if "timestamp" not in parameters:
        parameters["timestamp"] = clock.stamp(clock.wall_now())
    if "sign" not in parameters:
        parameters["sign"] = _sign(parameters, content["api_secret"])
    param = envelope.seal(parameters, public, cast(Form, form))
    terminal.done({"param": param}, param, param)


_OPENED = (
    Column("form", "明文写法", "form"),
    Column("sign holds", "签名正确", "valid"),
    Column("expected sign", "应为", lambda row: None if row["valid"] else row["expected"]),
    Column("base string", "待签名串", "base"),
)


@command(
    "open", "离线解密 param 并验签。", "open --letter .simulator/letters/demo.json -", None, False
)
@LETTER
@click.option(
    "--key", default="rsa_sk", show_default=True, help="Private key in the letter. 私钥。"
)
@click.argument("param")
def open_(terminal: Terminal, letter: str, key: str, param: str) -> None:
    """Open a param (- for stdin): its parameters and whether the sign holds; needs no server."""
    content = letters.read(letter)
    private = letters.private_key(content, key)
    sealed = read_param(param)
    try:
        opened = envelope.open_param(sealed, private)
    except (CannotOpen, NotAPlaintext) as error:
        raise SimulatorError(
            f"param cannot be opened with {key}: {error}.", f"用 {key} 无法解密 param：{error}。"
        ) from None
    checked = signing.verify(opened.parameters, content["api_secret"])
    shown: dict[str, Any] = {
        "parameters": opened.parameters,
        "form": plaintext.form_of(opened.text.encode()),
        "valid": checked.valid,
        "expected": checked.expected,
        "base": masking.mask_base(opened.parameters),
        "notes": [note.as_json() for note in checked.notes],
    }
    terminal.show(shown, lambda: _draw(terminal, shown))


def _draw(terminal: Terminal, shown: dict[str, Any]) -> None:
    print(format_members(shown["parameters"]), end="\n\n")
    terminal.draw_record(shown, _OPENED)
    for note in shown["notes"]:
        terminal.say(note["en"], note["zh"])
