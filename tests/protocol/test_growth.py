"""The mask of personal data costs time in proportion to a text, whatever it is made of.

What grows by the square takes minutes for these texts, so that the tests' own limit ends it.
"""

import pytest

from simulator.protocol import personal

_LETTERS = 300_000


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "1", "a.b+", "a@", "a@b.", "_address", "a_"),
        *('"phone":', '"phone":"', "'contact_", '\\"', '"mobile" :\\"'),
    ],
)
def test_a_long_text_is_masked_in_linear_time(piece: str) -> None:
    text = piece * (_LETTERS // len(piece))

    masked = personal.mask({"remark": text, "nested": [text]})

    assert set(masked) == {"remark", "nested"}
    assert personal.is_personal(text) == text.endswith("_address")


@pytest.mark.parametrize("mail", ["a.b+c@example.com", "x@y-z.example.org"])
def test_a_mail_is_masked_wherever_it_stands(mail: str) -> None:
    assert mail not in personal.mask(f"write to {mail}, please")
    assert mail not in personal.mask(f"a@b@{mail}")
