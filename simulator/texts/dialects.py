"""The code that a remedy means, in six programming languages: one source file for each.

A snippet begins below a comment that has nothing but its name, `// [sign]`, and ends before the
next one, or where the text is indented less. The files are executed in tests.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import dedent

from simulator.texts import FOLDER

_MARK = re.compile(r"^( *)(?://|#) \[(\w+)\]\n", re.MULTILINE)


@dataclass(frozen=True)
class Dialect:
    """A programming language as a person reads its name, and its file of snippets."""

    title: str
    file: str

    @property
    def source(self) -> str:
        """The whole file."""
        return (FOLDER / "snippets" / self.file).read_text("utf-8")


#: By the names that `--dialect` takes.
DIALECTS: Mapping[str, Dialect] = {
    "java": Dialect("Java", "Conzhu.java"),
    "php": Dialect("PHP", "conzhu.php"),
    "node": Dialect("Node.js", "conzhu.mjs"),
    "python": Dialect("Python", "conzhu.py"),
    "csharp": Dialect("C#", "Conzhu.cs"),
    "go": Dialect("Go", "conzhu.go"),
}


@cache
def load_snippets(dialect: str) -> Mapping[str, str]:
    """Return a language's snippets by their names, without the indentation that all lines have."""
    _, *parts = _MARK.split(DIALECTS[dialect].source)
    return {
        name: dedent(_cut(indent, code)).strip()
        for indent, name, code in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }


def _cut(indent: str, code: str) -> str:
    """Return the lines before the first one that is indented less."""
    outside = re.search(rf"^(?!{indent}|$)", code, re.MULTILINE)
    return code[: outside.start()] if outside else code
