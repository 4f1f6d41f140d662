"""How the target is made to act, and how its records are counted: HTTP, a command, or a person."""

import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from conformance_tests.suite.rules.outcomes import Blocked, NotApplicable
from conformance_tests.suite.rules.reasons import Unattended, Unreachable
from conformance_tests.suite.target.file import fill
from simulator.errors import SimulatorError, Text

#: Seconds that an action's own answer may take; its effect has the target's patience besides.
_LIMIT = 60


@dataclass(frozen=True)
class Done:
    """What came of a trigger: whether it succeeded by its own account, and what it said."""

    succeeded: bool
    said: str
    #: The answer's JSON, None where it is none.
    content: Any = None
    #: Whether a person did it.
    by_hand: bool = False
    #: Whether it broke down (HTTP 5xx): then there is nothing to wait for.
    broken: bool = False


@dataclass(frozen=True)
class Triggers:
    """Sets off what a target file names for its actions and probes. `folder` is where commands run.

    `ask` puts an instruction before a person and returns the answer; None where nobody sits.
    """

    folder: Path
    ask: Callable[[Text], str] | None

    def set_off(self, name: str, trigger: Any, values: Mapping[str, str]) -> Done:
        """Set off a trigger with its placeholders filled in.

        Raises:
            NotApplicable: a person is needed and there is none.
            Blocked: it cannot be set off at all.
        """
        if trigger == "auto":
            return Done(True, "auto")
        if trigger == "manual" or (isinstance(trigger, Mapping) and "manual" in trigger):
            return self._by_hand(name, trigger, values)
        if "command" in trigger:
            return self._command(name, [fill(part, values) for part in trigger["command"]])
        return _http(name, trigger["http"], values)

    def _by_hand(self, name: str, trigger: Any, values: Mapping[str, str]) -> Done:
        if self.ask is None:
            raise NotApplicable.because(Unattended(name))
        told = fill(str(trigger["manual"]), values) if isinstance(trigger, Mapping) else name
        about = ", ".join(f"{key}={value}" for key, value in values.items())
        said = self.ask(Text(f"{told} ({about})", f"{told}（{about}）"))
        return Done(True, said, said, by_hand=True)

    def _command(self, name: str, command: list[str]) -> Done:
        try:
            ended = subprocess.run(
                command, cwd=self.folder, capture_output=True, timeout=_LIMIT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Blocked.because(Unreachable(name, str(error), shlex.join(command))) from error
        said = ended.stdout.decode("utf-8", "replace").strip()
        error_text = ended.stderr.decode("utf-8", "replace").strip()
        return Done(ended.returncode == 0, (said or error_text)[-400:], said)


def _http(name: str, template: Mapping[str, Any], values: Mapping[str, str]) -> Done:
    has_body = "json" in template or "form" in template
    try:
        reply = requests.request(
            template.get("method", "POST" if has_body else "GET"),
            fill(template["url"], values),
            headers=template.get("headers"),
            json=_deeply(template["json"], values) if "json" in template else None,
            data=_deeply(template["form"], values) if "form" in template else None,
            timeout=_LIMIT,
        )
    except requests.RequestException as error:
        detail = f"{type(error).__name__}: {error}"
        raise Blocked.because(Unreachable(name, detail)) from error
    try:
        content = reply.json()
    except ValueError:
        content = None
    said = f"HTTP {reply.status_code} {reply.text[:300]}"
    return Done(reply.ok, said, content, broken=reply.status_code >= 500)


def _deeply(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _deeply(member, values) for name, member in value.items()}
    if isinstance(value, list):
        return [_deeply(member, values) for member in value]
    return fill(value, values) if isinstance(value, str) else value


def count_in(done: Done, member: str | None) -> int:
    """Return the number that a probe's answer holds.

    Raises:
        SimulatorError: there is none; the target file's probe is wrong.
    """
    found = done.content
    for step in member.split(".") if member else ():
        found = found.get(step) if isinstance(found, Mapping) else None
    try:
        return int(str(found))
    except ValueError:
        raise SimulatorError(
            f"The probe's answer holds no number at {member or 'its top'} ({done.said}): correct "
            "`count` in the target file.",
            f"探针的应答在 {member or '顶层'} 处没有数字（{done.said}）："
            "请更正目标文件中的 count。",
        ) from None


def ask_at_terminal() -> Callable[[Text], str] | None:
    """Return how to ask the person at the terminal, None where there is none."""
    if sys.__stdin__ is None or sys.__stdin__.closed or not sys.__stdin__.isatty():
        return None
    screen, keyboard = sys.__stderr__ or sys.stderr, sys.__stdin__

    def ask(instruction: Text) -> str:
        print(f"\n>>> {instruction.en}\n>>> {instruction.zh}\n>>> Enter: ", file=screen, end="")
        screen.flush()
        return keyboard.readline().strip()

    return ask
