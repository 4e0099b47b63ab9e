"""Strangers' text as Markdown that shows it and does nothing else."""

from __future__ import annotations

import re

from claimcheck.model import WORD_JOINER
from claimcheck.reports.safe import printable

# brackets and bangs do nothing where square brackets are escaped, signs of lists and headings nothing inside a line
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~$&]")
# mentions, numbers of issues and requests, shortcodes, addresses: forges link them even where a backslash stands before
_AUTOLINK = re.compile(
    r"[@#!$%~&](?=\w)|:(?=//|[\w+-]+:)|\bwww(?=\.)|\b(?:GH|gh)-(?=\d)|\b(?:mailto|xmpp):|\b[0-9a-f]{6}(?=[0-9a-f]{1,34}\b)", re.ASCII
)
_FENCE = re.compile("`+")


def inert(text: str) -> str:
    """Text for a place inside a line: every mark escaped, nothing becomes a link, a mention or an emoji.

    Where a forge would link it, an invisible word joiner (U+2060) parts it.
    """
    return escaped(printable(text))


def escaped(text: str) -> str:
    """The same for text that is printable already; blanks at its ends stay."""
    return _SPECIAL.sub(r"\\\g<0>", _AUTOLINK.sub(lambda match: match.group() + WORD_JOINER, text))


def code(text: str) -> str:
    """Text as a code span, in which it stands as it is."""
    shown = printable(text)
    fence = "`" * (max(map(len, _FENCE.findall(shown)), default=0) + 1)
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""
