"""Counts over the documents of a run, kept while they pass by."""

from __future__ import annotations

import time
from bisect import insort
from collections import Counter
from dataclasses import dataclass, field

from claimcheck.model import DocumentReport, Framing, KnowledgeBase, Label, Severity, Skip

MOST_OVERSTATED = 10


@dataclass(slots=True)
class Summary:
    """Totals of a run. `add` each document once; `skipped` is counted where documents are found.

    `recalled` counts the documents that were not checked again, `most_overstated` has the numbers of overstated claims (negative, for the
    order) with place and path of the documents that have most of them, `slowest` seconds and path of what took longest.
    """

    knowledge: KnowledgeBase
    documents: int = 0
    failed: int = 0
    words: int = 0
    suppressed: int = 0
    known: int = 0
    cells: Counter[tuple[Label, Framing]] = field(default_factory=Counter)
    by_severity: Counter[Severity] = field(default_factory=Counter)
    skipped: Counter[Skip] = field(default_factory=Counter)
    recalled: int = 0
    most_overstated: list[tuple[int, int, str]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    words_checked: int = 0
    started: float = field(default_factory=time.perf_counter)

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
        overstated = sum(finding.severity is Severity.WARNING for finding in report.findings)
        if overstated:
            insort(self.most_overstated, (-overstated, self.documents, report.path))
            del self.most_overstated[MOST_OVERSTATED:]
        self.recalled += report.recalled
        if report.seconds:
            self.words_checked += report.words
            self.slowest = max(self.slowest, (report.seconds, report.path))

    @property
    def pace(self) -> float:
        """Words a second that were checked in this run so far, start included."""
        return self.words_checked / (time.perf_counter() - self.started)

    @property
    def findings(self) -> int:
        """The number of findings so far."""
        return sum(self.cells.values())

    @property
    def by_label(self) -> dict[Label, int]:
        """Findings by label, in the order of labels, without zeros."""
        counts = {label: sum(number for (other, _), number in self.cells.items() if other is label) for label in Label}
        return {label: number for label, number in counts.items() if number}
