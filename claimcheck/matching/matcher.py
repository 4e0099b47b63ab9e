"""Sentences to mentions: which claims a document makes, and the words that make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from claimcheck.matching.agents import Agent, Agents
from claimcheck.matching.frames import governor
from claimcheck.matching.lexicon import Compiled, Hit, Hits
from claimcheck.matching.lines import Words, lines_of
from claimcheck.matching.proposer import Opinion, Proposer
from claimcheck.matching.repair import Repair
from claimcheck.model import (
    AgentRule,
    BlockKind,
    Claim,
    Concept,
    ConceptKind,
    Document,
    Group,
    KnowledgeBase,
    Leaning,
    Mention,
    Reason,
    Sentence,
)
from claimcheck.patterns.syntax import parse, words_of

# "no effect on mood" names no direction: it denies any benefit
_BENEFITS = frozenset(Group) - {Group.SAFETY, Group.BACKGROUND, Group.PLACEBO}
IDIOM_CONFIDENCE = 0.9
# above the idiom, which may stand inside the denial
DENIAL_CONFIDENCE = 0.92
FRAME_CONFIDENCE = 0.95
LEAD_CONFIDENCE = 0.85
# a match of the rules less probable is taken back, a claim at least so probable is proposed (chosen on held-out rounds of our own)
LEAST_PROBABLE = 0.45
# where the rules see no psychedelic that could have the effect, the models must be surer
LEAST_WITHOUT_AGENT = 0.6
# a claim that yields to another keeps its place if it is so much more probable
CLEARLY_SURER = 0.2
CHECKWORTHY = "checkworthy"
CHECKWORTHY_REACH = 5
COST_OF_A_WORD = 0.02
# a list item of more words says its effect itself
LONGEST_BARE_ITEM = 10


@dataclass(frozen=True, slots=True)
class Matched:
    """A document's sentences with what was found in each."""

    sentences: tuple[Sentence, ...]
    hits: tuple[Hits, ...]
    mentions: tuple[Mention, ...]
    unassessed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lead:
    """The effect that a list's heading or intro lends to its items."""

    sentence: Sentence
    effect: Hit


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words that say a claim, before its agent is known."""

    parts: tuple[tuple[Hit, str], ...]
    confidence: float
    null: bool = False
    lead: _Lead | None = None

    @property
    def first(self) -> int:
        return min(hit.first for hit, _ in self.parts)

    @property
    def last(self) -> int:
        return max(hit.end for hit, _ in self.parts)


class Matcher:
    """Finds the claims of a knowledge base. Built once, then pure."""

    def __init__(self, knowledge: KnowledgeBase, compiled: Compiled, proposer: Proposer | None = None) -> None:
        self._proposer = proposer
        self._knowledge = knowledge
        self._compiled = compiled
        self._repair = Repair(_repairable(knowledge.concepts.values()), compiled.full.vocabulary)
        self._effects = frozenset(concept.id for concept in knowledge.concepts.values() if concept.kind is ConceptKind.EFFECT)
        self._null_effects = tuple(concept.id for concept in knowledge.concepts.values() if concept.null)
        self._by_target: dict[str, tuple[str, ...]] = {}
        for claim in knowledge.claims.values():
            for frame in claim.match.frames:
                for target in frame.targets:
                    self._by_target[target] = (*self._by_target.get(target, ()), claim.id)

    def match(self, document: Document, sentences: tuple[Sentence, ...]) -> Matched:
        """The mentions of a document, in order of sentence, place and claim."""
        rows = [tuple(map(self._repair.word, sentence.words)) for sentence in sentences]
        hits = tuple(self._compiled.for_text(rows).find_all(rows))
        agents = Agents(document, sentences, hits, self._knowledge)
        leads = self._leads(document, sentences, hits)
        matched = [
            self._mentions(index, sentences[index], hits[index], agents, leads.get(index))
            if hits[index].concepts or hits[index].idioms or hits[index].denials
            else []
            for index in range(len(sentences))
        ]
        opinions: list[Opinion | None] = [None] * len(sentences)
        if self._proposer is not None:
            opinions = self._proposer.opinions(list(lines_of(document, sentences, hits, agents, matched)))
            matched = [
                self._weighed(matched[index], opinion, index, sentences[index], hits[index], agents)
                if opinion is not None
                else matched[index]
                for index, opinion in enumerate(opinions)
            ]
        unassessed = tuple(
            index
            for index, opinion in enumerate(opinions)
            if not matched[index]
            and ((opinion is not None and opinion.is_unassessed) or self._is_checkworthy(index, sentences, hits, agents))
        )
        return Matched(sentences, hits, tuple(mention for row in matched for mention in row), unassessed)

    def _is_checkworthy(self, index: int, sentences: Sequence[Sentence], hits: Sequence[Hits], agents: Agents) -> bool:
        """Whether a sentence says that a psychedelic it names acts on brain, mind, body or an illness."""
        targets = hits[index].concepts.get(CHECKWORTHY, ())
        if not targets or sentences[index].question or not agents.names_ours(index):
            return False
        effects = hits[index].of(self._effects)
        for target in targets:
            governed = governor(sentences[index].words, target, effects, self._effects, CHECKWORTHY_REACH)
            if governed is not None:
                agent = agents.of(index, min(governed[0].first, target.first), max(governed[0].end, target.end))
                if agent is not None and agent.hit is not None and agent.hit.end <= governed[0].first:
                    return True
        return False

    def _weighed(
        self, matched: Sequence[Mention], opinion: Opinion, index: int, sentence: Sentence, hits: Hits, agents: Agents
    ) -> list[Mention]:
        """What the rules find in a sentence, with the proposer's additions and doubts."""
        kept: dict[str, Mention] = {}
        for mention in matched:
            chance = opinion.of(mention.claim)
            if chance is None or chance >= LEAST_PROBABLE:
                kept[mention.claim] = mention if chance is None else replace(mention, confidence=chance)
        for claim in opinion.above(LEAST_PROBABLE):
            chance = opinion.of(claim) or 0.0
            agent = agents.of(index, 0, len(sentence.words))
            sure = agent is not None or self._is_fact(claim) or chance >= LEAST_WITHOUT_AGENT
            if claim in kept or claim in hits.sentence_vetoes or not sure:
                continue
            proposed = _proposed(claim, chance, index, sentence, opinion.reasons(claim), agent)
            if proposed is not None:
                kept[claim] = proposed
        return [self._leaning(mention, opinion, sentence) for mention in self._winners(kept)]

    def _leaning(self, mention: Mention, opinion: Opinion, sentence: Sentence) -> Mention:
        """A mention with how the models would frame it."""
        framings = opinion.framings(mention.claim)
        if self._proposer is None or opinion.reading is None or framings is None:
            return mention
        because = tuple(_reason(sentence, first, end, "weight") for first, end in opinion.reading.stressed)
        return replace(mention, leaning=Leaning(framings, self._proposer.trust, because))

    def _is_fact(self, claim: str) -> bool:
        """Whether a claim is a background fact that needs no agent."""
        return self._knowledge.claims[claim].match.agent is AgentRule.NONE

    def _leads(self, document: Document, sentences: tuple[Sentence, ...], hits: tuple[Hits, ...]) -> dict[int, _Lead]:
        """For each list item, the effect that its list's heading or intro ends with ("may help with:")."""
        leads: dict[int, _Lead] = {}
        lead: _Lead | None = None
        for index, sentence in enumerate(sentences):
            if document.blocks[sentence.block].kind is BlockKind.ITEM:
                if lead is not None and len(sentence.words) <= LONGEST_BARE_ITEM:
                    leads[index] = lead
            else:
                effects = hits[index].of(self._effects)
                last = max(effects, key=lambda hit: (hit.end, hit.end - hit.first), default=None)
                opens = sentence.words[-1] == ":" or document.blocks[sentence.block].kind is BlockKind.HEADING
                lead = _Lead(sentence, last) if last is not None and opens else None
        return leads

    def _mentions(self, index: int, sentence: Sentence, hits: Hits, agents: Agents, lead: _Lead | None) -> list[Mention]:
        effects = hits.of(self._effects)
        found: dict[str, Mention] = {}
        for claim in self._claims_in_reach(hits):
            if claim.id in hits.sentence_vetoes:
                continue
            for candidate in self._candidates(claim, sentence, hits, effects, lead):
                if _vetoed(candidate, hits.vetoes.get(claim.id, ())):
                    continue
                agent = _agent(claim, index, candidate, agents)
                if agent is None:
                    continue
                mention = _mention(claim, index, sentence, candidate, agent)
                if claim.id not in found or mention.confidence > found[claim.id].confidence:
                    found[claim.id] = mention
        return self._winners(found)

    def _winners(self, found: Mapping[str, Mention]) -> list[Mention]:
        """The mentions of a sentence in order, without those that yield to another in the same words."""
        lost = {
            claim
            for claim in found
            if any(winner in found and _gives_way(found[claim], found[winner]) for winner in self._knowledge.claims[claim].match.yields_to)
        }
        return sorted(
            (mention for claim, mention in found.items() if claim not in lost), key=lambda mention: (mention.first, mention.claim)
        )

    def _claims_in_reach(self, hits: Hits) -> list[Claim]:
        """The claims with a target or an idiom in the sentence."""
        ids = {claim for concept in hits.concepts for claim in self._by_target.get(concept, ())} | hits.idioms.keys() | hits.denials.keys()
        return [self._knowledge.claims[claim] for claim in sorted(ids)]

    def _candidates(self, claim: Claim, sentence: Sentence, hits: Hits, effects: Sequence[Hit], lead: _Lead | None) -> Iterator[_Candidate]:
        for hit in hits.idioms.get(claim.id, ()):
            yield _Candidate(((hit, "idiom"),), IDIOM_CONFIDENCE)
        for hit in hits.denials.get(claim.id, ()):
            yield _Candidate(((hit, "denial"),), DENIAL_CONFIDENCE, null=True)
        for frame in claim.match.frames:
            wanted = frozenset(frame.effects)
            nulls = frozenset(self._null_effects) if claim.group in _BENEFITS else frozenset()
            for target in hits.of(frame.targets):
                governed = governor(sentence.words, target, effects, wanted | nulls, frame.reach)
                if governed and governed[0].id in wanted | nulls:
                    effect, cost = governed
                    yield _Candidate(
                        ((effect, "effect"), (target, "target")),
                        FRAME_CONFIDENCE - COST_OF_A_WORD * cost,
                        effect.id in nulls and effect.id not in wanted,
                    )
                elif governed is None and lead is not None and lead.effect.id in wanted:
                    yield _Candidate(((target, "target"),), LEAD_CONFIDENCE, lead=lead)


def _agent(claim: Claim, index: int, candidate: _Candidate, agents: Agents) -> Agent | None:
    if claim.match.agent is AgentRule.NONE:
        return Agent(1.0)
    if claim.match.agent is AgentRule.MICRODOSING and not agents.is_about_microdosing(index):
        return None
    return agents.of(index, candidate.first, candidate.last, frozenset(claim.match.own_agents))


def _proposed(claim: str, chance: float, index: int, sentence: Sentence, words: Sequence[Words], agent: Agent | None) -> Mention | None:
    """A mention for the words that weighed most; None if no word did."""
    if not words:
        return None
    reasons = [_reason(sentence, feature.first, feature.end, "weight") for feature in words]
    if agent is not None and agent.hit is not None:
        reasons.append(_reason(sentence, agent.hit.first, agent.hit.end, "agent"))
    return Mention(
        claim=claim,
        sentence=index,
        first=min(feature.first for feature in words),
        last=max(feature.end for feature in words),
        confidence=chance,
        because=tuple(sorted(reasons, key=lambda reason: (reason.start, reason.role))),
    )


def _mention(claim: Claim, index: int, sentence: Sentence, candidate: _Candidate, agent: Agent) -> Mention:
    reasons = [_reason(sentence, hit.first, hit.end, role) for hit, role in candidate.parts]
    if candidate.lead is not None:
        reasons.append(_reason(candidate.lead.sentence, candidate.lead.effect.first, candidate.lead.effect.end, "effect"))
    if agent.hit is not None:
        reasons.append(_reason(sentence, agent.hit.first, agent.hit.end, "agent"))
    return Mention(
        claim=claim.id,
        sentence=index,
        first=candidate.first,
        last=candidate.last,
        confidence=round(candidate.confidence * agent.certainty, 3),
        because=tuple(sorted(reasons, key=lambda reason: (reason.start, reason.role))),
        null=candidate.null,
        idiom=candidate.parts[0][1] == "idiom",
    )


def _reason(sentence: Sentence, first: int, end: int, role: str) -> Reason:
    return Reason(" ".join(sentence.words[first:end]), role, sentence.starts[first], sentence.ends[end - 1])


def _vetoed(candidate: _Candidate, vetoes: Iterable[Hit]) -> bool:
    return any(veto.first < hit.end and hit.first < veto.end for veto in vetoes for hit, _ in candidate.parts)


def _gives_way(mention: Mention, winner: Mention) -> bool:
    """Whether a mention stands in the same words as one that it yields to, and is not clearly the surer of the two."""
    return mention.first < winner.last and winner.first < mention.last and mention.confidence <= winner.confidence + CLEARLY_SURER


def _repairable(concepts: Iterable[Concept]) -> Iterator[str]:
    """The single words of the concepts that allow repair."""
    for concept in concepts:
        if concept.repair:
            for pattern in concept.terms:
                yield from words_of(parse(pattern))
