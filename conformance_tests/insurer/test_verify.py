"""2.6 保函验真 of insurers: what the checks for both kinds do not say."""

from conformance_tests.both.test_verify_files import COMPARE, expect_untouched
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.scenes.both.scene import pdf_part
from conformance_tests.suite.scenes.insurer.scene import Scene
from conformance_tests.suite.scenes.insurer.target_actions import Actions


@check("insurer/2.6/function", "reissued", zh="更新后的保函验真通过", fix=COMPARE)
def test_a_reissued_guarantee_is_genuine(scene: Scene, deeds: Actions) -> None:
    deeds.of("reissue")
    guarantee = scene.platform.guarantee(deeds.reissued_order())
    asked = scene.platform.compose(
        "verify",
        [pdf_part(scene.platform.pdf_of(guarantee))],
        serial_num=str(guarantee["serial_num"]),
    )

    answer = scene.platform.send(asked)

    expect_untouched(answer)
