"""A document as a reader sees it, cut where findings begin and end: readable text, not the raw markup."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from claimcheck.model import WORD_JOINER, Block, BlockKind, Document, DocumentReport, Span

_GAP = re.compile(rf"[\s{WORD_JOINER}]+")
_CLOSING = frozenset(".,;:!?)]}»”’…")
_OPENING = frozenset("([{«“‘")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. Findings and unassessed sentences are named by their index in the report.

    `findings` cover it, the shortest first; `ends` are those whose last word stands in it.
    """

    text: str
    findings: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    unassessed: tuple[int, ...] = ()
    unassessed_ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks of one kind that follow one another: one heading or paragraph, or a whole list."""

    kind: BlockKind
    blocks: tuple[tuple[Piece, ...], ...]


def article(report: DocumentReport) -> Iterator[Passage]:
    """The passages of a checked document in order; nothing for one that could not be read."""
    document = report.document
    if document is None:
        return
    findings = _by_block([finding.span for finding in report.findings], document.blocks)
    unassessed = _by_block([row.span for row in report.unassessed], document.blocks)
    for kind, run in groupby(enumerate(document.blocks), key=lambda pair: pair[1].kind):
        blocks = [tuple(_pieces(document, block, findings[index], unassessed[index])) for index, block in run]
        if kind in (BlockKind.ITEM, BlockKind.REFERENCE):
            yield Passage(kind, tuple(blocks))
        else:
            yield from (Passage(kind, (block,)) for block in blocks)


def excerpt(document: Document, span: Span) -> str:
    """The words of a span as they are read: markup gone, and with it the gap that it would leave before a full stop."""
    return "".join(_readable(document, span.start, span.end))


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a span lies in a block, and whether the span ends there."""

    index: int
    start: int
    end: int
    last: bool


def _by_block(spans: Sequence[Span], blocks: Sequence[Block]) -> defaultdict[int, list[_Part]]:
    """Block number to the parts of spans in it."""
    starts = [block.start for block in blocks]
    found: defaultdict[int, list[_Part]] = defaultdict(list)
    for index, span in enumerate(spans):
        touched = range(max(0, bisect_right(starts, span.start) - 1), bisect_right(starts, span.end - 1))
        inside = [number for number in touched if span.start < blocks[number].end]
        for number in inside:
            block = blocks[number]
            found[number].append(_Part(index, max(span.start, block.start), min(span.end, block.end), number == inside[-1]))
    return found


def _pieces(document: Document, block: Block, findings: Sequence[_Part], unassessed: Sequence[_Part]) -> Iterator[Piece]:
    edges = sorted({block.start, block.end}.union(*((part.start, part.end) for part in (*findings, *unassessed))))
    for (start, end), found, unsure in zip(pairwise(edges), _covers(findings, edges), _covers(unassessed, edges), strict=True):
        yield Piece("".join(_readable(document, start, end)), *found, *unsure)


def _covers(parts: Sequence[_Part], edges: Sequence[int]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """For each stretch between edges the indexes of the parts that cover it, the shortest first, and of those that end with it."""
    opening = defaultdict(list)
    for part in parts:
        opening[part.start].append(part)
    covering: list[_Part] = []
    for start, end in pairwise(edges):
        covering = [part for part in covering if part.end > start] + opening[start]
        covering.sort(key=lambda part: (part.end - part.start, part.index))
        yield (
            tuple(part.index for part in covering),
            tuple(part.index for part in covering if part.last and part.end == end),
        )


def _readable(document: Document, start: int, end: int) -> Iterator[str]:
    """The masked text with every gap as one blank, or as nothing where markup stood inside a word or beside a punctuation mark."""
    masked = document.masked
    at = start
    for gap in _GAP.finditer(masked, start, end):
        yield masked[at : gap.start()]
        yield "" if _is_markup_only(document, gap.start(), gap.end()) else " "
        at = gap.end()
    yield masked[at:end]


def _is_markup_only(document: Document, start: int, end: int) -> bool:
    """Whether a gap is none to its reader: word joiners, or blanked markup next to the punctuation that it belongs to."""
    masked, text = document.masked, document.text
    if not masked[start:end].strip(WORD_JOINER):
        return True
    if masked[start:end].isspace() and text[start:end].isspace():
        return False
    return (masked[end : end + 1] in _CLOSING and not text[end - 1].isspace()) or (
        start > 0 and masked[start - 1] in _OPENING and not text[start].isspace()
    )
