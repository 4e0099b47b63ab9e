"""A second opinion on every sentence: linear models, one a claim, over words, pairs of words, concepts and the agent.

They were trained on passages of our own (tests/accuracy/README.md tells how and what it gave). A proposer adds claims in wordings that no
frame or idiom knows, and takes back matches that fit by chance. It explains itself by the words that weighed most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimcheck.matching.lexicon import Hits
from claimcheck.model import KnowledgeBase

FOLDER = "proposer"
# below the first a match is taken back, from the second on a claim is proposed
DOUBT, PROPOSAL = 0.2, 0.5
NO_AGENT = "none"
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Feature:
    """Something seen in a sentence; a word or pair of words also has its place, words[first:end]."""

    name: str
    first: int = 0
    end: int = 0


def features(words: tuple[str, ...], hits: Hits, agent: str, matched: Iterable[str]) -> Iterator[Feature]:
    """All features of a sentence.

    `agent` says where its agent comes from (see `Agent.source`), NO_AGENT if there is none; `matched` are the claims that the rules find.
    """
    last: tuple[str, int] | None = None
    for place, word in enumerate(words):
        if word[0].isalnum() or word == "?":
            yield Feature(f"w={word}", place, place + 1)
            if last is not None:
                yield Feature(f"b={last[0]}_{word}", last[1], place + 1)
            last = (word, place)
    yield from (Feature(f"c={concept}") for concept in hits.concepts)
    yield from (Feature(f"i={claim}") for claim in hits.idioms)
    yield from (Feature(f"r={claim}") for claim in matched)
    yield Feature(f"agent={agent}")


class Proposer:
    """Trained weights: `score` gives every claim's probability in a sentence."""

    def __init__(self, claims: Iterable[str], vocabulary: Iterable[str], weights: NDArray[Any], bias: NDArray[Any]) -> None:
        self.claims = tuple(claims)
        self._rows = {name: row for row, name in enumerate(vocabulary)}
        self._weights = weights.astype(np.float32)
        self._bias = bias.astype(np.float32)

    def score(self, seen: Iterable[Feature]) -> dict[str, float]:
        """The probability of every claim, given the features of a sentence."""
        rows = sorted({self._rows[feature.name] for feature in seen if feature.name in self._rows})
        logits = self._weights[rows].sum(axis=0) + self._bias
        return dict(zip(self.claims, (1 / (1 + np.exp(-logits))).tolist(), strict=True))

    def reasons(self, claim: str, seen: Iterable[Feature]) -> tuple[Feature, ...]:
        """The words that spoke most for a claim, in order of place."""
        column = self.claims.index(claim)
        weighed = {
            feature.name: (float(self._weights[self._rows[feature.name], column]), feature)
            for feature in seen
            if feature.end and feature.name in self._rows
        }
        best = sorted(weighed.values(), key=lambda pair: -pair[0])[:MOST_REASONS]
        return tuple(sorted((feature for weight, feature in best if weight > 0), key=lambda feature: feature.first))


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
