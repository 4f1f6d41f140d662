"""Keeps the findings of a run, from one process or from many."""

import json
from pathlib import Path

import pytest

from conformance_tests.suite.findings import Finding


class Ledger:
    """A pytest plugin that collects the findings as the reports come in."""

    def __init__(self, place: str) -> None:
        self.findings: list[Finding] = []
        self._place = place

    def pytest_sessionfinish(self) -> None:
        """Write the findings where that was asked for."""
        if self._place:
            whole = [finding.as_json() for finding in self.findings]
            Path(self._place).write_text(json.dumps(whole, ensure_ascii=False), "utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a finding; an error of the cleaning up replaces what the check came to."""
        found = getattr(report, "finding", None)
        if found is None:
            return
        finding = Finding.from_json(found)
        self.findings = [each for each in self.findings if each.id != finding.id]
        self.findings.append(finding)
