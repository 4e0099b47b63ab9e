"""A second opinion on every sentence: linear models, one a claim, over words, pairs of words, concepts and the agent.

They were trained on passages of our own (tests/accuracy/README.md tells how and what it gave). A proposer adds claims in wordings that no
frame or idiom knows, and takes back matches that fit by chance. It explains itself by the words that weighed most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from claimcheck.matching.lexicon import MOST_SEEN, Hits
from claimcheck.model import KnowledgeBase

FOLDER = "proposer"
# below the first a match is taken back, from the second on a claim is proposed
DOUBT, PROPOSAL = 0.2, 0.5
NO_AGENT = "none"
MOST_REASONS = 3


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


def context_features(agent: str, matched: Iterable[str]) -> Iterator[str]:
    """Where the agent comes from (see `Agent.source`; NO_AGENT if there is none), and the claims that the rules find."""
    yield f"agent={agent}"
    yield from (f"r={claim}" for claim in matched)


class Proposer:
    """Trained weights: `chances` gives every claim's probability in a sentence."""

    def __init__(self, claims: Iterable[str], vocabulary: Iterable[str], weights: NDArray[Any], bias: NDArray[Any]) -> None:
        self.claims = tuple(claims)
        self._columns = {claim: column for column, claim in enumerate(self.claims)}
        self._rows = {name: row for row, name in enumerate(vocabulary)}
        self._weights = weights.astype(np.float32)
        self._bias = bias.astype(np.float32)
        # the sum over a sentence's own features, which come again with the sentence
        self._seen: dict[tuple[str, ...], _Own] = {}

    def chances(self, words: tuple[str, ...], hits: Hits, context: tuple[str, ...]) -> Chances:
        """The probability of every claim in a sentence; `context` are its context features."""
        own = self._own(words, hits)
        if context not in own.chances:
            values = 1 / (1 + np.exp(-(own.logits + self._sum(context))))
            own.chances[context] = Chances(self.claims, self._columns, values)
        return own.chances[context]

    def reasons(self, claim: str, words: tuple[str, ...]) -> tuple[Feature, ...]:
        """The words that spoke most for a claim, in order of place."""
        column = self._columns[claim]
        known = {feature.name: feature for feature in word_features(words) if feature.name in self._rows}
        weighed = sorted(((float(self._weights[self._rows[name], column]), feature) for name, feature in known.items()), reverse=True)
        return tuple(sorted((feature for weight, feature in weighed[:MOST_REASONS] if weight > 0), key=lambda feature: feature.first))

    def _own(self, words: tuple[str, ...], hits: Hits) -> _Own:
        seen = self._seen.get(words)
        if seen is None or seen.hits is not hits:
            if len(self._seen) >= MOST_SEEN:
                del self._seen[next(iter(self._seen))]
            seen = self._seen[words] = _Own(hits, self._sum(set(sentence_features(words, hits))) + self._bias, {})
        return seen

    def _sum(self, names: Iterable[str]) -> NDArray[Any]:
        rows = sorted(self._rows[name] for name in names if name in self._rows)
        total: NDArray[Any] = self._weights[rows].sum(axis=0, dtype=np.float32)
        return total


@dataclass(frozen=True, slots=True)
class Chances:
    """The probability of every claim in one sentence."""

    claims: tuple[str, ...]
    columns: dict[str, int]
    values: NDArray[Any]

    def of(self, claim: str) -> float | None:
        """The probability of a claim, or None if the proposer does not know it."""
        column = self.columns.get(claim)
        return None if column is None else round(float(self.values[column]), 3)

    def above(self, floor: float) -> list[str]:
        """The claims at least as probable as `floor`."""
        return [self.claims[column] for column in np.flatnonzero(self.values >= floor).tolist()]


@dataclass(frozen=True, slots=True)
class _Own:
    """What a sentence adds up to by itself, and its chances by context, remembered because sentences come again."""

    hits: Hits
    logits: NDArray[Any]
    chances: dict[tuple[str, ...], Chances]


def load_proposer(folder: Path, knowledge: KnowledgeBase) -> Proposer | None:
    """The proposer of a knowledge folder, or None if it has none or one for other claims."""
    try:
        head = json.loads((folder / FOLDER / "features.json").read_text(encoding="utf-8"))
        with np.load(folder / FOLDER / "weights.npz", allow_pickle=False) as arrays:
            proposer = Proposer(head["claims"], head["features"], arrays["weights"] * arrays["scale"], arrays["bias"])
    except (OSError, ValueError, KeyError):
        return None
    return proposer if set(proposer.claims) <= knowledge.claims.keys() else None


def save_proposer(folder: Path, claims: list[str], vocabulary: list[str], weights: NDArray[Any], bias: NDArray[Any]) -> None:
    """Write weights (features x claims) as eight-bit numbers with a scale a claim."""
    scale = np.abs(weights).max(axis=0) / 127
    (folder / FOLDER).mkdir(exist_ok=True)
    np.savez_compressed(folder / FOLDER / "weights.npz", weights=np.round(weights / scale).astype(np.int8), scale=scale, bias=bias)
    text = json.dumps({"claims": claims, "features": vocabulary}, ensure_ascii=False, indent=0)
    (folder / FOLDER / "features.json").write_text(text + "\n", encoding="utf-8")
