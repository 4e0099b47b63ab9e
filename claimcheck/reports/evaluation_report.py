"""The figures of an evaluation, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from claimcheck.evaluation import Evaluation, Score


def evaluation_json(evaluation: Evaluation) -> str:
    """Totals and per-claim counts as JSON."""
    total = evaluation.score()
    value = {
        **_figures(total),
        "framing": round(evaluation.framing_agreement, 4),
        "claims": {claim: _figures(evaluation.score(claim)) for claim in sorted(evaluation.claims())},
    }
    return json.dumps(value, indent=2)


def _figures(score: Score) -> dict[str, float | int]:
    return {
        "precision": round(score.precision, 4), "recall": round(score.recall, 4), "f1": round(score.f1, 4),
        "right": score.right, "false": score.false, "missed": score.missed,
    }  # fmt: skip


def evaluation_text(evaluation: Evaluation) -> Iterator[RenderableType]:
    """A table of claims, most errors first, and the totals."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("claim")
    for name in ("precision", "recall", "F1", "right", "false", "missed"):
        table.add_column(name, justify="right")
    for claim in evaluation.claims():
        score = evaluation.score(claim)
        table.add_row(claim, *_cells(score))
    yield table
    total = evaluation.score()
    yield Text(
        f"precision {total.precision:.3f}  recall {total.recall:.3f}  F1 {total.f1:.3f}  framing {evaluation.framing_agreement:.3f}"
        f"  ({total.right} right, {total.false} false, {total.missed} missed)",
        style="bold",
    )


def _cells(score: Score) -> tuple[str, ...]:
    return (f"{score.precision:.2f}", f"{score.recall:.2f}", f"{score.f1:.2f}", str(score.right), str(score.false), str(score.missed))
