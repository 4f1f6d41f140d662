"""docs/curl.md and curl-guarantor.md, executed: a shell, openssl and curl live a guarantee's life.

The guarantor's page goes on where the chapters end that both kinds have in common.

Every fenced ```sh block runs, in order, in one bash (`-euo pipefail`) that finds no other tools
than those of TOOLS. An ```expect block belongs to the ```sh block before it: each of its lines
must appear in that block's output (both streams), each behind the one before. It is a plain text,
to be found within one line of the output; `…` in it stands for any text.
"""

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulator.driver import ControlClient

PAGE = Path(__file__).parents[2] / "docs" / "curl.md"
GUARANTOR_PAGE = PAGE.with_name("curl-guarantor.md")
#: The first chapter of curl.md that is an insurer's alone.
OF_INSURERS = "## 2.3 The order"
TOOLS = (
    *("bash", "curl", "openssl"),
    *("awk", "base64", "cat", "cut", "date", "grep", "mktemp", "paste"),
    *("rm", "sed", "sort", "split", "tee", "tr", "wc"),
)
LIMIT = 100
_FENCE = re.compile(r"^```(.*)$")
_MARK = "=-=-= block "
_numbers = itertools.count(1)


@dataclass
class Block:
    """A ```sh block: where its first command stands in the page, and what it must print."""

    line: int
    commands: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)


class PageError(Exception):
    """The page's fences are not what this test understands."""


def read_page(text: str) -> list[Block]:
    """Return the page's blocks.

    Raises:
        PageError: a fence is neither sh nor expect, an expect has no sh, a fence is left open.
    """
    blocks: list[Block] = []
    inside: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.match(line)
        if inside is not None:
            if fence is None:
                inside.append(line)
            elif fence[1]:
                raise PageError(f"line {number}: a fence opens inside another")
            else:
                inside = None
        elif fence is not None:
            inside = _opened(fence[1], number, blocks)
    if inside is not None:
        raise PageError("the last fence is left open")
    return blocks


def _opened(language: str, number: int, blocks: list[Block]) -> list[str]:
    if language == "sh":
        blocks.append(Block(number + 1))
        return blocks[-1].commands
    if language != "expect" or not blocks or blocks[-1].expected:
        raise PageError(f"line {number}: a fence is ```sh, or ```expect after its ```sh")
    return blocks[-1].expected


def first_missing(expected: list[str], output: str) -> str | None:
    """Return the first expected line that the output lacks at its place, None if all are there."""
    position = 0
    for line in expected:
        pattern = ".*?".join(re.escape(part) for part in line.split("…"))
        found = re.compile(pattern).search(output, position)
        if found is None:
            return line
        position = found.end()
    return None


def run_page(text: str, environment: dict[str, str], folder: Path) -> None:
    """Run a page's blocks in one bash.

    Raises:
        AssertionError: a tool is missing, a command failed, or a block did not print what it
            must; says which, and shows the block's output.
    """
    blocks = read_page(text)
    tools = _tools(folder)
    script = ["trap 'echo \"failed: $BASH_COMMAND (line $LINENO of the block)\"' ERR"]
    for number, block in enumerate(blocks):
        file = folder / f"block-{number}.sh"
        file.write_text("\n".join(block.commands) + "\n", "utf-8")
        script += [f"echo '{_MARK}{number}'", f". '{file}' < /dev/null"]
    script.append(f"echo '{_MARK}{len(blocks)}'")
    driver = folder / "driver.sh"
    driver.write_text("\n".join(script) + "\n", "utf-8")
    done = subprocess.run(
        [str(tools / "bash"), "-euo", "pipefail", str(driver)],
        cwd=folder,
        env={"PATH": str(tools), "HOME": str(folder), "TMPDIR": str(folder / "tmp"), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT,
        check=False,
    )
    _check(blocks, done.stdout.decode("utf-8", "replace"))
    assert done.returncode == 0, f"bash ended with {done.returncode}"


def _check(blocks: list[Block], output: str) -> None:
    parts = re.split(rf"{_MARK}\d+\n", output)[1:]
    for number, (block, printed) in enumerate(zip(blocks, parts, strict=False)):
        where = f"the block at line {block.line} of the page"
        ended = number + 1 < len(parts)
        assert ended, f"{where} failed; it printed:\n{printed}"
        missing = first_missing(block.expected, printed)
        assert missing is None, f"{where} did not print {missing!r}; it printed:\n{printed}"
    assert len(parts) == len(blocks) + 1, f"bash did not start:\n{output}"


def _tools(folder: Path) -> Path:
    found = {name: shutil.which(name) for name in TOOLS}
    missing = [name for name, path in found.items() if path is None]
    assert not missing, f"Install {', '.join(missing)}: docs/curl.md is executed with it."
    tools = folder / "bin"
    tools.mkdir()
    (folder / "tmp").mkdir()
    for name, path in found.items():
        (tools / name).symlink_to(str(path))
    return tools


@dataclass(frozen=True)
class Opened:
    """An account that was opened for a run of the page."""

    name: str
    environment: dict[str, str]


@pytest.fixture
def kind() -> str:
    """The kind of the account; a test may choose another."""
    return "insurer"


@pytest.fixture(params=[2048, 1024])
def account(
    request: pytest.FixtureRequest, control: ControlClient, tmp_path: Path, kind: str
) -> Iterator[Opened]:
    """A fresh account, its letter's four files in a folder, and where the page finds them."""
    name = f"curl-{request.param}-{next(_numbers)}"
    control.post("accounts", name=name, kind=kind, key_bits=request.param)
    letter = control.get("accounts", name, "letter")
    letters = tmp_path / "letters"
    letters.mkdir()
    # One account's letter is indented, the other's is one line: the page reads both.
    indent = 2 if request.param == 2048 else None
    text = json.dumps(letter, ensure_ascii=False, indent=indent)
    (letters / f"{name}.json").write_text(text, "utf-8")
    for key in ("rsa_pk", "rsa_sk", "api_rsa_pk"):
        (letters / f"{name}.{key}.pem").write_text(letter[key]["pem"], "utf-8")
    environment = {
        "PLATFORM": letter["platform"].removesuffix(f"/api/{kind}/v1"),
        "CONTROL": control.url,
        "ACCOUNT": name,
        "LETTERS": str(letters),
        "LC_ALL": "C.UTF-8" if request.param == 2048 else "C",
    }
    yield Opened(name, environment)
    control.post("accounts", name, "clock", action="freeze")
    control.delete("accounts", name)


def test_the_page_runs_and_prints_what_it_says(
    account: Opened, control: ControlClient, tmp_path: Path
) -> None:
    run_page(PAGE.read_text("utf-8"), account.environment, tmp_path)

    [order] = control.get("accounts", account.name, "orders")
    [claim] = control.get("accounts", account.name, "claims")
    [invoice] = control.get("accounts", account.name, "invoices")
    guarantees = control.get("accounts", account.name, "guarantees")
    assert order["state"] == "FINISH"
    assert claim["status"] == "FINISH_INDEMNITY"
    assert invoice["issued"]
    assert [each["current"] for each in guarantees] == [False, True]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("kind", ["guarantor"])
def test_the_guarantors_page_runs_and_prints_what_it_says(
    account: Opened, control: ControlClient, tmp_path: Path
) -> None:
    common, found, _ = PAGE.read_text("utf-8").partition(OF_INSURERS)
    assert found
    run_page(common + GUARANTOR_PAGE.read_text("utf-8"), account.environment, tmp_path)

    [order] = control.get("accounts", account.name, "orders")
    [claim] = control.get("accounts", account.name, "claims")
    [guarantee] = control.get("accounts", account.name, "guarantees")
    assert (order["state"], order["order_amount"]) == ("FINISH", "500.00")
    assert claim["status"] == "CLAIM_CLOSE"
    assert guarantee["removed_at"] == "2030-01-05 10:00:00"
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("page", [PAGE, GUARANTOR_PAGE], ids=lambda page: page.name)
def test_every_block_says_what_it_prints(page: Path) -> None:
    silent = [block.line for block in read_page(page.read_text("utf-8")) if not block.expected]

    assert silent == []


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("```sh\necho one\necho two\n```\n```expect\ntwo\none\n```\n", "did not print 'one'"),
        ("```sh\necho one\n```\n```expect\none\none\n```\n", "did not print 'one'"),
        ("```sh\ntrue\n```\n```sh\necho here\nfalse\n```\n", "line 5 of the page failed"),
        ("```sh\nfalse | true\n```\n", "line 2 of the page failed"),
        ("```sh\npython3 --version\n```\n", "python3: command not found"),
        ("```sh\necho $NOT_SET\n```\n", "NOT_SET: unbound variable"),
        ("```sh\nexit 0\n```\n", "line 2 of the page failed"),
    ],
)
def test_a_page_that_does_not_hold_fails(page: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=re.escape(complaint)):
        run_page(page, {}, tmp_path)


@pytest.mark.parametrize(
    "page",
    ["```python\n```\n", "```expect\na\n```\n", "```sh\ntrue\n", "```sh\n```sh\n```\n"],
)
def test_a_page_with_other_fences_is_refused(page: str) -> None:
    with pytest.raises(PageError):
        read_page(page)


def test_a_missing_tool_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "openssl" else there(name))

    with pytest.raises(AssertionError, match=r"^Install openssl: docs/curl\.md is executed"):
        run_page("```sh\ntrue\n```\n", {}, tmp_path)
