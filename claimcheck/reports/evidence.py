"""A claim's evidence rows as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from claimcheck.model import Claim, Evidence, KnowledgeBase, Resolution, Source, Species, Stance
from claimcheck.reports.style import DOSE_WORDS, STANCE_SIGNS, TIER_WORDS

_STANCE_STYLES = {Stance.SUPPORTS: "green", Stance.DISPUTES: "red", Stance.MIXED: "yellow"}


def evidence_lines(claim: Claim, knowledge: KnowledgeBase, *, detailed: bool = False) -> Iterator[RenderableType]:
    """A line for each row; `detailed` adds finding, limit, citation, identifiers, and how the founding documents miscite it."""
    for row in claim.evidence:
        source = knowledge.sources[row.source]
        yield _row_line(row, source)
        if detailed:
            yield Padding(Text(row.finding), (0, 0, 0, 2))
            yield Padding(Text(f"Limit: {row.limit}", style="dim"), (0, 0, 0, 2))
            yield Padding(Text(source.citation + identifiers(source), style="dim"), (0, 0, 0, 2))
            for cited in source.cited_by:
                if cited.resolution is not Resolution.EXACT and cited.problem:
                    yield Padding(Text(f"Cited by {cited.document} ({cited.resolution}): {cited.problem}", style="dim"), (0, 0, 0, 2))
            yield Text()


def identifiers(source: Source) -> str:
    """DOI and PMID as far as they are known, with a leading blank."""
    doi = f" https://doi.org/{source.doi}" if source.doi else ""
    return doi + (f" PMID {source.pmid}" if source.pmid else "")


def _row_line(row: Evidence, source: Source) -> Text:
    where = ", ".join(
        filter(
            None,
            (
                "" if row.species is Species.NONE else str(row.species),
                DOSE_WORDS[row.dose],
                TIER_WORDS[row.tier],
                f"n={source.n}" if source.n else "",
            ),
        )
    )
    line = Text(f"{STANCE_SIGNS[row.stance]} {row.stance} ", style=_STANCE_STYLES[row.stance])
    return line.append(source.id, style="not bold").append(f" ({where})", style="dim")
