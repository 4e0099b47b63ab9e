"""The machine-readable report, `claimcheck.report/1`: stable keys, additions allowed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from claimcheck import __version__
from claimcheck.model import DocumentReport, Finding, KnowledgeBase, Unassessed
from claimcheck.reports.summary import Summary

SCHEMA = "claimcheck.report/1"


def render_json(reports: Iterable[DocumentReport], summary: Summary, *, with_text: bool = False) -> Iterator[str]:
    """The report as pieces of one JSON document, a piece for each document as it comes; `with_text` adds the checked text."""
    knowledge = summary.knowledge
    head = {
        "schema": SCHEMA,
        "tool": {"name": "claimcheck", "version": __version__},
        "knowledge": {"claims": len(knowledge.claims), "sources": len(knowledge.sources), "sha256": knowledge.sha256},
    }
    yield _dump(head)[:-2] + ',\n  "documents": ['
    for index, report in enumerate(reports):
        summary.add(report)
        yield ("," if index else "") + "\n    " + _dump(_document(report, knowledge, with_text)).replace("\n", "\n    ")
    totals = {
        "documents": summary.documents,
        "failed": summary.failed,
        "findings": summary.findings,
        "by_label": summary.by_label,
        "by_severity": dict(summary.by_severity),
    }
    yield '\n  ],\n  "summary": ' + _dump(totals).replace("\n", "\n  ") + "\n}\n"


def _dump(value: Any) -> str:
    # lone surrogates cannot be written as UTF-8: ASCII escapes carry any text
    return json.dumps(value, indent=2, ensure_ascii=True)


def _document(report: DocumentReport, knowledge: KnowledgeBase, with_text: bool) -> dict[str, Any]:
    return {
        "path": report.path,
        "words": report.words,
        "sentences": report.sentences,
        "findings": [_finding(finding, report, knowledge) for finding in report.findings],
        "unassessed": [_unassessed(row, report) for row in report.unassessed],
        "citations": [],
        "error": report.error,
        **({"text": report.text} if with_text else {}),
    }


def _finding(finding: Finding, report: DocumentReport, knowledge: KnowledgeBase) -> dict[str, Any]:
    claim = knowledge.claims[finding.claim]
    span, sentence = finding.span, finding.sentence
    return {
        "claim": claim.id,
        "statement": claim.statement,
        "label": claim.label,
        "contested": claim.contested,
        "framing": finding.framing,
        "severity": finding.severity,
        "start": span.start,
        "end": span.end,
        "line": finding.line,
        "column": finding.column,
        "text": report.text[span.start : span.end],
        "sentence": {"start": sentence.start, "end": sentence.end, "text": report.text[sentence.start : sentence.end]},
        "confidence": finding.confidence,
        "because": [{"cue": reason.cue, "role": reason.role, "start": reason.start, "end": reason.end} for reason in finding.because],
        "evidence": [{"source": row.source, "stance": row.stance, "species": row.species, "dose": row.dose} for row in claim.evidence],
    }


def _unassessed(row: Unassessed, report: DocumentReport) -> dict[str, Any]:
    text = report.text[row.span.start : row.span.end]
    return {"start": row.span.start, "end": row.span.end, "line": row.line, "column": row.column, "text": text, "reason": row.reason}
