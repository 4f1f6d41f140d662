"""Keeps the folders of the machine that ran the suite out of what is passed on."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

#: The folder that the packages are installed in.
_PACKAGES = Path(__file__).resolve().parents[3]


def relative(given: str) -> str:
    """Return a path as it is called from the working folder; what is no absolute one, as it is."""
    return os.path.relpath(given) if Path(given).is_absolute() else given


def hide(content: dict[str, Any], folders: Iterable[Path]) -> dict[str, Any]:
    """Return JSON in which no folder of this machine stands; `folders` are some besides its own.

    A path below the working folder or one of these is called from the working folder, one of the
    user's home by `~`.
    """
    roots = {
        **{str(root): "{temp}" for root in _spellings(Path(tempfile.gettempdir()))},
        **{str(root): "{python}" for root in _spellings(Path(sys.prefix), Path(sys.base_prefix))},
        **{str(root): "{packages}" for root in _spellings(_PACKAGES)},
        **{str(root): "~" for root in _spellings(Path.home())},
        **{str(root): relative(str(root)) for root in _spellings(*folders, Path.cwd())},
    }
    roots.pop(os.sep, None)
    longest_first = sorted(roots, key=len, reverse=True)
    found = re.compile(rf"(?<![\w.~-])({'|'.join(map(re.escape, longest_first))})(?![\w-]|\.\w)")
    return {name: _hidden(value, found, roots) for name, value in content.items()}


def _spellings(*folders: Path) -> set[Path]:
    absolute = [Path(os.path.abspath(folder)) for folder in folders]  # noqa: PTH100 (links stay)
    return {*absolute, *(folder.resolve() for folder in absolute)}


def _hidden(value: Any, found: re.Pattern[str], roots: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return found.sub(lambda match: roots[match[1]], value)
    if isinstance(value, Mapping):
        return {name: _hidden(member, found, roots) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hidden(member, found, roots) for member in value]
    return value
