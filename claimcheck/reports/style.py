"""How labels, framings and severities look in a terminal: always a word, a sign and a colour, never colour alone."""

from __future__ import annotations

from claimcheck.model import Claim, Dose, Finding, Framing, Label, Severity, Stance, Tier

# of the 256 colours those that stand out alike from black and from white (contrast 4 and more); rich finds the nearest where there are less
GREEN, OCHRE, PURPLE, TEAL, RED, FAINT = "color(28)", "color(130)", "color(133)", "color(30)", "color(161)", "color(243)"
LABEL_STYLES = {Label.SUPPORTED: GREEN, Label.MACRODOSE_ONLY: OCHRE, Label.ANIMAL_ONLY: PURPLE, Label.ANECDOTAL: TEAL}
SEVERITY_STYLES = {Severity.WARNING: f"bold {RED}", Severity.NOTE: f"bold {OCHRE}", Severity.OK: GREEN}
SEVERITY_SIGNS = {Severity.WARNING: "!", Severity.NOTE: "~", Severity.OK: "="}
SEVERITY_NAMES = {Severity.WARNING: "overstated", Severity.NOTE: "hedged, limit missing", Severity.OK: "fine"}
SEVERITY_WORDS = {severity: f"{sign} {SEVERITY_NAMES[severity]}" for severity, sign in SEVERITY_SIGNS.items()}
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


def verdict(finding: Finding) -> str:
    """What the text made of the claim: overstated; hedged, limit missing; or fine, and how it is put."""
    name = SEVERITY_NAMES[finding.severity]
    return f"{name}, {FRAMING_WORDS[finding.framing]}" if finding.severity is Severity.OK else name


def plural(number: int, word: str) -> str:
    """1 claim, 2 claims."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
