"""How well do the findings agree with annotated texts? Precision, recall, F1 over (sentence, claim), framing agreement."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claimcheck.checking import Checker
from claimcheck.documents import document_from_text
from claimcheck.errors import UnreadableError
from claimcheck.model import DocumentReport, Framing, Span

Pair = tuple[str, int, str]
CONFIDENCES = (0.95, 0.9, 0.8, 0.7, 0.5, 0.0)


@dataclass(frozen=True, slots=True)
class GoldPair:
    """An annotated claim in a sentence; `framings` are all that count as right."""

    framings: frozenset[Framing]
    optional: bool


@dataclass(frozen=True, slots=True)
class Gold:
    """An annotated folder: texts, sentence spans and (text, sentence, claim) pairs."""

    texts: dict[str, str]
    sentences: dict[str, tuple[tuple[int, Span], ...]]
    pairs: dict[Pair, GoldPair]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of right, false and missed pairs."""

    right: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of findings that are right; 0 where there are none."""
        return self.right / (self.right + self.false) if self.right else 0.0

    @property
    def recall(self) -> float:
        """Share of annotated pairs that were found."""
        return self.right / (self.right + self.missed) if self.right else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """One (sentence, claim) pair with what was found and what was annotated."""

    pair: Pair
    outcome: str
    sentence: str
    framing: Framing | None = None
    expected: frozenset[Framing] = frozenset()
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All pairs of a gold folder, judged as right, false, missed or optional."""

    judged: tuple[Judged, ...]

    def score(self, claim: str | None = None) -> Score:
        """The score over all claims, or of one."""
        rows = [row.outcome for row in self.judged if claim is None or row.pair[2] == claim]
        return Score(rows.count("right"), rows.count("false"), rows.count("missed"))

    @property
    def framing_agreement(self) -> float:
        """Share of the right pairs whose framing is one of those annotated."""
        rows = [row for row in self.judged if row.outcome == "right"]
        return sum(row.framing in row.expected for row in rows) / len(rows) if rows else 0.0

    def confusions(self) -> Counter[tuple[str, str]]:
        """(claim found, claim meant) where a sentence holds a false finding and a missed claim."""
        rows: dict[tuple[str, int], dict[str, list[str]]] = defaultdict(lambda: {"false": [], "missed": []})
        for row in self.judged:
            if row.outcome in ("false", "missed"):
                rows[row.pair[:2]][row.outcome].append(row.pair[2])
        return Counter((found, meant) for sentence in rows.values() for found in sentence["false"] for meant in sentence["missed"])

    def framings(self) -> Counter[tuple[Framing, Framing]]:
        """(framing annotated, framing found) of the right pairs; where several are annotated, the one found if it is among them."""
        return Counter(
            (row.framing if row.framing in row.expected else min(row.expected), row.framing)
            for row in self.judged
            if row.outcome == "right" and row.framing is not None
        )

    def errors(self, most: int) -> tuple[Judged, ...]:
        """Up to `most` false findings and missed claims each, the surest false ones first."""
        false = sorted((row for row in self.judged if row.outcome == "false"), key=lambda row: (-row.confidence, row.pair))
        return (*false[:most], *[row for row in self.judged if row.outcome == "missed"][:most])

    def calibration(self) -> tuple[tuple[float, Score], ...]:
        """The score of the findings at or above each of some confidences."""
        rows = [row for row in self.judged if row.outcome in ("right", "false")]
        return tuple(
            (floor, Score(sum(row.outcome == "right" for row in above), sum(row.outcome == "false" for row in above), 0))
            for floor in CONFIDENCES
            if (above := [row for row in rows if row.confidence >= floor])
        )

    def claims(self) -> tuple[str, ...]:
        """All claims found or annotated, most missed first."""
        missed: dict[str, int] = defaultdict(int)
        for row in self.judged:
            missed[row.pair[2]] += row.outcome in ("missed", "false")
        return tuple(sorted(missed, key=lambda claim: (-missed[claim], claim)))


def read_gold(folder: Path) -> Gold:
    """The gold format: gold.tsv, sentences.tsv and texts/<id>.txt. Raises UnreadableError with file and line."""
    sentences: dict[str, list[tuple[int, Span]]] = defaultdict(list)
    for name, line, row in _rows(folder / "sentences.tsv", 4):
        try:
            sentences[row[0]].append((int(row[1]), Span(int(row[2]), int(row[3]))))
        except ValueError as error:
            raise UnreadableError(f"{name}:{line}: sentence number, start and end must be whole numbers") from error
    pairs: dict[Pair, GoldPair] = {}
    for name, line, row in _rows(folder / "gold.tsv", 5):
        try:
            framings = frozenset(Framing(part) for part in row[3].split("|"))
            pairs[row[0], int(row[1]), row[2]] = GoldPair(framings, row[4] == "optional")
        except ValueError as error:
            raise UnreadableError(f"{name}:{line}: {error}") from error
    texts = {}
    for text_id in sentences:
        path = folder / "texts" / f"{text_id}.txt"
        try:
            texts[text_id] = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableError(f"cannot read {path}, which sentences.tsv names") from error
    return Gold(texts, {text: tuple(rows) for text, rows in sentences.items()}, pairs)


def _rows(path: Path, columns: int) -> Iterator[tuple[str, int, list[str]]]:
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"cannot read {path}; a gold folder holds gold.tsv, sentences.tsv and texts/") from error
    for line, row in enumerate(csv.reader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE), 1):
        if row:
            if len(row) != columns:
                raise UnreadableError(f"{path}:{line}: {len(row)} columns where {columns} are expected")
            yield str(path), line, row


def evaluate(gold: Gold, checker: Checker) -> Evaluation:
    """Check every text and judge each pair."""
    return Evaluation(
        tuple(
            row
            for text_id, text in gold.texts.items()
            for row in _judge(text_id, gold, checker.check(document_from_text(text, f"{text_id}.txt")))
        )
    )


def _judge(text_id: str, gold: Gold, report: DocumentReport) -> Iterator[Judged]:
    spans = gold.sentences[text_id]
    text_of = {number: gold.texts[text_id][span.start : span.end] for number, span in spans}
    found = _found_pairs(text_id, spans, report)
    for pair, (framing, confidence) in found.items():
        annotated = gold.pairs.get(pair)
        outcome = "false" if annotated is None else "optional" if annotated.optional else "right"
        yield Judged(pair, outcome, text_of[pair[1]], framing, annotated.framings if annotated else frozenset(), confidence)
    for pair, annotated in gold.pairs.items():
        if pair[0] == text_id and pair not in found and not annotated.optional:
            yield Judged(pair, "missed", text_of[pair[1]], None, annotated.framings)


def _found_pairs(text_id: str, spans: Iterable[tuple[int, Span]], report: DocumentReport) -> dict[Pair, tuple[Framing, float]]:
    """Each finding put to the sentence that holds the middle of its span; the surest one where several fall together."""
    rows = sorted(spans, key=lambda row: row[1].start)
    starts = [span.start for _, span in rows]
    found: dict[Pair, tuple[Framing, float]] = {}
    for finding in report.findings:
        middle = (finding.span.start + finding.span.end) // 2
        pair = (text_id, rows[max(0, bisect_right(starts, middle) - 1)][0], finding.claim)
        if pair not in found or finding.confidence > found[pair][1]:
            found[pair] = (finding.framing, finding.confidence)
    return found
