"""The reference institution's README names every address, action and kind of record that it has."""

from pathlib import Path
from typing import Any

import pytest

import reference_institution
from reference_institution.app import create_app
from reference_institution.letter import AccountLetter

README = (Path(reference_institution.__file__).parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("kind", ["insurer", "guarantor"])
def test_everything_that_it_has_is_named(
    letter_json: dict[str, Any], tmp_path: Path, kind: str
) -> None:
    app = create_app(AccountLetter.from_json({**letter_json, "kind": kind}), tmp_path)
    institution = app.extensions["institution"]
    posts = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.arguments
    }
    having = {*posts, *institution.actions, *institution.store.keys}

    assert posts
    assert institution.actions
    assert {name for name in having if f"`{name}`" not in README} == set()
    institution.orders.close()
