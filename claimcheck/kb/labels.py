"""From evidence to label: strongest evidence names it. The rule is told in knowledge/README.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claimcheck.model import Dose, Evidence, Label, Species, Stance, Tier

_PEOPLE = (Species.HUMAN, Species.NONE)
_MICRO = (Dose.MICRO, Dose.NONE)
_FULL = (Dose.MACRO, Dose.POOLED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A label, whether controlled human evidence disputes the claim, and the rows that decided."""

    label: Label
    contested: bool
    deciding: tuple[Evidence, ...]
    disputing: tuple[Evidence, ...]


def derive(rows: Iterable[Evidence]) -> Verdict:
    """The label that the evidence rows of a claim give."""
    rows = tuple(rows)
    supporting = [row for row in rows if row.stance is Stance.SUPPORTS]
    controlled = tuple(row for row in supporting if row.tier is Tier.A and row.species in _PEOPLE and row.dose in _MICRO)
    refuting = tuple(row for row in rows if row.stance is Stance.DISPUTES and row.tier is Tier.A and row.species is Species.HUMAN)
    full = tuple(row for row in supporting if row.tier in (Tier.A, Tier.B) and row.species is Species.HUMAN and row.dose in _FULL)
    preclinical = tuple(row for row in supporting if row.tier is Tier.P)
    if controlled and not any(row.dose in _MICRO for row in refuting):
        label, deciding = Label.SUPPORTED, controlled
    elif full:
        label, deciding = Label.MACRODOSE_ONLY, full
    elif preclinical:
        label, deciding = Label.ANIMAL_ONLY, preclinical
    else:
        label, deciding = Label.ANECDOTAL, tuple(supporting)
    disputing = tuple(row for row in refuting if row.dose is not Dose.MACRO or label is Label.MACRODOSE_ONLY)
    return Verdict(label, bool(disputing), deciding, disputing)
