"""The environment in which the templates of the reports' pages are rendered."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def open_templates(folder: Path) -> Environment:
    """Return the environment of the templates in a folder: escaped, and strict about names."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
