"""The quick trained model: one logistic regression a claim over words, pairs of words, concepts and context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from claimcheck.matching.lexicon import MOST_SEEN, Hits
from claimcheck.matching.lines import MOST_REASONS, Words
from claimcheck.matching.transformer import Array


class Feature(NamedTuple):
    """A word or a pair of words, words[first:end], under its name as a feature."""

    name: str
    first: int
    end: int


def word_features(words: tuple[str, ...]) -> Iterator[Feature]:
    """The words and pairs of neighbouring words of a sentence."""
    last: tuple[str, int] | None = None
    for place, word in enumerate(words):
        if word[0].isalnum() or word == "?":
            yield Feature(f"w={word}", place, place + 1)
            if last is not None:
                yield Feature(f"b={last[0]}_{word}", last[1], place + 1)
            last = (word, place)


def sentence_features(words: tuple[str, ...], hits: Hits) -> Iterator[str]:
    """The names of what a sentence itself shows: words, pairs, concepts, idioms."""
    yield from (feature.name for feature in word_features(words))
    yield from (f"c={concept}" for concept in hits.concepts)
    yield from (f"i={claim}" for claim in hits.idioms)


class Linear:
    """Trained weights, features x claims, as small numbers with a scale a claim."""

    def __init__(self, features: Iterable[str], weights: Array, scale: Array, bias: Array) -> None:
        self._rows = {name: row for row, name in enumerate(features)}
        self._weights = weights
        self._scale = scale
        self._bias = bias
        # the sum over a sentence's own features comes again with the sentence
        self._seen: dict[tuple[str, ...], tuple[Hits, Array]] = {}

    def logits(self, words: tuple[str, ...], hits: Hits, context: Iterable[str]) -> Array:
        """The logit of every claim for a sentence in its context; features unknown in training count nothing."""
        seen = self._seen.get(words)
        if seen is None or seen[0] is not hits:
            if len(self._seen) >= MOST_SEEN:
                del self._seen[next(iter(self._seen))]
            seen = self._seen[words] = (hits, self._sum(sentence_features(words, hits)))
        return (seen[1] + self._sum(context)) * self._scale + self._bias

    def reasons(self, words: tuple[str, ...], column: int) -> tuple[Words, ...]:
        """The words that spoke most for a claim, in order of place."""
        known = {feature.name: feature for feature in word_features(words) if feature.name in self._rows}
        weighed = sorted(((int(self._weights[self._rows[name], column]), feature) for name, feature in known.items()), reverse=True)
        return tuple(sorted(Words(feature.first, feature.end) for weight, feature in weighed[:MOST_REASONS] if weight > 0))

    def _sum(self, names: Iterable[str]) -> Array:
        rows = sorted({self._rows[name] for name in names if name in self._rows})
        total: Array = self._weights[rows].sum(axis=0, dtype=np.float32)
        return total
