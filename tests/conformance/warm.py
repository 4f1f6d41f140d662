"""What every run of the suite would import and compute again; runs are forked from after it."""

import gc
import importlib
import pkgutil

import _pytest.config
import jsonschema
import pyhanko.sign
import rich.progress

import conformance_tests.suite
import reference_institution.certificates
from simulator.app import Simulator
from simulator.settings import Settings

__all__ = ["jsonschema", "pyhanko", "reference_institution", "rich"]

for name in _pytest.config.default_plugins:
    importlib.import_module(f"_pytest.{name}")
for module in pkgutil.walk_packages(conformance_tests.suite.__path__, "conformance_tests.suite."):
    importlib.import_module(module.name)
started = Simulator(Settings(port=0, control_port=0), ephemeral=True)
started.start()
started.stop()
# What is here by now is garbage for none of the runs: their collections need not look at it.
gc.collect()
gc.freeze()
