"""Blank out markup at equal length, so that offsets in the masked text are offsets in the file."""

from __future__ import annotations

import re

# control characters, terminal escapes among them; marks inside words are left to the word normaliser
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\](?!:)|(?<=[\w.,;:!?)\"”’])\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|\[citation needed\]")
_URL = re.compile(r"(?:https?://|www\.)[^\s)\]>]+")
_EMPHASIS = re.compile(r"(?<![\w*_])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\w*_])")
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^()\s]*(?:\s\"[^\"\n]*\")?\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\](\((?:[^()\s]|\([^()\s]*\))*(?:\s\"[^\"\n]*\")?\)|\[[^\]\n]*\])")
_FENCE = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_INLINE_CODE = re.compile(r"`[^`\n]+`")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>")
_LINK_DEFINITION = re.compile(r"^ {0,3}\[[^\]^\n][^\]\n]*\]:[ \t]*\S.*$", re.MULTILINE)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\r\n]", " ", match.group())


def _keep_label(match: re.Match[str]) -> str:
    """A link as its label, blanks around it."""
    before = match.start(1) - match.start()
    after = match.end() - match.end(1)
    return " " * before + match.group(1) + " " * after


def mask_plain(text: str) -> str:
    """Plain text without footnote marks, addresses, emphasis signs and control characters, at equal length."""
    for pattern in (_CONTROL, _FOOTNOTE_MARK, _URL, _EMPHASIS):
        text = pattern.sub(_blank, text)
    return text


def mask_markdown(text: str) -> str:
    """Markdown without front matter, code, comments, tags, images and link targets, at equal length."""
    for pattern in (_FRONT_MATTER, _FENCE, _COMMENT, _INLINE_CODE, _IMAGE, _LINK_DEFINITION, _TAG):
        text = pattern.sub(_blank, text)
    return mask_plain(_LINK.sub(_keep_label, text))
