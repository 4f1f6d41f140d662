"""How the target is made to act, and how its records are counted: HTTP, a command, or a person."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from conformance_tests.suite.rules.outcomes import Blocked, NotApplicable
from conformance_tests.suite.rules.reasons import Unattended, Unreachable
from conformance_tests.suite.target.answers import says_no
from conformance_tests.suite.target.patience import Patience
from conformance_tests.suite.target.placeholders import fill, fill_deeply
from simulator.errors import Text

#: Seconds that a command may take.
_LIMIT = 60


@dataclass(frozen=True)
class Done:
    """What came of a trigger: whether it succeeded by its own account, and what it said."""

    succeeded: bool
    said: str
    #: The answer's JSON, None where it is none; of a command its output as text, where it is none.
    content: Any = None
    #: The whole answer as text, of which `said` is the part that is shown.
    text: str = ""
    #: Whether a person did it.
    by_hand: bool = False
    #: Whether it broke down (HTTP 5xx): then there is nothing to wait for.
    broken: bool = False


@dataclass(frozen=True)
class Triggers:
    """Sets off what a target file names for its actions and probes. `folder` is where commands run.

    `ask` puts an instruction before a person and returns the answer; None where nobody sits.
    `patience` knows how long an answer is waited for.
    """

    folder: Path
    ask: Callable[[Text], str] | None
    patience: Patience

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
            done = self._command(name, [fill(part, values) for part in trigger["command"]])
        else:
            done = _http(name, trigger["http"], values, self.patience)
        fails = trigger.get("fails")
        refused = says_no(done.content, done.text, fill_deeply(fails, values))
        return replace(done, succeeded=False) if refused else done

    def _by_hand(self, name: str, trigger: Any, values: Mapping[str, str]) -> Done:
        if self.ask is None:
            raise NotApplicable.because(Unattended(name))
        told = fill(str(trigger["manual"]), values) if isinstance(trigger, Mapping) else name
        about = ", ".join(f"{key}={value}" for key, value in values.items())
        said = self.ask(Text(f"{told} ({about})", f"{told}（{about}）"))
        return Done(True, said, said, said, by_hand=True)

    def _command(self, name: str, command: list[str]) -> Done:
        try:
            ended = subprocess.run(
                command, cwd=self.folder, capture_output=True, timeout=_LIMIT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Blocked.because(Unreachable(name, str(error), shlex.join(command))) from error
        said = ended.stdout.decode("utf-8", "replace").strip()
        error_text = ended.stderr.decode("utf-8", "replace").strip()
        try:
            content = json.loads(said)
        except ValueError:
            content = said
        text = said or error_text
        return Done(ended.returncode == 0, text[-400:], content, text)


def _http(
    name: str, template: Mapping[str, Any], values: Mapping[str, str], patience: Patience
) -> Done:
    has_body = "json" in template or "form" in template
    url = fill(template["url"], values)
    address = f"actions at {urlsplit(url).netloc}"
    try:
        reply = requests.request(
            template.get("method", "POST" if has_body else "GET"),
            url,
            headers=template.get("headers"),
            json=fill_deeply(template["json"], values) if "json" in template else None,
            data=fill_deeply(template["form"], values) if "form" in template else None,
            timeout=patience.for_trigger(address),
        )
    except requests.RequestException as error:
        if isinstance(error, requests.Timeout):
            patience.learn_answer(address, in_time=False)
        place = urlsplit(url).netloc
        raise Blocked.because(Unreachable(name, f"{place}: {_why(error)}")) from error
    patience.learn_answer(address, in_time=True)
    try:
        content = reply.json()
    except ValueError:
        content = None
    said = f"HTTP {reply.status_code} {reply.text[:300]}"
    return Done(reply.ok, said, content, reply.text, broken=reply.status_code >= 500)


def _why(error: BaseException) -> str:
    """Return what the machine said of a request that failed, without the libraries' words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


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
