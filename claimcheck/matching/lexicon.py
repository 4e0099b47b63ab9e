"""The knowledge base's patterns, compiled: one pass over a sentence gives every hit of concepts, idioms, vetoes and cues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from claimcheck.matching.trie import Trie, group_hits
from claimcheck.model import Claim, Concept, ConceptKind, Cue, KnowledgeBase
from claimcheck.patterns.syntax import PatternError, expand, references

# an anaphor means its concept if that was named in the sentence before it or in this many sentences back
ANAPHOR_REACH = 3


class Form(StrEnum):
    """What a hit is: a plain term, an effect by its way of binding, a part of a claim, or a cue."""

    TERM = "term"
    VERB = "verb"
    INTRANSITIVE = "intransitive"
    NOUN = "noun"
    ADJECTIVE = "adjective"
    ANAPHOR = "anaphor"
    IDIOM = "idiom"
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
    vetoes: dict[str, tuple[Hit, ...]]
    sentence_vetoes: frozenset[str]
    cues: tuple[Hit, ...]

    def of(self, concepts: Iterable[str]) -> list[Hit]:
        """The hits of several concepts."""
        return [hit for concept in concepts for hit in self.concepts.get(concept, ())]


NOTHING = Hits({}, {}, {}, frozenset(), ())
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


class Lexicon:
    """Compiled patterns. `find` is pure: the same words give the same hits."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._owners: list[Owner] = []
        self._includes: list[list[tuple[str, str]]] = []
        self._tries: list[Trie] = []
        self._noise = frozenset(concept.id for concept in knowledge.concepts.values() if concept.kind is ConceptKind.NOISE)
        numbers: dict[Owner, int] = {}

        def number(owner_id: str, form: Form) -> int:
            owner = Owner(owner_id, form)
            if owner not in numbers:
                numbers[owner] = len(self._owners)
                self._owners.append(owner)
            return numbers[owner]

        layers = concept_levels(knowledge.concepts.values())
        layer_of = {concept: index for index, layer in enumerate(layers) for concept in layer}
        plain: list[tuple[str, Owner]] = []
        layered: dict[int, list[tuple[str, Owner]]] = defaultdict(list)
        for index, layer in enumerate(layers):
            for concept_id in layer:
                concept = knowledge.concepts[concept_id]
                for pattern, form in concept_patterns(concept):
                    (layered[index] if references(pattern) else plain).append((pattern, Owner(concept_id, form)))
            self._includes.append([(part, concept_id) for concept_id in layer for part in knowledge.concepts[concept_id].includes])
        for owner_id, patterns in [
            *((claim.id, claim_patterns(claim)) for claim in knowledge.claims.values()),
            *((cue.id, cue_patterns(cue)) for cue in knowledge.cues.values()),
        ]:
            for pattern, form in patterns:
                refs = references(pattern)
                place = layered[1 + max(layer_of[ref] for ref in refs)] if refs else plain
                place.append((pattern, Owner(owner_id, form)))
        self._includes += [[] for _ in range(len(layers), 1 + max(layered, default=0))]
        for level in range(len(self._includes)):
            rows = plain if level == 0 else layered.get(level, [])
            self._tries.append(Trie((sequence, number(owner.id, owner.form)) for pattern, owner in rows for sequence in expand(pattern)))
        self.vocabulary = frozenset(word for trie in self._tries for word in trie.words())

    def find(self, words: tuple[str, ...]) -> Hits:
        """All hits in a row of normalised words."""
        found: dict[Owner, dict[tuple[int, int], Form]] = defaultdict(dict)
        concept_hits: dict[str, dict[int, list[int]]] = {}
        concepts: dict[str, dict[tuple[int, int], Form]] = defaultdict(dict)
        for trie, includes in zip(self._tries, self._includes, strict=True):
            for number, first, end in trie.scan(words, concept_hits):
                owner = self._owners[number]
                if owner.form in _CONCEPT_FORMS:
                    concepts[owner.id][first, end] = owner.form
                else:
                    found[owner][first, end] = owner.form
            for part, whole in includes:
                if part in concepts:
                    concepts[whole].update(concepts[part])
            if not concepts:
                if not found:
                    return NOTHING
                continue
            concept_hits = group_hits((concept, first, end) for concept, spans in concepts.items() for first, end in spans)
        return self._settle(concepts, found)

    def _settle(self, concepts: dict[str, dict[tuple[int, int], Form]], found: dict[Owner, dict[tuple[int, int], Form]]) -> Hits:
        """Drop what stands inside noise, and hits inside longer hits of their own concept."""
        noise = [span for concept in self._noise & concepts.keys() for span in concepts[concept]]

        def kept(owner_id: str, spans: dict[tuple[int, int], Form]) -> tuple[Hit, ...]:
            outer = _outermost(spans)
            return tuple(Hit(owner_id, spans[span], *span) for span in outer if not _inside(span, noise))

        by_form: dict[Form, dict[str, tuple[Hit, ...]]] = defaultdict(dict)
        for owner, spans in found.items():
            by_form[owner.form][owner.id] = (
                kept(owner.id, spans) if owner.form is Form.IDIOM else tuple(Hit(owner.id, owner.form, *span) for span in _outermost(spans))
            )
        cues = sorted((hit for hits in by_form[Form.CUE].values() for hit in hits), key=lambda hit: (hit.first, -hit.end))
        settled = {concept: hits for concept, spans in concepts.items() if concept not in self._noise and (hits := kept(concept, spans))}
        return Hits(settled, by_form[Form.IDIOM], by_form[Form.VETO], frozenset(by_form[Form.SENTENCE_VETO]), tuple(cues))


def resolve_anaphora(rows: Iterable[Hits]) -> Iterator[Hits]:
    """The hits of a document's sentences, keeping an anaphor only where its concept was named a moment before."""
    named: dict[str, int] = {}
    for index, hits in enumerate(rows):
        kept: dict[str, tuple[Hit, ...]] = {}
        changed = False
        for concept, found in hits.concepts.items():
            recent = concept in named and index - named[concept] <= ANAPHOR_REACH
            first = next((hit.first for hit in found if hit.form is not Form.ANAPHOR), None)
            alive = tuple(hit for hit in found if hit.form is not Form.ANAPHOR or recent or (first is not None and first < hit.first))
            if first is not None or alive:
                named[concept] = index
            changed |= len(alive) != len(found)
            if alive:
                kept[concept] = alive
        yield replace(hits, concepts=kept) if changed else hits


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
