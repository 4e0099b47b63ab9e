"""Plain text: everything is read, but footnote marks, addresses, emphasis signs and control characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from claimcheck.documents.blocks import split_blocks
from claimcheck.documents.comments import heard_in, spoken
from claimcheck.documents.decoding import decode
from claimcheck.model import Document, Span

# control characters, terminal escapes among them; marks inside words are left to the word normaliser
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\](?!:)|(?<=[\w.,;:!?)\"”’])\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|\[citation needed\]")
_URL = re.compile(r"(?:https?://|www\.)[^\s)\]>]+")
_IN_LINE = re.compile(r"[^\r\n]+")
EMPHASIS = re.compile(r"(?<![\w*_])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\w*_])")


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of a text file. Raises UnreadableError."""
    return from_text(decode(data, name), name)


def from_text(text: str, name: str) -> Document:
    """The document in a text."""
    masked = mask(without(text, spoken(text)))
    blocks = split_blocks(masked)
    told = heard_in(text, blocks, name)
    return Document(name, text, masked, blocks, suppressions=told.suppressions, notes=told.notes)


def mask(text: str) -> str:
    """The text without what is no word, at equal length."""
    for pattern in (_CONTROL, _FOOTNOTE_MARK, _URL, EMPHASIS):
        text = pattern.sub(blank, text)
    return text


def blank(match: re.Match[str]) -> str:
    """Blanks in the place of a match; its line breaks stay."""
    return blank_out(match.group())


def blank_out(text: str) -> str:
    """As many blanks as the text is long; its line breaks stay."""
    return _IN_LINE.sub(lambda line: " " * len(line.group()), text)


def without(text: str, spans: Iterable[Span]) -> str:
    """The text with blanks in the place of some spans, which are in order."""
    pieces = []
    at = 0
    for span in spans:
        pieces += [text[at : span.start], blank_out(text[span.start : span.end])]
        at = span.end
    return "".join([*pieces, text[at:]])
