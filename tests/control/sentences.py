"""What every refusal has: one sentence in English and one in Chinese."""

import re
from typing import Any


def assert_sentences(answer: dict[str, Any], *named: str) -> None:
    """Check an error: a sentence in each language, and what it must name in both."""
    assert list(answer) == ["error"]
    en, zh = answer["error"]["en"], answer["error"]["zh"]
    assert en.endswith(".")
    assert zh.endswith("。")
    assert "\n" not in en + zh
    assert "Traceback" not in en
    assert re.search("[\u4e00-\u9fff]", zh)
    for name in named:
        assert name in en, en
        assert name in zh, zh
