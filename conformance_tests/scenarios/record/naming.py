"""Names for the numbers of a recording: what stands in the journal as a number is a reference."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from conformance_tests.scenarios.files.vocabulary import THINGS


class Names:
    """Gives each thing a name when it is made, and writes its numbers as references to it."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._references: dict[str, str] = {}
        #: The first order of each block, by the block's number and name.
        self._blocks: dict[tuple[str, str], str] = {}

    def make(self, kind: str, number: str) -> str:
        """Return the name of something new: `order`, the next one `order_2`."""
        self._count[kind] = self._count.get(kind, 0) + 1
        name = kind if self._count[kind] == 1 else f"{kind}_{self._count[kind]}"
        self._references[number] = f"${{{name}}}"
        return name

    def know(self, name: str, kind: str, record: Mapping[str, Any]) -> None:
        """Know the further numbers of something: its files, a guarantee's serial number."""
        if kind == "guarantee":
            self._refer(record["serial_num"], name, "serial_num")
        for place, file in enumerate(record.get("files", [])):
            self._refer(file["file_id"], name, f"files.{place}.file_id")
        for place, file_id in enumerate(record.get("file_ids", [])):
            self._refer(file_id, name, f"file_ids.{place}")

    def _refer(self, number: Any, name: str, member: str) -> None:
        self._references.setdefault(str(number), f"${{{name}.{member}}}")

    def reference(self, number: Any) -> str | None:
        """Return the reference to what has a number; None where nothing of the recording has."""
        return self._references.get(str(number))

    def written(self, value: Any) -> Any:
        """Return a value with its known numbers as references."""
        if isinstance(value, Mapping):
            return {name: self.written(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.written(each) for each in value]
        return self.reference(value) or value if isinstance(value, (str, int)) else value

    def enter_block(self, number: str, name: str, order: str) -> str | None:
        """Note an order's block (标段); return the order that was in it before, if any."""
        first = self._blocks.setdefault((number, name), order)
        return None if first == order else first

    def order_in_block(self, number: str, name: str | None) -> str | None:
        """Return the reference to an order of a block."""
        for (each, called), order in self._blocks.items():
            if each == number and name in (None, called):
                return f"${{{order}}}"
        return None

    def numbers_in(self, text: str) -> list[str]:
        """Return the references to the things that a list in JSON is about."""
        try:
            listed = json.loads(text)
        except ValueError:
            return []
        values = [v for item in listed if isinstance(item, dict) for v in item.values()]
        found = [self.reference(value) for value in values]
        return [each for each in found if each and "." not in each]


def number_of(kind: str, record: Mapping[str, Any]) -> str:
    """Return the number that stands for a record."""
    return str(record[THINGS[kind].number])


def by_number(kind: str, records: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return records by their numbers."""
    return {number_of(kind, record): record for record in records}
