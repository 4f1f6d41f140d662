"""Writes a new target file: every part of it, commented in both languages, for one kind."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.scenes.both.actions import ACTIONS, Effect
from conformance_tests.suite.target.file import REFERENCE, load

#: What actions say besides what they are about, where that is more than nothing.
_NOTED = ("confirm", "cancel", "return_", "pass_due", "mediate", "compensate", "settle", "reject")
_SAYS: Mapping[tuple[str, str], str] = {
    ("insurer", "offer"): "price",
    ("insurer", "pay"): "real_pay",
    ("insurer", "refuse_claim"): "reason",
    ("guarantor", "offer"): "price",
    ("guarantor", "pay"): "price",
    ("guarantor", "approve"): "price",
}
#: The records of each probe by their number.
_KEYS: Mapping[str, str] = {
    "orders": "order_no",
    "applications": "order_no",
    "guarantees": "order_no",
    "cancelled_orders": "order_no",
    "claims": "claim_no",
    "revoked_claims": "claim_no",
    "attachments": "claim_no",
    "intact_attachments": "SHA-256",
    "invoices": "invoice_id",
    "bid_openings": "block_number",
    "batches": "revoke_no",
}


@dataclass(frozen=True)
class Wanted:
    """What is known of a target before its file is written.

    `base` is the address below which its endpoints are, each by its own name, but for those in
    `endpoints`; `actions` the one below which its test endpoints are, empty where there are none
    yet. `start` is the command by which the suite starts it, empty where it runs already; `letter`
    the file of its account letter, empty for a new account.
    """

    kind: str
    name: str
    base: str
    endpoints: Mapping[str, str] = field(default_factory=dict)
    actions: str = ""
    start: Sequence[str] = ()
    letter: str = ""


def pushes(kind: str) -> list[str]:
    """Return the names of the pushes of a kind, in the manual's order."""
    return [each.name for each in catalogue().of_kind(kind, "push")]


def compose(wanted: Wanted) -> str:
    """Return the target file as text."""
    parts = [_head(wanted), _endpoints(wanted), _account(wanted), _start(wanted), _WAITING]
    return "\n".join([*parts, _actions(wanted), _probes(wanted)])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _head(wanted: Wanted) -> str:
    return f"""\
# A target of the conformance suite; docs/conformance.md explains every part of it. What is not
# declared is not judged: `conzhu-sim doctor` says how many checks one more line would bring.
# 一致性测试的目标文件；各部分的说明见 docs/conformance.md。未声明的能力不参与判定；
# `conzhu-sim doctor` 会列出每多写一行可多运行的检查项数。
kind: {wanted.kind}
name: {_quoted(wanted.name)}
"""


def _endpoints(wanted: Wanted) -> str:
    lines = ["# The URL of each push. 各推送的接收地址。", "endpoints:"]
    for each in catalogue().of_kind(wanted.kind, "push"):
        path = each.name.replace("_", "-")
        url = wanted.endpoints.get(each.name, f"{wanted.base.rstrip('/')}/{path}")
        lines.append(f"  {each.name}: {_quoted(url)} # {each.section} {each.title.zh}")
    return "\n".join(lines) + "\n"


def _account(wanted: Wanted) -> str:
    letter, new = f"  letter: {_quoted(wanted.letter)}", '  write_letter: "letter/new.json"'
    if not wanted.letter:
        letter = '  # letter: "letter/demo.json"'
    else:
        new = f"  # {new.strip()}"
    return f"""\
# The account: `letter` is the one that your system is configured with, beside this file. Without
# it every run opens a new account, and writes its letter to `write_letter` before `start`.
# 账户：letter 为系统已配置的开户信（相对本文件）；不写则每次新开账户，
# 并在 start 之前写入 write_letter。
account:
{letter}
{new}
  # switches: # docs/reference/settings.md
  #   plaintext: json # json, json-ascii, query: what your system reads 明文格式

# Where the suite's simulator listens: the port that your system calls. 模拟器监听端口。
platform:
  port: 8900
  # host: 0.0.0.0 # for a system in a container 系统在容器中时
  # public_url: http://host.docker.internal:8900
"""


def _start(wanted: Wanted) -> str:
    example = ["java", "-jar", "insurer.jar", "--letter={letter}"]
    command = ", ".join(_quoted(word) for word in wanted.start or example)
    hidden = "" if wanted.start else "# "
    return f"""\
# How the suite starts your system for each run; without it your system runs already. Filled in
# are {{letter}} {{store}} {{port}} {{python}}, and what the letter says ({{platform}}, {{btc_id}}).
# 由套件启动系统的命令；不写则系统须已在运行。可用占位符见上一行。
{hidden}start:
{hidden}  command: [{command}]
"""


_WAITING = """\
# `patience`: seconds for what your system does after it has answered (read an order after the jump,
# offer after it was asked to); spent in full only where nothing comes. `settle`: seconds of silence
# after which nothing more is expected; spent wherever an effect must not happen.
# patience：应答之后处理业务的时限（秒），仅在没有动静时等满；settle：静默多久视为不再有动作（秒）。
patience: 10
settle: 0.5

# supports:
#   verify_file_limit: 10485760 # bytes of the largest PDF that 2.6 takes 验真文件上限（字节）
"""


def _actions(wanted: Wanted) -> str:
    hidden = "" if wanted.actions else "# "
    base = (wanted.actions or f"{wanted.base.rstrip('/')}/test").rstrip("/")
    lines = [
        "# What only the institution can do: `http`, `command`, `auto` (it does it by itself) or",
        "# `manual` (a person is asked, in a terminal). `fails` says how a failure looks, where it",
        '# is neither HTTP 4xx nor {"ok": false}: fails: { at: code, equals: 500 }.',
        "# 机构侧操作：http 请求、command 命令、auto（系统自动完成）或 manual（人工，仅限终端）；",
        '# 若失败的样子既不是 HTTP 4xx 也不是 {"ok": false}，用 fails 说明。',
        f"{hidden}actions:",
    ]
    for name, effect in ACTIONS[wanted.kind].items():
        body = ", ".join(f'{each}: "{{{each}}}"' for each in _values(wanted.kind, name, effect))
        url = _quoted(f"{base}/{name.replace('_', '-')}")
        section = _section(wanted.kind, effect)
        lines.append(f"{hidden}  {name}: # {section}")
        lines.append(f"{hidden}    http: {{ url: {url}, json: {{{body and f' {body} '}}} }}")
    restart = "start" if wanted.start else '{ command: ["docker", "compose", "restart"] }'
    lines.append(f"{'' if wanted.start and wanted.actions else '# '}  restart: {restart}")
    return "\n".join(lines) + "\n"


def _values(kind: str, name: str, effect: Effect) -> list[str]:
    values = [effect.about] if effect.about else []
    values += ["guarantee_no"] if effect.listed else []
    says = _SAYS.get((kind, name))
    noted = kind == "guarantor" and effect.about == "claim_no" and effect.parameters
    if says is None and (noted or name.startswith(_NOTED)):
        says = "note"
    return [*values, *([says] if says else [])]


def _section(kind: str, effect: Effect) -> str:
    call = catalogue().call(kind, effect.method)
    return f"{call.section} {call.title.zh}" if call else effect.method


def _probes(wanted: Wanted) -> str:
    base = (wanted.actions or f"{wanted.base.rstrip('/')}/test").rstrip("/")
    lines = [
        "# How many records your system has for a number: `count` is a member of the JSON or a",
        "# JSONPath; `equals` compares, `contains` searches; a command prints the number.",
        "# 系统内某编号的记录数：count 为 JSON 成员或 JSONPath，equals 比较，contains 搜索。",
        "# probes:",
    ]
    for name in load(REFERENCE, wanted.kind).probes:
        key = _KEYS.get(name, "guarantee_no")
        url = _quoted(f"{base}/count/{name.replace('_', '-')}/{{key}}")
        lines.append(f"#   {name}: {{ http: {{ url: {url} }}, count: data.count }} # {key}")
    return "\n".join(lines) + "\n"
