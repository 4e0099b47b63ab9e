"""The sources of a claim, named shortly and linked."""

from __future__ import annotations

from urllib.parse import quote

from claimcheck.model import Claim, KnowledgeBase, Source


def sources_of(claim: Claim, knowledge: KnowledgeBase) -> tuple[Source, ...]:
    """The sources of a claim's evidence, each once, in the order of the evidence."""
    return tuple(knowledge.sources[name] for name in dict.fromkeys(row.source for row in claim.evidence))


def link(source: Source) -> str | None:
    """The address of a source's DOI, safe to stand in any markup."""
    return f"https://doi.org/{quote(source.doi, safe='/')}" if source.doi else None


def short(source: Source) -> str:
    """First author and year; what is not known is left out, at worst the id stands alone."""
    first, *more = source.authors.split(", ") if source.authors else (source.group or source.id,)
    return " ".join(filter(None, (first, "et al." if more else "", str(source.year or ""))))
