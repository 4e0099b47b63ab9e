"""Words to word pieces, as BERT cuts them: the longest known beginning, then the longest known continuations.

Source: Wu et al., Google's Neural Machine Translation System (2016), with the vocabulary format of BERT ("##" marks a continuation).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

UNKNOWN = "[UNK]"
LONGEST_WORD = 60
_PART = re.compile(r"\w+|[^\w\s]")


class WordPieces:
    """Ids of word pieces; the id is the place in the vocabulary. Remembers the words it has cut."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._seen: dict[str, tuple[int, ...]] = {}

    def id_of(self, piece: str) -> int:
        """The id of a piece that is known to be in the vocabulary. Raises KeyError."""
        return self._ids[piece]

    def of(self, word: str) -> tuple[int, ...]:
        """The pieces of one normalised word; punctuation in it stands alone, accents are dropped."""
        pieces = self._seen.get(word)
        if pieces is None:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            pieces = self._seen[word] = tuple(self._pieces(word))
        return pieces

    def _pieces(self, word: str) -> Iterator[int]:
        plain = "".join(sign for sign in unicodedata.normalize("NFD", word[:LONGEST_WORD]) if unicodedata.category(sign) != "Mn")
        for part in _PART.findall(plain.replace("_", " _ ")):
            yield from self._cut(part)

    def _cut(self, part: str) -> list[int]:
        cut = []
        start = 0
        while start < len(part):
            lead = "##" if start else ""
            end = next((end for end in range(len(part), start, -1) if lead + part[start:end] in self._ids), None)
            if end is None:
                return [self._ids[UNKNOWN]]
            cut.append(self._ids[lead + part[start:end]])
            start = end
        return cut


MOST_SEEN = 50_000
