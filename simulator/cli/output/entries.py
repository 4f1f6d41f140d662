"""Journal entries for people: a line each, as they come."""

from collections.abc import Iterable
from typing import Any

from simulator import texts
from simulator.cli.output.render import escape_controls, format_value, moment
from simulator.cli.output.snippets import draw_new_snippets
from simulator.cli.output.states import describe_state
from simulator.cli.output.terminal import Terminal
from simulator.errors import Text
from simulator.fault_tag import FaultTag

#: Seconds between two looks at the journal.
PAUSE = 0.5
#: Entries that are fetched at once.
BATCH = 1000


def direction(entry: dict[str, Any]) -> Text:
    """Return an entry's direction in both languages."""
    label: Text = texts.load("labels")["direction"][entry["direction"]]
    return label


def time(entry: dict[str, Any]) -> str:
    """Return an entry's moment: in the account's time, else in wall time."""
    return moment("wall" if entry["at"] is None else "at")(entry)


def why(entry: dict[str, Any]) -> dict[str, str]:
    """Return an entry's notes and the fault rules that struck, in both languages."""
    tags = [f"[{FaultTag.from_json(tag)}]" for tag in entry["faults"]]
    if entry["direction"] == "event":
        tags.append(str(entry["sent"]["event"]))
    notes = Text.join(Text(note["en"], note["zh"]) for note in entry["notes"]).as_json()
    return {language: " ".join(filter(None, [said, *tags])) for language, said in notes.items()}


def status(entry: dict[str, Any]) -> Text:
    """Return an entry's status, with its Chinese word where it is an outcome."""
    return describe_state(entry["status"])


def newest(entries: list[dict[str, Any]]) -> int:
    """Return the number of the last of the entries, 0 where there are none."""
    return int(entries[-1]["id"]) if entries else 0


def tell(terminal: Terminal, entries: Iterable[dict[str, Any]]) -> None:
    """Print a line for each entry: time, direction, interface, about, status, why.

    In a dialect the code for a mistake stands below the first entry that has it.
    """
    for entry in entries:
        if terminal.as_json:
            terminal.json(entry, indent=None)
            continue
        parts = [
            time(entry),
            format_value(direction(entry), terminal.lang),
            entry["interface"] or "-",
            entry["about"] or "-",
            format_value(status(entry), terminal.lang),
            format_value(why(entry), terminal.lang),
        ]
        print(escape_controls("  ".join(parts)).replace("\n", " ").rstrip(), flush=True)
        draw_new_snippets(terminal, entry)
