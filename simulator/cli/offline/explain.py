"""`conzhu-sim explain`: why a message is wrong, from the account letter alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from simulator import given_files, paths, texts
from simulator.cli.accounts import letters
from simulator.cli.command import command
from simulator.cli.offline import primitives as offline
from simulator.cli.offline.pasted import dumps
from simulator.cli.offline.pasted.call import PastedCall
from simulator.cli.output.findings import describe_findings, draw_findings
from simulator.cli.output.render import Column
from simulator.cli.output.snippets import draw_snippets
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError, Text, Unreadable
from simulator.protocol import envelope, masking, plaintext, rsa, signing
from simulator.protocol.catalogue import TOKEN_METHOD, Catalogue, Interface, describe_fault
from simulator.protocol.diagnosis import (
    Credentials,
    Finding,
    explain_seal,
    explain_sign,
    make_finding,
)
from simulator.protocol.diagnosis.forms import (
    Posting,
    describe_absent_param,
    explain_absent_token,
    explain_fault,
    explain_form,
    explain_joint,
)
from simulator.protocol.plaintext import NotAPlaintext, Parameters, as_text
from simulator.protocol.rsa import CannotOpen

#: What a `param` may look like that was sealed with the key whose private half is not in a letter.
_NOT_OPENED = ("unknown_key", "another_key_size")
#: Letters of a credential, of which none is shorter.
_SECRET = 8
#: How a form's body begins.
_FORM = ("param=", "access_token=")
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
@click.option(
    "--call",
    metavar="TEXT",
    help="A curl command, request or log line; @FILE or -. curl 命令、请求或日志行。",
)
@click.option("--access-token", help="The token sent beside param. 随 param 发送的 token。")
def explain(
    terminal: Terminal,
    letter: str,
    param: str | None,
    json_params: str | None,
    call: str | None,
    access_token: str | None,
) -> None:
    """Say why a param does not open or why its sign is wrong, and what to change; no server."""
    if [param, json_params, call].count(None) != 2:
        raise SimulatorError(
            "Give one of --param, --json-params and --call (with - it reads standard input).",
            "请给出 --param、--json-params、--call 之一（- 表示标准输入）。",
        )
    content = letters.read(letter)
    if call is not None:
        shown = _explain_call(content, dumps.read(_read_text(call)), access_token or "")
    elif param is not None and (pasted := offline.read_param(param)).startswith(_FORM):
        shown = _explain_call(content, PastedCall.from_text(pasted), access_token or "")
    elif param is not None:
        shown = _explain_param(content, pasted, access_token or "")
    else:
        shown = _explain_parameters(
            content, offline.parse_parameters((), json_params), access_token or ""
        )
    terminal.show(shown, lambda: _draw(terminal, shown))


def _read_text(call: str) -> str:
    if call == "-":
        return given_files.decode(offline.read_stdin(), "stdin")
    if not call.startswith("@"):
        return call
    try:
        return given_files.read_text(Path(call[1:]))
    except OSError as error:
        raise SimulatorError(
            f"The file {call[1:]} cannot be read: {error.strerror}.",
            f"无法读取文件 {call[1:]}：{error.strerror}。",
        ) from None


def _explain_call(letter: Mapping[str, Any], call: PastedCall, token: str) -> dict[str, Any]:
    """Say what is wrong with a form that was pasted, as the journal does with one that came."""
    posting = call.read()
    token = token or posting.fields.get("access_token", "")
    param = posting.fields.get("param", "")
    if param.strip():
        notes = [_TEXTS["read_as_form"], *_note_address(letter, call)]
        shown = _explain_param(letter, param, token, notes, posting)
    else:
        summary = describe_absent_param(posting.fields)
        shown = _build_result(explain_form(posting), _note_address(letter, call), summary)
    secrets = [letter["api_secret"], letter.get("api_key", ""), token, call.find_token()]
    return dict(masking.redact(shown, [each for each in secrets if len(each) >= _SECRET]))


def _note_address(letter: Mapping[str, Any], call: PastedCall) -> list[Text]:
    right = f"/api/{letter.get('kind')}/v1"
    if not call.url or call.path.rstrip("/").endswith(right):
        return []
    return [
        Text(
            f"The address is not the one of the letter: it ends with {right}.",
            f"地址与开户信不符：应以 {right} 结尾。",
        )
    ]


def _explain_param(
    letter: Mapping[str, Any],
    param: str,
    token: str,
    notes: Sequence[Text] = (),
    posting: Posting | None = None,
) -> dict[str, Any]:
    if not param.strip():
        raise SimulatorError("The param is empty.", "param 为空。")
    own, notes = letters.private_key(letter), [*notes]
    form = _explain_rest(posting) if posting else []
    try:
        opened = envelope.open_param(param, own)
    except (CannotOpen, NotAPlaintext) as error:
        # The platform's private key is in no letter, so the account's own stands in for it.
        found = explain_seal(param, own, own, "own")
        if found and found[-1].mistake.name in _NOT_OPENED and _fits_platform(letter, param):
            notes.append(_TEXTS["maybe_token_request"])
        return _build_result([*form, *found], notes, _describe_unopened(error, found), opened=False)
    seal = form
    method = as_text(opened.parameters.get("method"))
    if posting and not token and method != TOKEN_METHOD:
        absent = explain_absent_token(posting, opened.parameters, lambda _: False)
        seal = [absent, *(each for each in form if each.mistake != absent.mistake)]
    if method == TOKEN_METHOD:
        seal = [make_finding("own_key_instead_of_platform", _TEXTS["opens_with_own_key"])]
    shown = _explain_parameters(letter, opened.parameters, token, notes, seal)
    if shown["valid"] and seal:
        other = "token_request_with_own_key" if method == TOKEN_METHOD else "form_wrong"
        shown["summary"] = _TEXTS[other].as_json()
    return {**shown, "opened": True, "form": plaintext.form_of(opened.text.encode())}


def _explain_rest(posting: Posting) -> list[Finding]:
    """Name what is wrong with the form around a param that came."""
    found = (explain_fault(posting), explain_joint(posting))
    return [each for each in found if each is not None]


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
