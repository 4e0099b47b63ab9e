"""Whose effect is it? The agent of a mention: in its sentence, or inherited from the text around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claimcheck.matching.lexicon import Hit, Hits
from claimcheck.model import BlockKind, ConceptKind, Document, KnowledgeBase, Sentence

# "unlike X", "than X": X is what the agent is compared with, not the agent
COMPARATORS = frozenset(
    {
        "than",
        "unlike",
        "versus",
        "vs",
        "vs.",
        "like",
        "as",
        "over",
        "against",
        "replace",
        "replaces",
        "replacing",
        "without",
        "off",
        "from",
        "beyond",
    }
)
_LINKS = frozenset(
    {"and", "or", ",", "&", "/", "plus", "with", "both", "e.g.", "eg", "including", "—", "like", "as", "such", "especially", "(", ")"}
)
LOOK_BACK = 4
# in so short a text one name is enough to say what it is about
SHORT_TEXT = 30
MICRODOSING = "microdosing"
# a document is about microdosing when so many of its agents are
MICRODOSING_SHARE = 0.2


class Side(StrEnum):
    """Which kind of agent a hit names."""

    OURS = "ours"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AgentHit:
    """An agent named at words[first:end]; `compared` marks one that is only compared with."""

    concept: str
    side: Side
    first: int
    end: int
    compared: bool


@dataclass(frozen=True, slots=True)
class Agent:
    """The agent of a mention: how sure it is (0 to 1), and the hit that names it, if in the same sentence."""

    certainty: float
    hit: AgentHit | None = None
    source: str = "sentence"


class Agents:
    """All agents named in a document, sentence by sentence, and the rules of inheritance."""

    def __init__(self, document: Document, sentences: Sequence[Sentence], hits: Sequence[Hits], knowledge: KnowledgeBase) -> None:
        kinds = {concept.id: concept.kind for concept in knowledge.concepts.values()}
        self._document = document
        self._sentences = sentences
        self._hits = tuple(tuple(_agent_hits(sentence, found, kinds)) for sentence, found in zip(sentences, hits, strict=True))
        self._anaphors = tuple("anaphor" in found.concepts for found in hits)
        self._headings = tuple(_headings(document, sentences))
        self._subject = self._document_subject()
        ours = [hit for row in self._hits for hit in row if hit.side is Side.OURS]
        self._mostly_microdosing = MICRODOSING_SHARE * len(ours) <= sum(hit.concept == MICRODOSING for hit in ours)

    def of(self, sentence: int, first: int, last: int, ignored: frozenset[str] = frozenset()) -> Agent | None:
        """The psychedelic behind words[first:last] of a sentence, or None if another agent, or none, has the effect.

        `ignored` are other agents that belong to the claim itself (the antidepressants it compares with).
        """
        here = [hit for hit in self._hits[sentence] if not hit.compared and (hit.side is Side.OURS or hit.concept not in ignored)]
        if here:
            nearest = min(here, key=lambda hit: _distance(hit, first, last))
            if nearest.side is Side.OURS or self._joined(sentence, nearest, here):
                return Agent(1.0, nearest)
            return None
        return self._inherited(sentence, ignored)

    def names_ours(self, sentence: int) -> bool:
        """Whether a sentence itself names a psychedelic."""
        return any(hit.side is Side.OURS for hit in self._hits[sentence])

    def _is_tied(self, sentence: int) -> bool:
        """Whether a sentence points back: by a pronoun, the people of the study, or because it is a heading or list item."""
        kind = self._document.blocks[self._sentences[sentence].block].kind
        return self._anaphors[sentence] or kind in (BlockKind.HEADING, BlockKind.ITEM)

    def is_about_microdosing(self, sentence: int) -> bool:
        """Whether microdosing is meant: named in the sentence or just before it, or in a good part of the document."""
        if any(self._names_microdosing(at) for at in range(max(0, sentence - LOOK_BACK), sentence + 1)):
            return True
        return self._mostly_microdosing

    def _names_microdosing(self, sentence: int) -> bool:
        return any(hit.concept == MICRODOSING for hit in self._hits[sentence])

    def _joined(self, sentence: int, other: AgentHit, here: Sequence[AgentHit]) -> bool:
        """Whether one of ours stands in one list with the other agent ("psilocybin and MDMA")."""
        words = self._sentences[sentence].words
        for hit in here:
            if hit.side is Side.OURS:
                between = range(min(hit.end, other.end), max(hit.first, other.first))
                if len(between) <= 8 and all(words[index] in _LINKS or self._is_agent_word(sentence, index) for index in between):
                    return True
        return False

    def _is_agent_word(self, sentence: int, index: int) -> bool:
        return any(hit.first <= index < hit.end for hit in self._hits[sentence])

    def _inherited(self, sentence: int, ignored: frozenset[str]) -> Agent | None:
        blocks = self._document.blocks
        block = self._sentences[sentence].block
        if blocks[block].kind is BlockKind.REFERENCE:
            return None
        steps = 0
        at = sentence - 1
        kind = blocks[block].kind
        # earlier sentences of the block; for a list item also what introduces the list
        while at >= 0 and steps < LOOK_BACK:
            other = self._sentences[at].block
            if other != block:
                if kind is BlockKind.ITEM and blocks[other].kind is BlockKind.ITEM:
                    at -= 1
                    continue
                if kind is not BlockKind.ITEM and blocks[other].kind is BlockKind.HEADING:
                    break
            side = self._side(at, ignored)
            if side is Side.OURS:
                return Agent(0.95 - 0.05 * steps, None, "earlier sentence")
            if side is Side.OTHER:
                return None
            if blocks[other].kind is BlockKind.HEADING:
                break
            at -= 1
            steps += 1
        heading = self._heading_side(sentence, ignored)
        if heading is Side.OURS:
            return Agent(0.85, None, "heading")
        if heading is Side.OTHER:
            return None
        if self._subject is Side.OURS:
            return Agent(0.7, None, "document" if self._is_tied(sentence) else "subject")
        return None

    def _side(self, sentence: int, ignored: frozenset[str]) -> Side | None:
        named = [hit for hit in self._hits[sentence] if not hit.compared and hit.concept not in ignored]
        if any(hit.side is Side.OURS for hit in named):
            return Side.OURS
        return Side.OTHER if named else None

    def _heading_side(self, sentence: int, ignored: frozenset[str]) -> Side | None:
        heading = self._headings[sentence]
        return None if heading is None else self._side(heading, ignored)

    def _document_subject(self) -> Side | None:
        ours = sum(hit.side is Side.OURS for hits in self._hits for hit in hits)
        others = sum(hit.side is Side.OTHER and not hit.compared for hits in self._hits for hit in hits)
        if (ours >= 2 and ours >= others) or (ours and not others and len(self._sentences) <= SHORT_TEXT):
            return Side.OURS
        return Side.OTHER if others > ours else None


def _headings(document: Document, sentences: Sequence[Sentence]) -> Iterator[int | None]:
    """For each sentence the heading it stands under, as a sentence index."""
    heading: int | None = None
    for index, sentence in enumerate(sentences):
        yield heading
        if document.blocks[sentence.block].kind is BlockKind.HEADING:
            heading = index


def _agent_hits(sentence: Sentence, hits: Hits, kinds: dict[str, ConceptKind]) -> list[AgentHit]:
    """The agents a sentence names, the longest where they overlap ("microdosing ketamine" is not ours)."""
    found: list[tuple[Hit, Side]] = []
    for concept, rows in hits.concepts.items():
        kind = kinds[concept]
        if kind in (ConceptKind.AGENT, ConceptKind.OTHER_AGENT):
            side = Side.OURS if kind is ConceptKind.AGENT else Side.OTHER
            found += [(hit, side) for hit in rows]
    found.sort(key=lambda pair: (pair[0].first - pair[0].end, pair[0].first))
    kept: list[AgentHit] = []
    for hit, side in found:
        if all(hit.end <= other.first or other.end <= hit.first for other in kept):
            compared = side is Side.OTHER and any(word in COMPARATORS for word in sentence.words[max(0, hit.first - 4) : hit.first])
            kept.append(AgentHit(hit.id, side, hit.first, hit.end, compared))
    return sorted(kept, key=lambda hit: hit.first)


def _distance(hit: AgentHit, first: int, last: int) -> float:
    """How far an agent stands from the marked words; one that follows counts double."""
    if hit.end <= first:
        return first - hit.end
    if hit.first >= last:
        return 2 * (hit.first - last) + 1
    return 0
