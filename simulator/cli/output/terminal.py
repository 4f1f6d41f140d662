"""Where a command speaks to: the person's language or a machine's JSON, and which simulator."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simulator.cli.output.render import Column, align_lines, escape_controls, format_value
from simulator.errors import Text

if TYPE_CHECKING:
    from simulator.driver import AccountClient, ControlClient

DEFAULT_CONTROL = "http://127.0.0.1:8901"
DEFAULT_ACCOUNT = "demo"
LANGUAGES = ("en", "zh")


def language(environment: Mapping[str, str]) -> str:
    """Return the language that the environment's locale asks for."""
    locale = environment.get("LC_ALL") or environment.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


@dataclass
class Terminal:
    """What was chosen for one run: the simulator, the language, the form, the account."""

    control: str = DEFAULT_CONTROL
    lang: str = "en"
    as_json: bool = False
    account: str = DEFAULT_ACCOUNT
    token: str = ""
    dialect: str = ""
    #: The snippets that a screen has shown already.
    drawn: set[str] = field(default_factory=set)

    @cached_property
    def client(self) -> "ControlClient":
        """The control API's client."""
        from simulator.driver import ControlClient

        return ControlClient(self.control, self.token)

    @property
    def account_client(self) -> "AccountClient":
        """The client of the chosen account."""
        from simulator.driver import AccountClient

        return AccountClient(self.client, self.account)

    def translate(self, text: Text) -> str:
        """Return a text in the chosen language."""
        return text.zh if self.lang == "zh" else text.en

    def say(self, en: str, zh: str) -> None:
        """Print a sentence for the person; nothing in JSON mode."""
        if not self.as_json:
            print(escape_controls(zh if self.lang == "zh" else en), flush=True)

    def complain(self, text: Text) -> None:
        """Print what is wrong, on stderr."""
        print(escape_controls(self.translate(text)), file=sys.stderr, flush=True)

    def json(self, content: Any, indent: int | None = 2) -> None:
        """Print JSON, in ASCII where the stream is not UTF-8."""
        wide = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(content, ensure_ascii=not wide, indent=indent), flush=True)

    def done(self, content: Any, en: str, zh: str) -> None:
        """Print what was done: the content as JSON, or a sentence."""
        if self.as_json:
            self.json(content)
        else:
            self.say(en, zh)

    def show(self, content: Any, draw: Callable[[], None]) -> None:
        """Print the content as JSON, or draw it."""
        if self.as_json:
            self.json(content)
        else:
            draw()

    def table(self, rows: Sequence[Any], columns: Sequence[Column]) -> None:
        """Print rows: as JSON they are, or as a table."""
        self.show(rows, lambda: self.draw_table(rows, columns))

    def draw_table(
        self, rows: Sequence[Any], columns: Sequence[Column], title: Text | None = None
    ) -> None:
        """Draw a table for a person, with a heading above it where one is given."""
        from simulator.cli.output.tables import draw

        if title:
            self.say(f"\n{title.en}", f"\n{title.zh}")
        if rows:
            draw(rows, columns, self.lang)
        else:
            self.say("None.", "无。")

    def draw_record(self, record: Any, fields: Sequence[Column]) -> None:
        """Draw one thing for a person: a line for each of its fields that has a value."""
        pairs = [
            (field.heading(self.lang), format_value(field.value(record), self.lang))
            for field in fields
        ]
        for line in align_lines([(name, text) for name, text in pairs if text]):
            print(line, flush=True)
