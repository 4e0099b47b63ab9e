"""Word documents (.docx)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimcheck.documents import plain
from claimcheck.documents.blocks import Stretch, is_bibliographic, raw_blocks, with_references
from claimcheck.documents.comments import Comment, heard
from claimcheck.documents.docx_text import Paragraph, Story, open_package, read_story
from claimcheck.model import Block, BlockKind, Document, Place, PlaceKind, Span

_BODY_TEXT_LEVEL = 9


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of a Word file. Raises UnreadableError.

    Its text has a line a paragraph. Paragraphs are counted from 1 as they stand in the body, empty ones and those in table cells
    with them; what stands in a text box counts as the paragraph that the box hangs on, notes are counted by themselves. A Word
    comment that says `claimcheck: ignore …` holds for the paragraphs it touches, with their notes.
    """
    story = read_story(open_package(data, name), name)
    masked = plain.mask(story.text)
    told = heard(_comments(story), name, len(story.text))
    return Document(
        name,
        story.text,
        masked,
        _blocks(masked, story.paragraphs),
        places=tuple(_places(story.paragraphs)),
        suppressions=told.suppressions,
        notes=told.notes,
    )


def _places(paragraphs: Sequence[Paragraph]) -> Iterator[Place]:
    """A place for each paragraph that has text."""
    for paragraph in paragraphs:
        if paragraph.start < paragraph.end:
            yield Place(paragraph.kind, paragraph.number, paragraph.start)


def _blocks(masked: str, paragraphs: Sequence[Paragraph]) -> tuple[Block, ...]:
    """A reference list ends with the body; a note is a reference if it looks like one."""
    groups = [*_joined(paragraphs)]
    body = (stretch for group in groups if group[0].kind is PlaceKind.PARAGRAPH for stretch in _stretches(masked, group))
    notes = (_note(masked, group) for group in groups if group[0].kind is not PlaceKind.PARAGRAPH)
    return with_references(masked, body) + with_references(masked, notes)


def _joined(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """The paragraphs that are one to a reader: where the end of one is deleted, the next one is joined to it."""
    group: list[Paragraph] = []
    for paragraph in paragraphs:
        group.append(paragraph)
        if not paragraph.goes_on:
            yield group
            group = []
    if group:
        yield group


def _stretches(masked: str, group: Sequence[Paragraph]) -> Iterator[Stretch]:
    """What joined paragraphs are; the last one's style holds, as in Word. A table of contents says nothing new."""
    start, end, last = group[0].start, group[-1].end, group[-1]
    styled = _styled(last)
    if last.style.name.startswith("toc ") and last.style.name != "toc heading":
        return
    if styled is not None:
        yield styled, start, end
        return
    for kind, first, final in raw_blocks(masked, start, end):
        # a cell is short and has no full stop, and is no heading for that
        yield BlockKind.PARAGRAPH if last.in_cell and kind is BlockKind.HEADING else kind, first, final


def _note(masked: str, group: Sequence[Paragraph]) -> Stretch:
    start, end = group[0].start, group[-1].end
    return BlockKind.REFERENCE if is_bibliographic(masked[start:end]) else BlockKind.PARAGRAPH, start, end


def _styled(paragraph: Paragraph) -> BlockKind | None:
    """The kind that the style asks for; None leaves it to the shape of the text."""
    style = paragraph.style
    if style.level is not None and style.level < _BODY_TEXT_LEVEL:
        return BlockKind.HEADING
    if style.name == "bibliography":
        return BlockKind.REFERENCE
    return BlockKind.ITEM if style.listed else None


def _comments(story: Story) -> Iterator[Comment]:
    """The comments, each on the paragraphs that it touches, and placed in the first of them."""
    touched: dict[str, list[Paragraph]] = {}
    for paragraph in story.paragraphs:
        for comment in paragraph.comments:
            touched.setdefault(comment, []).append(paragraph)
    for comment, text in story.comments.items():
        if paragraphs := touched.get(comment):
            spans = tuple(Span(paragraph.start, paragraph.end) for paragraph in paragraphs)
            yield Comment(text, spans, f"{paragraphs[0].kind} {paragraphs[0].number}")
