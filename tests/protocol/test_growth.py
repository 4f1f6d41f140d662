"""What reads, explains and keeps foreign text costs time in proportion to it, whatever it is.

What grows by the square takes minutes for these texts, so that the tests' own limit ends it.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.protocol import masking, personal, posted_forms
from simulator.protocol.diagnosis import explain_seal
from simulator.protocol.diagnosis.access_tokens import explain_token
from simulator.protocol.diagnosis.forms import Posting, explain_absent_token, explain_form
from simulator.protocol.key_pool import strangers_key
from simulator.store import foreign
from simulator.store.database import Database

_LETTERS = 300_000
#: What a hostile client repeats, between letters that stand outside of the repetition.
_PIECES = [
    *("a", "A1", "+", " ", "=", "&", "%2", "\\", '"', "'", "<", "[", "{", "\r\n", "中"),
    *("a=", "a@b.", "{a=", '\\"', "[1,", "access_token=", "param=", "--x\r\n", "a[]"),
]


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


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database."""
    folder: Path = tmp_path_factory.mktemp("growth")
    database = Database(f"sqlite:///{folder / 'growth.db'}")
    yield database
    database.close()


@pytest.mark.parametrize("piece", _PIECES)
def test_a_long_text_is_kept_in_linear_time_and_bounded_size(
    database: Database, piece: str
) -> None:
    text = f"x{piece * (_LETTERS // len(piece))}x"

    with database.reading() as session:
        value = {
            "value": masking.mask(text),
            text: "name",
            "many": {f"{n}": text for n in range(9)},
        }
        kept = foreign.clean(session, value)

    # An escape has two letters in JSON.
    assert len(json.dumps(kept, ensure_ascii=False)) < 130_000
    assert all(len(name) < 90 for name in kept)
    assert len(kept["value"]) < 21_000


@pytest.mark.parametrize("piece", _PIECES)
def test_a_long_post_is_read_and_explained_in_linear_time(piece: str) -> None:
    text = f"x{piece * (100_000 // len(piece))}x"
    limits = posted_forms.Limits(1_000_000, 1_000_000)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        form = posted_forms.read(io.BytesIO(text.encode()), kind, limits)
        posting = Posting(
            content_type=kind, fields={text: text}, beginning=form.beginning, length=form.length
        )
        absent = explain_absent_token(posting, {"access_token": text}, lambda _token: False)
        found = [*explain_form(posting), absent]
        assert all(len(each.detail.en) < 1000 for each in found)


@pytest.mark.parametrize("piece", _PIECES)
def test_a_long_param_and_a_long_token_are_explained_in_linear_time(piece: str) -> None:
    text = f"x{piece * (100_000 // len(piece))}x"
    key = strangers_key(1024)

    found = explain_seal(text, key, key, "own", [])

    assert all(len(each.detail.en) < 1000 for each in found)
    named = explain_token(text, lambda _token: False, ["A" * 408] * 50)
    assert named is None or len(named.detail.en) < 1000
