"""2.6 保函验真: the genuine guarantee, what is told of its signature, and forged files."""

import re
from datetime import datetime

import pytest

from conformance_tests.both.test_verify import ask_wrongly, question, unknown_file
from conformance_tests.suite.messages import pdfs
from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Informed, Level, expect
from conformance_tests.suite.scenes.both.scene import Scene, pdf_part
from conformance_tests.suite.scenes.both.target_actions import TargetActions
from simulator import clock

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\Z")
_MODIFIED, _GENUINE = "1", "2"
_AN_HOUR = 3600
#: Files that nobody issued, and what they are called in Chinese.
_NOBODYS = {"unsigned": "未签名的文件", "cut": "不完整的文件"}

COMPARE = (
    "Verify the PDF's signature over all bytes of the file, and compare its sha256 with that of "
    "the guarantee of this serial_num; where either differs, is_modified is 1.",
    "验证 PDF 签名是否覆盖整个文件，并与该 serial_num 对应保函的 sha256 比对；"
    "任一不符时 is_modified 返回 1。",
)
_TELL = (
    "Answer data with serial_num, sign_name, sign_time (yyyy-MM-dd HH:mm:ss), issuer and "
    "is_modified (1 or 2), by exactly these names.",
    "data 返回 serial_num、sign_name、sign_time（yyyy-MM-dd HH:mm:ss）、issuer、"
    "is_modified（1 或 2），名称须完全一致。",
)


def expect_not_genuine(answer: Answer) -> None:
    """Show that a file is not told to be untouched: `is_modified` 1, or the file is refused.

    Raises:
        Informed: it is refused.
    """
    expect_verdict(answer)
    if answer.status == "200":
        expect_is_modified(answer, _MODIFIED)
    else:
        raise Informed(
            f"the file was refused instead of answered with is_modified 1: {answer}",
            f"文件被拒绝，而不是返回 is_modified 1：{answer.zh}",
        )


def expect_verdict(answer: Answer) -> None:
    """Show that a file was judged at all."""
    expect(
        not answer.fault,
        f"no verdict on the file: {answer}",
        f"对文件没有给出结论：{answer.zh}",
    )


def expect_is_modified(answer: Answer, wanted: str) -> None:
    """Show what an answer tells of a file."""
    said = answer.member("is_modified")
    expect(
        said == wanted,
        f"is_modified is {said or 'missing'}: {answer}",
        f"is_modified {'为 ' + said if said else '缺失'}：{answer.zh}",
    )


def expect_untouched(answer: Answer) -> None:
    """Show that a file is told to be untouched."""
    expect_is_modified(answer, _GENUINE)


def expect_not_told_genuine(answer: Answer, en: str, zh: str) -> None:
    """Show that a file, which `en` and `zh` describe, is not told to be genuine."""
    expect_verdict(answer)
    said = answer.member("is_modified") if answer.status == "200" else ""
    expect(said != _GENUINE, f"is_modified is 2 for {en}", f"{zh}的 is_modified 却为 2")


# A genuine guarantee.


@check("{kind}/2.6/data", "form", zh="验真应答符合手册格式", fix=_TELL)
def test_the_answer_has_the_members_of_the_table(scene: Scene) -> None:
    answer = scene.platform.send(question(scene))

    expect(answer.acknowledged, answer.verdict.text.en, answer.verdict.text.zh)


@check("{kind}/2.6/data", "genuine", zh="真实的保函 is_modified 为 2", fix=COMPARE)
def test_a_genuine_guarantee_was_not_modified(scene: Scene) -> None:
    answer = scene.platform.send(question(scene))

    expect_untouched(answer)


@check("{kind}/2.6/data", "serial-num", zh="应答的序列号与请求一致", fix=_TELL)
def test_the_answer_is_about_the_serial_number_asked_for(scene: Scene) -> None:
    asked = question(scene)

    answer = scene.platform.send(asked)

    said, wanted = answer.member("serial_num"), asked.parameters["serial_num"]
    expect(
        said == wanted,
        f"serial_num is {said or 'missing'}, asked was {wanted}",
        f"serial_num {'为 ' + said if said else '缺失'}，请求的是 {wanted}",
    )


@check("{kind}/2.6/data", "{name}", zh="应答包含签约人与颁发机构", fix=_TELL)
@pytest.mark.parametrize("name", ["sign_name", "issuer"])
def test_the_signature_has_its_names(scene: Scene, name: str) -> None:
    answer = scene.platform.send(question(scene))

    expect(
        answer.member(name),
        f"{name} is missing or empty: {answer}",
        f"{name} 缺失或为空：{answer.zh}",
    )


@check("{kind}/2.6/data", "sign_time", zh="签约时间为 yyyy-MM-dd HH:mm:ss", fix=_TELL)
def test_the_time_of_the_signature_is_written_as_the_table_does(scene: Scene) -> None:
    answer = scene.platform.send(question(scene))

    said = answer.member("sign_time")
    expect(
        _MOMENT.match(said),
        f"sign_time is {said or 'missing'}",
        f"sign_time {'为 ' + said if said else '缺失'}",
    )


@check(
    "{kind}/2.6/data",
    "sign_time-in-china",
    zh="签约时间为北京时间",
    level=Level.SHOULD,
    fix=(
        "Convert the time in the PDF's signature to Asia/Shanghai before you write it.",
        "PDF 签名中的时间应换算为北京时间（Asia/Shanghai）。",
    ),
)
def test_the_time_of_the_signature_is_chinas(scene: Scene) -> None:
    guarantee = scene.platform.guarantee(scene.shared_issued())

    answer = scene.platform.send(question(scene))

    said, issued = answer.member("sign_time"), guarantee["out_guarantee_time"]
    expect(
        abs(_seconds(said) - _seconds(issued)) < _AN_HOUR,
        f"sign_time is {said or 'missing'}, out_guarantee_time was {issued}",
        f"sign_time {'为 ' + said if said else '缺失'}，out_guarantee_time 为 {issued}",
    )


def _seconds(text: str) -> float:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return 0.0
    return moment.timestamp()


# Files that are not what was issued.


@check("{kind}/2.6/function", "changed-bytes", zh="被篡改的保函不会验真通过", fix=COMPARE)
def test_a_changed_byte_is_noticed(scene: Scene) -> None:
    right = question(scene)
    forged = pdf_part(pdfs.changed(right.files[0].content))

    answer = ask_wrongly(scene, right.with_files(forged))

    expect_not_genuine(answer)


@check(
    "{kind}/2.6/function", "added-afterwards", zh="签名后追加内容的保函不会验真通过", fix=COMPARE
)
def test_what_was_added_after_the_signature_is_noticed(scene: Scene) -> None:
    right = question(scene)
    forged = pdf_part(pdfs.extended(right.files[0].content))

    answer = ask_wrongly(scene, right.with_files(forged))

    expect_not_genuine(answer)


@check(
    "{kind}/2.6/function",
    "never-genuine-{how}",
    zh="未签名或不完整的文件不会验真通过",
    fix=COMPARE,
)
@pytest.mark.parametrize("how", _NOBODYS)
def test_a_file_that_nobody_knows_is_not_genuine(scene: Scene, how: str) -> None:
    right = question(scene)

    answer = ask_wrongly(scene, right.with_files(unknown_file(right, how)))

    expect_not_told_genuine(answer, f"a file that is {how}", _NOBODYS[how])


@check(
    "{kind}/2.6/function",
    "another-guarantee",
    zh="他人保函的文件不会验真通过",
    level=Level.SHOULD,
    fix=COMPARE,
)
def test_the_pdf_of_another_guarantee_is_not_genuine(scene: Scene, deeds: TargetActions) -> None:
    other = scene.platform.guarantee(str(deeds.of("issue").order["order_no"]))
    right = question(scene)

    answer = ask_wrongly(scene, right.with_files(pdf_part(scene.platform.pdf_of(other))))

    number = other["guarantee_no"]
    expect_not_told_genuine(answer, f"the PDF of {number}", f"保函 {number} 的文件")
