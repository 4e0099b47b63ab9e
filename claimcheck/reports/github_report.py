"""Annotations for GitHub Actions: a workflow command a line for what asks for an editor's eye, and a summary that is no command."""

from __future__ import annotations

from collections.abc import Iterator

from claimcheck.model import DocumentReport, Finding, Severity
from claimcheck.reports.places import region_of, relative
from claimcheck.reports.renderer import Options
from claimcheck.reports.safe import printable, without_controls
from claimcheck.reports.style import SEVERITY_NAMES, label_words, plural
from claimcheck.reports.summary import Summary

_COMMANDS = {Severity.WARNING: "warning", Severity.NOTE: "notice"}


class GithubReport:
    """Commands as documents finish. What is put fairly gets none, whatever the options: a run shows only its first annotations."""

    def __init__(self, summary: Summary, options: Options) -> None:
        self._summary = summary
        self._root = options.root

    def begin(self) -> Iterator[str]:
        """Nothing: every line is about a document."""
        yield from ()

    def document(self, report: DocumentReport) -> Iterator[str]:
        """The commands for a document."""
        file = relative(report.path, self._root)
        if report.error is not None:
            yield _command("error", printable(report.error), file=file, title="claimcheck could not read this")
        for finding in report.findings:
            if finding.severity in _COMMANDS:
                yield self._annotation(finding, report, file)

    def end(self) -> Iterator[str]:
        """The totals."""
        summary = self._summary
        counts = summary.by_severity
        checked = plural(summary.documents - summary.failed, "document")
        failed = f"; {plural(summary.failed, 'document')} could not be read" if summary.failed else ""
        left_out = f"; {plural(summary.suppressed, 'claim')} left out as the documents ask" if summary.suppressed else ""
        known = f"; {summary.known} more known from the baseline" if summary.known else ""
        yield (
            f"claimcheck: {plural(summary.findings, 'claim')} in {checked}: {counts[Severity.WARNING]} overstated, "
            f"{counts[Severity.NOTE]} hedged without the limit, {counts[Severity.OK]} fine{left_out}{known}{failed}.\n"
        )

    def _annotation(self, finding: Finding, report: DocumentReport, file: str) -> str:
        claim = self._summary.knowledge.claims[finding.claim]
        title = f"{SEVERITY_NAMES[finding.severity]}: {claim.id} ({label_words(claim)})"
        message = f"“{printable(report.readable(finding.span))}”: {claim.explanation} Fair: {claim.fair_wording}"
        if finding.place:  # the file has no lines to point at
            return _command(_COMMANDS[finding.severity], f"{finding.place}, {message}", file=file, title=title)
        region = region_of(finding, report)
        lines = {"line": str(region.line), "endLine": str(region.end_line)}
        # columns are only understood within one line
        columns = {"col": str(region.column), "endColumn": str(region.end_column)} if region.line == region.end_line else {}
        return _command(_COMMANDS[finding.severity], message, file=file, **lines, **columns, title=title)


def _command(name: str, message: str, **properties: str) -> str:
    """A workflow command: one line, whatever stands in it."""
    told = ",".join(f"{key}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items())
    return f"::{name} {told}::{_escaped(message)}\n"


def _escaped(text: str) -> str:
    return without_controls(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))
