"""The form of a snapshot file: its version, its checksum and its schema."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from simulator import paths
from simulator.errors import SimulatorError
from simulator.schema_errors import describe

FORMAT = "conzhu-sim snapshot"
#: Incremented whenever files of the previous version cannot be read any more.
VERSION = 2
_CHECKSUM = "sha256"


class Damaged(SimulatorError):
    """The document is not a complete snapshot that this simulator can read."""


class Malformed(Damaged):
    """The snapshot does not have the form of its version, or contradicts itself."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(
            f"The snapshot does not have the form of version {VERSION}: {en}.",
            f"快照内容不符合版本 {VERSION} 的格式：{zh}。",
        )


def checksum(document: Mapping[str, Any]) -> str:
    """Return the sha256 (hex) of a snapshot's content, whatever its layout."""
    content = {name: value for name, value in document.items() if name != _CHECKSUM}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add_checksum(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a snapshot with its checksum; lone surrogates, which UTF-8 lacks, are replaced."""
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    content: dict[str, Any] = json.loads(text)
    return {**content, _CHECKSUM: checksum(content)}


def check(document: Mapping[str, Any]) -> None:
    """Check that this is a snapshot that can be loaded.

    Raises:
        Damaged: it is something else, has another version, was changed since it was saved, or
            does not have the form of its version.
    """
    if document.get("format") != FORMAT:
        raise Damaged(
            "This is not a snapshot: give a file that `conzhu-sim snapshot save` wrote.",
            "这不是快照文件：请使用 `conzhu-sim snapshot save` 生成的文件。",
        )
    version = document.get("version")
    if type(version) is int and version != VERSION:
        saved_by = document.get("simulator", "")
        raise Damaged(
            f"The snapshot is of version {version}, and this simulator reads version {VERSION}: "
            f"load it with conzhu-sim {saved_by}, which saved it.",
            f"快照版本为 {version}，本模拟器支持版本 {VERSION}：请用保存它的 conzhu-sim "
            f"{saved_by} 加载。",
        )
    if document.get(_CHECKSUM) != checksum(document):
        raise Damaged(
            "The snapshot is damaged: its checksum does not match, so it was changed or cut short "
            "since it was saved. Save it again.",
            "快照已损坏：校验和不符，文件在保存后被改动或截断。请重新保存。",
        )
    for error in _validator().iter_errors(document):
        where = error.json_path.removeprefix("$.")
        wrong = describe(error)
        raise Malformed(f"{where}: {wrong.en}", f"{where}：{wrong.zh}")


@cache
def _validator() -> Any:
    schema = json.loads((paths.schemas() / "snapshot.schema.json").read_text("utf-8"))
    return Draft202012Validator(schema)
