"""HTML: saved pages and fragments. Tags are blanked out at equal length, and only the main text of a page is read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from claimcheck.documents import plain
from claimcheck.documents.blocks import with_references
from claimcheck.documents.comments import wish_of
from claimcheck.documents.decoding import decode_html
from claimcheck.documents.main_text import main_passages
from claimcheck.documents.page import Page, Passage, parse
from claimcheck.documents.passages import mask
from claimcheck.model import Block, Document, Span, Suppression


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of an HTML file, in the encoding that it declares. Raises UnreadableError."""
    return from_text(decode_html(data, name), name)


def from_text(text: str, name: str) -> Document:
    """The document in an HTML text, a page or a fragment; spans index the text itself, markup included."""
    page = parse(text)
    chosen = _chosen(text, page)
    masked = plain.mask(mask(text, chosen))
    blocks = with_references(masked, ((passage.kind, passage.start, passage.end) for passage in chosen))
    return Document(name, text, masked, blocks, suppressions=tuple(_suppressions(text, page, blocks)))


def _chosen(text: str, page: Page) -> list[Passage]:
    """The passages to read: the main text with its captions, and its title before all."""
    passages = page.passages
    main = main_passages(text, page)
    if main is None:
        some = {index for index, passage in enumerate(passages) if not passage.suspect} or set(range(len(passages)))
        chosen = {index for index in some if passages[index].element != "title"}
    else:
        first, last = min(main), max(main)
        chosen = {*main} | {index for index in range(first, last) if passages[index].aside and not passages[index].suspect}
    return [passages[index] for index in sorted({*chosen, *_title(passages, chosen)})]


def _title(passages: Sequence[Passage], chosen: Collection[int]) -> list[int]:
    """The heading of the page, if the chosen passages are without one: the nearest above them, else the title that a browser shows."""
    if any(passages[index].element == "h1" for index in chosen):
        return []
    first = min(chosen, default=0)
    above = [index for index, passage in enumerate(passages) if passage.element == "h1" and index < first]
    shown = [index for index, passage in enumerate(passages) if passage.element == "title"]
    return above[-1:] or shown[:1]


def _suppressions(text: str, page: Page, blocks: Sequence[Block]) -> Iterator[Suppression]:
    """What comments ask for: in the block that they stand in, else in the next one."""
    for comment, index in page.comments:
        start = page.passages[index].start if index < len(page.passages) else len(text)
        after = bisect_left(blocks, start, key=lambda block: block.start)
        span = Span(blocks[after].start, blocks[after].end) if after < len(blocks) else Span(len(text), len(text))
        wish = wish_of(text[comment.start : comment.end], span, Span(0, len(text)))
        if wish is not None:
            yield wish
