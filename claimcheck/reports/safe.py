"""Text from a stranger, made harmless for a terminal."""

from __future__ import annotations

import re

# C0 and C1 controls (terminal escapes among them), and marks that reorder or hide text
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


def printable(text: str) -> str:
    """One line of text without control characters; each is shown as \ufffd, white space as one blank."""
    return _CONTROL.sub("\ufffd", _SPACE.sub(" ", text)).strip()
