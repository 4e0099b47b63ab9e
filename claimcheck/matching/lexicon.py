"""The knowledge base's patterns, compiled: one pass over a sentence gives every hit of concepts, idioms, vetoes and cues."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from claimcheck.matching.trie import Trie
from claimcheck.model import AgentRule, Claim, Concept, ConceptKind, Cue, KnowledgeBase
from claimcheck.patterns.syntax import PatternError, Row, parse, references, words_of

# an anaphor means its concept if that was named in the sentence before it or in this many sentences back
ANAPHOR_REACH = 3
MOST_SEEN = 20_000


class Form(StrEnum):
    """What a hit is: a plain term, an effect by its way of binding, a part of a claim, or a cue."""

    TERM = "term"
    VERB = "verb"
    INTRANSITIVE = "intransitive"
    NOUN = "noun"
    ADJECTIVE = "adjective"
    ANAPHOR = "anaphor"
    IDIOM = "idiom"
    DENIAL = "denial"
    VETO = "veto"
    SENTENCE_VETO = "sentence-veto"
    CUE = "cue"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose pattern it is: the id of a concept, claim or cue, and the pattern's form."""

    id: str
    form: Form


@dataclass(frozen=True, slots=True)
class Hit:
    """An owner's pattern found at words[first:end]."""

    id: str
    form: Form
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Hits:
    """All that was found in one sentence, sorted by place."""

    concepts: dict[str, tuple[Hit, ...]]
    idioms: dict[str, tuple[Hit, ...]]
    denials: dict[str, tuple[Hit, ...]]
    vetoes: dict[str, tuple[Hit, ...]]
    sentence_vetoes: frozenset[str]
    cues: tuple[Hit, ...]

    def of(self, concepts: Container[str]) -> list[Hit]:
        """The hits of several concepts."""
        return [hit for concept, hits in self.concepts.items() if concept in concepts for hit in hits]


Spans = dict[tuple[int, int], set[Form]]
NOTHING = Hits({}, {}, {}, {}, frozenset(), ())
_EFFECT_FORMS = {
    "verbs": Form.VERB,
    "intransitive": Form.INTRANSITIVE,
    "nouns": Form.NOUN,
    "adjectives": Form.ADJECTIVE,
    "terms": Form.TERM,
    "anaphora": Form.ANAPHOR,
}


def concept_patterns(concept: Concept) -> Iterator[tuple[str, Form]]:
    """A concept's patterns with their forms."""
    for name, form in _EFFECT_FORMS.items():
        for pattern in getattr(concept, name):
            yield pattern, form


def claim_patterns(claim: Claim) -> Iterator[tuple[str, Form]]:
    """A claim's own patterns with their forms."""
    yield from ((pattern, Form.IDIOM) for pattern in claim.match.idioms)
    yield from ((pattern, Form.DENIAL) for pattern in claim.match.denials)
    yield from ((pattern, Form.VETO) for pattern in claim.match.vetoes)
    yield from ((pattern, Form.SENTENCE_VETO) for pattern in claim.match.sentence_vetoes)


def cue_patterns(cue: Cue) -> Iterator[tuple[str, Form]]:
    """A cue list's patterns."""
    return ((pattern, Form.CUE) for pattern in cue.terms)


def concept_levels(concepts: Iterable[Concept]) -> tuple[tuple[str, ...], ...]:
    """Concept ids in layers, each referring only to layers before it. Raises PatternError on a circle."""
    graph = {
        concept.id: {*concept.includes, *(ref for pattern, _ in concept_patterns(concept) for ref in references(pattern))}
        for concept in concepts
    }
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise PatternError(f"concepts refer to each other in a circle: {' -> '.join(error.args[1])}") from error
    layers = []
    while sorter.is_active():
        ready = sorter.get_ready()
        layers.append(tuple(sorted(ready)))
        sorter.done(*ready)
    return tuple(layers)


@dataclass(frozen=True, slots=True)
class _Level:
    """Patterns that refer only to concepts of earlier levels, and the concepts that take in others' hits after them."""

    trie: Trie
    includes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The readings of a sentence, by those concepts named before that its anaphors ask for."""

    tied: frozenset[str]
    readings: dict[frozenset[str], Hits]


class Lexicon:
    """Compiled patterns. `find` is pure: the same words give the same hits."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        layers = concept_levels(knowledge.concepts.values())
        level_of = {concept: index for index, layer in enumerate(layers) for concept in layer}
        rows = [
            (owner, parse(pattern), 1 + max((level_of[ref] for ref in references(pattern)), default=-1))
            for owner, pattern in _owned_patterns(knowledge)
        ]
        self._owners = tuple(dict.fromkeys(owner for owner, _, _ in rows))
        self._levels = tuple(_levels(rows, layers, knowledge, {owner: number for number, owner in enumerate(self._owners)}))
        self._seen: dict[tuple[str, ...], _Seen] = {}
        self._anaphoric = frozenset(concept.id for concept in knowledge.concepts.values() if concept.anaphora)
        self._noise = frozenset(concept.id for concept in knowledge.concepts.values() if concept.kind is ConceptKind.NOISE)
        self.vocabulary = frozenset(word for _, row, _ in rows for word in words_of(row))

    def find_all(self, rows: Iterable[tuple[str, ...]]) -> Iterator[Hits]:
        """The hits of a document's sentences, in order: an anaphor counts where its concept was named a moment before."""
        named: dict[str, int] = {}
        for index, words in enumerate(rows):
            recent = frozenset(concept for concept, at in named.items() if index - at <= ANAPHOR_REACH)
            seen = self._seen.get(words)
            hits = seen.readings.get(recent & seen.tied) if seen is not None else None
            if hits is None:
                hits, tied = self._search(words, recent)
                if tied is not None:
                    self._remember(words, recent & tied, tied, hits)
            named.update(dict.fromkeys(hits.concepts.keys() & self._anaphoric, index))
            yield hits

    def _remember(self, words: tuple[str, ...], recent: frozenset[str], tied: frozenset[str], hits: Hits) -> None:
        """Posts of one author repeat their sentences; the oldest are forgotten."""
        if len(self._seen) >= MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        self._seen.setdefault(words, _Seen(tied, {})).readings[recent] = hits

    def find(self, words: tuple[str, ...], recent: frozenset[str] = frozenset()) -> Hits:
        """All hits in a row of normalised words; `recent` are the concepts named a moment before."""
        return self._search(words, recent)[0]

    def _search(self, words: tuple[str, ...], recent: frozenset[str]) -> tuple[Hits, frozenset[str] | None]:
        """The hits, and the concepts whose anaphors make them depend on `recent` (None if that cannot be told)."""
        tied: set[str] = set()
        certain = True
        concepts: dict[str, Spans] = {}
        found: dict[int, dict[tuple[int, int], None]] = {}
        concept_hits: dict[int, dict[str, list[int]]] = {}
        for depth, level in enumerate(self._levels):
            fresh: dict[str, Spans] = {}
            for number, first, end in level.trie.scan(words, concept_hits, concepts):
                owner = self._owners[number]
                if owner.form in _CONCEPT_FORMS:
                    fresh.setdefault(owner.id, {}).setdefault((first, end), set()).add(owner.form)
                    if owner.form is Form.ANAPHOR:
                        tied.add(owner.id)
                        certain = certain and depth == 0  # deeper ones hang on other concepts in turn
                else:
                    found.setdefault(number, {})[first, end] = None
            for concept in [concept for concept in fresh if concept in self._anaphoric and concept not in recent]:
                _drop_unnamed(fresh, concept, concepts.get(concept, {}))
            for part, whole in level.includes:
                for spans in (concepts.get(part, {}), fresh.get(part, {})):
                    for span, forms in spans.items():
                        fresh.setdefault(whole, {}).setdefault(span, set()).update(forms)
            for concept, spans in fresh.items():
                known = concepts.setdefault(concept, {})
                for (first, end), forms in spans.items():
                    if (first, end) not in known:
                        concept_hits.setdefault(first, {}).setdefault(concept, []).append(end)
                    known.setdefault((first, end), set()).update(forms)
            if not concepts:
                break
        return (self._settle(concepts, found) if concepts or found else NOTHING), frozenset(tied) if certain else None

    def _settle(self, concepts: dict[str, Spans], found: dict[int, dict[tuple[int, int], None]]) -> Hits:
        """Drop what stands inside noise, and hits inside longer hits of their own owner."""
        noise = [span for concept in self._noise & concepts.keys() for span in concepts[concept]]

        def kept(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
            outer = _outermost(spans)
            return [span for span in outer if not _inside(span, noise)] if noise else outer

        by_form: dict[Form, dict[str, tuple[Hit, ...]]] = {form: {} for form in Form}
        for number, places in found.items():
            owner = self._owners[number]
            outer = kept(places) if owner.form in (Form.IDIOM, Form.DENIAL) else _outermost(places)
            if outer:
                by_form[owner.form][owner.id] = tuple(Hit(owner.id, owner.form, first, end) for first, end in outer)
        settled = {
            concept: tuple(Hit(concept, form, *span) for span in outer for form in sorted(spans[span]))
            for concept, spans in concepts.items()
            if concept not in self._noise and (outer := kept(spans))
        }
        return Hits(
            concepts=settled,
            idioms=by_form[Form.IDIOM],
            denials=by_form[Form.DENIAL],
            vetoes=by_form[Form.VETO],
            sentence_vetoes=frozenset(by_form[Form.SENTENCE_VETO]),
            cues=tuple(sorted((hit for hits in by_form[Form.CUE].values() for hit in hits), key=lambda hit: (hit.first, -hit.end))),
        )


def _owned_patterns(knowledge: KnowledgeBase) -> Iterator[tuple[Owner, str]]:
    for concept in knowledge.concepts.values():
        yield from ((Owner(concept.id, form), pattern) for pattern, form in concept_patterns(concept))
    for claim in knowledge.claims.values():
        yield from ((Owner(claim.id, form), pattern) for pattern, form in claim_patterns(claim))
    for cue in knowledge.cues.values():
        yield from ((Owner(cue.id, form), pattern) for pattern, form in cue_patterns(cue))


def _levels(
    rows: list[tuple[Owner, Row, int]], layers: tuple[tuple[str, ...], ...], knowledge: KnowledgeBase, numbers: dict[Owner, int]
) -> Iterator[_Level]:
    for index in range(max(len(layers), 1 + max((level for _, _, level in rows), default=0))):
        trie = Trie((row, numbers[owner]) for owner, row, level in rows if level == index)
        layer = layers[index] if index < len(layers) else ()
        yield _Level(
            trie,
            tuple((part, whole) for whole in layer for part in knowledge.concepts[whole].includes),
        )


@dataclass(frozen=True, slots=True)
class Compiled:
    """A knowledge base ready for matching. A text that names no psychedelic is read with the small `background` lexicon."""

    full: Lexicon
    background: Lexicon
    agents: Lexicon

    @classmethod
    def of(cls, knowledge: KnowledgeBase) -> Compiled:
        """Compile all patterns of a knowledge base."""
        facts = {claim.id: claim for claim in knowledge.claims.values() if claim.match.agent is AgentRule.NONE}
        agents = [concept.id for concept in knowledge.concepts.values() if concept.kind is ConceptKind.AGENT]
        named = {name for claim in facts.values() for name in _names(claim)}
        return cls(
            full=Lexicon(knowledge),
            background=Lexicon(replace(knowledge, claims=facts, concepts=_reached(knowledge.concepts, named | _always(knowledge)))),
            agents=Lexicon(replace(knowledge, claims={}, cues={}, concepts=_reached(knowledge.concepts, agents))),
        )

    def for_text(self, rows: Iterable[tuple[str, ...]]) -> Lexicon:
        """The lexicon that a text needs."""
        return self.full if any(hits.concepts for hits in self.agents.find_all(rows)) else self.background


def _names(claim: Claim) -> Iterator[str]:
    """The concepts that a claim's match names."""
    for frame in claim.match.frames:
        yield from (*frame.effects, *frame.targets)
    for pattern, _ in claim_patterns(claim):
        yield from references(pattern)


def _always(knowledge: KnowledgeBase) -> set[str]:
    """The concepts that bear on any claim: noise, effects (the nearest governs), and what cues refer to."""
    kinds = (ConceptKind.NOISE, ConceptKind.EFFECT)
    own = {concept.id for concept in knowledge.concepts.values() if concept.kind in kinds}
    return own | {name for cue in knowledge.cues.values() for pattern, _ in cue_patterns(cue) for name in references(pattern)}


def _reached(concepts: Mapping[str, Concept], start: Iterable[str]) -> dict[str, Concept]:
    """The concepts named and all that they refer to or include."""
    reached: dict[str, Concept] = {}
    waiting = list(start)
    while waiting:
        concept = concepts[waiting.pop()]
        if concept.id not in reached:
            reached[concept.id] = concept
            waiting += concept.includes
            waiting += [name for pattern, _ in concept_patterns(concept) for name in references(pattern)]
    return {name: reached[name] for name in concepts if name in reached}


def _drop_unnamed(fresh: dict[str, Spans], concept: str, known: Spans) -> None:
    """Drop the anaphors of a concept that is not named before them in the sentence."""
    spans = fresh[concept]
    named = min((first for rows in (spans, known) for (first, _), forms in rows.items() if forms != {Form.ANAPHOR}), default=None)
    for span in [span for span, forms in spans.items() if forms == {Form.ANAPHOR} and (named is None or span[0] < named)]:
        del spans[span]
    if not spans:
        del fresh[concept]


_CONCEPT_FORMS = frozenset(_EFFECT_FORMS.values())


def _outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that lie in no other, sorted by place."""
    kept: list[tuple[int, int]] = []
    for first, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((first, end))
    return kept


def _inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(first <= span[0] and span[1] <= end for first, end in others)
