"""What is wrong in a target file that its schema cannot see."""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.scenes.both.actions import ACTIONS
from conformance_tests.suite.target.file import REFERENCE, Target, load
from simulator.errors import SimulatorError, Text


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
    if target.actions.get("restart") == "start" and target.start is None:
        raise SimulatorError(
            "actions.restart is `start`, but there is no `start`: say there how the suite starts "
            "the target, or give restart a command.",
            "actions.restart 为 start，但没有 `start`：请写明如何由套件启动目标，"
            "或为 restart 指定命令。",
        )
    for name, trigger in target.actions.items():
        if isinstance(trigger, Mapping) and "command" in trigger:
            _look_at_command(target.path.parent, name, str(trigger["command"][0]))


#: What a target that does the later step by itself, once it knows an order, does not wait for.
_BEFORE: Mapping[str, Collection[str]] = {
    "offer": (
        *("confirm", "return_due_diligence", "pass_due_diligence"),
        *("return_first_trial", "pass_first_trial"),
    ),
    "approve": ("return_data",),
}
#: What each action or probe is about, which only this endpoint brings to the target.
_BROUGHT_BY: Mapping[str, str] = {
    "issue_invoice": "invoice_application",
    "invoices": "invoice_application",
    "reissue": "bid_opening",
    "bid_openings": "bid_opening",
    "release": "release",
    "batches": "release",
    "freed_quotas": "release",
    "claims": "claim",
    "revoked_claims": "claim",
    "attachments": "claim",
    "intact_attachments": "claim",
}


def find_contradictions(target: Target) -> list[Text]:
    """Return which declarations of a target file cannot both be meant."""
    found = []
    actions = target.actions
    for later, earlier in _BEFORE.items():
        explicit = [name for name in earlier if actions.get(name, "auto") != "auto"]
        if actions.get(later) == "auto" and explicit:
            listed = ", ".join(f"actions.{name}" for name in explicit)
            found.append(
                Text(
                    f"actions.{later} is auto, so the target does not wait for {listed}: take "
                    f"these out, or say how {later} is triggered",
                    f"actions.{later} 为 auto，目标不会等待 {listed}：请删除后者，"
                    f"或写明如何触发 {later}",
                )
            )
    for part, declared in (("actions", actions), ("probes", target.probes)):
        for name in declared:
            endpoint = _BROUGHT_BY.get(name) or ("claim" if name.endswith("_claim") else "")
            if endpoint and endpoint not in target.endpoints:
                found.append(
                    Text(
                        f"{part}.{name} is of no use without endpoints.{endpoint}",
                        f"缺少 endpoints.{endpoint}，{part}.{name} 无法使用",
                    )
                )
    return found


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
