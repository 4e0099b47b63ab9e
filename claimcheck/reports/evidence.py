"""A claim's evidence rows as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from claimcheck.model import Claim, Evidence, KnowledgeBase, Resolution, Source, Species, Stance
from claimcheck.reports.indent import Indented
from claimcheck.reports.style import DOSE_WORDS, FAINT, GREEN, OCHRE, RED, STANCE_SIGNS, TIER_WORDS

_STANCE_STYLES = {Stance.SUPPORTS: GREEN, Stance.DISPUTES: RED, Stance.MIXED: OCHRE}


def evidence_lines(claim: Claim, knowledge: KnowledgeBase, *, detailed: bool = False) -> Iterator[RenderableType]:
    """A line for each row; `detailed` adds finding, limit, citation, identifiers, and how the founding documents miscite it."""
    for row in claim.evidence:
        source = knowledge.sources[row.source]
        yield _row_line(row, source)
        if detailed:
            yield Indented(Text(row.finding), 2)
            yield Indented(Text(f"Limit: {row.limit}", style=FAINT), 2)
            yield Indented(Text(source.citation + identifiers(source), style=FAINT), 2)
            for cited in source.cited_by:
                if cited.resolution is not Resolution.EXACT and cited.problem:
                    yield Indented(Text(f"Cited by {cited.document} ({cited.resolution}): {cited.problem}", style=FAINT), 2)
            yield Text()


def identifiers(source: Source) -> str:
    """DOI and PMID as far as they are known, with a leading blank."""
    doi = f" https://doi.org/{source.doi}" if source.doi else ""
    return doi + (f" PMID {source.pmid}" if source.pmid else "")


def setting(row: Evidence, source: Source) -> str:
    """In whom, at what dose and how a finding was made, as far as it is known."""
    species = "" if row.species is Species.NONE else str(row.species)
    return ", ".join(filter(None, (species, DOSE_WORDS[row.dose], TIER_WORDS[row.tier], f"n={source.n}" if source.n else "")))


def _row_line(row: Evidence, source: Source) -> Text:
    line = Text(f"{STANCE_SIGNS[row.stance]} {row.stance} ", style=_STANCE_STYLES[row.stance])
    return line.append(source.id, style="not bold").append(f" ({setting(row, source)})", style=FAINT)
