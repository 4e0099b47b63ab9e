"""The main flow: a document in, its report out. Pure; reading and printing happen elsewhere."""

from __future__ import annotations

from dataclasses import replace

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
    Unassessed,
)


class Checker:
    """Language, matcher and knowledge, built once for many documents."""

    def __init__(self, knowledge: KnowledgeBase, compiled: Compiled | None = None, proposer: Proposer | None = None) -> None:
        """`compiled` is the compiled form of the knowledge, if the caller has it already."""
        self.knowledge = knowledge
        self._language = Language()
        self._matcher = Matcher(knowledge, compiled or Compiled.of(knowledge), proposer)

    def check(self, document: Document) -> DocumentReport:
        """The findings of a document, sorted by place, then claim."""
        sentences = self._language.sentences(document)
        matched = self._matcher.match(document, sentences)
        framer = Framer(matched, document.blocks, self.knowledge.cues)
        lines = line_starts(document.text)
        findings = []
        for mention in matched.mentions:
            claim = self.knowledge.claims[mention.claim]
            findings.append(_finding(mention, claim, framer.frame(mention, claim), matched, document.text, lines))
        findings.sort(key=lambda finding: (finding.span.start, finding.claim))
        return DocumentReport(
            path=document.path,
            text=document.text,
            words=len(document.text.split()),
            sentences=len(sentences),
            findings=tuple(findings),
            unassessed=tuple(_unassessed(sentences[index], lines) for index in matched.unassessed),
        )


def severity(label: Label, framing: Framing) -> Severity:
    """What the combination of label and framing asks of an editor: a flat statement without support is overstated."""
    if label is Label.SUPPORTED or framing not in (Framing.ASSERTED, Framing.HEDGED):
        return Severity.OK
    return Severity.WARNING if framing is Framing.ASSERTED else Severity.NOTE


def _unassessed(sentence: Sentence, lines: list[int]) -> Unassessed:
    line, column = line_and_column(lines, sentence.start)
    return Unassessed(Span(sentence.start, sentence.end), line, column, "effect of a psychedelic that no claim covers")


def _finding(mention: Mention, claim: Claim, framed: Framed, matched: Matched, text: str, lines: list[int]) -> Finding:
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
            replace(reason, cue=" ".join(text[reason.start : reason.end].split())) for reason in mention.because + framed.because
        ),
    )
