"""The target as a check drives it: let it act, count its records, restart it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.rules.outcomes import (
    Blocked,
    NotApplicable,
    TargetFault,
    expect,
)
from conformance_tests.suite.rules.reasons import NoCall, Undeclared, Unreachable
from conformance_tests.suite.scenes.both.actions import ACTIONS, BEFORE, Effect, shows_another
from conformance_tests.suite.scenes.both.refusals import no_effect
from conformance_tests.suite.target import answers
from conformance_tests.suite.target.answers import Counted
from conformance_tests.suite.target.placeholders import fill_deeply
from conformance_tests.suite.target.stage import Stage, pause
from conformance_tests.suite.target.triggers import Done, Triggers, ask_at_terminal
from simulator import clock

#: What fills the placeholders that a check leaves open.
_DEFAULTS = {
    "price": "1000.00",
    "real_pay": "1000.00",
    "note": "一致性测试",
    "reason": "不符合保函约定的赔付条件",
}
_POLL = 0.02
_TOKEN_REFUSED = "1006"
#: An offer before a due diligence that must come first.
_TOO_EARLY = ("2325",)
#: Tries in vain after which nothing is prepared for an action any more.
_LEARNT = 3
#: Seconds after which an action that failed without any call is tried again.
_AGAIN = 0.2


#: What an action's trigger said, and the calls that came of it.
Acted: TypeAlias = tuple[Done, list[Call]]


class Institution:
    """The institution under test, as far as its target file lets us reach it."""

    def __init__(self, stage: Stage, platform: Business) -> None:
        self._stage = stage
        self._platform = platform
        self._triggers = Triggers(stage.target.path.parent, ask_at_terminal(), platform.patience)
        #: What helped before an action, and how often nothing did.
        self._preparation: dict[str, tuple[str, ...]] = {}
        self._in_vain: Counter[str] = Counter()
        #: Whether a person's word went into the check at hand.
        self.attested = False

    @property
    def effects(self) -> Mapping[str, Effect]:
        """The actions of this kind of institution."""
        return ACTIONS[self._stage.target.kind]

    def can(self, action: str) -> bool:
        """Return whether the target file declares an action."""
        return action in self._stage.target.actions

    def supports(self, feature: str) -> Any:
        """Return what the target file declares of a feature.

        Raises:
            NotApplicable: it declares nothing.
        """
        declared = self._stage.target.supports(feature)
        if declared is None:
            raise NotApplicable.because(Undeclared("supports", (feature,)))
        return declared

    def act(self, action: str, **values: str) -> Call:
        """Let the target act, and return the accepted call by which the platform saw it.

        Where it does not act, it first does what may come before (`BEFORE`).

        Raises:
            NotApplicable: the target file declares no such action.
            NoEffect: no accepted call came within the target's patience.
        """
        done, seen = self._prepared(action, values, lambda: self._acted(action, values))
        for call in seen:
            if call.accepted:
                return call
        raise no_effect(action, self.effects[action].method, seen, done.said)

    def succeeds(self, action: str, **values: str) -> bool:
        """Let the target act, and return whether the platform saw an accepted call of it.

        Only what helped before is done first: what a check judges by this must not be mended.

        Raises:
            NotApplicable: the target file declares no such action.
        """
        for step in self._preparation.get(action, ()):
            self._prepare(step, values)
        return _accepted(self._acted(action, values)[1])

    def try_to(self, action: str, **values: str) -> list[Call]:
        """Let the target act where it should not succeed; return the calls that came of it.

        Raises:
            NotApplicable: the target file declares no such action.
        """
        return self._acted(action, values, hopeful=False)[1]

    def calls_of(self, action: str, **values: str) -> tuple[Done, list[Call]]:
        """Let the target act; return all calls that came of it, taken or refused, rightly or not.

        Waits for an accepted one within the target's patience, or until it is silent after a
        refusal. Where it does not act, it first does what may come before (`BEFORE`).

        Raises:
            NotApplicable: the target file declares no such action.
        """
        return self._prepared(action, values, lambda: self._calls_of(action, values))

    def _calls_of(self, action: str, values: Mapping[str, str]) -> tuple[Done, list[Call]]:
        effect, by_itself = self.effects[action], self._left_to_the_target(action)
        kind = self._stage.target.kind
        # What the target does by itself it may have done already.
        start = 0 if by_itself else self._platform.mark()
        done = self._go(action, {**_DEFAULTS, **values})
        patience, any_of = self._platform.patience, f"any call of {action}"
        end = clock.monotonic() + (patience.for_(any_of) if done.succeeded else 0.0)
        newest = start

        def seen() -> list[Call]:
            found = self._platform.calls(effect.method, values.get(effect.about), start)
            if by_itself:
                return [call for call in found if effect.is_shown_by(call, values)]
            return [call for call in found if not shows_another(call, action, kind)]

        while not (calls := seen()) and (left := end - clock.monotonic()) > 0:
            newest = self._platform.next_call(newest, left)
        if done.succeeded:
            patience.learn(any_of, bool(calls))
        if calls and not _accepted(calls):
            self._platform.settle()
            calls = seen()
        if not calls and not by_itself:
            # A call may even lack the number of what it is about.
            calls = self._platform.calls(effect.method, since=start)
        return done, calls

    def expect_accepted(self, action: str, about: str, **values: str) -> None:
        """Let the target act, and demand that the platform takes what comes of it.

        Args:
            action: an action's name.
            about: what a message names the thing by, such as its principal.
            values: the action's values.

        Raises:
            TargetFault: no call came, or the last one was refused.
            NotApplicable: the target file declares no such action.
        """
        done, calls = self.calls_of(action, **values)
        if not calls:
            method = self.effects[action].method
            raise TargetFault.because(NoCall(action, method, done.said, about))
        answered = calls[-1].answered
        expect(
            calls[-1].accepted,
            f"what `{action}` sent for {about} was refused: {answered.en}",
            f"操作 `{action}` 为 {about} 发起的调用被平台拒绝：{answered.zh}",
        )

    def _prepared(self, action: str, values: Mapping[str, str], act: Callable[[], Acted]) -> Acted:
        # What came of the first try is told where none succeeds.
        outcomes: list[Acted] = []
        for steps in self._preparations(action):
            for step in steps:
                self._prepare(step, values)
            outcomes.append(act())
            calls = outcomes[-1][1]
            if _accepted(calls):
                self._preparation[action] = steps
                return outcomes[-1]
            if calls and calls[-1].status not in _TOO_EARLY:
                break
        self._in_vain[action] += 1
        return outcomes[0]

    def _preparations(self, action: str) -> Sequence[tuple[str, ...]]:
        """Return what to do before an action: what helped once, else nothing and then each way."""
        if helped := self._preparation.get(action):
            return [helped]
        if self._in_vain[action] >= _LEARNT:
            return [()]
        ways = BEFORE[self._stage.target.kind].get(action, ())
        return [(), *(way for way in ways if all(map(self.can, way)))]

    def _prepare(self, step: str, values: Mapping[str, str]) -> None:
        if step == "pass_due_diligence":
            # Whether it passes with its note is judged by a check of its own (P24).
            self._platform.switch(lenient_note=True)
        self._acted(step, values)

    def _left_to_the_target(self, action: str) -> bool:
        return self._stage.target.actions.get(action) == "auto"

    def _acted(
        self, action: str, values: Mapping[str, str], hopeful: bool = True
    ) -> tuple[Done, list[Call]]:
        # What the target does by itself it may have done already.
        newest = start = 0 if self._left_to_the_target(action) else self._platform.mark()
        patience = self._platform.patience
        end = clock.monotonic() + (patience.for_(action) if hopeful else 0.0)
        done = self._go(action, {**_DEFAULTS, **values})
        seen = self._seen(action, values, start)
        while not _accepted(seen) and (left := end - clock.monotonic()) > 0:
            if done.broken or (seen and not done.succeeded):
                break
            if done.succeeded:
                newest = self._platform.next_call(newest, left)
            else:
                # What it is to act upon may still wait in its queue (P44).
                pause(_AGAIN)
                done = self._go(action, {**_DEFAULTS, **values})
            seen = self._seen(action, values, start)
        if hopeful and (_accepted(seen) or clock.monotonic() >= end):
            patience.learn(action, _accepted(seen))
        if not hopeful:
            self._platform.settle()
            seen = self._seen(action, values, start)
        return done, seen

    def _seen(self, action: str, values: Mapping[str, str], since: int) -> list[Call]:
        effect = self.effects[action]
        about = values.get(effect.about)
        return [
            call
            for call in self._platform.calls(effect.method, about=about, since=since)
            if effect.is_shown_by(call, values)
        ]

    def calls_for(self, action: str, since: int, **values: str) -> list[Call]:
        """Return the calls by which the target did an action, or tried to; none is waited for.

        A call that was refused for its token is made again with a new one, and counts for nothing.
        """
        seen = self._seen(action, values, since)
        return [call for call in seen if call.status != _TOKEN_REFUSED]

    def _go(self, action: str, values: Mapping[str, str]) -> Done:
        if not self.can(action):
            raise NotApplicable.because(Undeclared("actions", (action,)))
        done = self._triggers.set_off(action, self._stage.target.actions[action], values)
        self._platform.note_action(action, values, done.said)
        return done

    def restart(self) -> None:
        """Stop the target and start it again.

        Raises:
            NotApplicable: the target file declares no way to.
            Blocked: it did not come back.
        """
        if not self.can("restart"):
            raise NotApplicable.because(Undeclared("actions", ("restart",)))
        if self._stage.target.actions["restart"] == "start":
            self._stage.stop_target()
            self._stage.start_target()
            return
        self._go("restart", {})
        end = clock.monotonic() + 60
        while not self._stage.reachable():
            if clock.monotonic() > end:
                raise Blocked(
                    "the target did not come back after `restart`", "目标在 `restart` 后未恢复"
                )
            pause(_POLL)

    def has_probe(self, kind: str) -> bool:
        """Return whether the target file declares a probe."""
        return kind in self._stage.target.probes

    def count(self, kind: str, key: str) -> int:
        """Return how many records of a kind the target has for a key, by its own account.

        Raises:
            NotApplicable: the target file declares no such probe.
        """
        return self.probe(kind, key).number

    def probe(self, kind: str, key: str) -> Counted:
        """Return how many records of a kind there are, and whether the answer told of any.

        Raises:
            NotApplicable: the target file declares no such probe.
            Blocked: it was answered by an exception.
        """
        if not self.has_probe(kind):
            raise NotApplicable.because(Undeclared("probes", (kind,)))
        trigger = self._stage.target.probes[kind]
        done = self._triggers.set_off(f"probe {kind}", trigger, {"key": key})
        self.attested = self.attested or done.by_hand
        if done.broken:
            raise Blocked.because(Unreachable(f"probe {kind}", done.said))
        way = fill_deeply(trigger if isinstance(trigger, Mapping) else {}, {"key": key})
        counted = answers.count(done.content, done.text, way)
        if counted.absent:
            self._platform.note_action(f"probe {kind}", {"key": key}, counted.absent.en)
        return counted

    def count_settled(self, kind: str, key: str, wanted: int) -> int:
        """Return the count once it is `wanted`, or what it is when patience is over (P44)."""
        patience, probe = self._platform.patience, f"probe {kind}"
        end = clock.monotonic() + patience.for_(probe)
        while (found := self.count(kind, key)) != wanted and clock.monotonic() < end:
            pause(_POLL)
        patience.learn(probe, found == wanted)
        return found


def _accepted(calls: Sequence[Call]) -> bool:
    return any(call.accepted for call in calls)
