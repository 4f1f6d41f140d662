"""Interface files, read with the rows that several of them share (`schemas/rows.json`)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Document = dict[str, Any]


def read_interfaces(folder: Path, kind: str = "*") -> list[Document]:
    """Return the interface files of the kinds below the folder of the schemas, by their names."""
    shared = _read(folder / "rows.json")
    return [resolve(_read(path), shared) for path in sorted(folder.glob(f"{kind}/*.json"))]


def resolve(node: Any, shared: Mapping[str, Any]) -> Any:
    """Return JSON with every `$ref` replaced by the shared rows that it names.

    What stands beside a `$ref` adds to those rows, or gives another title, description or code.

    Raises:
        KeyError: there are no such rows.
    """
    if isinstance(node, list):
        return [resolve(each, shared) for each in node]
    if not isinstance(node, dict):
        return node
    own = {name: resolve(value, shared) for name, value in node.items() if name != "$ref"}
    if "$ref" not in node:
        return own
    _, _, pointer = node["$ref"].partition("#/")
    target: Any = shared
    for step in pointer.split("/"):
        target = target[step]
    return _merge(resolve(target, shared), own)


def _merge(rows: Document, own: Document) -> Document:
    merged = dict(rows)
    for name, value in own.items():
        inner = rows.get(name)
        if name == "required" and inner:
            merged[name] = [*inner, *value]
        elif isinstance(inner, dict) and isinstance(value, dict):
            merged[name] = _merge(inner, value)
        else:
            merged[name] = value
    return merged


def _read(path: Path) -> Document:
    found: Document = json.loads(path.read_text("utf-8"))
    return found
