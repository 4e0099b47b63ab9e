"""How labels, framings and severities look in a terminal: always a word, a sign and a colour, never colour alone."""

from __future__ import annotations

from claimcheck.model import Claim, Dose, Framing, Label, Severity, Stance, Tier

LABEL_STYLES = {Label.SUPPORTED: "green", Label.MACRODOSE_ONLY: "yellow", Label.ANIMAL_ONLY: "magenta", Label.ANECDOTAL: "cyan"}
SEVERITY_STYLES = {Severity.WARNING: "bold red", Severity.NOTE: "bold yellow", Severity.OK: "green"}
SEVERITY_WORDS = {Severity.WARNING: "! overstated", Severity.NOTE: "~ hedged, limit missing", Severity.OK: "= fine"}
FRAMING_WORDS = {
    Framing.ASSERTED: "flat",
    Framing.HEDGED: "hedged",
    Framing.SCOPED: "limit named",
    Framing.DENIED: "denied",
    Framing.QUESTIONED: "asked",
}
STANCE_SIGNS = {Stance.SUPPORTS: "+", Stance.DISPUTES: "-", Stance.MIXED: "±"}
DOSE_WORDS = {Dose.MICRO: "microdose", Dose.MACRO: "full dose", Dose.POOLED: "all doses pooled", Dose.NONE: ""}
TIER_WORDS = {Tier.A: "controlled", Tier.B: "uncontrolled", Tier.C: "self-report", Tier.P: "preclinical", Tier.E: "opinion or review"}


def label_words(claim: Claim) -> str:
    """The label, and that it is contested where it is."""
    return f"{claim.label}, contested" if claim.contested else str(claim.label)


def plural(number: int, word: str) -> str:
    """1 claim, 2 claims."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
