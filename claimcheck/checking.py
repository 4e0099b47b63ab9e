"""The main flow: a document in, its report out. Pure; reading and printing happen elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Lock

from claimcheck.framing import Framed, Framer
from claimcheck.language import Language, line_and_column, line_starts
from claimcheck.matching.lexicon import Compiled
from claimcheck.matching.matcher import Matched, Matcher
from claimcheck.matching.proposer import Proposer
from claimcheck.model import (
    Claim,
    Document,
    DocumentReport,
    Finding,
    Framing,
    KnowledgeBase,
    Label,
    Mention,
    Sentence,
    Severity,
    Span,
    Suppression,
    Unassessed,
)


class Checker:
    """Language, matcher and knowledge, built once for many documents. Threads may share it; it checks one document at a time."""

    def __init__(self, knowledge: KnowledgeBase, compiled: Compiled | None = None, proposer: Proposer | None = None) -> None:
        """`compiled` is the compiled form of the knowledge, if the caller has it already."""
        self.knowledge = knowledge
        self._language = Language()
        self._matcher = Matcher(knowledge, compiled or Compiled.of(knowledge), proposer)
        self._lock = Lock()  # the words and windows that language and reader remember are not made for two at once

    def check(self, document: Document) -> DocumentReport:
        """The findings of a document, sorted by place, then claim."""
        with self._lock:
            sentences = self._language.sentences(document)
            matched = self._matcher.match(document, sentences)
        framer = Framer(matched, document.blocks, self.knowledge.cues)
        lines = line_starts(document.text)
        findings = []
        for mention in matched.mentions:
            claim = self.knowledge.claims[mention.claim]
            findings.append(_finding(mention, claim, framer.frame(mention, claim), matched, document, lines))
        findings.sort(key=lambda finding: (finding.span.start, finding.claim))
        wanted = [finding for finding in findings if not _is_suppressed(finding, document.suppressions)]
        return DocumentReport(
            path=document.path,
            document=document,
            words=len(document.masked.split()),
            sentences=len(sentences),
            findings=tuple(wanted),
            suppressed=len(findings) - len(wanted),
            notes=(*document.notes, *self._misspelt(document)),
            unassessed=tuple(_unassessed(sentences[index], document, lines) for index in matched.unassessed),
        )

    def _misspelt(self, document: Document) -> Iterator[str]:
        """A sentence for every claim that is to be ignored and that nobody knows."""
        starts = line_starts(document.text)
        for wish in document.suppressions:
            for claim in sorted(wish.claims - self.knowledge.claims.keys()):
                line, _ = line_and_column(starts, wish.span.start)
                where = document.place_of(wish.span.start) or f"line {line}"
                yield f"{document.path}, {where}: there is no claim {claim!r} to ignore; claimcheck knowledge list shows all claims"


def severity(label: Label, framing: Framing) -> Severity:
    """What the combination of label and framing asks of an editor: a flat statement without support is overstated."""
    if label is Label.SUPPORTED or framing not in (Framing.ASSERTED, Framing.HEDGED):
        return Severity.OK
    return Severity.WARNING if framing is Framing.ASSERTED else Severity.NOTE


def _is_suppressed(finding: Finding, suppressions: Sequence[Suppression]) -> bool:
    return any(
        wish.span.start <= finding.span.start < wish.span.end and (not wish.claims or finding.claim in wish.claims) for wish in suppressions
    )


def _unassessed(sentence: Sentence, document: Document, lines: list[int]) -> Unassessed:
    line, column = line_and_column(lines, sentence.start)
    span, place = Span(sentence.start, sentence.end), document.place_of(sentence.start)
    return Unassessed(span, line, column, "effect of a psychedelic that no claim covers", place)


def _finding(mention: Mention, claim: Claim, framed: Framed, matched: Matched, document: Document, lines: list[int]) -> Finding:
    sentence = matched.sentences[mention.sentence]
    start, end = sentence.starts[mention.first], sentence.ends[mention.last - 1]
    line, column = line_and_column(lines, start)
    return Finding(
        claim=claim.id,
        framing=framed.framing,
        severity=severity(claim.label, framed.framing),
        span=Span(start, end),
        sentence=Span(sentence.start, sentence.end),
        line=line,
        column=column,
        confidence=mention.confidence,
        because=tuple(
            replace(reason, cue=document.readable(Span(reason.start, reason.end))) for reason in mention.because + framed.because
        ),
        place=document.place_of(start),
    )
