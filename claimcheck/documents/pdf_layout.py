"""From the pieces of text on a page to paragraphs: lines, columns, running heads, hyphens. Pure; sizes and places are in points."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

# a letter is about this wide, measured in its size; no font's own widths are needed for what follows
_LETTER_WIDTH = 0.45
_SAME_LINE = 0.5
# columns stand at least this far apart, as a part of the page's width, and have at least so many lines
_COLUMN_DISTANCE = 0.2
_LEAST_LINES_OF_A_COLUMN = 4
_EDGE_LINES = 2
_HEADING_SIZE = 1.12
_NOTE_SIZE = 0.93
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\x00": None})
_NOTE_MARK = re.compile(r"[\d*†‡§,;–-]+")
_FINISHED = re.compile(r"[.!?:;…]['\"”’)\]\d]*$")
_ITEM = re.compile(r"(?:[-*•–▪◦‣·✓✔]|\(?\d{1,2}[.)])\s+\S")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)[-‐]$")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
# heads of compounds that keep their hyphen when a line ends after it
_KEEPS_HYPHEN = {
    *("well", "self", "long", "short", "high", "low", "double", "single", "open", "half", "full", "mid", "non"),
    *("placebo", "evidence", "cross", "follow", "so"),
}


class Fragment(NamedTuple):
    """A piece of text, where its first letter stands (from the lower left), and its size."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column."""

    page: int
    text: str
    x: float
    y: float
    size: float

    @property
    def end(self) -> float:
        """Where it ends, roughly."""
        return self.x + len(self.text) * self.size * _LETTER_WIDTH


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; `heading` if they are set larger than the text."""

    lines: tuple[Line, ...]
    heading: bool


def page_lines(number: int, fragments: Iterable[Fragment], width: float) -> list[Line]:
    """The lines of a page in reading order: as the file has them, unless it goes to and fro between columns."""
    pieces = [*_once(Fragment(text.translate(_LIGATURES), x, y, size) for text, x, y, size in fragments if text.strip())]
    edge = _second_column(pieces, width)
    lines = [replace(line, text=" ".join(line.text.split())) for line in _lines(number, pieces, edge)]
    return lines if edge is None else _by_column(lines, edge)


def _once(pieces: Iterable[Fragment]) -> Iterator[Fragment]:
    """The pieces without those that are set again on the same spot, as shadow or to look bold."""
    last: Fragment | None = None
    for piece in pieces:
        if last is None or piece.text != last.text or abs(piece.x - last.x) + abs(piece.y - last.y) > 0.2 * piece.size:
            yield piece
        last = piece


def _second_column(pieces: Sequence[Fragment], width: float) -> float | None:
    """The left edge of a second column: where many pieces start that stand right of others at the same height."""
    left = min((piece.x for piece in pieces), default=0.0)
    starts: defaultdict[int, set[int]] = defaultdict(set)
    for piece in pieces:
        if piece.x - left > _COLUMN_DISTANCE * width:
            starts[round(piece.x / 2)].add(round(piece.y))
    edge, heights = max(starts.items(), key=lambda item: len(item[1]), default=(0, set[int]()))
    return edge * 2.0 - 1 if len(heights) >= _LEAST_LINES_OF_A_COLUMN else None


def _lines(number: int, pieces: Iterable[Fragment], edge: float | None) -> Iterator[Line]:
    """Pieces that follow each other at one height are a line; note marks, small and raised, are left out."""
    line: Line | None = None
    last_x = 0.0
    longest = 0
    for piece in pieces:
        if line is None or not _is_beside(piece, line, last_x, edge):
            if line is not None:
                yield line
            line, longest = Line(number, piece.text, piece.x, piece.y, piece.size), len(piece.text)
        elif not (piece.size < 0.85 * line.size and piece.y >= line.y and _NOTE_MARK.fullmatch(piece.text.strip())):
            line = replace(line, text=line.text + piece.text)
            if len(piece.text) > longest:  # a dropped initial or a word in another type does not make the line
                line, longest = replace(line, y=piece.y, size=piece.size), len(piece.text)
        last_x = piece.x
    if line is not None:
        yield line


def _is_beside(piece: Fragment, line: Line, last_x: float, edge: float | None) -> bool:
    in_next_column = edge is not None and abs(piece.x - edge) <= 2 and line.x < edge - 2
    return abs(piece.y - line.y) <= _SAME_LINE * max(piece.size, line.size) and piece.x >= last_x and not in_next_column


def _by_column(lines: list[Line], edge: float) -> list[Line]:
    """Left column before right, from one line that spans both to the next, if the file itself has them row by row."""
    turns = sum(a.x < edge <= b.x and abs(a.y - b.y) < _SAME_LINE * a.size for a, b in pairwise(lines))
    if turns < _LEAST_LINES_OF_A_COLUMN:
        return lines
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        if line.x >= edge:
            right.append(line)
        elif line.end > edge + 2 * line.size:
            ordered += [*left, *right, line]
            left, right = [], []
        else:
            left.append(line)
    return [*ordered, *left, *right]


def without_running_heads(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of all pages but those that stand at the same edge of several, whatever their numbers: heads, feet, page numbers."""
    edges = [_edges(lines) for lines in pages]
    seen = Counter(key for keys in edges for key in {*keys.values()})
    return [
        line
        for lines, keys in zip(pages, edges, strict=True)
        for index, line in enumerate(lines)
        if index not in keys or seen[keys[index]] < 2
    ]


def _edges(lines: Sequence[Line]) -> dict[int, tuple[str, int]]:
    """The lines at the top and bottom of a page: their index, and their words (digits alike) with their height."""
    heights = sorted({round(line.y) for line in lines})
    outer = {*heights[:_EDGE_LINES], *heights[-_EDGE_LINES:]}
    return {
        index: (re.sub(r"\d+", "#", "".join(line.text.split())).casefold(), round(line.y / 4))
        for index, line in enumerate(lines)
        if round(line.y) in outer
    }


def paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """Lines joined to paragraphs, across columns and pages. Notes at the foot of a page come after the paragraph that they interrupt."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    full = median([len(line.text) for line in lines if abs(line.size - body) < 0.5] or [0])
    gaps = [a.y - b.y for a, b in pairwise(lines) if a.page == b.page and 0 < a.y - b.y < 3 * a.size]
    spacing = _Spacing(full, median(gaps) if gaps else 0.0)
    open_lines: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        if open_lines and _interrupts(line, open_lines[-1], body, spacing):
            notes.append(line)
            continue
        if open_lines and not _continues(open_lines, line, spacing):
            yield from _settled(open_lines, notes, body, spacing)
            open_lines, notes = [], []
        open_lines.append(line)
    yield from _settled(open_lines, notes, body, spacing)


class _Spacing(NamedTuple):
    """How many letters a full line has, and how far its lines are apart, in a document."""

    full: float
    leading: float


def _interrupts(line: Line, last: Line, body: float, spacing: _Spacing) -> bool:
    """Whether a line belongs to a note at the foot of the page, below a paragraph that is not at its end."""
    apart = last.page != line.page or last.y - line.y > 1.2 * spacing.leading
    return apart and line.size < _NOTE_SIZE * body <= last.size and not _FINISHED.search(last.text)


def _settled(lines: Sequence[Line], notes: Sequence[Line], body: float, spacing: _Spacing) -> Iterator[Paragraph]:
    if lines:
        yield Paragraph(tuple(lines), lines[0].size >= _HEADING_SIZE * body)
    group: list[Line] = []
    for note in notes:
        if group and not _continues(group, note, spacing):
            yield Paragraph(tuple(group), heading=False)
            group = []
        group.append(note)
    if group:
        yield Paragraph(tuple(group), heading=False)


def _continues(before: Sequence[Line], line: Line, spacing: _Spacing) -> bool:
    """Whether a line goes on with the paragraph of the lines before it."""
    last = before[-1]
    finished = bool(_FINISHED.search(last.text.rstrip()))
    if abs(line.size - last.size) > 0.08 * last.size:
        return False
    if _ITEM.match(line.text) and (finished or _ITEM.match(before[0].text) or line.x <= last.x):
        return False
    gap = last.y - line.y
    if _ITEM.match(before[0].text) and gap > 0 and line.x < before[0].x - 0.3 * line.size:
        return False
    if line.page != last.page or gap <= 0 or abs(line.x - last.x) > 10 * line.size:  # another page or column
        return not finished or line.text.lstrip()[:1].islower()
    if gap > 1.4 * max(spacing.leading, line.size):
        return False
    if finished and len(last.text) < 0.7 * spacing.full:
        return False
    indented = line.x - last.x > 0.6 * line.size
    outdented = last.x - line.x > 0.6 * line.size
    return not (finished and indented) and not (finished and outdented and len(before) > 1)


def known_words(lines: Iterable[Line]) -> frozenset[str]:
    """The words of a text, without those that the end of a line breaks."""
    words: set[str] = set()
    broken = False
    for line in lines:
        found = [word.group().casefold().replace("‐", "-") for word in _WORD.finditer(line.text)]
        found = found[1:] if broken else found
        broken = bool(_BROKEN_WORD.search(line.text.rstrip()))
        words.update(found[:-1] if broken else found)
    return frozenset(words)


def joint(before: str, after: str, words: frozenset[str]) -> tuple[str, str]:
    """A line's text without the hyphen that only breaks a word, and what stands between it and the next line."""
    before, after = before.rstrip(), after.lstrip()
    if before.endswith("\xad"):
        return before[:-1], ""
    broken = _BROKEN_WORD.search(before)
    if broken is None:
        return before, "" if re.search(r"\w[—/-]$", before) else " "
    following = _NEXT_WORD.match(after)
    if following is None or not following.group()[0].islower():
        return before, ""
    first, second = broken.group(1).casefold(), following.group().casefold()
    compound = f"{first}-{second}" in words or before[: broken.start()].endswith(("-", "‐"))
    apart = first in words and second in words
    if compound or (first + second not in words and (first in _KEEPS_HYPHEN or apart)):
        return before, ""
    return before[:-1], ""
