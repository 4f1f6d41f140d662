"""Text files that a person gives, as their editors and shells write them, within limits.

Windows saves a file with a byte order mark, in UTF-16 (PowerShell's `>`), or in its code page.
"""

from pathlib import Path

from simulator.errors import SimulatorError

#: Bytes of a file that is read whole.
LARGEST = 8 * 1024 * 1024
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)


def decode(content: bytes, name: str) -> str:
    """Return the text of a file by its byte order mark or, without one, by what its bytes allow.

    Raises:
        SimulatorError: it is no text in UTF-8, UTF-16, UTF-32 or GB18030; `name` says whose.
    """
    charsets = [charset for mark, charset in _MARKS if content.startswith(mark)][:1]
    if not charsets and b"\x00" in content[:4]:
        charsets = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    for charset in charsets or ("utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    raise SimulatorError(
        f"{name} is no text: save it as UTF-8.", f"{name} 不是文本：请另存为 UTF-8。"
    )


def read_text(path: Path, most: int = LARGEST) -> str:
    """Return the text of a file of at most so many bytes.

    Raises:
        OSError: it cannot be read.
        SimulatorError: it is larger, or no text.
    """
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise SimulatorError(
            f"{path} is larger than {most} bytes: this is more than such a file needs.",
            f"{path} 超过 {most} 字节：这类文件不需要这么大。",
        )
    return decode(content, str(path))
