"""What never comes is waited for in full a few times; what came once always is."""

import pytest

from conformance_tests.suite.target.patience import Patience

_WHOLE = 5.0


def _vain(patience: Patience, what: str, times: int) -> None:
    for _ in range(times):
        patience.learn(what, came=False)


def test_what_never_came_is_not_waited_for_in_full_for_ever() -> None:
    patience = Patience(_WHOLE, settle=0.3)

    _vain(patience, "offer", 2)
    assert patience.for_("offer") == _WHOLE
    _vain(patience, "offer", 1)

    assert patience.for_("offer") == pytest.approx(0.5)
    assert patience.for_("pay") == _WHOLE


def test_what_came_once_is_waited_for_in_full_again() -> None:
    patience = Patience(_WHOLE, settle=0.3)
    _vain(patience, "offer", 4)

    patience.learn("offer", came=True)
    _vain(patience, "offer", 4)

    assert patience.for_("offer") == _WHOLE


def test_a_wait_is_never_shorter_than_a_silence_and_never_longer_than_the_patience() -> None:
    for whole, settle, rest in ((5.0, 2.0, 2.0), (1.0, 3.0, 1.0)):
        patience = Patience(whole, settle)
        _vain(patience, "offer", 3)
        assert patience.for_("offer") == rest
