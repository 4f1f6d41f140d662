"""Sign and seal: what is right is taken, what is wrong in any way is refused (2.x, 5.1, 5.2)."""

from conformance_tests.suite.checks import check
from conformance_tests.suite.insurer import NOTICES, Scene

_VERIFY = (
    "Verify the sign of 5.1 over exactly what was decrypted, before anything else is done.",
    "先按 5.1 对解密后的全部参数验签，通过后再处理业务。",
)


@check(
    "insurer/{section}/encryption",
    "valid",
    each=NOTICES,
    zh="正确的通知被确认",
    fix=(
        'Answer a notice that opens and verifies with HTTP 200 and {{"status":200}}.',
        '解密、验签通过的通知应返回 HTTP 200 与 {{"status":200}}。',
    ),
    quick=True,
)
def test_a_right_notice_is_acknowledged(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)

    answer = scene.platform.send(matter.notice)

    assert answer.acknowledged, f"the notice was not acknowledged: {answer}"


@check(
    "insurer/{section}/encryption",
    "changed-value",
    each=NOTICES,
    zh="签名后被篡改的通知被拒绝",
    fix=_VERIFY,
    needs=["insurer/{section}/encryption/valid"],
    quick=True,
)
def test_a_value_changed_after_signing_is_refused(scene: Scene, interface: str) -> None:
    matter = scene.matter(interface)
    forged = matter.notice.tampered(block_name="被篡改的标段", company_name="被篡改的企业")

    with scene.valid_twin(interface):
        answer = scene.platform.send(forged)

    assert answer.refused, f"a changed value was not refused: {answer}"
