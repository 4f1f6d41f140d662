"""2.6 保函验真: its codes (5.5). What it tells of a file is judged in test_verify_files."""

import pytest

from conformance_tests.suite.messages import pdfs
from conformance_tests.suite.messages.notices import Answer, Notice, torn
from conformance_tests.suite.rules.checks import catalogue, check
from conformance_tests.suite.rules.outcomes import Level, NotApplicable, expect
from conformance_tests.suite.scenes.both.scene import Scene, pdf_part
from simulator.protocol.form_files import FormFile
from simulator.protocol.key_pool import strangers_key

_NO_PDF = {"text": b"This is no PDF.", "image": pdfs.image()}
#: Bytes of a guarantee with a few pictures; more than some servers take without being told to.
_LARGE = 2 * 1024 * 1024
#: What may come of a file that arrived whole, whatever it is.
_JUDGED = ("200", "2602", "2605", "2607")

_CODES = (
    "Answer with the code of 5.5 that says what is wrong, as JSON in `status`; check in the order "
    "decrypt, sign, parameters, file.",
    "按 5.5 在 status 中返回对应的状态码；检查顺序：解密、验签、参数、文件。",
)


def question(scene: Scene) -> Notice:
    """Return the right question about the guarantee that is shared, with its PDF."""
    return scene.matter("verify").notice


def ask_wrongly(scene: Scene, wrong: Notice) -> Answer:
    """Ask a wrong question, right ones just before and just after it (else nothing is shown)."""
    with scene.valid_twin("verify"):
        return scene.platform.send(wrong)


def expect_code(answer: Answer, *codes: str) -> None:
    """Show that an answer carries one of these codes."""
    expect(
        answer.status in codes,
        f"not answered {' or '.join(codes)}: {answer}",
        f"应返回 {' 或 '.join(codes)}，实际返回：{answer.zh}",
    )


def expect_refused(answer: Answer) -> None:
    """Show that an answer carries a code of 5.5 other than 200."""
    documented = {str(code) for code in catalogue().codes.verify} - {"200"}
    expect(
        answer.status in documented,
        f"not refused by a code of 5.5: {answer}",
        f"未以 5.5 的状态码拒绝：{answer.zh}",
    )


# The codes of 5.5.


@check("{kind}/5.5/codes", "2600", zh="缺少 serial_num 返回 2600", fix=_CODES)
def test_a_missing_serial_number_is_2600(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).omitting("serial_num"))

    expect_code(answer, "2600")


@check(
    "{kind}/5.5/codes",
    "2600-empty",
    zh="serial_num 为空返回 2600",
    level=Level.SHOULD,
    decision="P38",
    fix=_CODES,
)
def test_an_empty_serial_number_is_2600(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).saying(serial_num=""))

    expect_code(answer, "2600")


@check("{kind}/5.5/codes", "2601", zh="缺少 guarantee_pdf 返回 2601", fix=_CODES)
def test_a_missing_pdf_is_2601(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).with_files())

    expect_code(answer, "2601")


@check(
    "{kind}/5.5/codes",
    "empty-file",
    zh="空文件不会验真通过",
    level=Level.SHOULD,
    fix=_CODES,
)
def test_an_empty_file_is_refused(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).with_files(pdf_part(b"")))

    expect_refused(answer)


@check(
    "{kind}/5.5/codes",
    "2602-{content}",
    zh="不是 PDF 的文件返回 2602",
    fix=(
        "Look at the bytes: a PDF starts with %PDF-. The name and the Content-Type of the part say "
        "nothing. Answer 2602.",
        "应检查文件内容是否以 %PDF- 开头，不要只看文件名或 Content-Type；不是 PDF 时返回 2602。",
    ),
)
@pytest.mark.parametrize("content", _NO_PDF)
def test_what_is_no_pdf_is_2602(scene: Scene, content: str) -> None:
    answer = ask_wrongly(scene, question(scene).with_files(pdf_part(_NO_PDF[content])))

    expect_code(answer, "2602")


@check(
    "{kind}/5.5/codes",
    "2603",
    zh="超过限制的文件返回 2603",
    fix=(
        "Let the web server take a little more than your limit, so that you can answer 2603 "
        "yourself instead of HTTP 413 or 500.",
        "Web 服务器的上传限制应略大于业务限制，以便返回 2603，而不是 HTTP 413 或 500。",
    ),
)
def test_a_file_above_the_limit_is_2603(scene: Scene) -> None:
    limit = int(scene.target.supports("verify_file_limit"))
    right = question(scene)
    too_large = pdf_part(pdfs.padded(right.files[0].content, limit + 1))

    answer = ask_wrongly(scene, right.with_files(too_large))

    expect_code(answer, "2603")


@check(
    "{kind}/5.5/codes",
    "large-file",
    zh="2 MB 的保函文件能够处理",
    level=Level.SHOULD,
    fix=(
        "Raise the upload limits of framework and proxy (spring.servlet.multipart.max-file-size, "
        "client_max_body_size): both are 1 MB unless told otherwise.",
        "调大框架和代理的上传限制（spring.servlet.multipart.max-file-size、"
        "client_max_body_size），其默认值均为 1 MB。",
    ),
)
def test_a_file_of_2_mb_is_answered(scene: Scene) -> None:
    if int(scene.target.supports("verify_file_limit")) < _LARGE:
        raise NotApplicable(
            f"the target declares a verify_file_limit below {_LARGE} bytes",
            f"目标声明的 verify_file_limit 小于 {_LARGE} 字节",
        )
    right = question(scene)
    large = pdf_part(pdfs.padded(right.files[0].content, _LARGE))

    answer = ask_wrongly(scene, right.with_files(large))

    expect(
        answer.status in _JUDGED,
        f"a file of 2 MB is not judged: {answer}",
        f"未能处理 2 MB 的文件：{answer.zh}",
    )


@check(
    "{kind}/5.5/codes",
    "2606-{how}",
    zh="无法解密返回 2606",
    fix=(
        "Answer 2606 when param does not decrypt with your rsa_sk or what comes out is no "
        "plaintext: catch that before anything else.",
        "param 无法用 rsa_sk 解密，或解密结果不是有效明文时，返回 2606。",
    ),
)
@pytest.mark.parametrize("how", ["other-key", "torn", "garbage"])
def test_what_does_not_decrypt_is_2606(scene: Scene, how: str) -> None:
    answer = ask_wrongly(scene, _unreadable(scene, how))

    expect_code(answer, "2606")


def _unreadable(scene: Scene, how: str) -> Notice:
    right = question(scene)
    if how == "torn":
        return right.on_the_wire(torn)
    if how == "garbage":
        return right.on_the_wire(lambda param: "A" * len(param))
    return right.sealed_with(strangers_key(right.key.size_in_bits()).public_key())


@check(
    "{kind}/5.5/codes",
    "2607-{how}",
    zh="验签失败返回 2607",
    fix=(
        "Verify the sign of 5.1 before you look at serial_num or the file, and answer 2607.",
        "在检查 serial_num 和文件之前先按 5.1 验签，失败时返回 2607。",
    ),
)
@pytest.mark.parametrize("how", ["changed", "missing", "other-secret"])
def test_a_wrong_sign_is_2607(scene: Scene, how: str) -> None:
    answer = ask_wrongly(scene, _wrongly_signed(scene, how))

    expect_code(answer, "2607")


def _wrongly_signed(scene: Scene, how: str) -> Notice:
    right = question(scene)
    if how == "changed":
        return right.tampered(serial_num="100000000000000")
    return right.tampered(sign=None) if how == "missing" else right.signed_with("another secret")


@check(
    "{kind}/5.5/codes",
    "unknown-serial",
    zh="未知的保函序列号不会验真通过",
    level=Level.SHOULD,
    decision="P37",
    fix=(
        "Look the guarantee up by serial_num first; where there is none answer 2605, not 200.",
        "先按 serial_num 查找保函；查不到时返回 2605，而不是 200。",
    ),
)
def test_an_unknown_serial_number_is_refused(scene: Scene) -> None:
    answer = ask_wrongly(scene, question(scene).saying(serial_num="100000000000001"))

    expect_refused(answer)


@check(
    "{kind}/5.5/codes",
    "2605-{how}",
    zh="无法识别的文件返回 2605",
    level=Level.INFORM,
    decision="P37",
    fix=(
        "2605 fits a PDF that is not one of yours, 2605 or 2604 one that arrived in pieces.",
        "非本机构签发的 PDF 建议返回 2605；不完整的文件建议返回 2605 或 2604。",
    ),
)
@pytest.mark.parametrize("how", ["unsigned", "cut"])
def test_a_file_that_nobody_knows_is_2605(scene: Scene, how: str) -> None:
    right = question(scene)

    answer = ask_wrongly(scene, right.with_files(unknown_file(right, how)))

    expect_code(answer, "2605", "2604")


def unknown_file(right: Notice, how: str) -> FormFile:
    """Return a PDF that bears no signature, or half of the right one."""
    return pdf_part(pdfs.of_nobody() if how == "unsigned" else pdfs.cut(right.files[0].content))
