"""Hashes what a function does: its syntax tree, without what it is called and what it says.

The kill matrix holds for a check and a defect as long as they do the same. A sentence that was
reworded, a comment, a docstring, another layout or another type's name leaves the hash as it is;
so does another release of Python, whose own dump of a tree may differ.
"""

import ast
import hashlib
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

#: A letter that is not ASCII, or two words beside each other: a sentence, or a part of one.
_WORDING = re.compile(r"[^\x00-\x7f]|[A-Za-z`'\"][,;:.]?\s+[A-Za-z`'\"]")
#: Beside a value that is filled in, one word is enough.
_WORDING_OF_PART = re.compile(r"[^\x00-\x7f]|[A-Za-z]{2}[,;:.]?\s|\s[A-Za-z]{2}")
#: Arguments of decorators that are wording, whatever stands there.
_WORDING_ARGUMENTS = {"title", "zh", "fix"}
#: Types, and where an import comes from: nothing of it is done.
_IGNORED = {"annotation", "ctx", "kind", "module", "returns", "type_comment", "type_params"}
_SENTENCE = "sentence"


def hash_behaviour(function: Callable[..., Any]) -> str:
    """Return the hash of what a function does, as its decorators say it among other things."""
    return hash_source(inspect.getsource(function))


def hash_source(source: str) -> str:
    """Return the hash of what a function does, of which this is the source."""
    (function,) = ast.parse(textwrap.dedent(source)).body
    assert isinstance(function, ast.FunctionDef)
    function.name = "any"
    return hashlib.sha256(repr(_shape(function)).encode()).hexdigest()[:16]


def _shape(node: Any) -> Any:
    """Return a node as nested lists of the fields that count."""
    match node:
        case list():
            return [_shape(each) for each in node if not _is_docstring(each)]
        case ast.Constant(value=str(text)) if _WORDING.search(text):
            return _SENTENCE
        case ast.JoinedStr(values=parts) if any(_is_wording(part) for part in parts):
            return _SENTENCE
        case ast.keyword(arg=name) if name in _WORDING_ARGUMENTS:
            return name
        case ast.AST():
            fields = [
                (name, _shape(value))
                for name, value in ast.iter_fields(node)
                if name not in _IGNORED and value is not None and value != []
            ]
            return [type(node).__name__, fields]
        case _:
            return node


def _is_docstring(node: Any) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_wording(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and bool(_WORDING_OF_PART.search(str(part.value)))
