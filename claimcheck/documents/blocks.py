"""Headings, paragraphs, list items and reference entries, read off the lines of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claimcheck.model import Block, BlockKind

_ITEM = re.compile(r"\s*(?:[-*+•–▪◦‣·✓✔]|\(?\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_HEADING_MARK = re.compile(r"\s{0,3}#{1,6}\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,})\s*$")
_REFERENCES = re.compile(
    r"\W*(?:references?(?: (?:list|cited|and (?:notes|further reading)))?|sources?(?: (?:cited|list|and further reading))?|"
    r"bibliography|works cited|citations|literature(?: cited)?|foot ?notes|endnotes|notes|further reading|studies cited)\W*$",
    re.IGNORECASE,
)
_FOOTNOTE_ENTRY = re.compile(r"\s*(?:\[\^[^\]\s]+\]:|\[\d{1,3}\]\s)")
_BIBLIOGRAPHIC = re.compile(
    r"\bet al\b|\bdoi\b|10\.\d{4,}/|\bPMC?ID\b|\bPMID\b|\b(?:19|20)\d\d\s?;\s?\d+|\bvol\.\s?\d|"
    r"\(\s?(?:19|20)\d\d\s?\)\.|\bJ(?:ournal of| )|\b\d+\(\d+\)[:,]",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!;,…]['\"”’)\]]*$")
MOST_HEADING_WORDS = 16

# kind, start, end
Stretch = tuple[BlockKind, int, int]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    end: int


def split_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a (masked) text in order. Offsets index the text; blank lines belong to no block."""
    return with_references(text, raw_blocks(text))


def with_references(text: str, stretches: Iterable[Stretch]) -> tuple[Block, ...]:
    """Stretches of a (masked) text as blocks without blank edges: what stands under a heading such as "References" is a reference."""
    blocks: list[Block] = []
    in_references = False
    for kind, start, end in stretches:
        content = text[start:end].rstrip()
        if not content.lstrip():
            continue
        end = start + len(content)
        content = content.lstrip()
        start = end - len(content)
        if kind is BlockKind.HEADING or (kind is BlockKind.PARAGRAPH and len(content) < 40):
            if _REFERENCES.match(content):
                in_references = True
                blocks.append(Block(BlockKind.HEADING, start, end))
                continue
            if in_references and kind is BlockKind.HEADING and not _BIBLIOGRAPHIC.search(content):
                in_references = False
        if kind is not BlockKind.HEADING and (_FOOTNOTE_ENTRY.match(content) or in_references):
            kind = BlockKind.REFERENCE
        blocks.append(Block(kind, start, end))
    return tuple(blocks)


def is_bibliographic(text: str) -> bool:
    """Whether a text has the marks of an entry in a reference list: a DOI, a year in brackets, volume and pages."""
    return bool(_BIBLIOGRAPHIC.search(text))


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.splitlines(keepends=True):
        content = raw.rstrip()
        lead = len(content) - len(content.lstrip())
        yield _Line(content.strip(), at + lead, at + len(content))
        at += len(raw)


def raw_blocks(text: str, start: int = 0, end: int | None = None) -> Iterator[Stretch]:
    """The lines of a text, or of a part of it, joined to stretches; a hard-wrapped paragraph is one."""
    for kind, first, last in _joined(_lines(text[start:end])):
        yield kind, start + first, start + last


def _joined(lines: Iterator[_Line]) -> Iterator[Stretch]:
    open_kind: BlockKind | None = None
    start = end = 0
    last = ""
    for line in lines:
        if not line.text:
            if open_kind is not None:
                yield _settle(open_kind, start, end, last)
                open_kind = None
            continue
        mark = _HEADING_MARK.match(line.text)
        item = _ITEM.match(line.text)
        if open_kind is not None and _UNDERLINE.match(line.text) and len(last) < 120:
            yield BlockKind.HEADING, start, end
            open_kind = None
            continue
        if (
            open_kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
            and not mark
            and not item
            and is_wrapped(last)
            and not _REFERENCES.match(line.text)
        ):
            end, last = line.end, line.text
            continue
        if open_kind is not None:
            yield _settle(open_kind, start, end, last)
        if mark:
            open_kind, start = BlockKind.HEADING, line.start + mark.end()
        elif item:
            open_kind, start = BlockKind.ITEM, line.start + item.end()
        else:
            open_kind, start = BlockKind.PARAGRAPH, line.start
        end, last = line.end, line.text
    if open_kind is not None:
        yield _settle(open_kind, start, end, last)


def _settle(kind: BlockKind, start: int, end: int, last: str) -> Stretch:
    """A short paragraph of one line without a full stop is a heading."""
    one_line = end - start == len(last)
    if kind is BlockKind.PARAGRAPH and one_line and reads_as_heading(last):
        kind = BlockKind.HEADING
    return kind, start, end


def reads_as_heading(line: str) -> bool:
    """Whether a line that stands by itself is short and ends in no stop."""
    return not _TERMINAL.search(line) and not line.endswith(":") and len(line.split()) <= MOST_HEADING_WORDS


def is_wrapped(line: str) -> bool:
    """Whether the break after a line is only a wrap: the line is long and unfinished."""
    return 45 <= len(line) <= 110 and (len(line) >= 60 or not re.search(r"[.!?:]['\"”’)\]]*$", line))
