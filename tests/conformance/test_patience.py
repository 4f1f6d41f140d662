"""What never comes is waited for in full a few times; what came once always is."""

from pathlib import Path

import pytest

from conformance_tests.suite.target.patience import Patience

_WHOLE = 5.0


@pytest.fixture
def patience(tmp_path: Path) -> Patience:
    """The patience of a run in which one thing came already."""
    patience = Patience(_WHOLE, 0.3, tmp_path / "learnt")
    patience.learn("issue", came=True)
    return patience


def _vain(patience: Patience, what: str, times: int) -> None:
    for _ in range(times):
        patience.learn(what, came=False)


def test_what_never_came_is_waited_for_briefly_then_not_at_all(patience: Patience) -> None:
    _vain(patience, "offer", 1)
    assert patience.for_("offer") == _WHOLE
    _vain(patience, "offer", 1)
    assert patience.for_("offer") == pytest.approx(0.5)
    _vain(patience, "offer", 2)

    assert patience.for_("offer") == 0
    assert patience.for_("pay") == _WHOLE


def test_what_came_once_is_waited_for_in_full_again(patience: Patience) -> None:
    _vain(patience, "offer", 4)

    patience.learn("offer", came=True)
    _vain(patience, "offer", 4)

    assert patience.for_("offer") == _WHOLE


def test_a_wait_is_never_shorter_than_a_silence_and_never_longer_than_the_patience(
    tmp_path: Path,
) -> None:
    for whole, settle, rest in ((5.0, 2.0, 2.0), (1.0, 3.0, 1.0)):
        patience = Patience(whole, settle, tmp_path / str(whole))
        _vain(patience, "offer", 2)
        assert patience.for_("offer") == rest


def test_a_target_that_did_nothing_at_all_is_not_waited_for_with_each_thing(
    tmp_path: Path,
) -> None:
    patience = Patience(_WHOLE, 0.3, tmp_path / "learnt")
    for what in ("offer", "pay", "issue"):
        _vain(patience, what, 1)

    assert patience.for_("claim") == pytest.approx(0.5)
    patience.learn("claim", came=True)
    assert patience.for_("offer") == _WHOLE


def test_an_address_that_never_answered_in_time_is_given_little(patience: Patience) -> None:
    patience.learn_answer("http://a/query", in_time=True)
    for _ in range(2):
        patience.learn_answer("http://a/claim", in_time=False)

    assert patience.for_answer("http://a/claim", _WHOLE) < 0.1
    assert patience.for_answer("http://a/release", _WHOLE) == _WHOLE
    patience.learn_answer("http://a/claim", in_time=True)
    assert patience.for_answer("http://a/claim", _WHOLE) == _WHOLE


def test_an_action_of_a_silent_target_is_given_ever_less(tmp_path: Path) -> None:
    patience = Patience(_WHOLE, 0.3, tmp_path / "learnt")
    given = [patience.for_trigger("actions at a")]
    for _ in range(3):
        patience.learn_answer("http://a/claim", in_time=False)
    for _ in range(3):
        given.append(patience.for_trigger("actions at a"))
        patience.learn_answer("actions at a", in_time=False)

    assert given == sorted(given, reverse=True)
    assert given[0] == 60
    assert sum(given[1:]) < 10


def test_the_processes_of_a_run_learn_from_each_other(tmp_path: Path) -> None:
    one, other = (Patience(_WHOLE, 0.3, tmp_path / "learnt") for _ in range(2))

    _vain(one, "offer", 4)

    assert other.for_("offer") == 0
