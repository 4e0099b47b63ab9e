"""The report as Markdown, for a pull request or an e-mail: totals first, then a section for each document that needs an editor.

A claim is explained where it is first found. Nothing that an article says is read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from claimcheck.model import Claim, DocumentReport, Finding, Framing, KnowledgeBase, Label, Severity
from claimcheck.reports.citing import link, short, sources_of
from claimcheck.reports.excerpt import beginning, excerpt
from claimcheck.reports.markup import code, escaped, inert
from claimcheck.reports.places import relative
from claimcheck.reports.renderer import Options
from claimcheck.reports.safe import printable
from claimcheck.reports.style import FRAMING_WORDS, SEVERITY_WORDS, label_words, plural
from claimcheck.reports.summary import Summary

# in a section: a comment of a forge holds 65,536 characters
MOST_FINDINGS = 20
MOST_SOURCES = 5


class MarkdownReport:
    """Keeps the sections of documents until the totals are known."""

    def __init__(self, summary: Summary, options: Options) -> None:
        self._summary = summary
        self._verbose = options.verbose
        self._root = options.root
        self._explained: set[str] = set()
        self._sections: list[str] = []
        self._failures: list[str] = []

    def begin(self) -> Iterator[str]:
        """Nothing: the totals stand first."""
        yield from ()

    def document(self, report: DocumentReport) -> Iterator[str]:
        """Nothing yet."""
        if report.error is not None:
            self._failures.append(f"- {_path(report, self._root)}: {inert(report.error)}")
        else:
            lines = list(self._section(report))
            if lines:
                self._sections.append("\n".join((f"### {_path(report, self._root)}", "", *lines)).rstrip())
        yield from ()

    def end(self) -> Iterator[str]:
        """Everything."""
        yield "\n".join(_totals(self._summary))
        if self._failures:
            yield "\n".join(("", "### Could not be read", "", *self._failures, ""))
        for section in self._sections:
            yield f"\n{section}\n"

    def _section(self, report: DocumentReport) -> Iterator[str]:
        pressing = [finding for finding in report.findings if finding.severity is not Severity.OK]
        fair = [finding for finding in report.findings if finding.severity is Severity.OK]
        yield from self._items(pressing, report)
        if fair and self._verbose:
            yield from ("<details>", f"<summary>{_put_fairly(len(fair))}</summary>", "", *self._items(fair, report), "</details>", "")
        elif fair and pressing:
            yield from (f"{_put_fairly(len(fair), 'more ')}.", "")
        if report.suppressed:
            yield from (f"{plural(report.suppressed, 'claim')} left out, as the document asks.", "")
        if report.known:
            yield from (f"{plural(report.known, 'claim')} left out, known from the baseline.", "")
        if report.unassessed:
            yield from ("Not in the knowledge base, check by hand:", "")
            for row in report.unassessed[:MOST_FINDINGS]:
                yield f"- {row.place or f'line {row.line}'}: “{inert(beginning(printable(report.readable(row.span))))}”"
            yield from _more(report.unassessed, MOST_FINDINGS)
            yield ""

    def _items(self, findings: Sequence[Finding], report: DocumentReport) -> Iterator[str]:
        for finding in findings[:MOST_FINDINGS]:
            yield from self._item(finding, report)
            yield ""
        yield from _more(findings, MOST_FINDINGS, "")

    def _item(self, finding: Finding, report: DocumentReport) -> Iterator[str]:
        claim = self._summary.knowledge.claims[finding.claim]
        shown = excerpt(report, finding)
        where = finding.place or f"line {finding.line}"
        name = SEVERITY_WORDS[finding.severity]
        yield f"- **{where}** {name}: {code(claim.id)} ({inert(label_words(claim))}; {FRAMING_WORDS[finding.framing]})"
        yield ""
        yield f"  > “{escaped(shown.before)}**{escaped(shown.words)}**{escaped(shown.after)}”"
        if finding.severity is not Severity.OK and claim.id not in self._explained:
            self._explained.add(claim.id)
            yield from ("", f"  {inert(claim.explanation)}", "", f"  **Fair:** {inert(claim.fair_wording)}")
            yield from _sources(claim, self._summary.knowledge)


def _path(report: DocumentReport, root: Path | None) -> str:
    return code(relative(report.path, root))


def _totals(summary: Summary) -> Iterator[str]:
    counts = summary.by_severity
    yield "## claimcheck"
    yield ""
    checked = plural(summary.documents - summary.failed, "document")
    yield (
        f"**{counts[Severity.WARNING]} overstated**, {counts[Severity.NOTE]} hedged without the limit, {counts[Severity.OK]} fine: "
        f"{plural(summary.findings, 'claim')} in {checked}."
    )
    if not summary.findings and summary.documents > summary.failed:
        yield f"No known claim found. That is no approval: claimcheck knows {len(summary.knowledge.claims)} claims."
    if summary.findings:
        framings = [framing for framing in Framing if any(summary.cells[label, framing] for label in Label)]
        yield ""
        yield _row("label", (FRAMING_WORDS[framing] for framing in framings))
        yield _row("---", ("---:" for _ in framings))
        for label in summary.by_label:
            yield _row(label, (str(summary.cells[label, framing] or "·") for framing in framings))
    yield ""


def _row(first: str, cells: Iterable[str]) -> str:
    return "| " + " | ".join((first, *cells)) + " |"


def _sources(claim: Claim, knowledge: KnowledgeBase) -> Iterator[str]:
    sources = sources_of(claim, knowledge)
    named = [f"[{inert(short(source))}]({link(source)})" if link(source) else inert(short(source)) for source in sources[:MOST_SOURCES]]
    rest = f" and {len(sources) - MOST_SOURCES} more" if len(sources) > MOST_SOURCES else ""
    if named:
        yield from ("", f"  Sources: {', '.join(named)}{rest}")


def _put_fairly(number: int, more: str = "") -> str:
    return f"{number} {more}{'claim is' if number == 1 else 'claims are'} put fairly"


def _more(rows: Sequence[object], most: int, *after: str) -> Iterator[str]:
    if len(rows) > most:
        yield from (f"- and {len(rows) - most} more", *after)
