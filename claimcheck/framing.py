"""How does the text put a claim? Cues with scope, after ConText (Harkema et al., J Biomed Inform 2009).

A cue looks forward, backward or both ways for the claim it frames, inside its clause unless its list says otherwise. Limits
of species, dose and reporter carry through the paragraph. The first framing that applies wins: denied, questioned, scoped,
hedged, asserted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claimcheck.matching.agents import MICRODOSING
from claimcheck.matching.lexicon import Hit, Hits
from claimcheck.matching.matcher import Matched
from claimcheck.model import Block, BlockKind, Claim, Cue, CueRole, CueScope, Framing, Label, Leaning, Mention, Reason, Sentence

# the limit that each label stands for
LIMITS = {
    Label.ANIMAL_ONLY: (CueRole.ANIMAL,),
    Label.MACRODOSE_ONLY: (CueRole.MACRODOSE,),
    Label.ANECDOTAL: (CueRole.REPORT, CueRole.SURVEY),
}
# words between a negation and what it negates
NEGATION_REACH = 12
# a negative claim is denied only by a negation right before it
NEAR = 2
# words between a hedge and the supported claim that it hedges
HEDGE_REACH = 5
# how far in its paragraph a limit carries: back further than on (measured on the annotated texts)
SENTENCES_BACK, SENTENCES_ON = 2, 1


# pages name the mice once and then drop them: sentences on either side in which they are still meant
ANIMAL_REACH = 4
# doses from which psilocybin (mg), mushrooms (g) and LSD (µg) count as full: 10 to 20 µg LSD is still called a microdose
FULL_DOSE = {"mg": 10.0, "milligram": 10.0, "milligrams": 10.0, "g": 1.0, "gram": 1.0, "grams": 1.0} | dict.fromkeys(
    ("µg", "ug", "mcg", "microgram", "micrograms", "mic", "mics"), 50.0
)


@dataclass(frozen=True, slots=True)
class Framed:
    """A framing with the cues that decided it."""

    framing: Framing
    because: tuple[Reason, ...] = ()


class Framer:
    """Frames the mentions of one document."""

    def __init__(self, matched: Matched, blocks: Sequence[Block], cues: Mapping[str, Cue]) -> None:
        self._sentences = matched.sentences
        self._micro = tuple(MICRODOSING in found.concepts for found in matched.hits)
        self._blocks = blocks
        self._cues = tuple(tuple(_effective(found, cues)) for found in matched.hits)

    def frame(self, mention: Mention, claim: Claim) -> Framed:
        """The framing of a mention of a claim: the rules' verdict, unless the trained models lean strongly to another."""
        framed = self._by_rules(mention, claim)
        if mention.leaning is None:
            return framed
        settled = _settled(framed.framing, mention.leaning, claim.label)
        if settled is framed.framing or (settled is Framing.HEDGED and self._names_reporters(framed, mention, claim)):
            return framed
        return Framed(settled, mention.leaning.because)

    def _names_reporters(self, framed: Framed, mention: Mention, claim: Claim) -> bool:
        """Whether the sentence itself says who reports an anecdotal claim: that is its limit, however it hedges besides."""
        sentence = self._sentences[mention.sentence]
        named = any(sentence.start <= reason.start < sentence.end for reason in framed.because)
        return claim.label is Label.ANECDOTAL and framed.framing is Framing.SCOPED and named

    def _by_rules(self, mention: Mention, claim: Claim) -> Framed:
        sentence = self._sentences[mention.sentence]
        near = tuple(self._in_scope(mention))
        denials = [hit for hit, cue in near if _denies(hit, cue, mention, claim)]
        if mention.null or denials:
            return self._verdict(Framing.DENIED, mention.sentence, denials, "negation")
        questions = [hit for hit, cue in near if cue.role is CueRole.QUESTION]
        if questions or sentence.question:
            return self._verdict(Framing.QUESTIONED, mention.sentence, questions, "question")
        roles = () if self._is_another_dose(mention, claim.label) else LIMITS.get(claim.label, ())
        limits = tuple(reason for role in roles for reason in self._limits_of(mention.sentence, role))
        if limits:
            return Framed(Framing.SCOPED, limits)
        carried = self._carried_limits(mention, roles)
        if carried and CueRole.ANIMAL in roles:  # an article on mice stays one on mice, however it hedges
            return Framed(Framing.SCOPED, carried)
        hedging = (CueRole.HEDGE,) if claim.label is Label.SUPPORTED else (CueRole.HEDGE, CueRole.REPORT)
        hedges = tuple(_reason(sentence, hit, "hedge") for hit, cue in near if cue.role in hedging and _hedges(hit, mention, claim))
        if hedges:
            return Framed(Framing.HEDGED, hedges)
        if carried:
            return Framed(Framing.SCOPED, carried)
        listed = self._hedges_of_list(mention.sentence, hedging)
        return Framed(Framing.HEDGED, listed) if listed else Framed(Framing.ASSERTED)

    def _verdict(self, framing: Framing, sentence: int, hits: Iterable[Hit], role: str) -> Framed:
        return Framed(framing, tuple(_reason(self._sentences[sentence], hit, role) for hit in hits))

    def _in_scope(self, mention: Mention) -> Iterator[tuple[Hit, Cue]]:
        """The cues of a sentence whose scope holds the mention."""
        rows = self._cues[mention.sentence]
        breaks = [hit for hit, cue in rows if cue.role is CueRole.BREAK]
        for hit, cue in rows:
            if cue.role is not CueRole.BREAK and _reaches(hit, cue, mention, breaks):
                yield hit, cue

    def _is_another_dose(self, mention: Mention, label: Label) -> bool:
        """Whether a full dose in the sentence is not the one that has the effect ("unlike full doses, microdosing ...")."""
        return label is Label.MACRODOSE_ONLY and self._micro[mention.sentence]

    def _hedges_of_list(self, at: int, roles: Sequence[CueRole]) -> tuple[Reason, ...]:
        """The hedges of the sentence that introduces a list ("users report:"), for a list item."""
        lead = self._lead(at)
        if lead is None:
            return ()
        return tuple(_reason(self._sentences[lead], hit, "hedge") for hit, cue in self._cues[lead] if cue.role in roles)

    def _lead(self, at: int) -> int | None:
        """The sentence before the list that a sentence stands in."""
        if self._blocks[self._sentences[at].block].kind is not BlockKind.ITEM:
            return None
        return next(
            (index for index in range(at - 1, -1, -1) if self._blocks[self._sentences[index].block].kind is not BlockKind.ITEM), None
        )

    def _carried_limits(self, mention: Mention, roles: Sequence[CueRole]) -> tuple[Reason, ...]:
        """A limit named in the sentences around, if there is one."""
        around = self._neighbours(mention.sentence) if CueRole.ANIMAL in roles else self._paragraph(mention.sentence)
        return tuple(reason for at in around for role in roles for reason in self._limits_of(at, role, carried=True))[:1]

    def _limits_of(self, at: int, role: CueRole, *, carried: bool = False) -> Iterator[Reason]:
        sentence = self._sentences[at]
        for hit, cue in self._cues[at]:
            if cue.role is role and (not carried or cue.scope is CueScope.PARAGRAPH):
                yield _reason(sentence, hit, role.value)
        if role is CueRole.MACRODOSE:
            yield from _full_doses(sentence)

    def _paragraph(self, at: int) -> Iterator[int]:
        """The other sentences of the same block, the nearest first; for a list item, what introduces the list."""
        block = self._sentences[at].block
        same = [
            index
            for index in range(max(0, at - SENTENCES_BACK), min(len(self._sentences), at + SENTENCES_ON + 1))
            if self._sentences[index].block == block and index != at
        ]
        yield from sorted(same, key=lambda index: (abs(index - at), index))
        lead = self._lead(at)
        if lead is not None:
            yield lead

    def _neighbours(self, at: int) -> Iterator[int]:
        for step in range(1, ANIMAL_REACH + 1):
            if at - step >= 0:
                yield at - step
            if at + step < len(self._sentences):
                yield at + step


def _settled(ruled: Framing, leaning: Leaning, label: Label) -> Framing:
    """The likeliest framing; what is supported has no limit to name."""
    possible = [framing for framing in leaning.logits if framing is not Framing.SCOPED or label is not Label.SUPPORTED]
    return max(possible, key=lambda framing: leaning.logits[framing] + (leaning.trust[framing] if framing is ruled else 0))


def _hedges(hit: Hit, mention: Mention, claim: Claim) -> bool:
    """Whether a cue hedges the claim: what is supported is hedged only by words right before it."""
    return claim.label is not Label.SUPPORTED or hit.end + HEDGE_REACH >= mention.first


def _denies(hit: Hit, cue: Cue, mention: Mention, claim: Claim) -> bool:
    """Whether a cue denies the claim. "No better than placebo" refutes a benefit, but it is what a negative claim says."""
    if cue.role is CueRole.REFUTATION:
        return True
    if cue.role is CueRole.NEGATION and mention.idiom and mention.first <= hit.first and hit.end <= mention.last:
        return False  # the idiom itself says "have not smoked since"
    if cue.role not in (CueRole.NEGATION, CueRole.DENIAL):
        return False
    return not claim.match.negative or (hit.end <= mention.first <= hit.end + NEAR)


def _family(role: CueRole) -> CueRole:
    """Negation, denial and refutation are one thing when cues compete for the same words."""
    return CueRole.NEGATION if role in (CueRole.DENIAL, CueRole.REFUTATION) else role


def _effective(hits: Hits, cues: Mapping[str, Cue]) -> Iterator[tuple[Hit, Cue]]:
    """The cues of a sentence; a longer cue, and above all a pseudo cue ("not only"), silences what stands inside it."""
    rows = [(hit, cues[hit.id]) for hit in hits.cues]
    for hit, cue in rows:
        if cue.role is CueRole.PSEUDO:
            continue
        silenced = any(
            other is not hit
            and other.first <= hit.first
            and hit.end <= other.end
            and (
                other_cue.role is CueRole.PSEUDO
                or (_family(other_cue.role) != _family(cue.role) and other.end - other.first > hit.end - hit.first)
            )
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
    if cue.scope is (CueScope.BACKWARD if forward else CueScope.FORWARD):
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
