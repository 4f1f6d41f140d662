"""The doctor: one clear finding about a target, instead of a hundred failed checks."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conformance_tests.suite.doctor import habits, probing
from conformance_tests.suite.doctor.clock_difference import (
    TOLERANCE,
    ahead_by_answer,
    ahead_by_call,
    zone_hint,
)
from conformance_tests.suite.doctor.target_file import (
    check_target_file,
    find_contradictions,
)
from conformance_tests.suite.messages import raw
from conformance_tests.suite.messages.notices import LIMIT, Answer
from conformance_tests.suite.platform.seen import Attempt, Call
from conformance_tests.suite.report import undeclared
from conformance_tests.suite.rules.outcomes import Blocked, NoEffect, NotApplicable
from conformance_tests.suite.scenes import kinds
from conformance_tests.suite.target.file import load
from conformance_tests.suite.target.stage import (
    Attachment,
    Stage,
    TargetUnreachable,
    accepts_connections,
)
from conformance_tests.suite.target.triggers import ask_at_terminal
from simulator.errors import SimulatorError, Text
from simulator.protocol.diagnosis import read_mistakes


class Found(Exception):
    """The first thing that is wrong: `text` says what, and what to change; `code` is the exit.

    `snippet` names the code that does it right (`simulator/texts/dialects.py`), None for none.
    """

    def __init__(self, code: int, en: str, zh: str, snippet: str | None = None) -> None:
        super().__init__(en)
        self.code = code
        self.text = Text(en, zh)
        self.snippet = snippet


@dataclass(frozen=True)
class Examined:
    """What is to be said of a target with which nothing is wrong.

    `untried` is why no order could be brought as far as its guarantee, None where one was;
    `undeclared` is what more the target file could declare, with the checks that it enables.
    """

    untried: Text | None
    undeclared: Sequence[Mapping[str, Any]]


_FILE, _TARGET = 2, 4
#: Gets each step that is all right: its name, and a remark.
Tell = Callable[[Text, Text], None]
_NOTHING = Text("", "")


def examine(
    given: str, kind: str, platform: str, public_url: str, token: str, tell: Tell
) -> Examined:
    """Look at a target step by step; every step that is all right is told.

    Raises:
        Found: the first thing that is wrong.
    """
    try:
        target = load(given, kind)
        check_target_file(target)
    except SimulatorError as error:
        raise Found(_FILE, error.text.en, error.text.zh) from error
    path = str(target.path)
    odd = find_contradictions(target)
    remark = Text(
        "; ".join([path, *(each.en for each in odd)]), "；".join([path, *(each.zh for each in odd)])
    )
    tell(Text("The target file", "目标文件"), remark)
    with ExitStack() as exits:
        stage = _opened(exits, Stage(target, _attachment(platform, token), public_url))
        where = stage.letter["platform"]
        tell(Text("The platform and the letter", "平台与开户信"), Text(where, where))
        untried = _Visit(stage, tell).examine()
    return Examined(untried, undeclared.by_file(target))


def _attachment(platform: str, token: str) -> Attachment | None:
    return Attachment(platform, token) if platform else None


def _opened(exits: ExitStack, stage: Stage) -> Stage:
    try:
        return exits.enter_context(stage)
    except TargetUnreachable as error:
        raise Found(_TARGET, error.text.en, error.text.zh) from error
    except SimulatorError as error:
        raise Found(_FILE, error.text.en, error.text.zh) from error


class _Visit:
    """The part of the examination for which the target must run."""

    def __init__(self, stage: Stage, tell: Tell) -> None:
        self._stage = stage
        self._tell = tell
        self._scene = kinds.scene_of(stage)
        self._platform, self._target = self._scene.platform, self._scene.target
        self._platform.begin_check()

    def examine(self) -> Text | None:
        """Look at endpoints, keys, calls, clock, actions, probes and a life, in this order.

        Returns why no order could be brought as far as its guarantee, None where one was.
        """
        self._endpoints()
        answer = self._keys()
        for name, url in self._stage.target.endpoints.items():
            status = raw.post(url, b"", {}, LIMIT).status
            if nobody := probing.no_route(name, url, status):
                raise Found(_TARGET, nobody.en, nobody.zh)
        order_no, call = self._entrance()
        if unacknowledged := habits.find_no_acknowledgement(self._platform):
            raise Found(_TARGET, unacknowledged.en, unacknowledged.zh, "endpoint")
        self._clock(answer, call)
        self._actions(order_no)
        self._probes(order_no)
        return self._life()

    def _endpoints(self) -> None:
        for name, url in self._stage.unreachable().items():
            raise Found(
                _TARGET,
                f"The target's endpoint {name} at {url} accepts no connections: start the target, "
                "or correct the address (inside a container 127.0.0.1 is the container itself).",
                f"目标的 {name} 接收地址 {url} 无法连接：请启动目标，或更正地址"
                "（容器内的 127.0.0.1 指容器自身）。",
            )
        number = len(self._stage.target.endpoints)
        self._tell(
            Text("The endpoints accept connections", "接收地址可连接"),
            Text(f"{number} of them", f"共 {number} 个"),
        )

    def _keys(self) -> Answer:
        probed = probing.probe(self._platform)
        if probed.wrong is not None:
            raise Found(_TARGET, probed.wrong.en, probed.wrong.zh, probed.snippet)
        seconds = probed.answer.received.seconds
        self._tell(
            Text("It opens and answers what we send", "能解密并应答平台报文"),
            Text(f"{probed.remark.en}, {seconds:.2f} s", f"{probed.remark.zh}，{seconds:.2f} 秒"),
        )
        return probed.answer

    def _entrance(self) -> tuple[str, Call | None]:
        """Bring a new order to the target by 2.1; return it, and the call that this led to."""
        order_no = self._platform.apply()
        if self._platform.entrance not in self._stage.target.endpoints:
            return order_no, None
        start = self._platform.mark()
        brought = self._platform.bring(order_no)
        if self._platform.reading is None:
            self._taken(brought)
            return order_no, None
        call = self._platform.wait_for_call(self._platform.reading, order_no, start)
        if call is None:
            self._tell_why_no_call(start, str(brought))
        elif not call.accepted:
            notes = call.entry["notes"]
            raise Found(
                _TARGET,
                f"The target called 2.3 after the jump, but it was refused with {call.status}: "
                f"{_joined(notes, 'en')}",
                f"跳转后目标调用了 2.3，但被拒绝（{call.status}）：{_joined(notes, 'zh')}",
                _find_snippet(notes),
            )
        self._tell(
            Text("It reads an order after the jump (2.1, 2.3)", "跳转后读取订单（2.1、2.3）"),
            _NOTHING,
        )
        return order_no, call

    def _taken(self, brought: Attempt) -> None:
        if not brought.acknowledged:
            raise Found(
                _TARGET,
                f"The target did not take an application (2.1): {brought} Answer a right one with "
                "status 200, and with data.order_status and data.pay_method.",
                f"目标没有接收保函申请（2.1）：{brought.zh}正确的申请应返回 status 200，"
                "以及 data.order_status、data.pay_method。",
            )
        self._tell(Text("It takes an application (2.1)", "能接收保函申请（2.1）"), _NOTHING)

    def _tell_why_no_call(self, start: int, jump: str) -> None:
        entries = self._platform.get("journal", after=start, direction="call", strays=1, limit=50)
        refused = [entry for entry in entries if entry["status"] != "200"]
        # On a platform that others use too, a call of no account may be anybody's.
        shared = self._stage.is_attached
        own = [entry for entry in refused if not shared or entry["btc_id"] is not None]
        if own:
            last = own[-1]
            raise Found(
                _TARGET,
                f"The target called the platform, but was refused with {last['status']}: "
                f"{_joined(last['notes'], 'en')}",
                f"目标调用了平台，但被拒绝（{last['status']}）：{_joined(last['notes'], 'zh')}",
                _find_snippet(last["notes"]),
            )
        where = self._stage.letter["platform"]
        stray = _describe_stray(refused[-1]) if refused else _NOTHING
        raise Found(
            _TARGET,
            f"After the jump (2.1) no call came from the target ({jump}): let it read the order by "
            f"2.3, and let it call {where} (in a container: --public-url).{stray.en}",
            f"跳转（2.1）之后没有收到目标的调用（{jump}）：请让目标用 2.3 读取订单，"
            f"并确认它调用的地址是 {where}（容器请用 --public-url）。{stray.zh}",
        )

    def _clock(self, answer: Answer, call: Call | None) -> None:
        ahead = ahead_by_call(call) if call else None
        if ahead is None:
            ahead = ahead_by_answer(answer)
        name = Text("Its clock", "目标的时钟")
        if ahead is None:
            self._tell(name, Text("not seen", "未能获知"))
            return
        if abs(ahead) > TOLERANCE:
            en, zh = zone_hint(ahead)
            word, word_zh = ("ahead of", "快") if ahead > 0 else ("behind", "慢")
            raise Found(
                _TARGET,
                f"The target's clock is {abs(ahead):.0f} s {word} ours: {en}",
                f"目标的时钟比我们{word_zh} {abs(ahead):.0f} 秒：{zh}",
            )
        self._tell(name, Text(f"differs by {abs(ahead):.0f} s", f"相差 {abs(ahead):.0f} 秒"))

    def _actions(self, order_no: str) -> None:
        actions = self._stage.target.actions
        for name, trigger in actions.items():
            if isinstance(trigger, Mapping) and "http" in trigger:
                url = str(trigger["http"]["url"])
                if not accepts_connections(url):
                    raise Found(
                        _TARGET,
                        f"The action {name} cannot be reached at {urlsplit(url).netloc}: start "
                        "what answers there, or correct the address.",
                        f"操作 {name} 的地址 {urlsplit(url).netloc} 无法连接：请启动相应服务，"
                        "或更正地址。",
                    )
        manual = [name for name, trigger in actions.items() if _by_hand(trigger)]
        if "refresh_order" in actions and ("refresh_order" not in manual or ask_at_terminal()):
            self._refresh(order_no)
            if kept := habits.find_kept_token(self._platform, self._target, order_no):
                raise Found(_TARGET, kept.en, kept.zh)
        remark = Text(f"{len(actions)} declared", f"已声明 {len(actions)} 个")
        if manual:
            remark = Text(
                f"{remark.en}, {len(manual)} by hand", f"{remark.zh}，其中人工 {len(manual)} 个"
            )
        self._tell(Text("The actions", "操作"), remark)

    def _refresh(self, order_no: str) -> None:
        try:
            self._target.act("refresh_order", order_no=order_no)
        except (Blocked, NoEffect, NotApplicable) as error:
            raise Found(
                _TARGET,
                f"The action refresh_order did not work: {error.text.en}. Correct it in the target "
                "file.",
                f"操作 refresh_order 未成功：{error.text.zh or error.text.en}。请更正目标文件。",
            ) from error

    def _probes(self, order_no: str) -> None:
        absent: list[Text] = []
        for kind in self._stage.target.probes:
            try:
                counted = self._target.probe(kind, order_no)
            except SimulatorError as error:
                raise Found(
                    _FILE, f"The probe {kind}: {error.text.en}", f"探针 {kind}：{error.text.zh}"
                ) from error
            except Blocked as error:
                raise Found(
                    _TARGET,
                    f"The probe {kind} gave no answer: {error.text.en}.",
                    f"探针 {kind} 没有应答：{error.text.zh or error.text.en}。",
                ) from error
            if counted.absent:
                said = counted.absent
                absent.append(Text(f"{kind}: {said.en}", f"{kind}：{said.zh}"))
        number = len(self._stage.target.probes)
        self._tell(
            Text("The probes give numbers", "探针可返回数字"),
            Text(
                "; ".join([f"{number} declared", *(each.en for each in absent)]),
                "；".join([f"已声明 {number} 个", *(each.zh for each in absent)]),
            ),
        )

    def _life(self) -> Text | None:
        """Bring an order as far as its guarantee, on which most checks build."""
        name = Text(
            "An order comes as far as its guarantee (offer, pay, issue)",
            "订单可完成报价、支付、出函",
        )
        try:
            order_no = self._scene.issued()
        except NotApplicable as undeclared_action:
            return undeclared_action.text
        except Blocked as error:
            en, zh = (f" {error.fix.en}", error.fix.zh) if error.fix else ("", "")
            raise Found(
                _TARGET,
                f"An order does not come as far as its guarantee: {error.text.en}.{en}",
                f"订单无法走到出函：{error.text.zh}。{zh}",
            ) from error
        number = str(self._platform.guarantee(order_no)["guarantee_no"])
        self._tell(name, Text(number, number))
        return None


def _describe_stray(entry: Mapping[str, Any]) -> Text:
    """Say what else came meanwhile, which may be the target's or another party's."""
    peer, status, notes = entry["peer"], entry["status"], entry["notes"]
    return Text(
        f" Meanwhile a call of no account came from {peer} and was refused with {status}: "
        f"{_joined(notes, 'en')} If it is the target's, put that right first.",
        f"其间有一个不属于任何账户的调用（来自 {peer}）被拒绝（{status}）：{_joined(notes, 'zh')}"
        "若它来自目标，请先更正。",
    )


def _by_hand(trigger: Any) -> bool:
    return trigger == "manual" or (isinstance(trigger, Mapping) and "manual" in trigger)


def _find_snippet(notes: list[dict[str, str]]) -> str | None:
    return next((each.snippet for each in read_mistakes(notes) if each.snippet), None)


def _joined(notes: list[dict[str, str]], lang: str) -> str:
    return " ".join(note[lang] for note in notes)
