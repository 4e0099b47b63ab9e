"""What of a page its reader came for, as trafilatura sees it."""

from __future__ import annotations

import logging
import re

from trafilatura import bare_extraction
from trafilatura.settings import Document

from claimcheck.documents.page import Page, Passage

# above this (characters without scripts and pictures, passages) a page is no page, and trafilatura could take minutes
LARGEST_PAGE = 2_000_000
MOST_PASSAGES = 20_000
_PICTURE = re.compile(r"data:[^\s\"'<>]{200,}")

# two signs that no article holds, and that are neither letters nor blanks to anybody: a number in base 255
_TRACER = re.compile("([\u2801-\u28ff])([\u2801-\u28ff])")
_BRAILLE = re.compile("[\u2800-\u28ff]")
_FIRST = 0x2801
_BASE = 255

# it logs what it cannot use; our own sentences say so
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def main_passages(text: str, page: Page) -> frozenset[int] | None:
    """The indexes of the passages that trafilatura keeps; None if it finds nothing or the page is beyond its means.

    Every passage carries a tracer in its longest run; those that come back were kept, however the rest was changed.
    """
    if len(page.passages) > MOST_PASSAGES:
        return None
    traced = _traced(text, page)
    if len(traced) > LARGEST_PAGE:
        return None
    try:
        found = bare_extraction(traced, include_comments=False)
    except Exception:  # noqa: BLE001 - whatever a broken page does to a library, the page can still be read without it
        return None
    if not isinstance(found, Document):
        return None
    kept = "".join(found.body.itertext())
    return frozenset(_number(match) for match in _TRACER.finditer(kept)) & frozenset(range(len(page.passages))) or None


def _traced(text: str, page: Page) -> str:
    """The page with a tracer in each passage, without comments, scripts and pictures."""
    tracers = {_place(text, passage): _tracer(index) for index, passage in enumerate(page.passages)}
    cuts = {span.start: span.end for span in (*page.scripts, *(span for span, _ in page.comments))}
    parts = []
    at = 0
    for place in sorted({*tracers, *cuts, len(text)}):
        parts += [_BRAILLE.sub(" ", text[at:place]), tracers.get(place, "")]
        at = cuts.get(place, place)
    return _PICTURE.sub("data:", "".join(parts))


def _place(text: str, passage: Passage) -> int:
    longest = max(passage.runs, key=lambda run: run.end - run.start)
    content = text[longest.start : longest.end]
    return longest.start + len(content) - len(content.lstrip())


def _tracer(number: int) -> str:
    return chr(_FIRST + number // _BASE) + chr(_FIRST + number % _BASE)


def _number(tracer: re.Match[str]) -> int:
    return (ord(tracer[1]) - _FIRST) * _BASE + ord(tracer[2]) - _FIRST
