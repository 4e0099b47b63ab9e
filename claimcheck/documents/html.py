"""HTML: saved pages and fragments. Tags are blanked out at equal length, and only the main text of a page is read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import groupby
from math import inf

from claimcheck.documents import plain
from claimcheck.documents.blocks import with_references
from claimcheck.documents.comments import Comment, Lines, heard
from claimcheck.documents.decoding import decode_html
from claimcheck.documents.main_text import main_passages
from claimcheck.documents.page import Page, Passage, parse
from claimcheck.documents.passages import mask
from claimcheck.errors import UnreadableError
from claimcheck.model import Document, Span

# anything else is a fragment, of which everything is meant to be read
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|title|body)\b", re.IGNORECASE)


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of an HTML file, in the encoding that it declares. Raises UnreadableError."""
    document = from_text(decode_html(data, name), name)
    if document.text.strip() and not document.blocks:
        raise UnreadableError(
            f"{name} holds no text that a reader would see; if a script builds the page, save it from the open browser window"
        )
    return document


def from_text(text: str, name: str) -> Document:
    """The document in an HTML text, a page or a fragment; spans index the text itself, markup included."""
    page = parse(text)
    main = main_passages(text, page) if _WHOLE_PAGE.search(text) else frozenset()
    passages = [page.passages[index] for index in sorted(_chosen(page.passages, main))]
    return _document(text, name, page, passages, _notes(name, main))


def chapter_from_text(text: str, name: str) -> Document:
    """The document in the HTML text of a chapter: everything that a reader sees is meant to be read, asides and notes with it."""
    page = parse(text, asides=True)
    return _document(text, name, page, [passage for passage in page.passages if passage.element != "title"], ())


def _document(text: str, name: str, page: Page, passages: Sequence[Passage], notes: tuple[str, ...]) -> Document:
    """The given passages of a page as a document."""
    masked = plain.mask(mask(text, passages))
    blocks = with_references(masked, ((passage.kind, passage.start, passage.end) for passage in passages))
    told = heard(_comments(text, page, passages), name, len(text))
    return Document(name, text, masked, blocks, suppressions=told.suppressions, notes=(*notes, *told.notes))


def _chosen(passages: Sequence[Passage], main: Set[int] | None) -> Set[int]:
    """The indexes of the passages to read: the main text without gaps, or everything if there is none, and the title."""
    if not main:
        chosen = _unsuspected(passages, {index for index, passage in enumerate(passages) if passage.element != "title"})
    else:
        chosen = _unsuspected(passages, main)
        chosen = chosen | _between(passages, chosen)
    return chosen | _title(passages, chosen)


def _between(passages: Sequence[Passage], chosen: Set[int]) -> Set[int]:
    """What stands amid the chosen passages in the same boxes: trafilatura drops captions, and some lists and headings."""
    containers = {passages[index].container for index in chosen}
    return {
        index
        for index in range(min(chosen), max(chosen))
        if passages[index].container in containers and not passages[index].suspect and not passages[index].linked
    }


def _unsuspected(passages: Sequence[Passage], indexes: Set[int]) -> Set[int]:
    """Without the suspected ones, unless most of the text would go: then the names mean something else ("with-sidebar")."""
    trusted = {index for index in indexes if not passages[index].suspect}
    return trusted if 2 * _length(passages, trusted) >= _length(passages, indexes) else indexes


def _length(passages: Sequence[Passage], indexes: Iterable[int]) -> int:
    return sum(passages[index].end - passages[index].start for index in indexes)


def _title(passages: Sequence[Passage], chosen: Set[int]) -> Set[int]:
    """The heading of the page, if the chosen passages are without one: the nearest above them, else the title that a browser shows."""
    if any(passages[index].element == "h1" for index in chosen):
        return set()
    first = min(chosen, default=0)
    above = [index for index, passage in enumerate(passages[:first]) if passage.element == "h1"]
    shown = [index for index, passage in enumerate(passages) if passage.element == "title"]
    return {*(above[-1:] or shown[:1])}


def _notes(name: str, main: Set[int] | None) -> tuple[str, ...]:
    if main is not None:
        return ()
    return (f"{name}: the main text could not be told from the rest; everything but navigation and the like is checked",)


def _comments(text: str, page: Page, chosen: Sequence[Passage]) -> Iterator[Comment]:
    """The comments, each on the paragraph that it stands in, else on the next one that is read."""
    page_lines = Lines.of(text)
    paragraphs = [list(lines) for _, lines in groupby(chosen, key=lambda passage: passage.paragraph)]
    for comment, index in page.comments:
        number = page.passages[index].paragraph if index < len(page.passages) else inf
        after = bisect_left(paragraphs, number, key=lambda lines: lines[0].paragraph)
        lines = paragraphs[after] if after < len(paragraphs) else []
        span = Span(lines[0].start, lines[-1].end) if lines else Span(len(text), len(text))
        yield Comment(text[comment.start : comment.end], (span,), page_lines.place(comment.start))
