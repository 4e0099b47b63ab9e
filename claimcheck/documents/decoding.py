"""Bytes as text."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from webencodings import lookup

from claimcheck.documents.reading import FORMATS
from claimcheck.errors import UnreadableError

# UTF-32 first: its mark starts like that of UTF-16
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 65_536
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# one control character in so many is an accident, more are no text
_LENGTH_A_CONTROL = 100
_DECLARED = re.compile(rb"<(?:meta\b[^>]{0,500}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_PRESCAN = 4_096
# what is no UTF-8 comes as U+DC80 to U+DCFF, for its byte; Windows-1252 has a character for all but five
_WINDOWS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0x100)}
_NOT_WINDOWS = re.compile("[\udc81\udc8d\udc8f\udc90\udc9d]")
_ADVICE = "save its text as UTF-8 (.txt, .md or .html) and try again"


def decode(data: bytes, name: str) -> str:
    """Bytes as text: UTF-8, UTF-16 or Windows-1252, or UTF-8 with pieces of the last. Raises UnreadableError for anything else."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, name)
    unmarked = _unmarked_utf16(data[:_HEAD])
    if unmarked:
        return _strictly(data, unmarked, name)
    if not _is_text(data[:_HEAD].decode("latin-1")):
        raise UnreadableError(f"{name} is a binary file, not text; claimcheck goes by the end of the name and reads {', '.join(FORMATS)}")
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    unknown = _NOT_WINDOWS.search(text)
    if unknown:
        at = len(text[: unknown.start()].encode("utf-8", "surrogateescape"))
        raise UnreadableError(f"{name} is neither UTF-8, UTF-16 nor Windows-1252 text (byte {at}); {_ADVICE}")
    return text.translate(_WINDOWS)


def decode_html(data: bytes, name: str) -> str:
    """The bytes of an HTML file as text, in the encoding that it declares. Raises UnreadableError.

    A byte order mark outdoes the declaration, and so does text that can only be UTF-8: editors save as UTF-8 and leave the old line.
    """
    declared = _DECLARED.search(data, 0, _PRESCAN)
    encoding = lookup(declared[1].decode("ascii", "ignore")) if declared else None
    if encoding is None or encoding.name.startswith("utf-") or data.startswith((codecs.BOM_UTF8, *(mark for mark, _ in _MARKS))):
        return decode(data, name)
    for strict in ("utf-8", encoding.codec_info.name):
        with suppress(UnicodeDecodeError):
            return data.decode(strict)
    return decode(data, name)


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} starts as {encoding} text but breaks off at byte {error.start}; {_ADVICE}") from error


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without its mark, where nearly every other byte is zero and the rest is text."""
    half = len(head) // 2
    for encoding, zeros, letters in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        if half and zeros.count(0) > 0.7 * half and letters.count(0) < 0.05 * half and _is_text(head.decode(encoding, "ignore")):
            return encoding
    return None


def _is_text(head: str) -> bool:
    return len(_CONTROL.findall(head)) * _LENGTH_A_CONTROL <= len(head)
