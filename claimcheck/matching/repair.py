"""Misspelt terms of art, brought back to the lexicon's spelling. The only module that imports rapidfuzz.

Repair never decides what a sentence says; it only reads "psylocibin" as "psilocybin" before anything is matched.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

SHORTEST = 7
MOST_EDITS = 2
LARGEST_CACHE = 100_000


class Repair:
    """Maps a word to the one term of `terms` that it misspells, or to itself."""

    def __init__(self, terms: Iterable[str], known: frozenset[str]) -> None:
        self._terms = {letter: tuple(sorted(group)) for letter, group in _by_first_letter(terms).items()}
        self._known = known
        self._cache: dict[str, str] = {}

    def word(self, word: str) -> str:
        """The repaired word. One edit is forgiven from seven letters on, two (a swap counts as one) from nine."""
        if len(word) < SHORTEST or word in self._known:
            return word
        repaired = self._cache.get(word)
        if repaired is None:
            if len(self._cache) > LARGEST_CACHE:
                self._cache.clear()
            repaired = self._cache[word] = self._nearest(word)
        return repaired

    def _nearest(self, word: str) -> str:
        terms = self._terms.get(word[0])
        if not terms or not word.isalpha():
            return word
        best = extractOne(word, terms, scorer=OSA.distance, score_cutoff=MOST_EDITS if len(word) >= 9 else 1)
        return best[0] if best else word


def _by_first_letter(terms: Iterable[str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for term in terms:
        if len(term) >= SHORTEST and term.isalpha():
            groups.setdefault(term[0], set()).add(term)
    return groups
