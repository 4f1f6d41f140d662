"""Check the acts, names and references of a scenario file before anything is started."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from conformance_tests.scenarios.files import durations, references, shape, vocabulary
from conformance_tests.scenarios.files.documents import Document, Place
from conformance_tests.scenarios.files.problems import FileMistake, suggestion
from conformance_tests.scenarios.files.references import ROW
from conformance_tests.scenarios.files.shape import StepKind
from conformance_tests.scenarios.files.vocabulary import ABOUT_PUSH, THINGS
from simulator.errors import SimulatorError
from simulator.operations.faults.fault_rules import RULES
from simulator.schema_errors import suggest

#: What a false notice cannot change: each one gets its own timestamp and sign.
_OWN = ("sign", "timestamp")
_STEPWISE = ("next", "idle")
ALL = "all"
#: A mistake in the form of these does not affect the checks of the steps.
_APART = ("purpose", "account", "pace")


class Checker:
    """Checks the steps of a file in order, and knows what each of them can refer to.

    What is `misshapen` is skipped: its form was reported already.
    """

    def __init__(self, document: Document, misshapen: Collection[Place] = ()) -> None:
        self._document = document
        self._misshapen = misshapen
        self._kind = ""
        self._rows: Sequence[Mapping[str, Any]] = []
        self._names: dict[str, str] = {}
        #: Whether a step is wrong that may have made what later steps refer to.
        self._unsure = False
        self._found: list[FileMistake] = []

    def find_mistakes(self) -> list[FileMistake]:
        """Return every act, name and reference that means nothing."""
        heads = [place[:1] for place in self._misshapen if place[:1] != ("steps",) or not place[1:]]
        if any(head not in [(name,) for name in _APART] for head in heads):
            return []
        content: Mapping[str, Any] = self._document.content
        self._kind, self._rows = str(content["kind"]), content.get("for_each", [])
        for number, row in enumerate(self._rows):
            if set(row) != set(self._rows[0]):
                self._report(
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

    def _report(self, place: Place, en: str, zh: str) -> None:
        self._found.append(self._document.wrong(place, en, zh))

    def _check_known(
        self, place: Place, given: str, known: Collection[str], en: str, zh: str
    ) -> bool:
        """Report an unknown name; return whether the name is known already."""
        unknown = [each for each in self._in_each_row(given) if each not in known]
        for each in dict.fromkeys(unknown):
            near = suggestion(each, known)
            texts = f"there is no {en} {each!r}. {near.en}", f"没有{zh} {each!r}。{near.zh}"
            self._report(place, *texts)
        return given in known

    # References.

    def _check_references(self, place: Place, value: Any) -> None:
        for inner, text in references.walk_texts(value, place):
            for inner_text in references.find_in(text):
                self._check_reference(inner, inner_text)
            if text.count("${") != len(references.find_in(text)):
                self._report(
                    inner,
                    f"a reference in {text!r} has no end: write ${{name}}.",
                    f"{text!r} 中的引用没有结束：请写成 ${{name}}。",
                )

    def _check_reference(self, place: Place, inner_text: str) -> None:
        found = references.parse(inner_text)
        if found is None:
            self._report(
                place,
                f"${{{inner_text}}} is not a reference: write ${{order}} or ${{order.state}}.",
                f"${{{inner_text}}} 不是引用：请写成 ${{order}} 或 ${{order.state}}。",
            )
            return
        if found.name == ROW:
            known = list(self._rows[0]) if self._rows else []
            member = found.members[0] if found.members else ""
            if len(found.members) != 1 or member not in known:
                near = suggestion(member, known)
                self._report(
                    place,
                    f"the rows of `for_each` have no {member!r}. {near.en}",
                    f"for_each 的行中没有 {member!r}。{near.zh}",
                )
            return
        if found.name not in self._names:
            if not self._unsure:
                near = suggestion(found.name, self._names)
                self._report(
                    place,
                    f"no step before this one makes {found}. {near.en}",
                    f"此前没有步骤产生 {found}。{near.zh}",
                )
            return
        members = THINGS[self._names[found.name]].members
        if found.members and found.members[0] not in members:
            near = suggestion(found.members[0], members)
            thing = self._names[found.name]
            self._report(
                place,
                f"{found} leads nowhere: no {thing} has the member {found.members[0]!r}. {near.en}",
                f"{found} 不存在：{thing} 没有 {found.members[0]!r}。{near.zh}",
            )

    def _thing_of(self, text: str) -> str | None:
        """Return the kind of thing that a text refers to, if it is a single reference."""
        found = references.sole(text)
        return self._names.get(found.name) if found and not found.members else None

    # Steps.

    def _check_act(self, place: Place, step: Mapping[str, Any]) -> None:
        acts = vocabulary.acts(self._kind)
        name = str(step["act"])
        if name not in acts:
            near = suggestion(name, acts)
            texts = f"there is no act {name!r}. {near.en}", f"没有操作 {name!r}。{near.zh}"
            self._report((*place, "act"), *texts)
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
                self._check_known((*place, "with", each), each, act.takes, "value", "参数")
        for value, thing in act.about.items():
            if value not in given and thing not in self._names and not self._unsure:
                self._report(
                    place,
                    f"{name} does not say which {thing}: no step before this one makes "
                    f"`{thing}`; give `with: {{{value}: …}}`.",
                    f"{name} 没有说明对象：此前没有步骤产生 `{thing}`；"
                    f"请写 `with: {{{value}: …}}`。",
                )
        if "effect" in step and not act.by_institution:
            self._report(
                (*place, "effect"),
                "only an act of the institution has an `effect`.",
                "只有机构的操作才有 effect。",
            )
        if act.makes:
            self._names[str(step.get("as", act.makes))] = act.makes
        elif "as" in step:
            self._report(
                (*place, "as"),
                f"{name} makes nothing that can be named: leave `as` out.",
                f"{name} 不产生可引用的结果：请去掉 as。",
            )

    def _check_push(self, place: Place, step: Mapping[str, Any]) -> None:
        pushes = vocabulary.pushes(self._kind)
        name = str(step["push"])
        if not self._check_known((*place, "push"), name, pushes, "push", "推送"):
            return
        interface = pushes[name]
        changed: Mapping[str, Any] = step.get("changed", {})
        members = [each.name for each in interface.parameters if each.name not in _OWN]
        for each in changed:
            self._check_known((*place, "changed", each), each, members, "member", "参数")
        needs_about = bool(changed) or interface.delivery != "notice"
        missing = "about" not in step and ABOUT_PUSH[name] not in self._names
        if needs_about and missing and not self._unsure:
            self._report(
                place,
                f"{name} does not say what it is about, and no step before this one makes "
                f"`{ABOUT_PUSH[name]}`: give `about`.",
                f"没有说明 {name} 的对象，此前也没有步骤产生 `{ABOUT_PUSH[name]}`：请写 about。",
            )
        if changed and step.get("mode", "deliver") != "deliver":
            self._report(
                (*place, "mode"),
                "a false notice can only be delivered: leave out `mode` or `changed`.",
                "假通知只能直接发送：请去掉 mode 或 changed。",
            )

    def _check_advance(self, place: Place, step: Mapping[str, Any]) -> None:
        for text in self._in_each_row(str(step["advance"])):
            if text not in _STEPWISE:
                self._check_duration((*place, "advance"), text)

    def _in_each_row(self, text: str) -> list[str]:
        """Return a text as it reads in each row; nothing if only a play knows what it refers to."""
        if "${" not in text:
            return [text]
        found = [references.parse(inner_text) for inner_text in references.find_in(text)]
        if not all(each and each.name == ROW and len(each.members) == 1 for each in found):
            return []
        names = {each.members[0] for each in found if each}
        return [
            references.fill(text, lambda found, row=row: str(row[found.members[0]]))  # type: ignore[misc]
            for row in self._rows
            if names and names <= set(row)
        ]

    def _check_duration(self, place: Place, text: str) -> None:
        try:
            durations.parse(text)
        except SimulatorError as error:
            self._report(place, error.text.en, error.text.zh)

    def _check_fault(self, place: Place, step: Mapping[str, Any]) -> None:
        place = (*place, "fault")
        fault: Mapping[str, Any] = step["fault"]
        if "remove" in fault:
            removable = (*RULES, ALL)
            self._check_known((*place, "remove"), str(fault["remove"]), removable, "rule", "规则")
            return
        name = str(fault["rule"])
        if not self._check_known((*place, "rule"), name, RULES, "fault rule", "故障规则"):
            return
        rule = RULES[name]
        named = {
            "push": vocabulary.pushes(self._kind),
            "call": vocabulary.calls(self._kind),
        }.get(rule.strikes, {})
        if "interface" in fault:
            self._check_known(
                (*place, "interface"),
                str(fault["interface"]),
                named,
                f"interface that {rule.name} strikes,",
                f"{rule.name} 适用的接口",
            )
        for each in fault.get("value", {}):
            self._check_known(
                (*place, "value", each), each, rule.takes, f"value of {rule.name}", "规则参数"
            )

    # Expectations.

    def _check_expect(self, place: Place, step: Mapping[str, Any]) -> None:
        place = (*place, "expect")
        wanted: Mapping[str, Any] = step["expect"]
        for inner, text in references.walk_texts(wanted, place):
            if inner[-1] == "matches":
                self._check_pattern(inner, text)
        getattr(self, f"_expect_{shape.expectation_kind(wanted)}")(place, wanted)

    def _check_pattern(self, place: Place, text: str) -> None:
        if not all(map(references.parse, references.find_in(text))):
            return
        try:
            re.compile(references.fill(text, lambda _: "x"))
        except re.error as error:
            self._report(
                place,
                f"{text!r} is not a regular expression: {error}.",
                f"{text!r} 不是有效的正则表达式：{error}。",
            )

    def _expect_call(self, place: Place, wanted: Mapping[str, Any]) -> None:
        calls = vocabulary.calls(self._kind)
        name = str(wanted["call"])
        self._check_known((*place, "call"), name, calls, "call", "调用")
        if name in calls:
            members = [each.name for each in calls[name].parameters]
            for each in wanted.get("params", {}):
                self._check_known((*place, "params", each), each, members, "parameter", "参数")

    def _expect_answer(self, place: Place, wanted: Mapping[str, Any]) -> None:
        pushes = vocabulary.pushes(self._kind)
        self._check_known((*place, "answer"), str(wanted["answer"]), pushes, "push", "推送")
        if "verdict" in wanted:
            known = shape.verdicts()
            self._check_known((*place, "verdict"), str(wanted["verdict"]), known, "verdict", "判定")

    def _expect_state(self, place: Place, wanted: Mapping[str, Any]) -> None:
        of = str(wanted.get("of", "${order}"))
        thing = self._thing_of(of)
        if thing is None or thing == "release":
            named = [references.parse(inner_text) for inner_text in references.find_in(of)]
            reported = "of" in wanted and any(
                e and e.name not in (*self._names, ROW) for e in named
            )
            if not reported and not self._unsure:
                self._report(
                    (*place, "of"),
                    "`of` is one order, claim, invoice or guarantee of an earlier step: ${order}.",
                    "of 应为此前步骤产生的订单、理赔、发票或保函，例如 ${order}。",
                )
            return
        states = vocabulary.states(self._kind, thing)
        self._check_known((*place, "state"), str(wanted["state"]), states, "state", "状态")
        for each in wanted.get("having", {}):
            self._check_known(
                (*place, "having", each), each, THINGS[thing].members, "member", "字段"
            )

    def _expect_push(self, place: Place, wanted: Mapping[str, Any]) -> None:
        pushes = vocabulary.pushes(self._kind)
        name = str(wanted["push"])
        self._check_known((*place, "push"), name, pushes, "push", "推送")
        if "state" in wanted:
            known = vocabulary.PUSH_STATES
            self._check_known((*place, "state"), str(wanted["state"]), known, "state", "状态")
        if name in pushes:
            members = [each.name for each in pushes[name].parameters]
            for each in wanted.get("content", {}):
                self._check_known((*place, "content", each), each, members, "parameter", "参数")

    def _expect_silence(self, place: Place, wanted: Mapping[str, Any]) -> None:
        if "method" in wanted:
            calls = vocabulary.calls(self._kind)
            self._check_known((*place, "method"), str(wanted["method"]), calls, "call", "调用")

    def _expect_records(self, place: Place, wanted: Mapping[str, Any]) -> None:
        if "key" not in wanted and "order" not in self._names and not self._unsure:
            self._report(
                place,
                "the number to count by is missing: give `key`.",
                "没有说明按哪个编号统计：请写 key。",
            )


def _may_be_an_act(step: Any) -> bool:
    """Return whether a misshapen step may be meant as an act, judging by its names."""
    others = [str(kind) for kind in StepKind if kind is not StepKind.ACT]
    names = [str(name) for name in step] if isinstance(step, Mapping) else []
    return "act" in names or not any(suggest(name, others) for name in names)
