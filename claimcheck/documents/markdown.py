"""Markdown: markup is blanked out at equal length, so that offsets in the masked text are offsets in the file."""

from __future__ import annotations

import re

from claimcheck.documents import plain
from claimcheck.documents.blocks import split_blocks
from claimcheck.documents.comments import suppressions
from claimcheck.documents.decoding import decode
from claimcheck.model import Document

_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^()\s]*(?:\s\"[^\"\n]*\")?\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\](\((?:[^()\s]|\([^()\s]*\))*(?:\s\"[^\"\n]*\")?\)|\[[^\]\n]*\])")
_FENCE = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_INLINE_CODE = re.compile(r"`[^`\n]+`")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>")
_LINK_DEFINITION = re.compile(r"^ {0,3}\[[^\]^\n][^\]\n]*\]:[ \t]*\S.*$", re.MULTILINE)


def _keep_label(match: re.Match[str]) -> str:
    """A link as its label, blanks around it."""
    before = match.start(1) - match.start()
    after = match.end() - match.end(1)
    return " " * before + match.group(1) + " " * after


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of a Markdown file. Raises UnreadableError."""
    return from_text(decode(data, name), name)


def from_text(text: str, name: str) -> Document:
    """The document in a Markdown text."""
    masked = mask(text)
    blocks = split_blocks(masked)
    return Document(name, text, masked, blocks, suppressions=suppressions(text, blocks))


def mask(text: str) -> str:
    """Markdown without front matter, code, comments, tags, images and link targets, at equal length."""
    for pattern in (_FRONT_MATTER, _FENCE, _COMMENT, _INLINE_CODE, _IMAGE, _LINK_DEFINITION, _TAG):
        text = pattern.sub(plain.blank, text)
    return plain.mask(_LINK.sub(_keep_label, text))
