"""Counts over the documents of a run, kept while they pass by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from claimcheck.model import DocumentReport, Framing, KnowledgeBase, Label, Severity, Skip


@dataclass(slots=True)
class Summary:
    """Totals of a run. `add` each document once; `skipped` is counted where documents are found."""

    knowledge: KnowledgeBase
    documents: int = 0
    failed: int = 0
    words: int = 0
    suppressed: int = 0
    known: int = 0
    cells: Counter[tuple[Label, Framing]] = field(default_factory=Counter)
    by_severity: Counter[Severity] = field(default_factory=Counter)
    skipped: Counter[Skip] = field(default_factory=Counter)

    def add(self, report: DocumentReport) -> None:
        """Count a document."""
        self.documents += 1
        self.failed += report.error is not None
        self.words += report.words
        self.suppressed += report.suppressed
        self.known += report.known
        for finding in report.findings:
            self.cells[self.knowledge.claims[finding.claim].label, finding.framing] += 1
            self.by_severity[finding.severity] += 1

    @property
    def findings(self) -> int:
        """The number of findings so far."""
        return sum(self.cells.values())

    @property
    def by_label(self) -> dict[Label, int]:
        """Findings by label, in the order of labels, without zeros."""
        counts = {label: sum(number for (other, _), number in self.cells.items() if other is label) for label in Label}
        return {label: number for label, number in counts.items() if number}
