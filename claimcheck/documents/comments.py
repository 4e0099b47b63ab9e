"""What an author tells claimcheck in a comment: `claimcheck: ignore dmn-reset creativity -- reason`, without ids for all claims.

`ignore` holds for the paragraph, heading or item that the comment stands in; alone on its line, for the next one. `ignore-file` holds
for the whole document. Letter case means nothing, and a dash (–, —) does for `--`: word processors put it there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from claimcheck.model import Block, Span, Suppression

# an HTML comment that speaks to us, as it may stand in any text format; a pattern for all of it would be quadratic in unclosed ones
_OPENING = re.compile(r"<!--\s*+claimcheck:", re.IGNORECASE)
_CLOSING = "-->"

_MARKS = re.compile(r"\A<!--|--!?>\Z")
_ADDRESS = re.compile(r"claimcheck:", re.IGNORECASE)
_REASON = re.compile(r"--+|[–—]")
_ID = re.compile(r"[\w-]+")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, what `ignore` in it would hold for, and its own place in words ("line 3", "paragraph 2")."""

    text: str
    spans: tuple[Span, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What the comments of a document ask for, and a sentence about each that speaks to claimcheck and is not understood."""

    suppressions: tuple[Suppression, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, by the offsets at which they start, and its length."""

    starts: tuple[int, ...]
    length: int

    @classmethod
    def of(cls, text: str) -> Lines:
        """Lines end at \\n, \\r\\n or \\r."""
        return cls((0, *(match.end() for match in _LINE_END.finditer(text))), len(text))

    def place(self, offset: int) -> str:
        """The line of an offset (code points) in words, counted from 1."""
        return f"line {bisect_right(self.starts, offset)}"

    def around(self, span: Span) -> Span:
        """The whole lines that a span stands on."""
        after = bisect_right(self.starts, span.end)
        end = self.starts[after] if after < len(self.starts) else self.length
        return Span(self.starts[bisect_right(self.starts, span.start) - 1], end)


def heard(comments: Iterable[Comment], name: str, length: int) -> Heard:
    """What comments ask for in a document of a length (code points) that is reported as `name`; one that is on nothing asks for nothing."""
    suppressions: dict[Suppression, None] = {}
    notes = []
    for comment in comments:
        content = _MARKS.sub("", comment.text).strip()
        address = _ADDRESS.search(content)
        if address is None or not comment.spans:
            continue
        asked, *reason = _REASON.split(content[address.end() :], maxsplit=1)
        verb, *claims = re.split(r"[\s,]+", asked.strip(" \t\r\n,").lower())
        if verb in ("ignore", "ignore-file") and all(map(_ID.fullmatch, claims)):
            spans = comment.spans if verb == "ignore" else (Span(0, length),)
            wishes = (Suppression(span, frozenset(claims), "".join(reason).strip()) for span in spans)
            suppressions.update(dict.fromkeys(wishes))
        elif address.start() == 0:
            notes.append(
                f"{name}, {comment.place}: a comment to claimcheck is not understood and asks for nothing; "
                "write claimcheck: ignore CLAIM-ID -- reason, or ignore-file for all of the document"
            )
    return Heard(tuple(suppressions), tuple(notes))


def spoken(text: str) -> Iterator[Span]:
    """Where the HTML comments in a text stand that speak to claimcheck; an unclosed one is none."""
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        close = text.find(_CLOSING, opening.end())
        if close < 0:
            return
        at = close + len(_CLOSING)
        yield Span(opening.start(), at)


def heard_in(text: str, blocks: Sequence[Block], name: str) -> Heard:
    """What the HTML comments in a text ask for whose blocks are known; one after the last block asks for nothing."""
    lines = Lines.of(text)
    comments = (Comment(text[span.start : span.end], (_block_of(span, lines, blocks),), lines.place(span.start)) for span in spoken(text))
    return heard(comments, name, len(text))


def _block_of(comment: Span, lines: Lines, blocks: Sequence[Block]) -> Span:
    """The block on whose lines a comment stands (in a table the cells of its row), else the next one, else nothing."""
    around = lines.around(comment)
    first = bisect_right(blocks, around.start, key=lambda block: block.end)
    behind = bisect_right(blocks, around.end - 1, key=lambda block: block.start)
    if first < behind:
        return Span(blocks[first].start, blocks[behind - 1].end)
    return Span(blocks[first].start, blocks[first].end) if first < len(blocks) else Span(lines.length, lines.length)
