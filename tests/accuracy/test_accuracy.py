"""Accuracy on annotated passages of our own, with floors a little below what was measured. README.md has the table of first looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimcheck.checking import Checker
from claimcheck.evaluation import Evaluation, evaluate, read_gold

ROUNDS = Path(__file__).parent / "rounds"
# never trained on and never read while the lexicon was written: (precision, recall, framing)
HELD_OUT = {
    "r5": (0.83, 0.68, 0.89),
    "r6": (0.80, 0.54, 0.83),
    "r9": (0.86, 0.88, 0.92),
    "r10": (0.83, 0.85, 0.87),
    "u7": (0.84, 0.68, 0.85),
    "u8": (0.84, 0.65, 0.84),
    "w7": (0.80, 0.63, 0.90),
    "x1": (0.89, 0.64, 0.80),
    "x2": (0.86, 0.74, 0.84),
}


@pytest.fixture(scope="module")
def evaluations(checker: Checker) -> dict[str, Evaluation]:
    return {name: evaluate(read_gold(ROUNDS / name), checker) for name in HELD_OUT}


@pytest.mark.parametrize("name", HELD_OUT)
def test_held_out_rounds_keep_their_floors(name: str, evaluations: dict[str, Evaluation]) -> None:
    evaluation = evaluations[name]
    precision, recall, framing = HELD_OUT[name]
    assert evaluation.score().precision >= precision
    assert evaluation.score().recall >= recall
    assert evaluation.framing_agreement >= framing


def test_a_confidence_of_nine_tenths_is_right_nineteen_times_of_twenty(evaluations: dict[str, Evaluation]) -> None:
    rows = [
        row
        for evaluation in evaluations.values()
        for row in evaluation.judged
        if row.outcome in ("right", "false") and row.confidence >= 0.9
    ]
    assert len(rows) > 900
    assert sum(row.outcome == "right" for row in rows) / len(rows) >= 0.95
