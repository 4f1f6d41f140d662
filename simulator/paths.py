"""The data folders: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def schemas() -> Path:
    """Return the folder of the interface descriptions."""
    return _folder("schemas")


def fixtures() -> Path:
    """Return the folder of the test-only keys, companies, orders and files."""
    return _folder("fixtures")
