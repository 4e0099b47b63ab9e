"""The report for a reader in a browser: one file without a network, the article with its claims marked, and why.

Written piece by piece. A document's section holds its text and its notes; what is known of a claim, and the index of the documents, stand
once at the end, where the script (reports/html/report.js) takes them from.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from claimcheck import __version__
from claimcheck.model import BlockKind, DocumentReport, Finding, Framing, Label, Severity, Span
from claimcheck.reports.evidence import setting
from claimcheck.reports.html_article import article, excerpt
from claimcheck.reports.renderer import Options
from claimcheck.reports.safe import without_controls
from claimcheck.reports.style import FRAMING_WORDS, SEVERITY_NAMES, SEVERITY_SIGNS, STANCE_SIGNS, label_words, plural
from claimcheck.reports.summary import Summary

SEVERITY_MEANINGS = {
    Severity.WARNING: "stated flatly, on evidence that does not carry it",
    Severity.NOTE: "hedged, but the limit of the evidence (dose, animals, anecdotes) is not named",
    Severity.OK: "supported, or told with its limit, denied or asked",
}
MOST_CONTEXT = 300


@dataclass(frozen=True, slots=True)
class Row:
    """What the index says of a document; `number` counts from 1."""

    number: int
    path: str
    words: int
    labels: Counter[Label]
    severities: Counter[Severity]
    unassessed: int
    error: str | None

    @property
    def claims(self) -> int:
        """How many claims were found."""
        return self.labels.total()


class HtmlReport:
    """The report as one HTML page. Keeps a small row for each document, for the index, and the ids of the claims found."""

    def __init__(self, summary: Summary, _options: Options) -> None:
        self._summary = summary
        self._templates = _environment()
        self._rows: list[Row] = []
        self._claims: set[str] = set()

    def begin(self) -> Iterator[str]:
        """Head, filters, and the frame that the documents go into."""
        style, script = _asset("report.css"), _asset("report.js")
        policy = f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; base-uri 'none'; form-action 'none'"
        yield self._render("begin", policy=policy, style=Markup(style), script=Markup(script))

    def document(self, report: DocumentReport) -> Iterator[str]:
        """A document's section: its text with marks, and a note for each finding."""
        claims = self._summary.knowledge.claims
        row = Row(
            self._summary.documents,
            report.path,
            report.words,
            Counter(claims[finding.claim].label for finding in report.findings),
            Counter(finding.severity for finding in report.findings),
            len(report.unassessed),
            report.error,
        )
        self._rows.append(row)
        self._claims |= {finding.claim for finding in report.findings}
        yield self._render("document", report=report, row=row, passages=article(report), claims=claims)

    def end(self) -> Iterator[str]:
        """What is known of each claim found, and the index with its totals."""
        knowledge = self._summary.knowledge
        found = sorted((knowledge.claims[claim] for claim in self._claims), key=lambda claim: claim.statement)
        yield from self._templates.get_template("end.html.j2").generate(
            summary=self._summary,
            rows=self._rows,
            most=max((row.claims for row in self._rows), default=0),
            totals=list(_totals(self._summary, sum(row.unassessed for row in self._rows))),
            claims=found,
            knowledge=knowledge,
        )

    def _render(self, name: str, **values: object) -> str:
        return self._templates.get_template(f"{name}.html.j2").render(values) + "\n"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("claimcheck.reports", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals |= {
        "BlockKind": BlockKind,
        "Framing": Framing,
        "Label": Label,
        "Severity": Severity,
        "framings": FRAMING_WORDS,
        "stances": STANCE_SIGNS,
        "version": __version__,
        "doi_link": _doi_link,
        "evidence_words": setting,
        "in_sentence": _in_sentence,
        "label_words": label_words,
        "meanings": SEVERITY_MEANINGS,
        "plural": plural,
        "sign": SEVERITY_SIGNS.__getitem__,
        "verdict": SEVERITY_NAMES.__getitem__,
    }
    return environment


def _finalize(value: object) -> object:
    """Every value that a template prints is made harmless; what is markup already is our own."""
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _asset(name: str) -> str:
    return (files("claimcheck.reports") / "html" / name).read_text(encoding="utf-8")


def _source(content: str) -> str:
    """An inline style or script as a content security policy names it."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _totals(summary: Summary, unassessed: int) -> Iterator[tuple[str, int]]:
    """What is counted, with its number; what is seldom there is left out where it is not."""
    severities = summary.by_severity
    yield "document" if summary.documents == 1 else "documents", summary.documents
    yield "words", summary.words
    yield "claims", summary.findings
    yield "overstated", severities[Severity.WARNING]
    yield "hedged, limit missing", severities[Severity.NOTE]
    yield "fine", severities[Severity.OK]
    for word, number in (
        ("not assessed", unassessed),
        ("left out on request", summary.suppressed),
        ("known from the baseline", summary.known),
        ("not readable", summary.failed),
    ):
        if number:
            yield word, number


def _doi_link(doi: str) -> str:
    return "https://doi.org/" + quote(doi, safe="/:;()._-")


def _in_sentence(report: DocumentReport, finding: Finding) -> tuple[str, str, str]:
    """The words of a finding's sentence before, in and after the finding, as much of them as a note has room for."""
    if report.document is None:
        return "", "", ""
    span, sentence = finding.span, finding.sentence
    before = excerpt(report.document, Span(sentence.start, span.start))
    marked = excerpt(report.document, span)
    after = excerpt(report.document, Span(span.end, sentence.end))
    if len(before) > MOST_CONTEXT:
        before = "… " + before[-MOST_CONTEXT:].partition(" ")[2]
    if len(after) > MOST_CONTEXT:
        after = after[:MOST_CONTEXT].rpartition(" ")[0] + " …"
    return before, marked, after
