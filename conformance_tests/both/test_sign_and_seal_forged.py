"""Wrong signs: refused, whatever they look like (2.x 验签, 5.1)."""

from collections.abc import Mapping

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import ANSWERED, NOTICES, PROBES, RECORDED
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.scene import Scene
from simulator.protocol.plaintext import Number

#: A parameter of each that could be changed without any other check than the sign's noticing, and
#: what it is changed into: the first that it is not.
_ANOTHER_VALUE: Mapping[str, tuple[str, ...]] = {
    "application": ("project_name", "被篡改的工程"),
    "release": ("note", "被篡改的说明"),
    "release_search": ("timestamp", "20200101000000"),
    # A new order waits for its due diligence or for its offer (P24).
    "order_status": ("order_status_old", "WAIT_OFFER", "WAIT_TUNE_UP"),
    "invoice_application": ("receiver_address", "福建省福州市被篡改路 1 号"),
    "bid_opening": ("open_tender_time", "2099-12-31 09:00:00"),
    "claim": ("claim_amount", "49999.00", "49998.00"),
    "verify": ("timestamp", "20200101000000"),
    "query": ("timestamp", "20200101000000"),
}

_VERIFY = (
    "Verify the sign of 5.1 over exactly what was decrypted, before anything else is done.",
    "先按 5.1 对解密后的全部参数验签，通过后再处理业务。",
)
_PRESENT = (
    "A missing or empty `sign` is a wrong one: refuse it, do not skip the verification.",
    "sign 缺失或为空等同于签名错误：应拒绝，不得跳过验签。",
)
_STRICTLY = (
    "Compare the sign as text, strictly (PHP: hash_equals or ===): a JSON true or 0 is no sign.",
    "按字符串严格比较签名（PHP 用 hash_equals 或 ===）：JSON 的 true 或 0 不是签名。",
)


@check(
    "{kind}/{section}/encryption",
    "changed-value",
    each=ANSWERED,
    zh="签名后被篡改的推送被拒绝",
    fix=_VERIFY,
    needs=["{kind}/{section}/encryption/valid"],
)
def test_a_value_changed_after_signing_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)
    forged = matter.notice.with_another(*_ANOTHER_VALUE[interface])

    with scene.valid_twin(interface):
        answer = scene.platform.send(forged)
        expect(
            answer.turned_away,
            f"a changed value was not refused: {answer}",
            f"被篡改的推送未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "sign-missing",
    each=ANSWERED,
    zh="没有签名的推送被拒绝",
    fix=_PRESENT,
    needs=["{kind}/{section}/encryption/valid"],
)
def test_what_has_no_sign_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.tampered(sign=None))
        expect(
            answer.turned_away,
            f"a missing sign was not refused: {answer}",
            f"没有签名的推送未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "sign-empty",
    each=ANSWERED,
    zh="签名为空的推送被拒绝",
    fix=_PRESENT,
    needs=["{kind}/{section}/encryption/valid"],
)
def test_what_has_an_empty_sign_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.tampered(sign=""))
        expect(
            answer.turned_away,
            f"an empty sign was not refused: {answer}",
            f"签名为空的推送未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "sign-true",
    each=ANSWERED,
    zh="签名为 JSON 布尔值 true 的推送被拒绝",
    fix=_STRICTLY,
    needs=["{kind}/{section}/encryption/valid"],
)
def test_a_true_instead_of_a_sign_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.tampered(sign=True))
        expect(
            answer.turned_away,
            f"true was taken for a sign: {answer}",
            f"true 被当作有效签名：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "sign-zero",
    each=NOTICES,
    zh="签名为数字 0 的推送被拒绝",
    fix=_STRICTLY,
    needs=["{kind}/{section}/encryption/valid"],
)
def test_a_0_instead_of_a_sign_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.tampered(sign=Number("0")))
        expect(
            answer.turned_away,
            f"0 was taken for a sign: {answer}",
            f"0 被当作有效签名：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "other-secret",
    each=ANSWERED,
    zh="用其他 api_secret 签名的推送被拒绝",
    fix=_VERIFY,
    needs=["{kind}/{section}/encryption/valid"],
)
def test_a_sign_of_another_secret_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.signed_with("0123456789abcdef0123456789abcdef"))
        expect(
            answer.turned_away,
            f"a sign of another secret was not refused: {answer}",
            f"用其他 api_secret 签名的推送未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/5.1/rule",
    "lower-case/{interface}",
    each=ANSWERED,
    zh="小写签名被拒绝",
    fix=(
        "The rule ends in upper case; comparing without regard to case lets no stranger in, but "
        "is looser than the rule.",
        "规则要求转成大写；忽略大小写的比较并不会放行伪造者，但比规则宽松。",
    ),
    level=Level.INFORM,
    decision="P43",
)
def test_a_sign_in_lower_case_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.signed_in_lower_case())
        expect(
            not answer.taken,
            f"a sign in lower case was taken: {answer}",
            f"小写签名被接受：{answer.zh}",
        )


@check(
    "{kind}/{section}/4",
    "forged-without-effect",
    each=RECORDED,
    zh="伪造的通知不留下任何记录",
    fix=(
        "Decrypt and verify before anything is stored; what is refused must leave no record.",
        "先解密、验签，再保存数据；被拒绝的通知不得留下记录。",
    ),
    needs=["{kind}/{section}/encryption/valid"],
)
def test_a_forged_notice_leaves_no_record(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface):
        scene.platform.send(matter.notice.signed_with("0123456789abcdef0123456789abcdef"))
    scene.platform.settle()

    found = scene.target.count(PROBES[interface], matter.about)
    expect(
        found == 0,
        f"the target keeps {found} records of a forged notice",
        f"伪造的通知留下了 {found} 条记录",
    )
