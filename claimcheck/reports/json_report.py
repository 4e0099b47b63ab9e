"""The machine-readable reports, as one document (`claimcheck.report/1`) or a line each: stable keys, additions allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from claimcheck import __version__
from claimcheck.model import DocumentReport, Finding, KnowledgeBase, Unassessed
from claimcheck.reports.renderer import Options
from claimcheck.reports.summary import Summary

SCHEMA = "claimcheck.report/1"
SCHEMA_OF_A_LINE = "claimcheck.document/1"


class JsonReport:
    """The report as one JSON document, written piece by piece."""

    def __init__(self, summary: Summary, options: Options) -> None:
        self._summary = summary
        self._options = options

    def begin(self) -> Iterator[str]:
        """Everything before the first document."""
        knowledge = self._summary.knowledge
        head = {
            "schema": SCHEMA,
            "tool": {"name": "claimcheck", "version": __version__},
            "knowledge": {"claims": len(knowledge.claims), "sources": len(knowledge.sources), "sha256": knowledge.sha256},
        }
        yield _dump(head)[:-2] + ',\n  "documents": ['

    def document(self, report: DocumentReport) -> Iterator[str]:
        """One document."""
        row = document_row(report, self._summary.knowledge, with_text=self._options.with_text)
        yield ("," if self._summary.documents > 1 else "") + "\n    " + _dump(row).replace("\n", "\n    ")

    def end(self) -> Iterator[str]:
        """The totals."""
        summary = self._summary
        totals = {
            "documents": summary.documents,
            "failed": summary.failed,
            "findings": summary.findings,
            "by_label": summary.by_label,
            "by_severity": dict(summary.by_severity),
            "suppressed": summary.suppressed,
            "known": summary.known,
            "skipped": dict(summary.skipped),
        }
        yield '\n  ],\n  "summary": ' + _dump(totals).replace("\n", "\n  ") + "\n}\n"


class JsonLines:
    """A document a line, as soon as it is finished: its row of the JSON report, and the schema. No line is anything else.

    So a reader needs no state and lines of several runs can be joined; totals are left to whoever reads them.
    """

    def __init__(self, summary: Summary, options: Options) -> None:
        self._summary = summary
        self._options = options

    def begin(self) -> Iterator[str]:
        """Nothing: every line is a document."""
        yield from ()

    def document(self, report: DocumentReport) -> Iterator[str]:
        """One line."""
        row = document_row(report, self._summary.knowledge, with_text=self._options.with_text)
        yield json.dumps({"schema": SCHEMA_OF_A_LINE, **row}, ensure_ascii=True) + "\n"

    def end(self) -> Iterator[str]:
        """Nothing: every line is a document."""
        yield from ()


def _dump(value: Any) -> str:
    # lone surrogates cannot be written as UTF-8: ASCII escapes carry any text
    return json.dumps(value, indent=2, ensure_ascii=True)


def document_row(report: DocumentReport, knowledge: KnowledgeBase, *, with_text: bool) -> dict[str, Any]:
    """A document's report as the contract has it; `with_text` adds the checked text."""
    return {
        "path": report.path,
        "words": report.words,
        "sentences": report.sentences,
        "findings": [_finding(finding, report, knowledge) for finding in report.findings],
        "unassessed": [_unassessed(row, report) for row in report.unassessed],
        "citations": [],
        "suppressed": report.suppressed,
        "known": report.known,
        "notes": list(report.notes),
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
        **({str(finding.place.kind): finding.place.number} if finding.place else {}),
        "text": report.text[span.start : span.end],
        "sentence": {"start": sentence.start, "end": sentence.end, "text": report.text[sentence.start : sentence.end]},
        "confidence": finding.confidence,
        "because": [{"cue": reason.cue, "role": reason.role, "start": reason.start, "end": reason.end} for reason in finding.because],
        "evidence": [{"source": row.source, "stance": row.stance, "species": row.species, "dose": row.dose} for row in claim.evidence],
    }


def _unassessed(row: Unassessed, report: DocumentReport) -> dict[str, Any]:
    return {
        "start": row.span.start,
        "end": row.span.end,
        "line": row.line,
        "column": row.column,
        **({str(row.place.kind): row.place.number} if row.place else {}),
        "text": report.text[row.span.start : row.span.end],
        "reason": row.reason,
    }
