"""Keeps the findings of a run, from one process or from many, and ends it."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance_tests.suite.report import document as report
from conformance_tests.suite.report.conclusion import Conclusion, Course, Exit, conclude, reconcile
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.report.options import RunOptions
from simulator import clock
from simulator.errors import Text

_CAME_TO_AN_END = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
#: Pytest itself says why.
_NOTHING_RAN = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)


class Ledger:
    """A pytest plugin that collects the findings as the checks end, and says what they come to.

    `findings_file` and `report_folder` are where they are written; empty for nowhere.
    """

    def __init__(self, options: RunOptions, findings_file: str, report_folder: str) -> None:
        self.options = options
        self.course = Course()
        #: What the run came to, once it is over.
        self.conclusion: Conclusion | None = None
        #: The report, once it is over; empty where the run could not begin.
        self.document: dict[str, Any] = {}
        self._found: dict[str, Finding] = {}
        self._findings_file = findings_file
        self._report_folder = report_folder
        self._begun = clock.wall_now()

    @property
    def findings(self) -> list[Finding]:
        """The findings so far, in the order in which the checks ended."""
        return reconcile(self._found.values())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a finding; an error of the cleaning up replaces what the check came to."""
        found = getattr(report, "finding", None)
        if found is not None:
            self._found[found["id"]] = Finding.from_json(found)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember that somebody stopped the run; a halt of the suite's own has said why."""
        if self.course.halt is None and excinfo.errisinstance(KeyboardInterrupt):
            self.course.halt = [
                int(Exit.STOPPED),
                "The run was stopped by hand.",
                "运行被手动终止。",
            ]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker met."""
        told = getattr(node, "workeroutput", {}).get("conformance")
        if told is not None:
            halt = self.course.halt or told["halt"]
            self.course = Course(**{**told, "halt": halt})

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Say what the run came to, and write it down; a worker only passes on what it met."""
        config = session.config
        if hasattr(config, "workeroutput"):
            config.workeroutput["conformance"] = vars(self.course)
            return
        if config.getoption("collectonly", False):
            return
        if self.course.halt is None and exitstatus in _NOTHING_RAN:
            return
        if self.course.halted and not self.course.ids:
            # It came to nothing before it was known what there is: the last report stays.
            self.conclusion = Conclusion(Exit(self.course.halted.code), self.course.halted.text)
            session.exitstatus = self.course.halted.code
            return
        crashed = exitstatus == pytest.ExitCode.TESTS_FAILED and not any(
            each.outcome in ("failed", "error") or self.options.certify for each in self.findings
        )
        if self.course.halt is None and (crashed or exitstatus not in _CAME_TO_AN_END):
            self.course.halt = [
                int(Exit.SUITE_ERROR),
                "The run broke off in the suite itself, so nothing is said about the target; run "
                "plain pytest to see why.",
                "运行在套件内部中断，无法对目标作出结论；请用 pytest 直接运行以查看原因。",
            ]
        self._conclude()
        if self.conclusion is not None:
            session.exitstatus = int(self.conclusion.code)

    def _conclude(self) -> None:
        whole = self.findings
        self.conclusion = conclude(whole, self.options.baseline, self.course, self.options.certify)
        self.document = report.document(
            self.options, self.course, whole, self.conclusion, self._begun, clock.wall_now()
        )
        if self._findings_file:
            listed = [finding.as_json() for finding in whole]
            Path(self._findings_file).write_text(json.dumps(listed, ensure_ascii=False), "utf-8")
        if self._report_folder:
            report.write(self.document, Path(self._report_folder))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say in plain pytest what the run came to, and where the report is."""
        if self.conclusion is None:
            return
        text: Text = self.conclusion.text
        terminalreporter.section("conformance 一致性")
        terminalreporter.line(f"{text.en}\n{text.zh}")
        if self._report_folder and self.document:
            terminalreporter.line(str(Path(self._report_folder) / report.PAGE))
