"""The report as a table for spreadsheets: a finding a row, and a row for every document that could not be read.

Every column but the numbers holds one line of text. A cell that a spreadsheet would take for a formula starts with an apostrophe. A file
starts with a byte order mark, without which spreadsheets misread every letter beyond ASCII; standard output does not.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from claimcheck.model import DocumentReport, Finding
from claimcheck.reports.citing import link, sources_of
from claimcheck.reports.renderer import Options
from claimcheck.reports.safe import printable
from claimcheck.reports.style import SEVERITY_NAMES
from claimcheck.reports.summary import Summary

COLUMNS = (
    "document", "line", "column", "place", "severity", "verdict", "claim", "statement", "label", "contested", "framing",
    "words", "sentence", "why", "fair_wording", "sources", "confidence", "error",
)  # fmt: skip
BYTE_ORDER_MARK = "\ufeff"
# at the start of a cell, or of what becomes one where the list separator is a semicolon; with full-width, small and raised forms
_FORMULA = re.compile("(^|;)(\\s*)(?=[=+\\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207a\u207b\u207c])")


class CsvReport:
    """Rows as documents finish, in the order of `COLUMNS`."""

    def __init__(self, summary: Summary, options: Options) -> None:
        self._knowledge = summary.knowledge
        self._mark = BYTE_ORDER_MARK if options.to_file else ""

    def begin(self) -> Iterator[str]:
        """The header."""
        yield self._mark + _line(COLUMNS)

    def document(self, report: DocumentReport) -> Iterator[str]:
        """The rows of a document."""
        if report.error is not None:
            cells = {"document": cell(report.path), "severity": "error", "error": cell(report.error)}
            yield _line(cells.get(column, "") for column in COLUMNS)
        for finding in report.findings:
            yield _line(self._cells(finding, report))

    def end(self) -> Iterator[str]:
        """Nothing: totals would be one more kind of row."""
        yield from ()

    def _cells(self, finding: Finding, report: DocumentReport) -> Iterator[str]:
        claim = self._knowledge.claims[finding.claim]
        sources = " ".join(link(source) or source.id for source in sources_of(claim, self._knowledge))
        # lines of a .docx or .pdf are our own, and tell nobody anything
        where = ("", "", str(finding.place)) if finding.place else (str(finding.line), str(finding.column), "")
        yield from (cell(report.path), *where)
        yield from (finding.severity, SEVERITY_NAMES[finding.severity], cell(claim.id), cell(claim.statement))
        yield from (claim.label, "yes" if claim.contested else "no", finding.framing)
        yield from (cell(report.readable(finding.span)), cell(report.readable(finding.sentence)))
        yield from (cell(claim.explanation), cell(claim.fair_wording), cell(sources), f"{finding.confidence:.2f}", "")


def cell(text: str) -> str:
    """Text as one line that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1\2'", printable(text))


def _line(cells: Iterable[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()
