"""What is wrong in a target file that its schema cannot see."""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.scenes.both.actions import ACTIONS
from conformance_tests.suite.target.file import REFERENCE, Target, load
from simulator.errors import SimulatorError


def check_target_file(target: Target) -> None:
    """Refuse what the schema lets through: names that mean nothing, placeholders nobody fills.

    Raises:
        SimulatorError: says what is wrong, where, and what to change.
    """
    pushes = [interface.name for interface in catalogue().of_kind(target.kind, "push")]
    _known("endpoints", target.endpoints, pushes)
    _known("actions", target.actions, [*ACTIONS.get(target.kind, {}), "restart"])
    _known("probes", target.probes, list(load(REFERENCE, target.kind).probes))
    for name, url in target.endpoints.items():
        if "{" in url and target.start is None:
            raise SimulatorError(
                f"endpoints.{name} holds a placeholder ({url}), but nothing fills it: write the "
                "target's real address, or say under `start` how the suite starts it.",
                f"endpoints.{name} 含有占位符（{url}），但无从取值：请填写目标的真实地址，"
                "或用 `start` 说明如何由套件启动目标。",
            )
    for name, trigger in target.actions.items():
        if isinstance(trigger, Mapping) and "command" in trigger:
            _look_at_command(target.path.parent, name, str(trigger["command"][0]))


def _known(part: str, given: Mapping[str, Any], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise SimulatorError(
                f"{part}.{name} means nothing; there are: {', '.join(known)}.",
                f"{part}.{name} 不存在；可用的有：{'、'.join(known)}。",
            )


def _look_at_command(folder: Path, name: str, program: str) -> None:
    if "{" in program or shutil.which(program) or (folder / program).exists():
        return
    raise SimulatorError(
        f"actions.{name} runs {program}, which is not there: correct the command (it runs in "
        f"{folder}).",
        f"actions.{name} 要运行的 {program} 不存在：请更正命令（运行目录为 {folder}）。",
    )
