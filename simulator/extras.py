"""What only some commands need: how to install what is missing, instead of an ImportError."""

from simulator.errors import Text

#: The extra of the package that brings each module.
_EXTRAS = {
    "_pytest": "conformance",
    "asn1crypto": "reference",
    "pyhanko": "reference",
    "pyhanko_certvalidator": "reference",
    "pytest": "conformance",
    "reportlab": "reference",
}


def describe_missing(error: BaseException) -> Text | None:
    """Return how to install the extra whose module an import missed; None for another error."""
    module = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
    extra = _EXTRAS.get(module.partition(".")[0])
    if extra is None:
        return None
    return Text(
        f"This needs packages that are not installed: pip install 'conzhu-sim[{extra}]'",
        f"此功能所需的软件包尚未安装，请执行：pip install 'conzhu-sim[{extra}]'",
    )
