"""PDF files with a text layer."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from math import hypot
from typing import Any

from pypdf import PageObject, PdfReader

from claimcheck.documents import plain
from claimcheck.documents.blocks import Stretch, raw_blocks, with_references
from claimcheck.documents.pdf_layout import Fragment, Line, Paragraph, joint, known_words, page_lines, paragraphs, without_running_heads
from claimcheck.errors import UnreadableError
from claimcheck.model import BlockKind, Document, Place, PlaceKind

MOST_PAGES = 3_000
# what drawing all pages may cost, in operators: a book of text takes a part of it, a bomb exceeds it
MOST_WORK = 3_000_000
_WORK_OF_A_FORM = 500
_BYTES_FOR_ONE_WORK = 100
# a page of text has some thousands; one with more is a map or a bomb, and is not read
_MOST_BYTES_OF_A_PAGE = 5_000_000
_MOST_PAGES_NAMED = 10
_MOST_UNREADABLE_SIGNS = 0.2
_DRAWING = re.compile(rb"(?<!\S)(?:Do|EI|sh|[fBb]\*?|F)(?!\S)")

# the library tells of every oddity that it repairs; a user of it may listen, stderr need not
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of a PDF file, places by page. Raises UnreadableError.

    Its text is rebuilt, a line a paragraph: columns one after the other, words that a line breaks joined, without running heads
    and page numbers. Pages that hold only pictures are named in the notes.
    """
    reader = _open(data, name)
    pages: list[list[Line]] = []
    silent: list[int] = []
    budget = _Budget(name)
    for number, page in enumerate(reader.pages, 1):
        lines = _lines(page, number, budget)
        pages.append(lines or [])
        if lines is None:
            silent.append(number)
    if not any(pages):
        raise UnreadableError(
            f"{name} holds no text, only pictures of it (a scan?); run text recognition over it, or give the text itself"
            if silent
            else f"{name} is empty; there is nothing to check"
        )
    return _document(name, without_running_heads(pages), _notes(name, silent))


def _open(data: bytes, name: str) -> PdfReader:
    if not data:
        raise UnreadableError(f"{name} is empty; there is nothing to check")
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except Exception as error:  # a damaged file can raise anything
        raise UnreadableError(f"{name} is not a PDF file or is damaged; open it in a PDF viewer and save or print it anew") from error
    if locked:
        raise UnreadableError(f"{name} is locked with a password; save a copy without one")
    if count > MOST_PAGES:
        raise UnreadableError(f"{name} has {count:,} pages and claimcheck reads {MOST_PAGES:,} at most; split it")
    return reader


class _Budget:
    """Counts the work that a file makes, so that a small one cannot keep us busy for hours."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left = MOST_WORK

    def spend(self, work: int) -> None:
        """Raises UnreadableError when it was too much."""
        self._left -= work
        if self._left < 0:
            raise UnreadableError(f"{self._name} is too complex to read (bigger or more nested than a book); split it")

    def see(self, operator: bytes, *_: Any) -> None:
        """Count an operator."""
        self.spend(_WORK_OF_A_FORM if operator == b"Do" else 1)


def _lines(page: PageObject, number: int, budget: _Budget) -> list[Line] | None:
    """The lines of a page; None if it shows something, but no text that can be read."""
    fragments: list[Fragment] = []

    def see(text: str, outer: Sequence[float], inner: Sequence[float], _font: object, size: float) -> None:
        matrix = _turned(_product(inner, outer), page.rotation % 360)
        if text.strip() and matrix[0] > 0 and matrix[3] > 0:  # upright
            fragments.append(Fragment(text.strip("\r\n"), matrix[4], matrix[5], size * hypot(matrix[2], matrix[3])))

    try:
        contents = page.get_contents()
        data = contents.get_data() if contents is not None else b""
        budget.spend(len(data) // _BYTES_FOR_ONE_WORK)
        if len(data) > _MOST_BYTES_OF_A_PAGE:
            return None
        page.extract_text(visitor_text=see, visitor_operand_before=budget.see)
        width = float(page.mediabox.height if page.rotation % 180 else page.mediabox.width)
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - one damaged page can raise anything, and the others can still be read
        return None
    if _is_unreadable("".join(fragment.text for fragment in fragments)):
        return None
    return page_lines(number, fragments, width) if fragments or not _DRAWING.search(data) else None


def _product(inner: Sequence[float], outer: Sequence[float]) -> tuple[float, ...]:
    """Two transformations one after the other."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _turned(matrix: tuple[float, ...], degrees: int) -> tuple[float, ...]:
    """A transformation as it is seen on a page that is shown turned, clockwise."""
    for _ in range(degrees // 90):
        a, b, c, d, e, f = matrix
        matrix = (b, -a, d, -c, f, -e)
    return matrix


def _is_unreadable(text: str) -> bool:
    """Whether the letters have no meaning outside the file: fonts that do not say which sign is which letter."""
    strange = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" or (sign < " " and sign not in "\t\n\r") for sign in text)
    return strange > _MOST_UNREADABLE_SIGNS * len(text)


def _notes(name: str, silent: Sequence[int]) -> tuple[str, ...]:
    if not silent:
        return ()
    named = ", ".join(map(str, silent[:_MOST_PAGES_NAMED]))
    more = f" and {len(silent) - _MOST_PAGES_NAMED} more" if len(silent) > _MOST_PAGES_NAMED else ""
    one = len(silent) == 1
    return (f"{name}, page{'' if one else 's'} {named}{more}: no text that can be read (a scan?); not checked",)


def _document(name: str, lines: Sequence[Line], notes: tuple[str, ...]) -> Document:
    words = known_words(lines)
    parts: list[str] = []
    places: list[Place] = []
    found: list[tuple[int, int, bool]] = []
    at = page = 0
    for paragraph in paragraphs(lines):
        start = at
        for line, text in _joined(paragraph, words):
            if line.page != page:
                page = line.page
                places.append(Place(PlaceKind.PAGE, page, at))
            parts.append(text)
            at += len(text)
        found.append((start, at, paragraph.heading))
        parts.append("\n")
        at += 1
    text = "".join(parts)
    masked = plain.mask(text)
    return Document(name, text, masked, with_references(masked, _stretches(masked, found)), places=tuple(places), notes=notes)


def _joined(paragraph: Paragraph, words: frozenset[str]) -> Iterator[tuple[Line, str]]:
    """The lines of a paragraph, each with what it gives to the text."""
    for line, following in zip(paragraph.lines, (*paragraph.lines[1:], None), strict=True):
        if following is None:
            yield line, line.text
        else:
            before, between = joint(line.text, following.text, words)
            yield line, before + between


def _stretches(masked: str, found: Sequence[tuple[int, int, bool]]) -> Iterator[Stretch]:
    for start, end, heading in found:
        for kind, first, last in raw_blocks(masked, start, end):
            yield BlockKind.HEADING if heading else kind, first, last
