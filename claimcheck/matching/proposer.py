"""A second opinion on every sentence from two trained models: the probability of each claim, and how the text puts it.

The quick model (`linear`) weighs the words of a sentence one by one, the slow one (`reader`) reads its paragraph; both are averaged.
They add claims in wordings that no frame or idiom knows, take back matches that fit by chance, and
name the words that weighed most. tests/accuracy/README.md tells how they were trained and what each gave.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from claimcheck.errors import KnowledgeError, Problem
from claimcheck.matching.linear import Linear
from claimcheck.matching.lines import Line, Words
from claimcheck.matching.reader import Reader, Reading
from claimcheck.matching.transformer import Array
from claimcheck.model import Framing, KnowledgeBase

FOLDER = "proposer"
# the output beside the claims: a psychedelic does something that no claim covers
UNASSESSED = "unassessed"
FRAMINGS = (Framing.ASSERTED, Framing.HEDGED, Framing.SCOPED, Framing.QUESTIONED, Framing.DENIED)
# the reader's part in the average of the two (chosen on held-out rounds of our own)
READER_WEIGHT = 0.8
# what makes the average as sure as it is right (Guo et al., ICML 2017; chosen on the same rounds)
TEMPERATURE = 1.1
# a text of more sentences is no article: the quick model alone weighs it
MOST_READ = 20_000
# from this probability on a sentence is listed as unassessed
UNASSESSED_FROM = 0.4
SCALE = ".scale"
# arrays with fewer numbers are saved as they are
SMALLEST_PACKED = 5_000


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the models make of one sentence.

    `values` are probabilities, one an output; `columns` says which is whose. `reading` is None where only the quick model was asked.
    """

    columns: Mapping[str, int]
    values: Array
    reading: Reading | None
    words: tuple[str, ...]
    linear: Linear

    def of(self, claim: str) -> float | None:
        """The probability of a claim, or None if the models do not know it."""
        column = self.columns.get(claim)
        return None if column is None else round(float(self.values[column]), 3)

    def above(self, floor: float) -> list[str]:
        """The claims at least as probable as `floor`."""
        if self.values.max() < floor:  # as in most sentences
            return []
        return [claim for claim, column in self.columns.items() if self.values[column] >= floor and claim != UNASSESSED]

    @property
    def is_unassessed(self) -> bool:
        """Whether the sentence seems to say an effect that no claim covers."""
        return (self.of(UNASSESSED) or 0.0) >= UNASSESSED_FROM

    def reasons(self, claim: str) -> tuple[Words, ...]:
        """The words that weighed most for a claim, in order of place."""
        column = self.columns[claim]
        read = self.reading.reasons.get(column, ()) if self.reading is not None else ()
        return read or self.linear.reasons(self.words, column)

    def framings(self, claim: str) -> dict[Framing, float] | None:
        """Logits of how the text puts a claim, or None; the rules' own verdict is still to be added."""
        if self.reading is None or claim not in self.columns:
            return None
        return dict(zip(FRAMINGS, self.reading.framings[self.columns[claim]].tolist(), strict=True))


class Proposer:
    """Both models, or the quick one alone. `opinions` is pure: the same lines give the same opinions."""

    def __init__(self, columns: Mapping[str, int], linear: Linear, reader: Reader | None = None, trust: Sequence[float] = ()) -> None:
        """`columns` says which of the models' outputs is which claim's, `trust` what the rules' framing counts for with the reader."""
        self._columns = columns
        self._linear = linear
        self._reader = reader
        self.trust = dict(zip(FRAMINGS, trust, strict=False))

    def opinions(self, lines: Sequence[Line]) -> list[Opinion | None]:
        """An opinion for each line; None where a text names no psychedelic and the rules found nothing near."""
        on_topic = any(line.has_agent for line in lines)
        wanted = [on_topic or line.is_ruled for line in lines]
        if self._reader is None or len(lines) > MOST_READ:
            return [self._opinion(line, None) if want else None for line, want in zip(lines, wanted, strict=True)]
        readings = self._reader.read(lines, wanted)
        return [self._opinion(line, reading) if reading is not None else None for line, reading in zip(lines, readings, strict=True)]

    def _opinion(self, line: Line, reading: Reading | None) -> Opinion:
        logits = self._linear.logits(line.words, line.hits, line.context)
        if reading is not None:
            logits = (READER_WEIGHT * reading.logits + (1 - READER_WEIGHT) * logits) / TEMPERATURE
        return Opinion(self._columns, probability(logits), reading, line.words, self._linear)


def probability(logits: Array) -> Array:
    """Logits as numbers between 0 and 1."""
    chances: Array = 1 / (1 + np.exp(-logits))
    return chances


def load_proposer(folder: Path, knowledge: KnowledgeBase, *, quick: bool = False) -> Proposer | None:
    """The proposer of a knowledge folder, or None if it has none; with `quick` without its reader.

    It proposes no claim that the knowledge base does not have.
    Raises KnowledgeError if its files cannot be read.
    """
    if not (folder / FOLDER).is_dir():
        return None
    try:
        head = json.loads((folder / FOLDER / "names.json").read_text(encoding="utf-8"))
        linear = _stored(folder / FOLDER / "linear.npz")
        columns = {claim: column for column, claim in enumerate(head["claims"]) if claim in knowledge.claims or claim == UNASSESSED}
        quick_model = Linear(head["features"], linear["weights"], linear["weights.scale"], linear["bias"])
        if quick:
            return Proposer(columns, quick_model)
        reader = _stored(folder / FOLDER / "reader.npz")
        return Proposer(columns, quick_model, Reader(head["pieces"], head["context"], _unpacked(reader)), reader["trust"].tolist())
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        message = f"cannot be read ({type(error).__name__}: {error}); restore its files, or remove the folder to do without trained models"
        raise KnowledgeError(folder, (Problem(str(folder / FOLDER), 1, message),)) from error


def _stored(path: Path) -> dict[str, Array]:
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _unpacked(stored: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays at full width, but for the piece vectors: of those a text needs few."""
    wide = {name: array * stored[f"{name}{SCALE}"] for name, array in stored.items() if f"{name}{SCALE}" in stored and name != "pieces"}
    return {**stored, **wide}


def save_proposer(folder: Path, head: Mapping[str, Sequence[str]], linear: Mapping[str, Array], reader: Mapping[str, Array]) -> None:
    """Write both models; matrices as eight-bit numbers with a scale a column."""
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / "names.json").write_text(json.dumps(head, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    for name, arrays in (("linear", linear), ("reader", reader)):
        # not compressed: that would save little, and cost time at every start
        np.savez(folder / FOLDER / f"{name}.npz", **dict(_packed(arrays)))  # type: ignore[arg-type]


def _packed(arrays: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    for name, array in arrays.items():
        if name != "weights" and array.size < SMALLEST_PACKED:
            yield name, array.astype(np.float32)
        else:
            scale = np.maximum(np.abs(array).max(axis=0), 1e-12) / 127
            yield name, np.round(array / scale).astype(np.int8)
            yield f"{name}{SCALE}", scale.astype(np.float32)
