"""Makes the suite's plugin part of a plain `pytest conformance_tests`."""

pytest_plugins = ["conformance_tests.suite.plugin"]
