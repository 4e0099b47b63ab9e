"""How does the text put a claim? Cues with scope, after ConText (Harkema et al., J Biomed Inform 2009).

A cue looks forward, backward or both ways for the claim it frames, inside its clause unless its list says otherwise. Limits
of species, dose and reporter carry through the paragraph. The first framing that applies wins: denied, questioned, scoped,
hedged, asserted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claimcheck.matching.lexicon import Hit, Hits
from claimcheck.matching.matcher import Matched
from claimcheck.model import Block, BlockKind, Cue, CueRole, CueScope, Framing, Label, Mention, Reason, Sentence

# the limit that each label stands for
LIMITS = {Label.ANIMAL_ONLY: CueRole.ANIMAL, Label.MACRODOSE_ONLY: CueRole.MACRODOSE, Label.ANECDOTAL: CueRole.REPORT}
NEGATION_REACH = 12
# doses from which psilocybin (mg, g of mushrooms) and LSD (µg) count as full
FULL_DOSE = {
    "mg": 10.0,
    "milligram": 10.0,
    "milligrams": 10.0,
    "g": 1.0,
    "gram": 1.0,
    "grams": 1.0,
    "µg": 50.0,
    "ug": 50.0,
    "mcg": 50.0,
    "microgram": 50.0,
    "micrograms": 50.0,
}


@dataclass(frozen=True, slots=True)
class Framed:
    """A framing with the cues that decided it."""

    framing: Framing
    because: tuple[Reason, ...] = ()


class Framer:
    """Frames the mentions of one document."""

    def __init__(self, matched: Matched, blocks: Sequence[Block], cues: Mapping[str, Cue]) -> None:
        self._sentences = matched.sentences
        self._blocks = blocks
        self._cues = tuple(tuple(_effective(found, cues)) for found in matched.hits)

    def frame(self, mention: Mention, label: Label) -> Framed:
        """The framing of a mention, given the label of its claim."""
        sentence = self._sentences[mention.sentence]
        near = tuple(self._in_scope(mention))
        denials = [hit for hit, cue in near if cue.role in (CueRole.NEGATION, CueRole.DENIAL)]
        if mention.null or denials:
            return self._verdict(Framing.DENIED, mention.sentence, denials, "negation")
        questions = [hit for hit, cue in near if cue.role is CueRole.QUESTION]
        if questions or sentence.question:
            return self._verdict(Framing.QUESTIONED, mention.sentence, questions, "question")
        if label in LIMITS:
            limits = self._limits(mention, LIMITS[label])
            if limits:
                return Framed(Framing.SCOPED, limits)
        hedges = [hit for hit, cue in near if cue.role in (CueRole.HEDGE, CueRole.REPORT)]
        if hedges:
            return self._verdict(Framing.HEDGED, mention.sentence, hedges, "hedge")
        return Framed(Framing.ASSERTED)

    def _verdict(self, framing: Framing, sentence: int, hits: Iterable[Hit], role: str) -> Framed:
        return Framed(framing, tuple(_reason(self._sentences[sentence], hit, role) for hit in hits))

    def _in_scope(self, mention: Mention) -> Iterator[tuple[Hit, Cue]]:
        """The cues of a sentence whose scope holds the mention."""
        rows = self._cues[mention.sentence]
        breaks = [hit for hit, cue in rows if cue.role is CueRole.BREAK]
        for hit, cue in rows:
            if cue.role is not CueRole.BREAK and _reaches(hit, cue, mention, breaks):
                yield hit, cue

    def _limits(self, mention: Mention, role: CueRole) -> tuple[Reason, ...]:
        """The limits of a role in the mention's sentence, or failing that in its paragraph."""
        own = tuple(self._limits_of(mention.sentence, role, paragraph=False))
        if own:
            return own
        return tuple(reason for at in self._paragraph(mention.sentence) for reason in self._limits_of(at, role, paragraph=True))[:1]

    def _limits_of(self, at: int, role: CueRole, *, paragraph: bool) -> Iterator[Reason]:
        sentence = self._sentences[at]
        for hit, cue in self._cues[at]:
            if cue.role is role and (not paragraph or cue.scope is CueScope.PARAGRAPH):
                yield _reason(sentence, hit, role.value)
        if role is CueRole.MACRODOSE:
            yield from _full_doses(sentence)

    def _paragraph(self, at: int) -> Iterator[int]:
        """The other sentences of the same block, earlier ones first by nearness, then later ones; for an item, its list's intro."""
        block = self._sentences[at].block
        yield from (index for index in range(at - 1, -1, -1) if self._sentences[index].block == block)
        yield from (index for index in range(at + 1, len(self._sentences)) if self._sentences[index].block == block)
        if self._blocks[block].kind is BlockKind.ITEM:
            for index in range(at - 1, -1, -1):
                kind = self._blocks[self._sentences[index].block].kind
                if kind is not BlockKind.ITEM:
                    yield index
                    return


def _effective(hits: Hits, cues: Mapping[str, Cue]) -> Iterator[tuple[Hit, Cue]]:
    """The cues of a sentence; a pseudo cue ("not only") silences what stands inside it, a longer cue a shorter one of its role."""
    rows = [(hit, cues[hit.id]) for hit in hits.cues]
    for hit, cue in rows:
        if cue.role is CueRole.PSEUDO:
            continue
        silenced = any(
            other is not hit
            and other.first <= hit.first
            and hit.end <= other.end
            and (other_cue.role is CueRole.PSEUDO or (other_cue.role is not cue.role and other.end - other.first > hit.end - hit.first))
            for other, other_cue in rows
        )
        if not silenced:
            yield hit, cue


def _reaches(hit: Hit, cue: Cue, mention: Mention, breaks: Sequence[Hit]) -> bool:
    if cue.scope in (CueScope.SENTENCE, CueScope.PARAGRAPH):
        return True
    if hit.first < mention.last and mention.first < hit.end:
        return True
    forward = hit.end <= mention.first
    if (forward and cue.scope is CueScope.BACKWARD) or (not forward and cue.scope is CueScope.FORWARD):
        return False
    start, end = (hit.end, mention.first) if forward else (mention.last, hit.first)
    if cue.role is CueRole.NEGATION and end - start > NEGATION_REACH:
        return False
    return not cue.ends_at_clause or not any(start <= wall.first < end for wall in breaks)


def _full_doses(sentence: Sentence) -> Iterator[Reason]:
    """Amounts in the range of a full dose, as "25 mg"."""
    for index, (number, unit) in enumerate(zip(sentence.words, sentence.words[1:], strict=False)):
        if unit in FULL_DOSE and number[0].isdigit():
            try:
                amount = float(number.replace(",", ""))
            except ValueError:
                continue
            if amount >= FULL_DOSE[unit]:
                yield Reason(f"{number} {unit}", CueRole.MACRODOSE.value, sentence.starts[index], sentence.ends[index + 1])


def _reason(sentence: Sentence, hit: Hit, role: str) -> Reason:
    return Reason(" ".join(sentence.words[hit.first : hit.end]), role, sentence.starts[hit.first], sentence.ends[hit.end - 1])
