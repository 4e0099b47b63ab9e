"""The slow trained model: a small transformer reads a paragraph, then each claim attends to the words of one sentence.

Label-wise attention after Mullenbach et al. (NAACL 2018). The words that a claim attends to, weighed by what they add to it, are
the reasons of a finding. A second head says how the text puts each claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from claimcheck.matching.lines import MOST_REASONS, Line, Window, Words, windows
from claimcheck.matching.transformer import Array, Encoder, softmax
from claimcheck.matching.wordpieces import WordPieces

# the part of all that speaks for a claim that a word must bring to be named
LEAST_SHARE = 0.12
# claims with a lower logit before the context is added will hardly be proposed: their reasons are not kept
LEAST_LOGIT = -4.0
MOST_SEEN = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one line: a logit for every output, for each output a row of logits of framings, and the words that
    weighed for the output and for the framing."""

    logits: Array
    framings: Array
    reasons: Mapping[int, tuple[Words, ...]]
    stressed: tuple[Words, ...]


class Reader:
    """Trained weights, ready to read. Remembers windows, because paragraphs come again."""

    def __init__(self, vocabulary: Sequence[str], features: Sequence[str], arrays: Mapping[str, Array]) -> None:
        self._pieces = WordPieces(vocabulary)
        self._features = {name: row for row, name in enumerate(features)}
        self._encoder = Encoder(arrays)
        self._attend, self._judge, self._mean, self._bias = (arrays[name] for name in ("attend", "judge", "mean", "bias"))
        self._context = arrays["context"]
        self._framing_attend, self._framing_mean = arrays["framing_attend"], arrays["framing_mean"]
        self._framing_judge, self._framing_bias = arrays["framing_judge"], arrays["framing_bias"]
        self._seen: dict[Window, list[Reading]] = {}

    def read(self, lines: Sequence[Line], wanted: Sequence[bool]) -> list[Reading | None]:
        """A reading for every line of the windows in which any line is wanted."""
        cut = list(windows(lines, self._pieces))
        places = np.cumsum([0, *(len(group) for group, _ in cut)]).tolist()
        chosen = [any(wanted[start : start + len(group)]) for start, (group, _) in zip(places, cut, strict=False)]
        read = {window: self._seen[window] for take, (_, window) in zip(chosen, cut, strict=True) if take and window in self._seen}
        new = list(dict.fromkeys(window for take, (_, window) in zip(chosen, cut, strict=True) if take and window not in read))
        for window, vectors in zip(new, self._encoder.vectors([window.pieces for window in new]), strict=True):
            self._seen[window] = read[window] = list(self._judged(window, vectors))
        while len(self._seen) > MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        return [
            self._in_context(reading, line) if reading is not None else None
            for take, (group, window) in zip(chosen, cut, strict=True)
            for line, reading in zip(group, read[window] if take else [None] * len(group), strict=True)
        ]

    def _judged(self, window: Window, vectors: Array) -> Iterator[Reading]:
        for start, owners in zip(window.starts, window.owners, strict=True):
            own = vectors[start : start + max(1, len(owners))]
            weights = softmax(own @ self._attend, axis=0)
            seen = weights.T @ own
            mean = own.mean(axis=0)
            logits = np.einsum("ch,ch->c", seen, self._judge) + mean @ self._mean + self._bias
            stress = softmax(own @ self._framing_attend, axis=0)
            framings = (stress @ own + mean) @ self._framing_mean + np.einsum("ch,cfh->cf", seen, self._framing_judge) + self._framing_bias
            likely = np.flatnonzero(logits >= LEAST_LOGIT)
            shares = weights[:, likely] * (own @ self._judge[likely].T)
            reasons = {output: _most(owners, share) for output, share in zip(likely.tolist(), shares.T, strict=True)}
            yield Reading(logits, framings, reasons, _most(owners, stress))

    def _in_context(self, reading: Reading, line: Line) -> Reading:
        rows = [self._features[name] for name in line.context if name in self._features]
        return Reading(reading.logits + self._context[rows].sum(axis=0), reading.framings, reading.reasons, reading.stressed)


def _most(owners: Sequence[int], shares: Array) -> tuple[Words, ...]:
    """The words that spoke most for an output, in order of place."""
    by_word: dict[int, float] = {}
    for word, share in zip(owners, shares.tolist(), strict=False):
        if word >= 0 and share > 0:
            by_word[word] = by_word.get(word, 0.0) + share
    least = LEAST_SHARE * sum(by_word.values())
    best = sorted(by_word, key=by_word.__getitem__, reverse=True)[:MOST_REASONS]
    return tuple(Words(word, word + 1) for word in sorted(best) if by_word[word] >= least)
