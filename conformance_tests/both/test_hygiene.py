"""Hygiene of answers: in time, in form, and with nothing in them that is nobody's business."""

import base64

from conformance_tests.suite.messages.leaks import in_chinese, insides_in, secrets_in
from conformance_tests.suite.messages.malformed import bodies
from conformance_tests.suite.messages.notices import LIMIT, Answer
from conformance_tests.suite.rules.checks import catalogue, check
from conformance_tests.suite.rules.interfaces import (
    ANSWERED,
    JUMPS,
    NOTICES,
    PUSHES,
    QUESTIONS,
    together,
)
from conformance_tests.suite.rules.outcomes import Blocked, Level, Warned, expect
from conformance_tests.suite.scenes.both.scene import Scene
from simulator.protocol.key_pool import strangers_key

#: The notices that are about something which the target knows already.
_ABOUT_KNOWN = {
    kind: tuple(name for name in names if name != "application") for kind, names in NOTICES.items()
}
#: What no target has a record of, by the parameter that names it.
_UNKNOWN = {
    "order_no": "999999999999999999",
    "order_nos": "999999999999999999",
    "block_number": "CT-UNKNOWN-0001",
    "block_name": "并不存在的标段",
    "guarantee_no": "PL-UNKNOWN-0001",
}
_GARBAGE = base64.b64encode(bytes(range(256))).decode()

_SECRETS = (
    "Answer `status` and a short reason; never the base string, the expected sign, keys or "
    "tokens. Whoever has api_secret can forge every notice: have a leaked one replaced.",
    "只返回 status 与简短原因；不得返回签名串、期望签名、密钥或 token。"
    "拿到 api_secret 就能伪造一切通知：已泄漏的应立即更换。",
)


def _answers(scene: Scene, interface: str) -> list[Answer]:
    """Return what is answered to one right and six wrong posts; asked once in a run."""

    def ask() -> list[Answer]:
        right = scene.matter(interface).notice
        key = strangers_key(right.key.size_in_bits()).public_key()
        wrong = (
            right.tampered(timestamp="20200101000000"),
            right.tampered(sign=None),
            right.sealed_with(key),
            right.on_the_wire(lambda _: _GARBAGE),
            right.on_the_wire(lambda _: None),
            right.asked_by_get(),
        )
        told = [scene.platform.send(notice) for notice in (right, *wrong)]
        return [*told, *scene.platform.send_malformed(interface, bodies(21, interface))]

    return scene.once(("hygiene", interface), ask)


def _received(scene: Scene, interface: str) -> list[Answer]:
    """Return those of the answers that came.

    Raises:
        Blocked: none did, so that there is nothing to judge.
    """
    received = [each for each in _answers(scene, interface) if each.received.status]
    if not received:
        raise Blocked("nothing was answered at all", "没有收到任何应答")
    return received


def _expect_no_secret(scene: Scene, interface: str) -> None:
    leaked = secrets_in(_received(scene, interface), scene.platform.letter)
    expect(
        not leaked,
        f"an answer holds {', '.join(leaked)}",
        f"应答中含有 {in_chinese(leaked)}",
    )


def _in_form(answer: Answer) -> bool:
    # HTTP 4xx alone says clearly enough that nothing was taken (P37).
    return answer.has_status or 400 <= (answer.received.status or 0) < 500


@check(
    "{kind}/{section}/encryption",
    "in-time",
    each=PUSHES,
    zh="每个应答都在 5 秒内返回",
    fix=(
        "Answer within 5 s, also what you refuse: verify, store, answer, and do the rest later.",
        "5 秒内应答（拒绝也一样）：先验签、保存并应答，其余工作异步处理。",
    ),
    level=Level.SHOULD,
    decision="P17",
)
def test_every_answer_comes_within_5_seconds(scene: Scene, interface: str) -> None:
    answers = _answers(scene, interface)

    if not any(each.timed_out for each in answers):
        answers = _received(scene, interface)
    slowest = max(answers, key=lambda answer: answer.received.seconds)
    seconds = slowest.received.seconds
    expect(
        seconds < LIMIT,
        f"an answer took {seconds:.1f} s: {slowest}",
        f"应答耗时 {seconds:.1f} 秒：{slowest.zh}",
    )


@check(
    "{kind}/{section}/answer",
    "json-on-refusal",
    each=ANSWERED,
    zh="拒绝时也返回带 status 的 JSON",
    fix=(
        'Refuse with JSON, too: {{"status":404,"data":"reason"}}, not with HTML or bare words.',
        '拒绝时也返回 JSON，例如 {{"status":404,"data":"原因"}}，不要返回 HTML 或纯文本。',
    ),
)
def test_a_refusal_of_a_wrong_sign_is_json_with_a_status(scene: Scene, interface: str) -> None:
    _right, changed, unsigned, *_others = _answers(scene, interface)

    expect(
        _in_form(changed),
        f"a changed value was not answered in JSON with status: {changed}",
        f"被篡改的推送没有得到带 status 的 JSON 应答：{changed.zh}",
    )
    expect(
        _in_form(unsigned),
        f"a missing sign was not answered in JSON with status: {unsigned}",
        f"没有签名的推送没有得到带 status 的 JSON 应答：{unsigned.zh}",
    )
    if not (changed.has_status and unsigned.has_status):
        raise Warned(
            f"an HTTP 4xx should carry JSON with a status, too: {changed}; {unsigned}",
            f"HTTP 4xx 也应返回带 status 的 JSON：{changed.zh}；{unsigned.zh}",
        )


@check(
    "{kind}/{section}/answer",
    "status-spelled",
    each=NOTICES,
    zh="成功应答的成员名为 status",
    fix=(
        'Name the member `status`: {{"status":200}}. Where the manual prints `statue`, it is a '
        "slip.",
        '成员名应为 `status`：{{"status":200}}。手册中有一处印作 `statue`，系笔误。',
    ),
    level=Level.SHOULD,
    decision="P17",
    needs=["{kind}/{section}/encryption/valid"],
)
def test_the_status_of_an_answer_is_spelled_so(scene: Scene, interface: str) -> None:
    right, *_others = _answers(scene, interface)

    expect(
        "status" in right.members,
        f"the answer has no member status: {right}",
        f"应答没有 status 成员：{right.zh}",
    )


@check(
    "{kind}/{section}/4",
    "unknown-answered",
    each=_ABOUT_KNOWN,
    zh="对不存在的订单、标段、保函的通知得到应答而不是系统错误",
    fix=(
        "Expect that the record is not found: refuse with a `status` other than 200 and a short "
        "reason, instead of failing on null.",
        "查不到记录时应以非 200 的 status 和简短原因拒绝，不要因空值而抛出异常。",
    ),
    level=Level.SHOULD,
    decision="P37",
    needs=["{kind}/{section}/encryption/valid"],
)
def test_what_is_about_nothing_known_is_answered_without_a_fault(
    scene: Scene, interface: str
) -> None:
    notice = scene.matter(interface).notice
    names = _UNKNOWN.keys() & notice.parameters.keys()

    answer = scene.platform.send(notice.saying(**{name: _UNKNOWN[name] for name in names}))

    shown = insides_in([answer])
    expect(
        not answer.fault,
        f"a notice about nothing known was not answered: {answer}",
        f"对不存在的业务的通知没有得到应答：{answer.zh}",
    )
    expect(
        not shown,
        f"the answer to a notice about nothing known shows {', '.join(shown)}",
        f"对不存在的业务的通知，应答中出现 {in_chinese(shown)}",
    )


@check(
    "{kind}/{section}/4",
    "lacking",
    each=_ABOUT_KNOWN,
    zh="缺少必填参数的通知被拒绝",
    fix=(
        "Check that every parameter is there which the table of {section} marks 是, and refuse a "
        "notice without one.",
        "检查 {section} 参数表中标为“是”的每个参数，缺少时拒绝。",
    ),
    level=Level.INFORM,
    decision="P38",
    needs=["{kind}/{section}/encryption/valid"],
)
def test_a_notice_without_a_required_parameter_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)
    described = catalogue().fetch(scene.kind, interface)
    required = [each.name for each in described.parameters if each.required]

    with scene.valid_twin(interface, after=matter):
        for name in required:
            if name in ("sign", "timestamp"):
                continue
            answer = scene.platform.send(matter.notice.omitting(name))
            expect(
                not answer.taken,
                f"a notice without {name} was taken: {answer}",
                f"缺少 {name} 的通知得到成功应答：{answer.zh}",
            )


@check(
    "{kind}/{section}/answer",
    "json-when-unreadable",
    each=ANSWERED,
    zh="无法解密时也返回带 status 的 JSON",
    fix=(
        "Catch what decryption raises and answer in JSON with a `status`, not with an error page.",
        "捕获解密异常，返回带 status 的 JSON，而不是错误页面。",
    ),
    level=Level.SHOULD,
)
def test_what_cannot_be_read_is_answered_in_json_with_a_status(
    scene: Scene, interface: str
) -> None:
    _right, _changed, _unsigned, foreign, garbage, *_others = _answers(scene, interface)

    expect(
        foreign.has_status,
        f"another key's param was not answered in JSON with status: {foreign}",
        f"用他人公钥加密的推送没有得到带 status 的 JSON 应答：{foreign.zh}",
    )
    expect(
        garbage.has_status,
        f"garbage was not answered in JSON with status: {garbage}",
        f"无意义数据没有得到带 status 的 JSON 应答：{garbage.zh}",
    )


@check(
    "{kind}/{section}/4",
    "no-secrets",
    each=NOTICES,
    zh="应答中不出现任何密钥或密码",
    fix=_SECRETS,
)
def test_no_secret_stands_in_an_answer(scene: Scene, interface: str) -> None:
    _expect_no_secret(scene, interface)


@check(
    "{kind}/{section}/encryption",
    "no-secrets",
    each=together(JUMPS, QUESTIONS),
    zh="页面与查询应答中不出现任何密钥或密码",
    fix=_SECRETS,
    level=Level.SHOULD,
)
def test_no_secret_stands_in_a_page_or_in_the_answer_to_a_question(
    scene: Scene, interface: str
) -> None:
    _expect_no_secret(scene, interface)


@check(
    "{kind}/{section}/encryption",
    "no-insides",
    each=PUSHES,
    zh="应答中不出现堆栈信息与服务器路径",
    fix=(
        "Turn debug pages off in production and answer errors with a `status` and a short reason; "
        "stack traces and paths belong in your log.",
        "生产环境关闭调试页面，出错时只返回 status 与简短原因；堆栈与路径只写入日志。",
    ),
    level=Level.SHOULD,
)
def test_no_stack_trace_and_no_path_stands_in_an_answer(scene: Scene, interface: str) -> None:
    answers = _received(scene, interface)

    is_page = interface in JUMPS.get(scene.kind, ())
    shown = insides_in(answers, page=is_page)
    expect(
        not shown,
        f"an answer shows {', '.join(shown)}",
        f"应答中出现 {in_chinese(shown)}",
    )
