"""The words of a scenario file, checked before anything is started: acts, names, references."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from conformance_tests.scenarios.files import durations, references, shape, vocabulary
from conformance_tests.scenarios.files.documents import Document, Place
from conformance_tests.scenarios.files.problems import Wrong, suggestion
from conformance_tests.scenarios.files.references import ROW
from conformance_tests.scenarios.files.shape import StepKind
from conformance_tests.scenarios.files.vocabulary import ABOUT_PUSH, THINGS
from simulator.errors import SimulatorError
from simulator.operations.faults.fault_rules import RULES
from simulator.schema_errors import suggest

#: What no false notice can say otherwise: each is stamped and signed for itself.
_OWN = ("sign", "timestamp")
_STEPWISE = ("next", "idle")
ALL = "all"
#: Where these have a wrong form, what is said of the steps is right all the same.
_APART = ("purpose", "account", "pace")


class Words:
    """Reads a file's steps in their order, and knows what each of them can refer to.

    What is `misshapen` is left alone: its form is told already.
    """

    def __init__(self, document: Document, misshapen: Collection[Place] = ()) -> None:
        self._document = document
        self._misshapen = misshapen
        self._kind = ""
        self._rows: Sequence[Mapping[str, Any]] = []
        self._names: dict[str, str] = {}
        #: Whether a step is wrong that might have made what later ones refer to.
        self._unsure = False
        self._found: list[Wrong] = []

    def mistakes(self) -> list[Wrong]:
        """Return which words mean nothing."""
        heads = [place[:1] for place in self._misshapen if place[:1] != ("steps",) or not place[1:]]
        if any(head not in [(name,) for name in _APART] for head in heads):
            return []
        content: Mapping[str, Any] = self._document.content
        self._kind, self._rows = str(content["kind"]), content.get("for_each", [])
        for number, row in enumerate(self._rows):
            if set(row) != set(self._rows[0]):
                self._tell(
                    ("for_each", number),
                    "every row has the same names as the first one.",
                    "每一行的名称必须与第一行相同。",
                )
        misshapen = {place[:2] for place in self._misshapen}
        for number, step in enumerate(content["steps"]):
            place: Place = ("steps", number)
            if place in misshapen:
                self._unsure = self._unsure or _may_be_an_act(step)
                continue
            self._check_references(place, step)
            getattr(self, f"_check_{shape.step_kind(step)}")(place, step)
        return self._found

    def _tell(self, place: Place, en: str, zh: str) -> None:
        self._found.append(self._document.wrong(place, en, zh))

    def _known(self, place: Place, given: str, known: Collection[str], en: str, zh: str) -> bool:
        """Tell a word that there is not; return whether it is one that is known by now."""
        unknown = [each for each in self._in_each_row(given) if each not in known]
        for each in dict.fromkeys(unknown):
            near = suggestion(each, known)
            said = f"there is no {en} {each!r}. {near.en}", f"没有{zh} {each!r}。{near.zh}"
            self._tell(place, *said)
        return given in known

    # References.

    def _check_references(self, place: Place, value: Any) -> None:
        for inner, text in references.texts(value, place):
            for written in references.written_in(text):
                self._check_reference(inner, written)
            if text.count("${") != len(references.written_in(text)):
                self._tell(
                    inner,
                    f"a reference in {text!r} has no end: write ${{name}}.",
                    f"{text!r} 中的引用没有结束：请写成 ${{name}}。",
                )

    def _check_reference(self, place: Place, written: str) -> None:
        found = references.read(written)
        if found is None:
            self._tell(
                place,
                f"${{{written}}} is no reference: write ${{order}} or ${{order.state}}.",
                f"${{{written}}} 不是引用：请写成 ${{order}} 或 ${{order.state}}。",
            )
            return
        if found.name == ROW:
            known = list(self._rows[0]) if self._rows else []
            member = found.members[0] if found.members else ""
            if len(found.members) != 1 or member not in known:
                near = suggestion(member, known)
                self._tell(
                    place,
                    f"the rows of `for_each` have no {member!r}. {near.en}",
                    f"for_each 的行中没有 {member!r}。{near.zh}",
                )
            return
        if found.name not in self._names:
            if not self._unsure:
                near = suggestion(found.name, self._names)
                self._tell(
                    place,
                    f"no step before this one makes {found}. {near.en}",
                    f"此前没有步骤产生 {found}。{near.zh}",
                )
            return
        members = THINGS[self._names[found.name]].members
        if found.members and found.members[0] not in members:
            near = suggestion(found.members[0], members)
            thing = self._names[found.name]
            self._tell(
                place,
                f"{found} leads nowhere: no {thing} has the member {found.members[0]!r}. {near.en}",
                f"{found} 不存在：{thing} 没有 {found.members[0]!r}。{near.zh}",
            )

    def _thing_of(self, text: str) -> str | None:
        """Return what kind of thing a text refers to, if it is one reference and nothing else."""
        found = references.sole(text)
        return self._names.get(found.name) if found and not found.members else None

    # Steps.

    def _check_act(self, place: Place, step: Mapping[str, Any]) -> None:
        acts = vocabulary.acts(self._kind)
        name = str(step["act"])
        if name not in acts:
            near = suggestion(name, acts)
            said = f"there is no act {name!r}. {near.en}", f"没有操作 {name!r}。{near.zh}"
            self._tell((*place, "act"), *said)
            meant = suggest(name, acts)
            if meant is None:
                self._unsure = True
            elif thing := acts[meant].makes:
                self._names[str(step.get("as", thing))] = thing
            return
        act = acts[name]
        given: Mapping[str, Any] = step.get("with", {})
        if not act.open:
            for each in given:
                self._known((*place, "with", each), each, act.takes, "value", "参数")
        for value, thing in act.about.items():
            if value not in given and thing not in self._names and not self._unsure:
                self._tell(
                    place,
                    f"{name} does not say of which {thing}: no step before this one makes "
                    f"`{thing}`; give `with: {{{value}: …}}`.",
                    f"{name} 没有说明对象：此前没有步骤产生 `{thing}`；"
                    f"请写 `with: {{{value}: …}}`。",
                )
        if "effect" in step and not act.by_institution:
            self._tell(
                (*place, "effect"),
                "only what the institution does has an `effect` to be judged.",
                "只有机构的操作才有 effect。",
            )
        if act.makes:
            self._names[str(step.get("as", act.makes))] = act.makes
        elif "as" in step:
            self._tell(
                (*place, "as"),
                f"{name} makes nothing that could have a name: leave `as` out.",
                f"{name} 不产生可引用的结果：请去掉 as。",
            )

    def _check_push(self, place: Place, step: Mapping[str, Any]) -> None:
        pushes = vocabulary.pushes(self._kind)
        name = str(step["push"])
        if not self._known((*place, "push"), name, pushes, "push", "推送"):
            return
        interface = pushes[name]
        changed: Mapping[str, Any] = step.get("changed", {})
        members = [each.name for each in interface.parameters if each.name not in _OWN]
        for each in changed:
            self._known((*place, "changed", each), each, members, "member", "参数")
        needs_about = bool(changed) or interface.delivery != "notice"
        missing = "about" not in step and ABOUT_PUSH[name] not in self._names
        if needs_about and missing and not self._unsure:
            self._tell(
                place,
                f"what {name} is about is not said, and no step before this one makes "
                f"`{ABOUT_PUSH[name]}`: give `about`.",
                f"没有说明 {name} 的对象，此前也没有步骤产生 `{ABOUT_PUSH[name]}`：请写 about。",
            )
        if changed and step.get("mode", "deliver") != "deliver":
            self._tell(
                (*place, "mode"),
                "a false notice is delivered: leave `mode` out, or `changed`.",
                "假通知只能直接发送：请去掉 mode 或 changed。",
            )

    def _check_advance(self, place: Place, step: Mapping[str, Any]) -> None:
        for text in self._in_each_row(str(step["advance"])):
            if text not in _STEPWISE:
                self._check_stretch((*place, "advance"), text)

    def _in_each_row(self, text: str) -> list[str]:
        """Return a text as it is in each row; none where only a play knows what it refers to."""
        if "${" not in text:
            return [text]
        found = [references.read(written) for written in references.written_in(text)]
        if not all(each and each.name == ROW and len(each.members) == 1 for each in found):
            return []
        names = {each.members[0] for each in found if each}
        return [
            references.filled(text, lambda found, row=row: str(row[found.members[0]]))  # type: ignore[misc]
            for row in self._rows
            if names and names <= set(row)
        ]

    def _check_stretch(self, place: Place, text: str) -> None:
        try:
            durations.seconds(text)
        except SimulatorError as error:
            self._tell(place, error.text.en, error.text.zh)

    def _check_fault(self, place: Place, step: Mapping[str, Any]) -> None:
        place = (*place, "fault")
        fault: Mapping[str, Any] = step["fault"]
        if "remove" in fault:
            removable = (*RULES, ALL)
            self._known((*place, "remove"), str(fault["remove"]), removable, "rule", "规则")
            return
        name = str(fault["rule"])
        if not self._known((*place, "rule"), name, RULES, "fault rule", "故障规则"):
            return
        rule = RULES[name]
        named = {
            "push": vocabulary.pushes(self._kind),
            "call": vocabulary.calls(self._kind),
        }.get(rule.strikes, {})
        if "interface" in fault:
            self._known(
                (*place, "interface"),
                str(fault["interface"]),
                named,
                f"interface that {rule.name} strikes,",
                f"{rule.name} 适用的接口",
            )
        for each in fault.get("value", {}):
            self._known(
                (*place, "value", each), each, rule.takes, f"value of {rule.name}", "规则参数"
            )

    # Expectations.

    def _check_expect(self, place: Place, step: Mapping[str, Any]) -> None:
        place = (*place, "expect")
        wanted: Mapping[str, Any] = step["expect"]
        for inner, text in references.texts(wanted, place):
            if inner[-1] == "matches":
                self._check_pattern(inner, text)
        getattr(self, f"_expect_{shape.expectation_kind(wanted)}")(place, wanted)

    def _check_pattern(self, place: Place, text: str) -> None:
        if not all(map(references.read, references.written_in(text))):
            return
        try:
            re.compile(references.filled(text, lambda _: "x"))
        except re.error as error:
            self._tell(
                place,
                f"{text!r} is no regular expression: {error}.",
                f"{text!r} 不是有效的正则表达式：{error}。",
            )

    def _expect_call(self, place: Place, wanted: Mapping[str, Any]) -> None:
        calls = vocabulary.calls(self._kind)
        name = str(wanted["call"])
        self._known((*place, "call"), name, calls, "call", "调用")
        if name in calls:
            members = [each.name for each in calls[name].parameters]
            for each in wanted.get("params", {}):
                self._known((*place, "params", each), each, members, "parameter", "参数")

    def _expect_answer(self, place: Place, wanted: Mapping[str, Any]) -> None:
        pushes = vocabulary.pushes(self._kind)
        self._known((*place, "answer"), str(wanted["answer"]), pushes, "push", "推送")
        if "verdict" in wanted:
            known = shape.verdicts()
            self._known((*place, "verdict"), str(wanted["verdict"]), known, "verdict", "判定")

    def _expect_state(self, place: Place, wanted: Mapping[str, Any]) -> None:
        of = str(wanted.get("of", "${order}"))
        thing = self._thing_of(of)
        if thing is None or thing == "release":
            named = [references.read(written) for written in references.written_in(of)]
            told = "of" in wanted and any(e and e.name not in (*self._names, ROW) for e in named)
            if not told and not self._unsure:
                self._tell(
                    (*place, "of"),
                    "`of` is one order, claim, invoice or guarantee of an earlier step: ${order}.",
                    "of 应为此前步骤产生的订单、理赔、发票或保函，例如 ${order}。",
                )
            return
        states = vocabulary.states(self._kind, thing)
        self._known((*place, "state"), str(wanted["state"]), states, "state", "状态")
        for each in wanted.get("having", {}):
            self._known((*place, "having", each), each, THINGS[thing].members, "member", "字段")

    def _expect_push(self, place: Place, wanted: Mapping[str, Any]) -> None:
        pushes = vocabulary.pushes(self._kind)
        name = str(wanted["push"])
        self._known((*place, "push"), name, pushes, "push", "推送")
        if "state" in wanted:
            known = vocabulary.PUSH_STATES
            self._known((*place, "state"), str(wanted["state"]), known, "state", "状态")
        if name in pushes:
            members = [each.name for each in pushes[name].parameters]
            for each in wanted.get("content", {}):
                self._known((*place, "content", each), each, members, "parameter", "参数")

    def _expect_silence(self, place: Place, wanted: Mapping[str, Any]) -> None:
        if "method" in wanted:
            calls = vocabulary.calls(self._kind)
            self._known((*place, "method"), str(wanted["method"]), calls, "call", "调用")

    def _expect_records(self, place: Place, wanted: Mapping[str, Any]) -> None:
        if "key" not in wanted and "order" not in self._names and not self._unsure:
            self._tell(
                place,
                "by which number is counted is not said: give `key`.",
                "没有说明按哪个编号统计：请写 key。",
            )


def _may_be_an_act(step: Any) -> bool:
    """Return whether a step that has not the form of one may be an act, by the names in it."""
    others = [str(kind) for kind in StepKind if kind is not StepKind.ACT]
    names = [str(name) for name in step] if isinstance(step, Mapping) else []
    return "act" in names or not any(suggest(name, others) for name in names)
