"""Headings, paragraphs, list items and reference entries, read off the lines of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    end: int


def split_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a (masked) text in order. Offsets index the text; blank lines belong to no block."""
    return with_references(text, shaped_blocks(text))


def with_references(text: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of a (masked) text, with the entries of its reference lists and footnotes known as such."""
    settled: list[Block] = []
    in_references = False
    for block in blocks:
        kind, content = block.kind, text[block.start : block.end]
        if kind is BlockKind.HEADING or (kind is BlockKind.PARAGRAPH and len(content) < 40):
            if _REFERENCES.match(content):
                in_references = True
                settled.append(replace(block, kind=BlockKind.HEADING))
                continue
            if in_references and kind is BlockKind.HEADING and not is_bibliographic(content):
                in_references = False
        if kind is not BlockKind.HEADING and (_FOOTNOTE_ENTRY.match(content) or in_references):
            kind = BlockKind.REFERENCE
        settled.append(replace(block, kind=kind))
    return tuple(settled)


def is_bibliographic(text: str) -> bool:
    """Whether a text has the marks of an entry in a reference list: a DOI, a year in brackets, volume and pages."""
    return bool(_BIBLIOGRAPHIC.search(text))


def shaped_blocks(text: str, start: int = 0, end: int | None = None) -> Iterator[Block]:
    """Headings, paragraphs and items of a stretch of a (masked) text by the shape of its lines; offsets index the whole text."""
    for kind, first, last in _raw_blocks(_lines(text[start:end])):
        yield Block(kind, start + first, start + last)


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.splitlines(keepends=True):
        content = raw.rstrip()
        lead = len(content) - len(content.lstrip())
        yield _Line(content.strip(), at + lead, at + len(content))
        at += len(raw)


def _raw_blocks(lines: Iterator[_Line]) -> Iterator[tuple[BlockKind, int, int]]:
    """Lines joined to blocks; a hard-wrapped paragraph is one block."""
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
        if open_kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and not mark and not item and _continues(last, line.text):
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


def _settle(kind: BlockKind, start: int, end: int, last: str) -> tuple[BlockKind, int, int]:
    """A short paragraph of one line without a full stop is a heading."""
    one_line = end - start == len(last)
    if (
        kind is BlockKind.PARAGRAPH
        and one_line
        and not _TERMINAL.search(last)
        and not last.endswith(":")
        and len(last.split()) <= MOST_HEADING_WORDS
    ):
        kind = BlockKind.HEADING
    return kind, start, end


def _continues(before: str, line: str) -> bool:
    """Whether a line break inside a block is only a wrap: the line before is long and unfinished."""
    return (
        len(before) >= 45
        and len(before) <= 110
        and (not re.search(r"[.!?:]['\"”’)\]]*$", before) or len(before) >= 60)
        and not _REFERENCES.match(line)
    )
