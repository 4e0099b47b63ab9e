"""The nouns of claimcheck: immutable records and the closed sets of values they use.

Offsets are 0-based, half-open and count Unicode code points of the document's text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar


class Label(StrEnum):
    """How strong the evidence for a claim is (see knowledge/README.md for the rule)."""

    SUPPORTED = "supported"
    MACRODOSE_ONLY = "macrodose-only"
    ANIMAL_ONLY = "animal-only"
    ANECDOTAL = "anecdotal"

    @property
    def meaning(self) -> str:
        """The label in one plain phrase."""
        return _LABEL_MEANINGS[self]


_LABEL_MEANINGS = {
    Label.SUPPORTED: "controlled human evidence at the dose the claim is about",
    Label.MACRODOSE_ONLY: "shown in people only at full psychedelic doses",
    Label.ANIMAL_ONLY: "shown only in animals or cells",
    Label.ANECDOTAL: "rests on self-report or opinion, or on findings that did not hold up under control",
}


class Framing(StrEnum):
    """How a text puts a claim."""

    ASSERTED = "asserted"
    HEDGED = "hedged"
    SCOPED = "scoped"
    DENIED = "denied"
    QUESTIONED = "questioned"


class Severity(StrEnum):
    """What a finding asks of an editor."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"

    @property
    def rank(self) -> int:
        """0 for ok, 1 for note, 2 for warning."""
        return list(Severity).index(self)


class Stance(StrEnum):
    """What a source says of a claim."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    MIXED = "mixed"


class Species(StrEnum):
    """In whom a finding was made."""

    HUMAN = "human"
    ANIMAL = "animal"
    IN_VITRO = "in-vitro"
    NONE = "n/a"


class Dose(StrEnum):
    """The dose class of a finding; `pooled` is a review over all doses."""

    MICRO = "micro"
    MACRO = "macro"
    POOLED = "pooled"
    NONE = "n/a"


class Tier(StrEnum):
    """The weight of a design: controlled (A), uncontrolled (B), self-report (C), preclinical (P), opinion (E)."""

    A = "A"
    B = "B"
    C = "C"
    P = "P"
    E = "E"


class Group(StrEnum):
    """The shelf a claim stands on."""

    BRAIN = "brain"
    PLASTICITY = "plasticity"
    MOOD = "mood"
    COGNITION = "cognition"
    CONDITIONS = "conditions"
    COMPARISON = "comparison"
    PLACEBO = "placebo"
    SAFETY = "safety"
    BACKGROUND = "background"


class Resolution(StrEnum):
    """What a document's citation turned out to be."""

    EXACT = "exact"
    CORRECTED = "corrected"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not-found"


class ConceptKind(StrEnum):
    """The part a concept plays in a claim."""

    AGENT = "agent"
    OTHER_AGENT = "other-agent"
    EFFECT = "effect"
    TARGET = "target"
    CONTEXT = "context"
    NOISE = "noise"


class AgentRule(StrEnum):
    """Whose effect a claim is about: a classic psychedelic's, only a microdose's, or nobody's (background facts)."""

    PSYCHEDELIC = "psychedelic"
    MICRODOSING = "microdosing"
    NONE = "none"


class CueRole(StrEnum):
    """What a framing cue does to the claims in its scope."""

    NEGATION = "negation"
    DENIAL = "denial"
    REFUTATION = "refutation"
    QUESTION = "question"
    HEDGE = "hedge"
    REPORT = "report"
    SURVEY = "survey"
    ANIMAL = "animal"
    MACRODOSE = "macrodose"
    PSEUDO = "pseudo"
    BREAK = "break"


class CueScope(StrEnum):
    """Where a cue looks for the claim it frames."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document: `start` and `end` in code points, end excluded."""

    start: int
    end: int


# --- the knowledge base -----------------------------------------------------------------------------------------------

# read by pydantic when records are built from YAML: an unknown key is a fault, and nothing is converted on the quiet
_STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says of one claim, at one dose, in one species."""

    __pydantic_config__: ClassVar = _STRICT
    source: str
    stance: Stance
    species: Species
    dose: Dose
    tier: Tier
    finding: str
    limit: str


@dataclass(frozen=True, slots=True)
class Citation:
    """How one of the founding documents cites a source, and what is wrong with that."""

    __pydantic_config__: ClassVar = _STRICT
    document: str
    as_cited: str
    used_for: str
    resolution: Resolution
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A paper, book or report. What was not verified is absent (None or empty)."""

    __pydantic_config__: ClassVar = _STRICT
    id: str
    kind: str
    design: str
    tier: Tier | None = None
    title: str | None = None
    authors: str | None = None
    journal: str | None = None
    year: int | None = None
    volume_pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    described_as: str | None = None
    group: str | None = None
    population: str | None = None
    species: str | None = None
    n: int | None = None
    n_studies: int | None = None
    substances: tuple[str, ...] = ()
    dose_class: str | None = None
    dose_detail: str | None = None
    limits: str | None = None
    verification: str | None = None
    cited_by: tuple[Citation, ...] = ()

    @property
    def citation(self) -> str:
        """One line to print under a claim: authors (year). Title. Journal. What was not seen is left out."""
        parts = [self.authors or self.group, self.title or self.described_as or self.id]
        shown = [part.rstrip(".") for part in parts if part]
        if self.year:
            shown[0] += f" ({self.year})"
        if self.journal:
            shown.append(" ".join(filter(None, (self.journal, self.volume_pages))))
        return ". ".join(shown) + "."


@dataclass(frozen=True, slots=True)
class Frame:
    """A claim in parts: one of `effects` bears on one of `targets` (concept ids) within `reach` words."""

    __pydantic_config__: ClassVar = _STRICT
    effects: tuple[str, ...]
    targets: tuple[str, ...]
    reach: int = 7


@dataclass(frozen=True, slots=True)
class Match:
    """How a claim is recognised: frames, idioms that say it whole, denials that say its contrary, and what takes it away.

    A `negative` claim says that something is not so ("not addictive"): a negation inside its own words is the claim.
    """

    __pydantic_config__: ClassVar = _STRICT
    frames: tuple[Frame, ...] = ()
    idioms: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    sentence_vetoes: tuple[str, ...] = ()
    agent: AgentRule = AgentRule.PSYCHEDELIC
    own_agents: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    negative: bool = False


@dataclass(frozen=True, slots=True)
class ExampleMatch:
    """A text that carries the claim, with the framing and, if given, the words that must be marked."""

    __pydantic_config__: ClassVar = _STRICT
    text: str
    framing: Framing
    span: str | None = None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A text that shares words with the claim and does not carry it."""

    __pydantic_config__: ClassVar = _STRICT
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Examples:
    """The test cases of a claim."""

    __pydantic_config__: ClassVar = _STRICT
    matches: tuple[ExampleMatch, ...]
    near_misses: tuple[NearMiss, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A popular claim with its evidence, its label, and how it is found in text."""

    __pydantic_config__: ClassVar = _STRICT
    id: str
    group: Group
    statement: str
    label: Label
    explanation: str
    fair_wording: str
    match: Match
    evidence: tuple[Evidence, ...]
    examples: Examples
    contested: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A lexicon entry: one idea and the word patterns that express it.

    Patterns are written in the language of `claimcheck.patterns.syntax`. An effect sorts its patterns by the way
    they bind a target: `verbs` act on what follows, `intransitive` say it of their subject, `nouns` and
    `adjectives` modify. Every other kind lists plain `terms`. `anaphora` are words that mean the concept only where it
    was named a moment before ("the network" after "the default mode network"). `includes` names concepts whose hits are
    hits of this one too. `repair` lets misspelt words of the terms be read as meant; `null` marks an effect that is
    none ("no effect on").
    """

    __pydantic_config__: ClassVar = _STRICT
    id: str
    kind: ConceptKind
    terms: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    intransitive: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    anaphora: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    repair: bool = False
    null: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A named list of framing cues that share role and scope."""

    __pydantic_config__: ClassVar = _STRICT
    id: str
    role: CueRole
    scope: CueScope
    terms: tuple[str, ...]
    ends_at_clause: bool = True


@dataclass(frozen=True, slots=True)
class About:
    """What is true of a knowledge base as a whole."""

    __pydantic_config__: ClassVar = _STRICT
    updated: date


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Everything claimcheck knows, with ids resolved and labels checked. `updated` is the day of the last change, where it is told."""

    claims: Mapping[str, Claim]
    sources: Mapping[str, Source]
    concepts: Mapping[str, Concept]
    cues: Mapping[str, Cue]
    sha256: str
    updated: date | None = None


# --- a document and what was found in it ------------------------------------------------------------------------------


# fills the place of markup inside a word, so that masked text keeps its length and the word its letters
WORD_JOINER = "\u2060"


class BlockKind(StrEnum):
    """What a stretch of a document is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or reference entry."""

    kind: BlockKind
    start: int
    end: int


class PlaceKind(StrEnum):
    """What a format without lines of its own is counted in."""

    PAGE = "page"
    PARAGRAPH = "paragraph"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"
    CHAPTER = "chapter"


@dataclass(frozen=True, slots=True)
class Place:
    """A page, paragraph, note or chapter of the original, and the offset at which its text starts."""

    kind: PlaceKind
    number: int
    start: int

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@dataclass(frozen=True, slots=True)
class Suppression:
    """An author's wish, written in the document: findings that start in a span are not reported, of these claims, or of all if empty."""

    span: Span
    claims: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to check.

    `masked` has markup blanked out at equal length, so offsets hold for both; where markup stood inside a word, it is filled with
    word joiners (U+2060), which no reader sees. `places` are in order of start, and empty for text formats. `notes` are sentences
    that its reader should know, such as that a page holds no text.
    """

    path: str
    text: str
    masked: str
    blocks: tuple[Block, ...]
    places: tuple[Place, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    notes: tuple[str, ...] = ()

    def readable(self, span: Span) -> str:
        """The words in a span as a reader sees them: without markup, white space as single blanks."""
        return " ".join(self.masked[span.start : span.end].replace(WORD_JOINER, "").split())

    def place_of(self, offset: int) -> Place | None:
        """The page, paragraph, note or chapter that an offset (code points) lies in; None for text formats."""
        index = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a row of normalised words, with each word's place in the document."""

    start: int
    end: int
    block: int
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    question: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Words that made a finding, and the part they played: agent, effect, target, idiom, denial, weight, or the role of a cue."""

    cue: str
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Leaning:
    """How the trained models would put a framing: logits by framing, what the rules' verdict adds to each, and the words that weighed."""

    logits: Mapping[Framing, float]
    trust: Mapping[Framing, float]
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim found in a sentence, before its framing is known.

    `first` and `last` are the word indexes that the marked words cover (last excluded).
    """

    claim: str
    sentence: int
    first: int
    last: int
    confidence: float
    because: tuple[Reason, ...]
    null: bool = False
    idiom: bool = False
    leaning: Leaning | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim in a document, framed and weighed."""

    claim: str
    framing: Framing
    severity: Severity
    span: Span
    sentence: Span
    line: int
    column: int
    confidence: float
    because: tuple[Reason, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Unassessed:
    """A sentence that says a psychedelic does something which no claim covers."""

    span: Span
    line: int
    column: int
    reason: str
    place: Place | None = None


class Skip(StrEnum):
    """Why a file or folder that was come across is not checked."""

    GITIGNORE = "gitignore"
    CLAIMCHECKIGNORE = "claimcheckignore"
    EXCLUDED = "excluded"
    NOT_INCLUDED = "not-included"
    HIDDEN = "hidden"
    FORMAT = "format"
    REPEATED = "repeated"
    SPECIAL = "special"

    @property
    def meaning(self) -> str:
        """The reason in words that follow a number."""
        return _SKIP_MEANINGS[self]


_SKIP_MEANINGS = {
    Skip.GITIGNORE: "ignored by .gitignore",
    Skip.CLAIMCHECKIGNORE: "ignored by .claimcheckignore",
    Skip.EXCLUDED: "excluded",
    Skip.NOT_INCLUDED: "not included",
    Skip.HIDDEN: "hidden",
    Skip.FORMAT: "no text by the suffix",
    Skip.REPEATED: "linked a second time",
    Skip.SPECIAL: "no file or folder",
}


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What was found in one document, or the one sentence that says why it could not be read.

    `suppressed` counts the findings that the document itself asked not to report, `known` those left out as they stand in a baseline.
    `seconds` is what reading and checking took, `recalled` says that the report comes from an earlier check: no part of what was found.
    """

    path: str
    document: Document | None = None
    words: int = 0
    sentences: int = 0
    findings: tuple[Finding, ...] = ()
    unassessed: tuple[Unassessed, ...] = ()
    suppressed: int = 0
    known: int = 0
    notes: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = field(default=0.0, compare=False)
    recalled: bool = field(default=False, compare=False)

    @property
    def text(self) -> str:
        """The text as it was checked, markup included; empty if it could not be read."""
        return self.document.text if self.document is not None else ""

    def readable(self, span: Span) -> str:
        """The words in a span without markup, on one line."""
        return self.document.readable(span) if self.document is not None else ""
