"""Bytes as text."""

from __future__ import annotations

from claimcheck.errors import UnreadableError

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(data: bytes, name: str) -> str:
    """Bytes as text: UTF-8, or UTF-16 with a byte order mark. Raises UnreadableError for anything else."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableError(f"{name} starts as {encoding} text but breaks off at byte {error.start}; save it as UTF-8") from error
    if b"\x00" in data[:65_536]:
        raise UnreadableError(f"{name} is a binary file, not text; give a .txt or .md file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8 and try again") from error
