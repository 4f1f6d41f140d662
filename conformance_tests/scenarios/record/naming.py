"""Names for the numbers of a recording, which become references."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from conformance_tests.scenarios.files.vocabulary import THINGS


class Names:
    """Names each thing when it is made, and turns its numbers into references to it."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._references: dict[str, str] = {}
        #: The first order of each block, by the block's number and name.
        self._blocks: dict[tuple[str, str], str] = {}

    def assign(self, kind: str, number: str) -> str:
        """Name a new thing: `order`, the next one `order_2`; return the name."""
        self._count[kind] = self._count.get(kind, 0) + 1
        name = kind if self._count[kind] == 1 else f"{kind}_{self._count[kind]}"
        self._references[number] = f"${{{name}}}"
        return name

    def add_numbers(self, name: str, kind: str, record: Mapping[str, Any]) -> None:
        """Add the further numbers of a thing: its files, a guarantee's serial number."""
        if kind == "guarantee":
            self._refer(record["serial_num"], name, "serial_num")
        for place, file in enumerate(record.get("files", [])):
            self._refer(file["file_id"], name, f"files.{place}.file_id")
        for place, file_id in enumerate(record.get("file_ids", [])):
            self._refer(file_id, name, f"file_ids.{place}")

    def _refer(self, number: Any, name: str, member: str) -> None:
        self._references.setdefault(str(number), f"${{{name}.{member}}}")

    def reference(self, number: Any) -> str | None:
        """Return the reference for a number; None if it belongs to nothing in the recording."""
        return self._references.get(str(number))

    def insert_references(self, value: Any) -> Any:
        """Return a value with its known numbers replaced by references."""
        if isinstance(value, Mapping):
            return {name: self.insert_references(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.insert_references(each) for each in value]
        return self.reference(value) or value if isinstance(value, (str, int)) else value

    def enter_block(self, number: str, name: str, order: str) -> str | None:
        """Add an order to its block (标段); return the first order there, if it is another."""
        first = self._blocks.setdefault((number, name), order)
        return None if first == order else first

    def order_in_block(self, number: str, name: str | None) -> str | None:
        """Return the reference to an order of a block; None if the block has none."""
        for (each, called), order in self._blocks.items():
            if each == number and name in (None, called):
                return f"${{{order}}}"
        return None

    def references_in(self, text: str) -> list[str]:
        """Return the references to the things whose numbers a JSON list has."""
        try:
            listed = json.loads(text)
        except ValueError:
            return []
        values = [v for item in listed if isinstance(item, dict) for v in item.values()]
        found = [self.reference(value) for value in values]
        return [each for each in found if each and "." not in each]


def number_of(kind: str, record: Mapping[str, Any]) -> str:
    """Return the number of a record."""
    return str(record[THINGS[kind].number])


def by_number(kind: str, records: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return records by their numbers."""
    return {number_of(kind, record): record for record in records}
