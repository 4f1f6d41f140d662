"""A parameter that is JSON as text: written as PHP's json_encode writes it (P7)."""

import json

from hypothesis import given
from hypothesis import strategies as st

from simulator.protocol.plaintext import json_text

contents = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"])) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab/投", max_size=3), inner),
    max_leaves=8,
)


def test_it_is_written_as_php_does() -> None:
    content = [{"file_id": "1", "file_url": 'http://a/b?c=投&d="\\', "n": 1, "e": [], "x": None}]

    assert json_text(content) == (
        '[{"file_id":"1","file_url":"http:\\/\\/a\\/b?c=\\u6295&d=\\"\\\\","n":1,"e":[],"x":null}]'
    )


def test_delete_stays_as_it_is_and_what_lies_beyond_16_bits_is_a_pair() -> None:
    assert json_text("\x7f\U00020bb7") == '"\x7f\\ud842\\udfb7"'


@given(contents)
def test_it_is_read_as_what_was_written_and_has_no_blank_outside_texts(content: object) -> None:
    text = json_text(content)

    assert json.loads(text) == content
    compact = json.dumps(content, separators=(",", ":"))
    assert text.replace("\\/", "/").replace("\x7f", "\\u007f") == compact
