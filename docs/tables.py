"""What the derived pages share: rows of tables, and the remark that nobody edits them."""

#: The first line of a page that is wholly derived.
DERIVED = "<!-- Derived by docs/generate.py; do not edit by hand. 由脚本生成，请勿手工修改。 -->"


def format_row(*cells: object) -> str:
    """Return a row of a table in Markdown."""
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("](", "]\\(").replace("\n", "<br>")
