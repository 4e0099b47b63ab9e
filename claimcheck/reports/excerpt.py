"""A sentence with the words of a finding in it, cut to a readable length."""

from __future__ import annotations

from dataclasses import dataclass

from claimcheck.model import WORD_JOINER, DocumentReport, Finding
from claimcheck.reports.safe import printable

MOST_CONTEXT = 160


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands before the words, the words, and what stands after, each printable; blanks between them are kept."""

    before: str
    words: str
    after: str


def excerpt(report: DocumentReport, finding: Finding) -> Excerpt:
    """The sentence of a finding without markup."""
    masked = report.document.masked if report.document is not None else ""
    sentence, span = finding.sentence, finding.span
    raw = (masked[sentence.start : span.start], masked[span.start : span.end], masked[span.end : sentence.end])
    before, words, after = (part.replace(WORD_JOINER, "") for part in raw)
    lead = " " if before[-1:].isspace() else ""
    tail = " " if after[:1].isspace() else ""
    return Excerpt(ending(printable(before)) + lead, _middle(printable(words)), tail + beginning(printable(after)))


def beginning(text: str) -> str:
    """The first words of a text, with … where it is cut."""
    if len(text) <= MOST_CONTEXT:
        return text
    cut, blank, _ = text[:MOST_CONTEXT].rpartition(" ")
    return f"{cut} …" if blank else f"{text[:MOST_CONTEXT]}…"


def ending(text: str) -> str:
    """The last words of a text, with … where it is cut."""
    if len(text) <= MOST_CONTEXT:
        return text
    _, blank, cut = text[-MOST_CONTEXT:].partition(" ")
    return f"… {cut}" if blank else f"…{text[-MOST_CONTEXT:]}"


def _middle(text: str) -> str:
    return text if len(text) <= 2 * MOST_CONTEXT else f"{text[:MOST_CONTEXT]} … {text[-MOST_CONTEXT:]}"
