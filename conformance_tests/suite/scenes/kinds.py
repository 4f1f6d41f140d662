"""The kinds of institution that the suite tests, and what each has of its own."""

from collections.abc import Callable, Mapping

from conformance_tests.suite.platform.guarantor import Platform as GuarantorPlatform
from conformance_tests.suite.platform.insurer import Platform as InsurerPlatform
from conformance_tests.suite.scenes.both.crossings import Crossings
from conformance_tests.suite.scenes.both.false_notices import AnyFalseNotices
from conformance_tests.suite.scenes.both.institution import Institution
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.scenes.both.target_actions import TargetActions
from conformance_tests.suite.scenes.both.walk import Walk
from conformance_tests.suite.scenes.guarantor import crossings as guarantor_crossings
from conformance_tests.suite.scenes.guarantor import false_notices as guarantor_false_notices
from conformance_tests.suite.scenes.guarantor import flow as guarantor_flow
from conformance_tests.suite.scenes.guarantor import scene as guarantor
from conformance_tests.suite.scenes.guarantor import target_actions as guarantor_actions
from conformance_tests.suite.scenes.insurer import false_notices, flow, target_actions
from conformance_tests.suite.scenes.insurer import scene as insurer
from conformance_tests.suite.target.stage import Stage


def _of_insurer(stage: Stage) -> Scene:
    platform = InsurerPlatform(stage)
    return insurer.Scene(platform, Institution(stage, platform))


def _of_guarantor(stage: Stage) -> Scene:
    platform = GuarantorPlatform(stage)
    return guarantor.Scene(platform, Institution(stage, platform))


_SCENES: Mapping[str, Callable[[Stage], Scene]] = {
    "insurer": _of_insurer,
    "guarantor": _of_guarantor,
}
_ACTIONS: Mapping[str, Callable[[Scene], TargetActions]] = {
    "insurer": target_actions.Actions,
    "guarantor": guarantor_actions.Actions,
}
_FLOWS: Mapping[str, Callable[[Scene], Walk]] = {
    "insurer": flow.Flow,
    "guarantor": guarantor_flow.Flow,
}
_FALSE_NOTICES: Mapping[str, Callable[[Scene], AnyFalseNotices]] = {
    "insurer": false_notices.FalseNotices,
    "guarantor": guarantor_false_notices.FalseNotices,
}


_CROSSINGS: Mapping[str, Callable[[Scene], Crossings]] = {
    "insurer": Crossings,
    "guarantor": guarantor_crossings.GuarantorCrossings,
}


def scene_of(stage: Stage) -> Scene:
    """Return the scene of the target's kind."""
    return _SCENES[stage.target.kind](stage)


def target_actions_of(scene: Scene) -> TargetActions:
    """Return the target actions of the scene's kind, none of them done yet."""
    return _ACTIONS[scene.kind](scene)


def flow_of(scene: Scene) -> Walk:
    """Return the flow of the scene's kind."""
    return _FLOWS[scene.kind](scene)


def false_notices_of(scene: Scene) -> AnyFalseNotices:
    """Return the false notices to the scene's kind, none of them sent yet."""
    return _FALSE_NOTICES[scene.kind](scene)


def crossings_of(scene: Scene) -> Crossings:
    """Return what lets the notices of the scene's kind cross."""
    return _CROSSINGS[scene.kind](scene)
