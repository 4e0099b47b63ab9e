"""Accuracy on annotated passages of our own, with floors a little below what was measured. README.md has the table of first looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimcheck.checking import Checker
from claimcheck.evaluation import Evaluation, evaluate, read_gold

ROUNDS = Path(__file__).parent / "rounds"
# never trained on and never read while the lexicon was written: (precision, recall, framing)
HELD_OUT = {"r5": (0.70, 0.42, 0.74), "r6": (0.75, 0.38, 0.74), "r9": (0.80, 0.78, 0.78), "r10": (0.73, 0.77, 0.77)}


def measure(name: str, checker: Checker) -> Evaluation:
    return evaluate(read_gold(ROUNDS / name), checker)


@pytest.mark.parametrize("name", HELD_OUT)
def test_held_out_rounds_keep_their_floors(name: str, checker: Checker) -> None:
    evaluation = measure(name, checker)
    precision, recall, framing = HELD_OUT[name]
    assert evaluation.score().precision >= precision
    assert evaluation.score().recall >= recall
    assert evaluation.framing_agreement >= framing


def test_a_confidence_of_nine_tenths_is_right_nine_times_of_ten(checker: Checker) -> None:
    rows = [
        row for name in HELD_OUT for row in measure(name, checker).judged if row.outcome in ("right", "false") and row.confidence >= 0.9
    ]
    assert len(rows) > 200
    assert sum(row.outcome == "right" for row in rows) / len(rows) >= 0.93
