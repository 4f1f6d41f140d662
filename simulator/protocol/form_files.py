"""Files that go beside a form's `param`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FormFile:
    """A file of a multipart form."""

    field: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Upload:
    """A file that came beside `param`."""

    name: str
    media_type: str
    content: bytes
