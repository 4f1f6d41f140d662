"""Notices that reach the target more than once: how that comes about, and what came of it.

`Repeats` brings a notice to the target again in one of the ways of `Way`. What it found is kept,
because the answers, the target's records and its calls are judged by checks of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from conformance_tests.suite.platform.seen import Attempt, Call
from conformance_tests.suite.rules.interfaces import NOTICES, PROBES
from conformance_tests.suite.rules.outcomes import Blocked, EarlyEnd, NotApplicable
from conformance_tests.suite.rules.reasons import NotTaken, Undeclared
from conformance_tests.suite.scenes.both.scene import Matter, Scene, Task

#: How a notice comes again: sealed afresh, byte for byte, eight copies at the same instant, after
#: its acknowledgement was lost, after the target restarted, after its matter was dealt with.
Way: TypeAlias = Literal["repeated", "identical", "at-once", "ack-lost", "restarted", "dealt-with"]
_COPIES = 8
_Subject: TypeAlias = Literal["matter", "task"]
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class _Told:
    """What the deliveries of a notice came to; the records or calls that the target made of it."""

    attempts: Sequence[Attempt]
    records: int | None = None
    calls: Sequence[Call] = ()


class Repeats:
    """Repeats notices, and tells what came of it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._platform = scene.platform
        self._target = scene.target

    def answers(self, way: Way, interface: str) -> Sequence[Attempt]:
        """Return what the target answered to each delivery of a repeated notice, in order.

        Raises:
            Blocked: not even the first was acknowledged; the other clauses judge that.
        """
        attempts = self._told(way, interface).attempts
        if not attempts[0].reached and way != "at-once":
            raise Blocked.because(NotTaken(interface, attempts[0].text))
        return attempts

    def records(self, way: Way, interface: str) -> int:
        """Return how many records the target made of a repeated notice, by its own count.

        Raises:
            NotApplicable: the target file declares no such probe.
        """
        records = self._told(way, interface).records
        if records is None:
            raise NotApplicable.because(Undeclared("probes", (PROBES[interface],)))
        return records

    def effects(self, way: Way, interface: str) -> Sequence[Call]:
        """Return the calls that the target made about a matter that was notified repeatedly.

        Raises:
            NotApplicable: the target file lacks the action.
            Blocked: not even about a matter that was notified once it made its call.
        """
        self._show_effect_of_one(interface)
        if way in ("repeated", "restarted"):
            return self._around(way, interface, "task").calls
        task = self._scene.task(interface)
        if way == "dealt-with":
            self._platform.deliver(task.matter.number)
            self.calls_of(task)
            self._platform.repeat(task.matter.number)
            return self._calls_so_far(task)
        self.notify(way, task.matter)
        return self.calls_of(task)

    def notify(self, way: Way, matter: Matter) -> Sequence[Attempt]:
        """Deliver a notice several times, and return what each delivery came to."""
        push = matter.number
        if way == "identical":
            self._platform.switch(repeat="identical")
        if way == "at-once":
            self._strike("copies", matter, value={"copies": _COPIES})
        if way == "ack-lost":
            self._strike("lose_ack", matter)
        self._platform.deliver(push)
        if way == "ack-lost":
            self._platform.retry(push)
        elif way != "at-once":
            self._platform.repeat(push)
        return self._platform.attempts(push)

    def lose(self, rule: str, matter: Matter, times: int) -> Attempt:
        """Deliver a notice whose first attempts do not succeed by a fault rule; return the last."""
        push = matter.number
        self._strike(rule, matter, times=times)
        self._platform.deliver(push)
        return self._platform.retry(push, times)

    def _strike(self, rule: str, matter: Matter, **body: object) -> None:
        self._platform.fault(rule, interface=matter.interface, about=matter.about, **body)

    # What is told once and judged by several checks.

    def _told(self, way: Way, interface: str) -> _Told:
        if way in ("repeated", "restarted"):
            return self._around(way, interface, "matter")

        def tell() -> _Told:
            matter = self._scene.matter(interface)
            attempts = self.notify(way, matter)
            return _Told(attempts, self._count(matter))

        return self._scene.once((way, interface), tell)

    def _count(self, matter: Matter) -> int | None:
        kind = PROBES[matter.interface]
        if not self._target.has_probe(kind):
            return None
        self._platform.settle()
        return self._target.count_settled(kind, matter.about, 1)

    # What the target does about a matter.

    def task(self, interface: str) -> Task:
        """Let something happen that is to be notified, and about which the target does one thing.

        Raises:
            NotApplicable: the target file lacks an action that this takes.
        """
        return self._scene.task(interface)

    def calls_of(self, task: Task) -> Sequence[Call]:
        """Let the target do its task; return every call that it made for it, refused ones too."""
        task.first()
        self._target.succeeds(task.action, **task.values)
        return self._calls_so_far(task)

    def _calls_so_far(self, task: Task) -> Sequence[Call]:
        self._platform.settle()
        return self._target.calls_for(task.action, since=task.began, **task.values)

    def _show_effect_of_one(self, interface: str) -> None:
        """Show that the target makes its call about a matter that was notified once."""

        def tell() -> None:
            task = self._scene.task(interface)
            self._platform.deliver(task.matter.number)
            task.first()
            self._target.act(task.action, **task.values)

        self._scene.once(("works", interface), tell)

    # Around something that takes a while: once for all that it lies between.

    def _around(self, way: Way, interface: str, what: _Subject) -> _Told:
        def second() -> Mapping[tuple[str, _Subject], _Told | EarlyEnd]:
            return self._tell_around(self._platform.next_second, (interface,))

        def restart() -> Mapping[tuple[str, _Subject], _Told | EarlyEnd]:
            if not self._target.can("restart"):
                raise NotApplicable.because(Undeclared("actions", ("restart",)))
            return self._tell_around(self._target.restart, NOTICES[self._scene.kind])

        if way == "restarted":
            told = self._scene.once(way, restart)[interface, what]
        else:
            told = self._scene.once((way, interface), second)[interface, what]
        if isinstance(told, EarlyEnd):
            raise told
        self._platform.note_answers(*told.attempts)
        return told

    def _tell_around(
        self, happen: Callable[[], None], interfaces: Sequence[str]
    ) -> Mapping[tuple[str, _Subject], _Told | EarlyEnd]:
        begun: dict[tuple[str, _Subject], Task | Matter | EarlyEnd] = {}
        for interface in interfaces:
            task = begun[interface, "task"] = self._begun(self._scene.task, interface)
            # A second claim on the same guarantee would end the first.
            if interface in self._scene.one_at_a_time:
                begun[interface, "matter"] = task.matter if isinstance(task, Task) else task
            else:
                begun[interface, "matter"] = self._begun(self._scene.matter, interface)
        happen()
        # The records first: what is done about a matter may add to them.
        return {key: self._again(begun[key]) for key in sorted(begun)}

    def _begun(self, make: Callable[[str], _Made], interface: str) -> _Made | EarlyEnd:
        try:
            made = make(interface)
        except EarlyEnd as end:
            return end
        self._platform.deliver_all()
        return made

    def _again(self, subject: Task | Matter | EarlyEnd) -> _Told | EarlyEnd:
        if isinstance(subject, EarlyEnd):
            return subject
        matter = subject.matter if isinstance(subject, Task) else subject
        self._platform.repeat(matter.number)
        attempts = self._platform.attempts(matter.number)
        if isinstance(subject, Task):
            try:
                return _Told(attempts, calls=self.calls_of(subject))
            except EarlyEnd as end:
                return end
        return _Told(attempts, records=self._count(matter))
