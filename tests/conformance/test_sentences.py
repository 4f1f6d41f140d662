"""Facts are values: nothing in the product finds out from a sentence of its own what happened.

A sentence for people is made of a value's fields. Whoever looks for a pattern in it - `.text.en`,
`["message"]`, a title - breaks as soon as somebody words it better.
"""

import ast
from collections.abc import Iterator

import pytest
from conformance.proving import ROOT

PRODUCT = ("simulator", "conformance_tests", "reference_institution")
#: What holds a sentence for people, as an attribute or as a member of JSON.
_ATTRIBUTES = {"text", "en", "zh", "message", "message_zh", "title", "rule", "remark", "fix"}
_MEMBERS = {"en", "zh", "message", "message_zh", "title", "rule", "conclusion"}
#: What looks for something in a text.
_METHODS = {"startswith", "endswith", "partition", "rpartition", "find", "index", "split", "count"}
_METHODS |= {"removeprefix", "removesuffix"}
_PATTERNS = {"search", "match", "fullmatch", "findall", "finditer", "sub"}
#: Checks of which the kill matrix keeps hours of proof; the journal has no code for these remarks.
_KNOWN = {
    ("test_calls.py", "test_no_call_is_refused_for_its_seal"),
    ("test_calls.py", "test_an_amount_is_sent_as_text"),
    ("test_calls_documents.py", "test_an_electronic_invoice_has_its_pdf"),
}


def _holds_a_sentence(node: ast.expr) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and part.attr in _ATTRIBUTES:
            return True
        if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant):
            return part.slice.value in _MEMBERS
    return False


def _looks_into(node: ast.AST) -> list[ast.expr]:
    """Return the texts in which an expression looks for something."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        if node.func.attr in _METHODS:
            return [node.func.value]
        return node.args if node.func.attr in _PATTERNS else []
    if isinstance(node, ast.Compare) and isinstance(node.left, (ast.Constant, ast.JoinedStr)):
        contains = (ast.In, ast.NotIn)
        pairs = zip(node.ops, node.comparators, strict=True)
        return [text for operator, text in pairs if isinstance(operator, contains)]
    return []


def _readers(source: str) -> Iterator[str]:
    """Every function that looks for something in a sentence."""
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if any(map(_holds_a_sentence, _looks_into(node))):
                    yield function.name


def test_nothing_is_read_out_of_a_sentence() -> None:
    modules = [path for package in PRODUCT for path in (ROOT / package).rglob("*.py")]
    found = {(m.name, function) for m in modules for function in _readers(m.read_text("utf-8"))}

    assert found == _KNOWN, "give the reason a field, and read that"


@pytest.mark.parametrize(
    "looking",
    [
        "re.search('refused', error.text.en)",
        "_SAID.search(finding.message)",
        "finding['title']['en'].partition(' (')",
        "cause.text.zh.startswith('目标')",
        "'HTTP 5' in finding['message']",
    ],
)
def test_what_looks_into_a_sentence_is_found(looking: str) -> None:
    assert list(_readers(f"def read(): return {looking}")) == ["read"]
