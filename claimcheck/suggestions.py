"""The nearest known words to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to `most` known words like `word`, the most alike first; those that contain it come in too."""
    known = sorted(known)
    close = get_close_matches(word, known, n=most, cutoff=0.6)
    close += [other for other in known if word and (word in other or other in word)]
    return tuple(dict.fromkeys(close))[:most]
