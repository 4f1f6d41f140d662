"""`conzhu-sim push explain`: why a push was not accepted, or not understood, in one view."""

from collections.abc import Mapping
from typing import Any

import click

from simulator import texts
from simulator.cli.accounts import letters
from simulator.cli.arguments import Whole
from simulator.cli.command import command
from simulator.cli.output.findings import describe_findings, draw_findings
from simulator.cli.output.render import Column, moment
from simulator.cli.output.snippets import draw_snippets
from simulator.cli.output.states import describe_state
from simulator.cli.output.terminal import Terminal
from simulator.cli.program import program
from simulator.errors import SimulatorError, Text, Unreadable
from simulator.fault_tag import FaultTag
from simulator.operations.faults.fault_rules import SPOILING
from simulator.protocol import envelope, masking, plaintext, rsa, signing
from simulator.protocol.diagnosis import Credentials, explain_sign
from simulator.protocol.plaintext import as_text

_HEAD = (
    Column("push", "推送", "push"),
    Column("interface", "接口", lambda row: f"{row['interface']} {row['name']}"),
    Column("about", "对象", "about"),
    Column("attempt", "次序", "attempt"),
    Column("time", "时间", moment("started_at", year=True)),
    Column("URL", "地址", "url"),
    Column("outcome", "结果", lambda row: describe_state(row["outcome"])),
)
_PARAMETERS = (
    Column("parameter", "参数", "name"),
    Column("as sent", "实际发送", "sent"),
    Column("as announced", "原内容", "announced"),
)
_SIGN = (
    Column("base string signed", "签名时的待签名串", "base"),
    Column(
        "base string of what was sent",
        "按实际发送内容的待签名串",
        lambda row: row["recomputed_base"] if row["recomputed_base"] != row["base"] else None,
    ),
    Column("sign sent", "实际发送的签名", "sign_sent"),
    Column("sign by the letter", "按开户信计算的签名", "sign_recomputed"),
    Column("they are the same", "两者一致", "sign_holds"),
)
_SEAL = (
    Column("RSA blocks", "RSA 分段", lambda row: _describe_blocks(row)),
    Column("opens with", "可解密的密钥", lambda row: _describe_key(row)),
    Column("plaintext", "明文", lambda row: _describe_plaintext(row)),
)
_ANSWER = (
    Column("HTTP", "HTTP", "status"),
    Column("failure", "失败", "failure"),
    Column("ms", "毫秒", "milliseconds"),
    Column("Content-Type", "Content-Type", "content_type"),
    Column("body", "响应体", "body"),
)
_VERDICT = (
    Column("verdict", "判定", lambda row: _describe_verdict(row["verdict"])),
    Column("to change", "如何修改", lambda row: _find_remedy(row["verdict"])),
)
_TEXTS: Mapping[str, Text] = texts.load("explaining")
_FAULTS = (
    Column("rule", "规则", lambda row: str(FaultTag.from_json(row["tag"]))),
    Column("it does", "作用", "meaning", rest=True),
)


@command("explain", "逐项说明一次推送为何未被接受或理解。", "push explain 1 --attempt 2")
@click.argument("number")
@click.option("--attempt", type=Whole(min=1), help="The last by default. 第几次。")
@click.option("--computed", metavar="SIGN", help="The sign your system computed. 己方算出的签名。")
def explain(terminal: Terminal, number: str, attempt: int | None, computed: str | None) -> None:
    """Show what one attempt sent and got, checked by the account letter, and what to change."""
    push = terminal.account_client.get("pushes", number)
    chosen = _choose(terminal, push, attempt)
    letter = terminal.account_client.get("letter")
    rules = terminal.client.get("lookup")["faults"] if chosen["faults"] else {}
    shown = _explain(push, chosen, letter, rules)
    if computed is not None:
        shown["computed"] = _explain_computed(chosen["sent"] or {}, letter, computed)
    terminal.show(shown, lambda: _draw(terminal, shown))


def _choose(terminal: Terminal, push: Mapping[str, Any], attempt: int | None) -> dict[str, Any]:
    """Return the attempt asked for.

    Raises:
        SimulatorError: it was not made, or there was none at all; says why.
    """
    made: list[dict[str, Any]] = push["attempts"]
    found = [each for each in made if attempt in (None, each["number"])]
    if found:
        return found[-1]
    if made:
        raise SimulatorError(
            f"The push {push['id']} has no attempt {attempt}; the last one is "
            f"{made[-1]['number']}.",
            f"推送 {push['id']} 没有第 {attempt} 次尝试；最后一次为第 {made[-1]['number']} 次。",
        )
    why = _TEXTS.get(f"unsent_{push['state']}", _TEXTS["unsent_pending"]).format(
        name=push["name"], account=terminal.account, program=program()
    )
    raise SimulatorError(
        f"The push {push['id']} was not sent yet: {why.en}",
        f"推送 {push['id']} 尚未发送：{why.zh}",
    )


def _explain(
    push: Mapping[str, Any],
    attempt: Mapping[str, Any],
    letter: Mapping[str, Any],
    rules: Mapping[str, Any],
) -> dict[str, Any]:
    sent, received = attempt["sent"] or {}, attempt["received"] or {}
    headers = {name.lower(): value for name, value in (received.get("headers") or {}).items()}
    return {
        "push": push["id"],
        "interface": push["interface"],
        "name": push["name"],
        "about": push["about"],
        "attempt": attempt["number"],
        "outcome": attempt["outcome"],
        "started_at": attempt["started_at"],
        "url": sent.get("url"),
        "parameters": _compare_parameters(push["content"], sent.get("params") or {}),
        "files": sent.get("files") or {},
        **(_check(sent, letter) if sent else {}),
        "answer": {
            "status": received.get("status"),
            "failure": received.get("detail"),
            "milliseconds": received.get("milliseconds"),
            "content_type": headers.get("content-type"),
            "body": received.get("body"),
        },
        "verdict": attempt["verdict"],
        "faults": [{"tag": tag, "meaning": rules.get(tag["rule"])} for tag in attempt["faults"]],
    }


def _compare_parameters(
    content: Mapping[str, Any], sent: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the parameters as they were sent; beside them the content, where it is another."""
    rows = []
    for name, value in sent.items():
        announced = masking.mask_value(name, content.get(name))
        changed = name in content and announced != value
        rows.append({"name": name, "sent": value, "announced": announced if changed else None})
    return rows


def _check(sent: Mapping[str, Any], letter: Mapping[str, Any]) -> dict[str, Any]:
    """Open what was sent with the letter's key, as the institution does, and sign it again."""
    private = letters.private_key(letter)
    size, param = rsa.block_size(private), sent["param"]
    shown: dict[str, Any] = {
        "base": sent["base"],
        "recomputed_base": None,
        "sign_sent": sent["params"].get("sign"),
        "sign_recomputed": None,
        "sign_holds": None,
        "blocks": len(envelope.decode(param)) // size,
        "block_bytes": size,
        "opens_with": None,
        "plaintext_bytes": None,
        "form": None,
    }
    try:
        opened = envelope.open_param(param, private)
    except Unreadable:
        return shown
    content = opened.text.encode()
    checked = signing.verify(opened.parameters, letter["api_secret"])
    return {
        **shown,
        "recomputed_base": masking.mask_base(opened.parameters),
        "sign_sent": as_text(opened.parameters.get("sign")),
        "sign_recomputed": checked.expected,
        "sign_holds": checked.valid,
        "opens_with": "rsa_sk",
        "plaintext_bytes": len(content),
        "form": plaintext.form_of(content),
    }


def _explain_computed(
    sent: Mapping[str, Any], letter: Mapping[str, Any], computed: str
) -> dict[str, Any]:
    """Name the mistakes by which another sign of the same parameters came about.

    Raises:
        SimulatorError: the letter's key does not open what was sent.
    """
    try:
        opened = envelope.open_param(sent.get("param", ""), letters.private_key(letter))
    except Unreadable as error:
        raise SimulatorError(
            f"No sign can be compared: rsa_sk does not open this attempt ({error.text.en}).",
            f"无法比对签名：rsa_sk 无法解密本次推送（{error.text.zh}）。",
        ) from error
    parameters = {**opened.parameters, "sign": computed}
    own = Credentials(letter["name"], letter["api_key"], letter["api_secret"], "")
    if signing.verify(parameters, letter["api_secret"]).valid:
        return describe_findings([], _TEXTS["computed_same"])
    found = explain_sign(parameters, own)
    return describe_findings(found, _TEXTS["computed_explained" if found else "computed_unknown"])


def _describe_blocks(row: Mapping[str, Any]) -> Text:
    count, size = row["blocks"], row["block_bytes"]
    return Text(f"{count} of {size} bytes each", f"{count} 段，每段 {size} 字节")


def _describe_key(row: Mapping[str, Any]) -> Text:
    if row["opens_with"]:
        return _TEXTS["letter_key"]
    return _TEXTS["no_letter_key"]


def _describe_plaintext(row: Mapping[str, Any]) -> Text | None:
    size, form = row["plaintext_bytes"], row["form"]
    return None if size is None else Text(f"{size} bytes, {form}", f"{size} 字节，{form}")


def _describe_verdict(verdict: Mapping[str, Any] | None) -> Text:
    if verdict is None:
        return _TEXTS["under_way"]
    return Text(verdict["en"], verdict["zh"])


def _find_remedy(verdict: Mapping[str, Any] | None) -> Any:
    return verdict["remedy"] if verdict else None


def _judge_seal_and_sign(row: Mapping[str, Any]) -> Text | None:
    """Say whether seal and sign were right, and whose business it is if they were not."""
    if "blocks" not in row:
        return None
    spoiled = any(struck["tag"]["rule"] in SPOILING for struck in row["faults"])
    if row["opens_with"] and row["sign_holds"]:
        return _TEXTS["push_right"]
    return _TEXTS["push_spoiled" if spoiled else "credentials_changed"]


def _draw(terminal: Terminal, shown: dict[str, Any]) -> None:
    terminal.draw_record(shown, _HEAD)
    if "blocks" in shown:
        terminal.draw_table(shown["parameters"], _PARAMETERS, Text("Parameters", "参数"))
        for field, file in shown["files"].items():
            name, size = file["name"], file["bytes"]
            terminal.say(f"file {field}: {name} ({size} B)", f"文件 {field}：{name}（{size} B）")
        _draw_part(terminal, Text("Sign", "签名"), shown, _SIGN)
        _draw_part(terminal, Text("Seal", "加密"), shown, _SEAL)
    judgement = _judge_seal_and_sign(shown)
    if judgement:
        terminal.say(f"\n{judgement.en}", f"\n{judgement.zh}")
    if "computed" in shown:
        terminal.say("\nYour sign", "\n贵方计算的签名")
        draw_findings(terminal, shown["computed"])
    _draw_part(terminal, Text("Answer", "应答"), shown["answer"], _ANSWER)
    _draw_part(terminal, Text("Verdict", "判定"), shown, _VERDICT)
    if shown["faults"]:
        terminal.draw_table(shown["faults"], _FAULTS, Text("Fault rules", "故障规则"))
    computed = shown.get("computed", {}).get("findings", ())
    draw_snippets(
        terminal, [*(each["snippet"] for each in computed), (shown["verdict"] or {}).get("snippet")]
    )


def _draw_part(terminal: Terminal, title: Text, values: Any, fields: tuple[Column, ...]) -> None:
    if any(field.value(values) not in (None, "") for field in fields):
        terminal.say(f"\n{title.en}", f"\n{title.zh}")
        terminal.draw_record(values, fields)
