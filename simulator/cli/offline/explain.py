"""`conzhu-sim explain`: why a message is wrong, from the account letter alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import click

from simulator import paths, texts
from simulator.cli.accounts import letters
from simulator.cli.command import command
from simulator.cli.offline import primitives as offline
from simulator.cli.output.findings import describe_findings, draw_findings
from simulator.cli.output.render import Column
from simulator.cli.output.snippets import draw_snippets
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError, Text, Unreadable
from simulator.protocol import envelope, masking, plaintext, rsa, signing
from simulator.protocol.catalogue import Catalogue, Interface, describe_fault
from simulator.protocol.diagnosis import (
    Credentials,
    Finding,
    explain_seal,
    explain_sign,
    make_finding,
)
from simulator.protocol.plaintext import NotAPlaintext, Parameters, as_text
from simulator.protocol.rsa import CannotOpen

_TOKEN_METHOD = "get_access_token"
#: What a `param` may look like that was sealed with the key whose private half is not in a letter.
_NOT_OPENED = ("unknown_key", "another_key_size")
_TEXTS: Mapping[str, Text] = texts.load("explaining")


@command(
    "explain",
    "离线诊断：param 为何无法解密，或签名为何不对。",
    "explain --letter .simulator/letters/demo.json --param -",
    None,
    False,
)
@offline.LETTER
@click.option("--param", help="A param, or the form's whole body; - for stdin. 密文 param。")
@click.option(
    "--json-params",
    metavar="FILE",
    help="The decrypted parameters, sign included, as JSON; - for stdin. 已解密的参数。",
)
@click.option("--access-token", help="The token sent beside param. 随 param 发送的 token。")
def explain(
    terminal: Terminal,
    letter: str,
    param: str | None,
    json_params: str | None,
    access_token: str | None,
) -> None:
    """Say why a param does not open or why its sign is wrong, and what to change; no server."""
    if (param is None) == (json_params is None):
        raise SimulatorError(
            "Give either --param or --json-params.", "请给出 --param 或 --json-params（二选一）。"
        )
    content = letters.read(letter)
    if param is not None:
        shown = _explain_param(content, offline.read_param(param), access_token or "")
    else:
        shown = _explain_parameters(
            content, offline.parse_parameters((), json_params), access_token or ""
        )
    terminal.show(shown, lambda: _draw(terminal, shown))


def _explain_param(letter: Mapping[str, Any], pasted: str, token: str) -> dict[str, Any]:
    if not pasted.strip():
        raise SimulatorError("The param is empty.", "param 为空。")
    own = letters.private_key(letter)
    param, notes = pasted, []
    if pasted.startswith(("param=", "access_token=")):
        fields = {name: values[-1] for name, values in parse_qs(pasted, True).items()}
        param, token = fields.get("param", ""), token or fields.get("access_token", "")
        notes = [_TEXTS["read_as_form"]]
    try:
        opened = envelope.open_param(param, own)
    except (CannotOpen, NotAPlaintext) as error:
        # The platform's private key is in no letter, so the account's own stands in for it.
        found = explain_seal(param, own, own, "own")
        if found and found[-1].mistake.name in _NOT_OPENED and _fits_platform(letter, param):
            notes.append(_TEXTS["maybe_token_request"])
        return _build_result(found, notes, _describe_unopened(error, found), opened=False)
    seal = []
    if opened.parameters.get("method") == _TOKEN_METHOD:
        seal = [make_finding("own_key_instead_of_platform", _TEXTS["opens_with_own_key"])]
    shown = _explain_parameters(letter, opened.parameters, token, notes, seal)
    if shown["valid"] and seal:
        shown["summary"] = _TEXTS["token_request_with_own_key"].as_json()
    return {**shown, "opened": True, "form": plaintext.form_of(opened.text.encode())}


def _describe_unopened(error: Unreadable, found: Sequence[Finding]) -> Text:
    en = f"param does not open with rsa_sk: {error.text.en}."
    zh = f"param 无法用 rsa_sk 解密：{error.text.zh}。"
    if not found:
        en, zh = f"{en} No known mistake explains it.", f"{zh}没有已知的错误能解释。"
    return Text(en, zh)


def _fits_platform(letter: Mapping[str, Any], param: str) -> bool:
    try:
        size = rsa.block_size(letters.key(letter, "api_rsa_pk"))
        return len(envelope.decode(param)) % size == 0
    except (SimulatorError, CannotOpen):
        return False


def _explain_parameters(
    letter: Mapping[str, Any],
    parameters: Parameters,
    token: str,
    notes: Sequence[Text] = (),
    seal: Sequence[Finding] = (),
) -> dict[str, Any]:
    """Say what is wrong with parameters that are decrypted; `seal` was found before."""
    checked = signing.verify(parameters, letter["api_secret"])
    found = [] if checked.valid else _explain_sign(letter, parameters, token)
    given = as_text(parameters.get("sign"))
    summary = _summarize(given, found)
    if checked.valid:
        summary = _judge_parameters(letter, parameters)
        notes = (*notes, _TEXTS["not_checked"])
    return {
        **_build_result([*seal, *found], (*notes, *checked.notes), summary),
        "parameters": masking.mask(parameters),
        "sign": given,
        "valid": checked.valid,
        "expected": checked.expected,
        "base": masking.mask_base(parameters),
    }


def _explain_sign(letter: Mapping[str, Any], parameters: Parameters, token: str) -> list[Finding]:
    """Name the mistakes; what the method's table has beside the parameters may be signed too."""
    interface = _find_interface(letter, parameters)
    listed = interface.parameters if interface else ()
    own = Credentials(
        str(letter.get("name", "")), str(letter.get("api_key", "")), letter["api_secret"], ""
    )
    absent = [each.name for each in listed if each.name not in parameters]
    return explain_sign(parameters, own, beside={"access_token": token}, absent=absent)


def _judge_parameters(letter: Mapping[str, Any], parameters: Parameters) -> Text:
    """Say whether parameters that are rightly signed have the form of their method's table."""
    texts_given = {name: as_text(value) for name, value in parameters.items()}
    interface = _find_interface(letter, parameters)
    if interface is None:
        method = texts_given.get("method", "")
        return Text(
            f"Seal and sign are right, but there is no method {method!r}: its parameters were not "
            "checked.",
            f"加密与签名正确，但没有方法 {method!r}：未检查其参数。",
        )
    fault = interface.first_fault(texts_given, {file.name for file in interface.files})
    if fault is None:
        return _TEXTS["message_right"]
    why = describe_fault(interface, fault, texts_given)
    return Text(
        f"Seal and sign are right, but {why.en} The platform answers {fault.code}.",
        f"加密与签名正确，但{why.zh}平台返回 {fault.code}。",
    )


def _find_interface(letter: Mapping[str, Any], parameters: Parameters) -> Interface | None:
    kind, method = str(letter.get("kind", "")), as_text(parameters.get("method"))
    return Catalogue.load(paths.schemas()).find(kind, method)


def _summarize(given: str, found: Sequence[Finding]) -> Text:
    if not given and not found:
        return Text(
            "There is no sign among the parameters: add it under the name sign.",
            "参数中没有签名：请以 sign 为名加入。",
        )
    if not any(each.certain for each in found):
        return Text(
            "The sign does not hold, and no known mistake gives it: compare the base string with "
            "the text that your code hashes, and the api_secret with the letter.",
            "签名不对，且没有已知的错误能得出它：请将待签名串与代码实际计算的文本比对，"
            "并核对开户信中的 api_secret。",
        )
    return Text("The sign does not hold.", "签名不对。")


def _build_result(
    found: Sequence[Finding], notes: Sequence[Text], summary: Text, **more: Any
) -> dict[str, Any]:
    return {
        **describe_findings(found, summary),
        "notes": [note.as_json() for note in notes],
        **more,
    }


_SIGN = (
    Column("sign holds", "签名正确", "valid"),
    Column("sign sent", "收到的签名", lambda row: None if row["valid"] else row["sign"]),
    Column("expected sign", "应为", "expected"),
    Column("base string", "待签名串", "base"),
)


def _draw(terminal: Terminal, shown: dict[str, Any]) -> None:
    draw_findings(terminal, shown)
    for note in shown["notes"]:
        terminal.say(f"\n{note['en']}", f"\n{note['zh']}")
    if "base" in shown:
        print()
        terminal.draw_record(shown, _SIGN)
    draw_snippets(terminal, (each["snippet"] for each in shown["findings"]))
