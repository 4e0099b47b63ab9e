"""Text from a stranger, made harmless for a terminal and for every other place where it is shown."""

from __future__ import annotations

import re

# C0 and C1 controls (terminal escapes among them), line breaks that not all know as such, marks that reorder text, halves of characters
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff]")
# what takes no room, or should not: joiners, direction marks, fillers, variation selectors, tags; terminals disagree on its width
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """One line of text: white space as one blank, each control character as \ufffd, what is invisible left out."""
    return without_controls(_SPACE.sub(" ", _INVISIBLE.sub("", text))).strip()


def without_controls(text: str) -> str:
    """The same text, each control character as \ufffd; line breaks (LF) and tabs stay."""
    return _CONTROL.sub("\ufffd", text)


def without_surrogates(text: str) -> str:
    """Text that can be written as UTF-8: the same, each half of a character as \ufffd."""
    return _SURROGATE.sub("\ufffd", text)
