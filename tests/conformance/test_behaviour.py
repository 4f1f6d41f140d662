"""The hash of a check or a defect changes with what it does, and with nothing else."""

import pytest
from conformance.behaviour import hash_source

SOURCE = '''
@check(
    "{kind}/{section}/2",
    "repeated",
    level=Level.SHOULD,
    needs=["{kind}/{section}/2/valid"],
    each=NOTICES,
    zh="重复的通知被确认",
    fix=_ANSWER,
)
def test_a_repeat_is_acknowledged(repeats: Repeats, interface: str) -> None:
    """Twice."""
    answers = repeats.answers("repeated", interface)
    expect(len(answers) == 2, f"came {answers} times", "次数不对")
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("重复的通知被确认", "重复通知已确认"),
        ("fix=_ANSWER", "fix=_AT_ONCE"),
        ("test_a_repeat_is_acknowledged", "test_a_second_notice_is_acknowledged"),
        ("repeats: Repeats", "repeats: Repetitions"),
        ('    """Twice."""\n', "    # Two.\n\n"),
        ('f"came {answers} times"', '"it came as often as that"'),
        ("次数不对", "次数有误"),
        ('"repeated", interface)', '"repeated",\n        interface,\n    )'),
    ],
)
def test_another_wording_is_no_other_behaviour(old: str, new: str) -> None:
    assert old in SOURCE
    assert hash_source(SOURCE.replace(old, new)) == hash_source(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("level=Level.SHOULD", "level=Level.MUST"),
        ("2/valid", "2/complete"),
        ("each=NOTICES", "each=QUESTIONS"),
        ("{section}/2", "{section}/3"),
        ('answers("repeated"', 'answers("identical"'),
        ("== 2", "== 1"),
        ("interface: str)", "section: str)"),
        ("expect(", "warn("),
    ],
)
def test_what_is_done_counts(old: str, new: str) -> None:
    assert old in SOURCE
    assert hash_source(SOURCE.replace(old, new)) != hash_source(SOURCE)


def test_a_format_with_a_space_is_a_value() -> None:
    dashes = "def stamp():\n    return now.strftime('%Y-%m-%d %H:%M:%S')"

    assert hash_source(dashes) != hash_source(dashes.replace("%Y-%m-%d", "%d.%m.%Y"))
