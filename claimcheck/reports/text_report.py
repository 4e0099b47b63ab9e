"""The report for a reader at a terminal: by document, the sentence with its words marked, why, and a table at the end."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from claimcheck.model import Claim, DocumentReport, Finding, Framing, KnowledgeBase, Label, Severity
from claimcheck.reports.evidence import evidence_lines
from claimcheck.reports.excerpt import beginning, excerpt
from claimcheck.reports.indent import Indented
from claimcheck.reports.renderer import Options
from claimcheck.reports.safe import printable
from claimcheck.reports.style import FAINT, FRAMING_WORDS, LABEL_STYLES, SEVERITY_STYLES, SEVERITY_WORDS, label_words, plural
from claimcheck.reports.summary import Summary

INDENT = 3


class TextReport:
    """Renders documents one by one; remembers which claims it has explained."""

    def __init__(self, summary: Summary, options: Options) -> None:
        self._summary = summary
        self._verbose = options.verbose
        self._timed = options.timed and not options.to_file
        self._explained: set[str] = set()

    def begin(self) -> Iterator[RenderableType]:
        """Nothing: the first document speaks for itself."""
        yield from ()

    def document(self, report: DocumentReport) -> Iterator[RenderableType]:
        """A document that could be read; the others are named on stderr."""
        if report.error is None:
            yield self._document(report)

    def end(self) -> Iterator[RenderableType]:
        """The totals."""
        yield from _totals(self._summary)
        if self._summary.documents > 1:
            yield from _over_many(self._summary, timed=self._timed)

    def _document(self, report: DocumentReport) -> RenderableType:
        shown = [finding for finding in report.findings if self._verbose or finding.severity is not Severity.OK]
        hidden = len(report.findings) - len(shown)
        head = Text().append(printable(report.path), style="bold")
        head.append(f"  {plural(report.words, 'word')}, {plural(len(report.findings), 'claim')} found", style=FAINT)
        parts: list[RenderableType] = [head, Text()]
        for finding in shown:
            parts += [Indented(part, INDENT) for part in self._finding(finding, report)]
            parts.append(Text())
        if hidden:
            noun = "claim is" if hidden == 1 else "claims are"
            more = "more " if shown else ""
            parts += [Indented(Text(f"{hidden} {more}{noun} put fairly (--verbose shows them).", style=FAINT), INDENT), Text()]
        if report.suppressed:
            parts += [Indented(Text(f"{plural(report.suppressed, 'claim')} left out, as the document asks.", style=FAINT), INDENT), Text()]
        if report.known:
            parts += [Indented(Text(f"{plural(report.known, 'claim')} left out, known from the baseline.", style=FAINT), INDENT), Text()]
        if not report.findings and not report.suppressed and not report.known:
            known = len(self._summary.knowledge.claims)
            parts += [
                Indented(Text(f"No known claim found. That is no approval: claimcheck knows {known} claims.", style=FAINT), INDENT),
                Text(),
            ]
        if report.unassessed:
            parts += [Indented(part, INDENT) for part in _unassessed(report)]
        return Group(*parts)

    def _finding(self, finding: Finding, report: DocumentReport) -> Iterator[RenderableType]:
        claim = self._summary.knowledge.claims[finding.claim]
        yield _headline(finding, claim)
        yield _Marked(report, finding)
        if claim.id not in self._explained:
            self._explained.add(claim.id)
            yield Text(claim.explanation)
            yield Text("Fair: ", style="bold").append(claim.fair_wording, style="not bold italic")
            if self._verbose:
                yield from evidence_lines(claim, self._summary.knowledge)
        if self._verbose:
            reasons = "; ".join(dict.fromkeys(f"{reason.role} '{printable(reason.cue)}'" for reason in finding.because))
            yield Text(f"Because of: {reasons}. Confidence {finding.confidence:.2f}.", style=FAINT)


def _unassessed(report: DocumentReport) -> Iterator[RenderableType]:
    """What the text says of psychedelics that no claim covers: to be checked by hand."""
    yield Text().append("? not in the knowledge base, check by hand:", style="bold")
    for row in report.unassessed:
        text = beginning(printable(report.readable(row.span)))
        yield Text().append(f"{row.place or f'{row.line}:{row.column}'}  ", style=FAINT).append(text)
    yield Text()


def _headline(finding: Finding, claim: Claim) -> Text:
    line = Text().append(f"{finding.place or f'{finding.line}:{finding.column}'}  ", style=FAINT)
    line.append(SEVERITY_WORDS[finding.severity], style=SEVERITY_STYLES[finding.severity])
    line.append(f"  {claim.id}", style="bold")
    line.append(f"  [{label_words(claim)}]", style=LABEL_STYLES[claim.label])
    # what is overstated is put flatly, and what is hedged says so
    return line.append(f"  {FRAMING_WORDS[finding.framing]}") if finding.severity is Severity.OK else line


class _Marked:
    """A finding's sentence with its words marked: by style on a colour terminal, else by signs."""

    def __init__(self, report: DocumentReport, finding: Finding) -> None:
        self._report = report
        self._finding = finding

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown = excerpt(self._report, self._finding)
        coloured = console.color_system is not None and not console.no_color
        opening, closing = ("", "") if coloured else ("«", "»") if (console.encoding or "").lower().startswith("utf") else (">>", "<<")
        yield Text(shown.before).append(f"{opening}{shown.words}{closing}", style="bold underline").append(shown.after)


def _totals(summary: Summary) -> Iterator[RenderableType]:
    if not summary.documents - summary.failed:
        return
    if summary.findings:
        yield Indented(_table(summary))
    counts = summary.by_severity
    line = Text(f"{plural(summary.findings, 'claim')} in {plural(summary.documents - summary.failed, 'document')}: ")
    line.append(f"{counts[Severity.WARNING]} overstated", style=SEVERITY_STYLES[Severity.WARNING] if counts[Severity.WARNING] else "")
    line.append(f", {counts[Severity.NOTE]} hedged without the limit, {counts[Severity.OK]} fine.")
    if summary.known:
        line.append(f" {summary.known} more known from the baseline.")
    yield line


def _over_many(summary: Summary, *, timed: bool) -> Iterator[RenderableType]:
    """What only a run over several documents has to tell."""
    if len(summary.most_overstated) > 1:
        yield Text()
        yield Text("Most overstated", style="bold")
        for number, _, path in summary.most_overstated:
            yield Indented(Text(f"{-number:>4}  {printable(path)}"), INDENT)
    yield Text()
    line = Text(f"{plural(summary.documents, 'document')}, {plural(summary.words, 'word')}")
    if summary.failed:
        line.append(f"; {summary.failed:,} could not be checked")
    if timed and summary.recalled:
        line.append(f"; {summary.recalled:,} unchanged since an earlier check and not checked again")
    if timed and summary.slowest[0]:
        seconds, path = summary.slowest
        line.append(f"; {summary.pace:,.0f} words a second, longest {seconds:.1f} s for {printable(path)}")
    yield line.append(".")


def _table(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("label")
    framings = [framing for framing in Framing if any(summary.cells[label, framing] for label in Label)]
    for framing in framings:
        table.add_column(FRAMING_WORDS[framing], justify="right")
    for label in summary.by_label:
        table.add_row(Text(label, style=LABEL_STYLES[label]), *(str(summary.cells[label, framing] or "·") for framing in framings))
    return table


def explain(claim: Claim, knowledge: KnowledgeBase) -> Iterator[RenderableType]:
    """Everything known of a claim, for `claimcheck explain`."""
    from claimcheck.kb.labels import derive

    verdict = derive(claim.evidence)
    yield Text(claim.id, style="bold").append(f"  [{label_words(claim)}]", style=LABEL_STYLES[claim.label])
    yield Indented(Text(claim.statement, style="bold"), INDENT)
    yield Text()
    yield Indented(Text(claim.explanation), INDENT)
    yield Indented(Text("Fair: ", style="bold").append(claim.fair_wording, style="not bold italic"), INDENT)
    yield Text()
    yield Text("Why this label", style="bold")
    deciding = ", ".join(dict.fromkeys(row.source for row in verdict.deciding)) or "no supporting row"
    yield Indented(Text(f"{claim.label}: {claim.label.meaning}. Decided by {deciding}."), INDENT)
    if verdict.disputing:
        yield Indented(Text("Contested by " + ", ".join(dict.fromkeys(row.source for row in verdict.disputing)) + "."), INDENT)
    if claim.note:
        yield Indented(Text(f"Note: {claim.note}"), INDENT)
    yield Text()
    yield Text("Evidence", style="bold")
    for line in evidence_lines(claim, knowledge, detailed=True):
        yield Indented(line, INDENT)
