"""Wrong seals: what does not open with the target's own key is refused (2.x 解密, 5.2)."""

import base64
import random

from conformance_tests.suite.messages.notices import torn, without_last_block
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.interfaces import ANSWERED, NOTICES
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.scene import Scene
from simulator.protocol.key_pool import strangers_key

_NOISE = random.Random(20210326).randbytes(512)

_OPEN = (
    "What cannot be decrypted is refused: catch the error of the decryption, answer a `status` "
    "other than 200 with HTTP 200 or 4xx, and do nothing else.",
    "无法解密的推送必须拒绝：捕获解密异常，以 HTTP 200 或 4xx 返回非 200 的 status，不做其他处理。",
)
_READ = (
    "Decrypted bytes may still be no parameters: catch the error of the parser and refuse.",
    "解密成功也可能不是合法参数：捕获解析异常并拒绝。",
)
_NEEDS = ["{kind}/{section}/encryption/valid"]


@check(
    "{kind}/{section}/encryption",
    "other-key",
    each=ANSWERED,
    zh="用他人公钥加密的推送被拒绝",
    fix=_OPEN,
    needs=_NEEDS,
)
def test_what_was_sealed_for_somebody_else_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)
    key = strangers_key(matter.notice.key.size_in_bits()).public_key()

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.sealed_with(key))
        expect(
            answer.turned_away,
            f"what does not open was not refused: {answer}",
            f"无法解密的推送未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "garbage",
    each=ANSWERED,
    zh="param 为无意义数据的推送被拒绝",
    fix=_OPEN,
    needs=_NEEDS,
)
def test_garbage_in_param_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)
    garbage = base64.b64encode(_NOISE).decode()

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.on_the_wire(lambda _: garbage))
        expect(
            answer.turned_away,
            f"garbage was not refused: {answer}",
            f"无意义数据未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "not-base64",
    each=ANSWERED,
    zh="param 不是 Base64 的推送被拒绝",
    fix=_OPEN,
    needs=_NEEDS,
)
def test_a_param_that_is_no_base64_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.on_the_wire(lambda _: "这不是 Base64 %%%"))
        expect(
            answer.turned_away,
            f"a param that is no Base64 was not refused: {answer}",
            f"不是 Base64 的 param 未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "truncated",
    each=ANSWERED,
    zh="param 被截断的推送被拒绝",
    fix=_OPEN,
    needs=_NEEDS,
)
def test_a_truncated_param_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.on_the_wire(torn))
        expect(
            answer.turned_away,
            f"a truncated param was not refused: {answer}",
            f"被截断的 param 未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "last-block-lost",
    each=NOTICES,
    zh="丢失最后一个分段的通知被拒绝",
    fix=_READ,
    needs=_NEEDS,
)
def test_a_notice_that_lost_its_last_block_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(without_last_block(matter.notice))
        expect(
            answer.turned_away,
            f"a notice without its end was not refused: {answer}",
            f"缺少结尾的通知未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "unsealed",
    each=ANSWERED,
    zh="未加密的推送被拒绝",
    fix=(
        "Take nothing that was not sealed with your public key, not even rightly signed: remove "
        "what a test mode left behind.",
        "不接受未用贵方公钥加密的数据，即使签名正确：请移除测试模式遗留的代码。",
    ),
    needs=_NEEDS,
)
def test_what_is_not_sealed_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.left_unsealed())
        expect(
            answer.turned_away,
            f"a plaintext was taken: {answer}",
            f"明文被接受：{answer.zh}",
        )


@check(
    "{kind}/{section}/encryption",
    "no-parameters-inside",
    each=ANSWERED,
    zh="解密后不是参数的推送被拒绝",
    fix=_READ,
    needs=_NEEDS,
)
def test_what_holds_no_parameters_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.containing(b"[null]"))
        expect(
            answer.turned_away,
            f"a sealed text without parameters was not refused: {answer}",
            f"解密后不是参数的推送未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/form",
    "no-param",
    each=ANSWERED,
    zh="没有 param 的请求被拒绝",
    fix=(
        "Without `param` there is nothing to take: answer a `status` other than 200 (or HTTP 400).",
        "没有 param 就没有可处理的内容：返回非 200 的 status（或 HTTP 400）。",
    ),
    needs=_NEEDS,
)
def test_a_form_without_param_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.on_the_wire(lambda _: None))
        expect(
            answer.turned_away,
            f"a form without param was not refused: {answer}",
            f"没有 param 的请求未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/form",
    "empty-param",
    each=ANSWERED,
    zh="param 为空的请求被拒绝",
    fix=_OPEN,
    needs=_NEEDS,
)
def test_an_empty_param_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.on_the_wire(lambda _: ""))
        expect(
            answer.turned_away,
            f"an empty param was not refused: {answer}",
            f"param 为空的请求未被拒绝：{answer.zh}",
        )


@check(
    "{kind}/{section}/method",
    "get",
    each=ANSWERED,
    zh="以 GET 方式发来的推送不被接受",
    fix=(
        "Take POST only, as documented: what stands in an address ends in every log.",
        "按手册只接受 POST：地址中的参数会留在各级日志里。",
    ),
    level=Level.SHOULD,
    needs=_NEEDS,
)
def test_what_comes_by_get_is_not_taken(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    with scene.valid_twin(interface, matter):
        answer = scene.platform.send(matter.notice.asked_by_get())
        expect(
            not answer.taken,
            f"a GET was taken: {answer}",
            f"GET 请求被接受：{answer.zh}",
        )
