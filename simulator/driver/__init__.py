"""The typed Python client of the control API: drives a running simulator over HTTP."""

from simulator.driver.client import ControlClient

__all__ = ["ControlClient"]
