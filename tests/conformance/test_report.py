"""The report: JSON by its schema, JUnit, one page without the network, and nobody's data in it."""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conformance.house import House, house, report_in, run_checks
from conformance.prepared import finding
from conformance.proving import ROOT
from jsonschema import Draft202012Validator

from conformance_tests.suite.report import causes, page
from conformance_tests.suite.report.document import MANUALS
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.reasons import Breakdown, Needs, NotRead, SignRefusal
from simulator import __version__, paths
from simulator.errors import Text

SCHEMA = Draft202012Validator(
    json.loads((paths.schemas() / "report.schema.json").read_text("utf-8")),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)
#: Looks at an order with persons in it, sends one notice with persons in it, and fails.
LEAKY = """
import sys
from pathlib import Path

@check("insurer/2.8/2", "leaky", zh="泄露", fix=("Mask <it> & all.", "请脱敏 <它>。"))
def test_that_shows_everything(scene):
    order_no = scene.platform.known_order()
    scene.target.act("refresh_order", order_no=order_no)
    notice = scene.platform.compose("invoice_application", invoice_id="1", order_nos=order_no,
        receiver_name="王小明", receiver_phone_num="13912345678",
        receiver_address="福州市鼓楼区1号",
        receiver_email="wang@example.com", identify_number="350102199001011234",
        company_name="福建测试建筑工程有限公司")
    answer = scene.platform.send(notice)
    push = scene.platform.cancel(order_no)
    scene.platform.deliver(push)
    letter = scene.platform.letter
    raise TargetFault(
        f"came: {answer} {letter['api_secret']} {letter['rsa_sk']['base64']} "
        '{"contact_person":"王小明"} 13912345678 \\x07 <script>alert(1)</script> '
        f"{sys.executable} {Path.cwd()}/here.py {__file__}: {Path.home()}/.netrc", "泄露了敏感信息")

@check("insurer/2.2/2", "passes", zh="通过", fix=FIX)
def test_that_passes(scene):
    pass

@check("insurer/2.2/2", "warns", zh="警告", fix=FIX, level=Level.SHOULD)
def test_that_warns(scene):
    raise TargetFault("could be better", "测试用的失败")

@check("insurer/2.2/2", "undeclared", zh="未声明", fix=FIX)
def test_that_is_not_declared(scene):
    scene.target.supports("no_such_feature")
"""
#: The persons of the standard fixture, and those of the check above.
PERSONS = ("王小明", "13912345678", "福州市鼓楼区1号", "wang@example.com", "350102199001011234")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with something of everything, and the letter of its account beside it."""
    folder = tmp_path_factory.mktemp("run")
    with house(folder) as opened:
        ended = run_checks(opened.target(), folder, LEAKY, f"--findings={folder}/findings.json")
    assert ended.code == 1, ended.out
    (folder / "printed.txt").write_text(ended.out + ended.err, "utf-8")
    return folder


@pytest.fixture(scope="module")
def report(bundle: Path) -> dict[str, Any]:
    """Its JSON."""
    return report_in(bundle)


def test_the_json_is_as_its_schema_says(report: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)
    SCHEMA.validate(report)


def test_it_names_versions_target_time_and_command(report: dict[str, Any]) -> None:
    assert report["simulator"]["version"] == __version__
    assert report["suite"]["version"] == __version__
    assert report["manual"]["version"] == "V20210326"
    assert "保险公司接入手册 · V20210326" in page.render(report)
    assert report["target"]["name"] == "the house"
    assert report["run"]["began"].endswith("+08:00")
    assert report["run"]["command"].startswith("conzhu-sim conformance run ")


def test_it_names_the_guarantors_manual_without_a_version(report: dict[str, Any]) -> None:
    theirs = {**report, "manual": {"kind": "guarantor", **MANUALS["guarantor"]}}

    SCHEMA.validate(theirs)
    assert "担保公司接入手册" in page.render(theirs)
    assert "V20210326" not in page.render(theirs)


def test_a_failure_shows_all_there_is_to_see(report: dict[str, Any]) -> None:
    leaky = next(each for each in report["findings"] if each["id"].endswith("/leaky"))
    composed = next(each for each in leaky["exchanges"] if each["way"] == "composed")
    pushed = [each for each in leaky["exchanges"] if each.get("interface") == "insurer/2.2"]

    assert "重复的通知" in leaky["quote"]
    assert leaky["repeat"].endswith("--check insurer/2.8/2/leaky")
    assert composed["params"]["company_name"] == "福建测试建筑工程有限公司", "companies stay"
    assert composed["base"].startswith("[api_secret]company_name")
    assert composed["form"]["param"]
    assert composed["answer"].startswith("HTTP 200")
    assert pushed[0]["form"]["param"], "what the platform pushed shows its wire form, too"
    walls = [each["wall"] for each in leaky["exchanges"]]
    assert walls == sorted(walls)


@pytest.mark.parametrize(
    "name",
    [
        "report/report.json",
        "report/report.html",
        "report/junit.xml",
        "findings.json",
        "printed.txt",
    ],
)
def test_no_person_and_no_secret_stands_in_it(bundle: Path, name: str) -> None:
    letter = json.loads((bundle / "letter.json").read_text("utf-8"))
    order = json.loads(
        (paths.fixtures() / "orders" / "insurer" / "standard.json").read_text("utf-8")
    )
    fields = json.dumps(order, ensure_ascii=False)
    persons = re.findall(r"\"\w*(?:phone|id_card|legal_person)\w*\": \"([^\"]+)\"", fields)
    secrets = [letter["api_secret"], letter["api_key"], *letter["rsa_sk"].values()]
    text = (bundle / name).read_text("utf-8")

    for hidden in (*PERSONS, *persons, *secrets):
        assert hidden not in text
        assert json.dumps(hidden)[1:-1] not in text


@pytest.mark.parametrize("name", ["report.json", "report.html", "junit.xml"])
def test_no_folder_of_this_machine_stands_in_it(bundle: Path, name: str) -> None:
    text = (bundle / "report" / name).read_text("utf-8")

    # Two names, each behind a slash, that no address, no tag and no Base64 begins with.
    prose = re.sub(r"[A-Za-z0-9+/=]{60,}", "", text)
    assert re.findall(r"(?<![\w:/.<~}-])/[\w.-]+/[\w.-]+", prose) == []
    for folder in (bundle, Path.home(), ROOT, Path(sys.prefix)):
        assert f"{folder}/" not in text
    for shown in ("./here.py", "{python}/bin/", "~/.netrc", "run target.yaml"):
        assert shown in text


def test_junit_has_the_outcomes_as_properties_and_no_failure_but_failures(bundle: Path) -> None:
    root = ElementTree.parse(bundle / "report" / "junit.xml").getroot()
    cases = {case.get("name", "").rpartition("/")[2]: case for case in root.iter("testcase")}
    outcomes = {
        name: {p.get("name"): p.get("value") for p in case.iter("property")}["outcome"]
        for name, case in cases.items()
    }

    assert outcomes == {
        "leaky": "failed",
        "passes": "passed",
        "warns": "warned",
        "undeclared": "not_applicable",
    }
    failure = cases["leaky"].find("failure")
    assert failure is not None
    assert "\ncause: That shows everything / 泄露\n" in str(failure.text)
    properties = {p.get("name"): p.get("value") for p in cases["leaky"].iter("property")}
    assert properties["cause"] == "That shows everything / 泄露"
    assert "重复的通知" in str(properties["quote"])
    assert [name for name, case in cases.items() if case.find("failure") is not None] == ["leaky"]
    assert [n for n, case in cases.items() if case.find("skipped") is not None] == ["undeclared"]
    assert root.find("testsuite").get("failures") == "1"  # type: ignore[union-attr]


class _Page(HTMLParser):
    """Collects what a page would fetch, and which elements it opens and closes."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.scripts = 0
        self.buttons: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.scripts += tag == "script"
        self.fetched += [str(given[n]) for n in ("src", "data", "action") if n in given]
        if tag in ("link", "img", "iframe", "object"):
            self.fetched.append(tag)
        if tag == "a":
            self.fetched += [h for h in [str(given["href"])] if not h.startswith("#")]
        if tag == "button" and "data-filter" in given:
            self.buttons.append(str(given["data-filter"]))


def test_the_page_stands_alone_in_both_languages(bundle: Path) -> None:
    text = (bundle / "report" / "report.html").read_text("utf-8")
    read = _Page()
    read.feed(text)

    assert read.fetched == []
    assert "url(" not in text
    assert "@import" not in text
    assert read.scripts == 1, "what came from the target is never a script"
    assert "&lt;script&gt;alert(1)" in text
    assert "Mask &lt;it&gt; &amp; all." in text
    assert "请脱敏 &lt;它&gt;。" in text
    assert set(read.buttons) == {"", "failed", "warned", "not_applicable", "passed"}
    assert 'id="language"' in text
    assert "@media print" in text
    assert len(re.findall(r'<span lang="en">', text)) == len(re.findall(r'<span lang="zh">', text))


def test_failures_with_one_cause_are_told_once() -> None:
    down = Breakdown("http://127.0.0.1:1/claim", "unreachable", 0)
    made = [
        finding("a", Outcome.FAILED, down.explain(Text("not acknowledged", "未确认"))),
        finding("b", Outcome.FAILED, down.explain(Text("not refused", "未拒绝")), Text("x", "x")),
        finding("c", Outcome.FAILED, "HTTP 200"),
        finding("d", Outcome.FAILED, "HTTP 500"),
        finding("e", Outcome.BLOCKED, Needs("insurer/2.2/2/c")),
        finding("f", Outcome.BLOCKED, Needs("insurer/2.2/2/c")),
        finding("g", Outcome.BLOCKED, NotRead("12345678")),
        finding("h", Outcome.BLOCKED, NotRead("87654321")),
        finding("i", Outcome.PASSED, ""),
    ]

    grouped = [[each.id[-1] for each in cause.findings] for cause in causes.causes_of(made)]

    assert grouped == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]
    assert "127.0.0.1:1" in causes.causes_of(made)[0].text.en


def test_one_fault_in_the_verification_of_signs_is_one_cause_with_one_advice() -> None:
    refusal = SignRefusal("验签失败")
    said = Text("the value 0 broke the sign", "值为 0 时验签失败")
    made = [
        finding("a", Outcome.FAILED, refusal.explain(said), Text("Sign 0.", "0 要签名。")),
        finding("b", Outcome.FAILED, refusal.explain(said), Text("Trim nothing.", "不要修剪。")),
        finding("c", Outcome.FAILED, "HTTP 200", Text("Trim nothing.", "不要修剪。")),
    ]

    signs, other = causes.causes_of(made)

    assert [each.id[-1] for each in signs.findings] == ["a", "b"]
    assert "(`验签失败`)" in signs.text.en
    assert "Compare the base string" in signs.fix.en
    assert [each.fix["en"] for each in signs.findings] == ["Sign 0.", "Trim nothing."]
    assert causes.causes_of(made[:1])[0].fix.en == "Sign 0."
    assert [each.id[-1] for each in other.findings] == ["c"]


def test_a_person_is_masked_wherever_the_name_has_told_of_them() -> None:
    made = finding(
        "a",
        Outcome.FAILED,
        'came: {"data":"\\u5f20\\u4e09"}\n',
        exchanges=[{"way": "composed", "params": {"principal_name": "张三"}, "base": "张三x"}],
    )

    assert made.message == 'came: {"data":"张***"}'
    assert made.exchanges[0]["base"] == "张***x"


def test_every_outcome_has_words_in_both_languages() -> None:
    assert set(page.OUTCOMES) == set(Outcome)


def test_a_report_of_a_run_that_stopped_is_no_success(tmp_path: Path) -> None:
    with house(tmp_path) as opened:
        target = opened.target()

    run_checks(target, tmp_path, LEAKY)

    SCHEMA.validate(report_in(tmp_path))
    root = ElementTree.parse(tmp_path / "report" / "junit.xml").getroot()
    assert root.find("testsuite/testcase/error") is not None


def test_a_certificate_lacks_what_was_skipped(small: House, tmp_path: Path) -> None:
    ended = run_checks(small.target(), tmp_path, LEAKY, "--certify")

    report = report_in(tmp_path)
    SCHEMA.validate(report)
    assert ended.code == 1
    assert report["certificate"]["granted"] is False
    assert any("skipped" in each["en"] for each in report["certificate"]["lacks"])


def test_a_certificate_is_granted_with_remarks_and_attested(small: House, tmp_path: Path) -> None:
    clean = LEAKY.partition('@check("insurer/2.2/2", "passes"')
    source = clean[1] + clean[2].partition('@check("insurer/2.2/2", "undeclared"')[0]
    source += """
@check("insurer/2.2/2", "attested", zh="人工", fix=FIX)
def test_that_rests_on_a_word(scene):
    scene.target.attested = True
"""

    ended = run_checks(small.target(), tmp_path, source, "--certify")

    certificate = report_in(tmp_path)["certificate"]
    assert (ended.code, certificate["granted"], certificate["checks"]) == (0, True, 3)
    assert certificate["attested"] == ["insurer/2.2/2/attested"]
    assert certificate["remarks"] == ["insurer/2.2/2/warns"]
    assert "强制检查项" in (tmp_path / "report" / "report.html").read_text("utf-8")
