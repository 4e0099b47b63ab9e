"""A spaCy pipeline component. `nlp.add_pipe("claimcheck")` finds it by its entry point; importing this module registers it, too.

What was found stands in `doc.spans["claimcheck"]`, in order of place: a span's `label_` is how strong the evidence is, its `kb_id_` the id
of the claim, and `span._.claimcheck` a FoundClaim with the rest. `doc._.claimcheck_findings` has them all. Both come along with the
user data of a Doc when it is written, read, copied, joined to others, or sent between processes.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> component = nlp.add_pipe("claimcheck", config={"min_confidence": 0.5})
>>> doc = nlp("Psilocybin resets the default mode network.")
>>> for span in doc.spans["claimcheck"]:
...     print(span.text, span.label_, span.kb_id_, span._.claimcheck.framing, span._.claimcheck.severity, sep=" | ")
resets the default mode network | macrodose-only | dmn-reset | asserted | warning
"""

import warnings
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span

from claimcheck.api import check_text, require_share
from claimcheck.kb import KnowledgeBase
from claimcheck.model import Finding, Framing, Label, Reason, Severity

NAME = "claimcheck"
# what spaCy writes with a Doc must be plain values: they are kept here, by claim, since a span may carry several
_STORE = "claimcheck_store"


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """A claim in a Doc. `start`, `end` and those of the reasons are code points of `doc.text`; its span has all tokens they touch."""

    claim: str
    label: Label
    framing: Framing
    severity: Severity
    confidence: float
    start: int
    end: int
    because: tuple[Reason, ...]


class ClaimcheckComponent:
    """Checks the text of a Doc as plain text: headings, lists and paragraphs by its line breaks, sentences by claimcheck's own rules."""

    def __init__(self, knowledge: str | None = None, *, fast: bool = False, min_confidence: float = 0.0, spans_key: str = NAME) -> None:
        """Options as in `claimcheck.check_text`; `knowledge` is a folder. Raises KnowledgeError, or ClaimcheckError for a wrong number."""
        require_share(min_confidence)
        self._knowledge = KnowledgeBase.load(knowledge)
        self._fast = fast
        self._min_confidence = min_confidence
        self._spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        """The same Doc with its claims marked. An unknown claim in an author's `claimcheck: ignore` gives a warning."""
        report = check_text(doc.text, name="Doc", knowledge=self._knowledge, fast=self._fast, min_confidence=self._min_confidence)
        for note in report.notes:
            warnings.warn(note, stacklevel=2)
        doc.spans[self._spans_key] = [self._mark(doc, finding) for finding in report.findings]
        return doc

    def _mark(self, doc: Doc, finding: Finding) -> Span:
        label = self._knowledge.claims[finding.claim].label
        # tokens need not end where the claim does: all that it touches
        span = doc.char_span(finding.span.start, finding.span.end, label=label.value, kb_id=finding.claim, alignment_mode="expand")
        assert span is not None  # a finding lies in the text
        span._.set(_STORE, {**span._.get(_STORE), finding.claim: _plain(finding, label, span.start_char)})
        return span


@Language.factory(
    NAME,
    default_config={"knowledge": None, "fast": False, "min_confidence": 0.0, "spans_key": NAME},
    assigns=["doc.spans", "doc._.claimcheck_findings", "span._.claimcheck"],
)
def make_component(
    nlp: Language,  # noqa: ARG001 - spaCy gives every factory these two
    name: str,  # noqa: ARG001
    knowledge: str | None,
    fast: bool,
    min_confidence: float,
    spans_key: str,
) -> ClaimcheckComponent:
    """What `nlp.add_pipe("claimcheck")` makes."""
    return ClaimcheckComponent(knowledge, fast=fast, min_confidence=min_confidence, spans_key=spans_key)


def _plain(finding: Finding, label: Label, base: int) -> list[object]:
    """A finding as values that can be written; offsets count from `base`, so that they hold when the Doc becomes part of another."""
    because = [[reason.cue, reason.role, reason.start - base, reason.end - base] for reason in finding.because]
    place = [finding.span.start - base, finding.span.end - base]
    return [label.value, finding.framing.value, finding.severity.value, finding.confidence, *place, because]


def _found(span: Span) -> FoundClaim | None:
    """The claim that a span marks; None for a span that is not claimcheck's."""
    stored = span._.get(_STORE).get(span.kb_id_)
    if stored is None:
        return None
    label, framing, severity, confidence, start, end, because = stored
    base = span.start_char
    reasons = tuple(Reason(cue, role, base + first, base + last) for cue, role, first, last in because)
    return FoundClaim(span.kb_id_, Label(label), Framing(framing), Severity(severity), confidence, base + start, base + end, reasons)


def _all_found(doc: Doc) -> tuple[FoundClaim, ...]:
    """The claims that any group of spans marks, by place, each once."""
    found = [_found(span) for group in doc.spans.values() for span in group]
    return tuple(sorted(dict.fromkeys(filter(None, found)), key=lambda claim: (claim.start, claim.claim)))


Span.set_extension(_STORE, default={}, force=True)
Span.set_extension(NAME, getter=_found, force=True)
Doc.set_extension("claimcheck_findings", getter=_all_found, force=True)
