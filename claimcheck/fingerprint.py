"""The key by which a finding is known again when the text around it has moved."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

LENGTH = 32
# numbers keep the marks inside them, and what asks or compares is kept: all other punctuation is typography
_KEPT = re.compile(r"(?<=\d)[.,:/](?=\d)|[?%]")


def fingerprint(claim: str, sentence: str) -> str:
    """A key of 32 hexadecimal digits for a claim (its id) in a sentence (as a reader sees it: `DocumentReport.readable`).

    Case, white space, quote marks, dashes, commas, full stops, invisible characters and compatibility forms do not matter; words,
    numbers and question marks do. The same claim in the same sentence has the same key in any document and on any line.
    """
    return sha256(f"{claim}\n{_normalised(sentence)}".encode()).hexdigest()[:LENGTH]


def _normalised(sentence: str) -> str:
    """The words of a sentence with one blank between them."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sentence).casefold())
    kept = {match.start() for match in _KEPT.finditer(text)}
    return " ".join("".join(char if index in kept else _plain(char) for index, char in enumerate(text)).split())


def _plain(char: str) -> str:
    """A character of a word as it is, what parts words as a blank, what no reader sees as nothing."""
    category = unicodedata.category(char)
    if char.isspace() or category == "Pd":
        return " "
    return "" if category[0] in "CP" else char
