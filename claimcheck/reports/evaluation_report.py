"""The figures of an evaluation, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from claimcheck.evaluation import Evaluation, Score
from claimcheck.model import Framing
from claimcheck.reports.safe import printable

MOST_CONFUSIONS = 15


def evaluation_json(evaluation: Evaluation) -> str:
    """Totals and per-claim counts as JSON."""
    total = evaluation.score()
    value = {
        **_figures(total),
        "framing": round(evaluation.framing_agreement, 4),
        "framings": {f"{meant}>{found}": count for (meant, found), count in sorted(evaluation.framings().items())},
        "confusions": [{"found": found, "meant": meant, "count": count} for (found, meant), count in evaluation.confusions().most_common()],
        "confidence": [{"at_least": floor, **_figures(score)} for floor, score in evaluation.calibration()],
        "claims": {claim: _figures(evaluation.score(claim)) for claim in sorted(evaluation.claims())},
    }
    return json.dumps(value, indent=2)


def _figures(score: Score) -> dict[str, float | int]:
    return {
        "precision": round(score.precision, 4), "recall": round(score.recall, 4), "f1": round(score.f1, 4),
        "right": score.right, "false": score.false, "missed": score.missed,
    }  # fmt: skip


def evaluation_text(evaluation: Evaluation, errors: int = 0) -> Iterator[RenderableType]:
    """A table of claims, most errors first; confusions, framings, confidences; `errors` sentences of each kind; the totals."""
    table = _table("claim", "precision", "recall", "F1", "right", "false", "missed")
    for claim in evaluation.claims():
        score = evaluation.score(claim)
        table.add_row(claim, *_cells(score))
    yield table
    yield from _confusions(evaluation)
    yield from _framings(evaluation)
    yield from _confidences(evaluation)
    yield from _errors(evaluation, errors)
    total = evaluation.score()
    yield Text(
        f"precision {total.precision:.3f}  recall {total.recall:.3f}  F1 {total.f1:.3f}  framing {evaluation.framing_agreement:.3f}"
        f"  ({total.right} right, {total.false} false, {total.missed} missed)",
        style="bold",
    )


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left")
    return table


def _confusions(evaluation: Evaluation) -> Iterator[RenderableType]:
    rows = evaluation.confusions().most_common(MOST_CONFUSIONS)
    if rows:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("claim found", "instead of", "times"):
            table.add_column(name)
        for (found, meant), count in rows:
            table.add_row(found, meant, str(count))
        yield Text()
        yield table


def _framings(evaluation: Evaluation) -> Iterator[RenderableType]:
    counts = evaluation.framings()
    if counts:
        table = _table("framing annotated", *(f"found {framing}" for framing in Framing))
        for meant in Framing:
            table.add_row(meant, *(str(counts[meant, found] or "·") for found in Framing))
        yield Text()
        yield table


def _confidences(evaluation: Evaluation) -> Iterator[RenderableType]:
    table = _table("confidence at least", "findings", "right")
    for floor, score in evaluation.calibration():
        table.add_row(f"{floor:.2f}", str(score.right + score.false), f"{score.precision:.1%}")
    yield Text()
    yield table
    yield Text()


def _errors(evaluation: Evaluation, most: int) -> Iterator[RenderableType]:
    for row in evaluation.errors(most):
        text, number, claim = row.pair
        kind = f"false, {row.confidence:.2f}" if row.outcome == "false" else "missed"
        yield Text(f"{text}:{number} {claim} ({kind}): {printable(row.sentence)}")


def _cells(score: Score) -> tuple[str, ...]:
    return (f"{score.precision:.2f}", f"{score.recall:.2f}", f"{score.f1:.2f}", str(score.right), str(score.false), str(score.missed))
