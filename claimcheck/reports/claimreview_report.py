"""ClaimReview (schema.org) as JSON-LD: one review for each claim found in a document, the rating from the claim's label.

The rating is of the claim, by its evidence; what the document made of it stands in the rating's name. A document that could not be read
has no review (it is named on stderr). The JSON may stand inside a <script> element as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from claimcheck.model import Claim, DocumentReport, Finding, Label, Source
from claimcheck.reports.citing import link, sources_of
from claimcheck.reports.places import is_url, relative, uri
from claimcheck.reports.renderer import Options
from claimcheck.reports.safe import without_surrogates
from claimcheck.reports.style import label_words, verdict
from claimcheck.reports.summary import Summary

RATINGS = {Label.SUPPORTED: 4, Label.MACRODOSE_ONLY: 3, Label.ANIMAL_ONLY: 2, Label.ANECDOTAL: 1}
_CLAIMCHECK = {"@type": "Organization", "name": "claimcheck"}
# `</script>` and `<!--` end or change a script element wherever they stand
_MARKUP = re.compile("[<>&]")


class ClaimReviewReport:
    """One graph for the run, written as documents finish."""

    def __init__(self, summary: Summary, options: Options) -> None:
        self._knowledge = summary.knowledge
        self._options = options
        self._separator = "\n"

    def begin(self) -> Iterator[str]:
        """The context."""
        yield '{"@context": "https://schema.org", "@graph": ['

    def document(self, report: DocumentReport) -> Iterator[str]:
        """A review for each claim, in the order in which the document makes them."""
        worst: dict[str, Finding] = {}
        for finding in report.findings:
            known = worst.setdefault(finding.claim, finding)
            if finding.severity.rank > known.severity.rank:
                worst[finding.claim] = finding
        for finding in worst.values():
            yield self._separator + _dump(self._review(finding, report))
            self._separator = ",\n"

    def end(self) -> Iterator[str]:
        """The end of the graph."""
        yield "\n]}\n"

    def _review(self, finding: Finding, report: DocumentReport) -> dict[str, Any]:
        claim = self._knowledge.claims[finding.claim]
        today = self._options.today
        return {
            "@type": "ClaimReview",
            "identifier": claim.id,
            "claimReviewed": claim.statement,
            **({"datePublished": today.isoformat()} if today else {}),
            "author": _CLAIMCHECK,
            "publisher": _CLAIMCHECK,
            "reviewRating": _rating(claim, finding),
            "reviewBody": f"{claim.explanation} Fair: {claim.fair_wording}",
            "itemReviewed": {
                "@type": "Claim",
                "text": without_surrogates(report.readable(finding.sentence)),
                "appearance": self._appearance(report.path),
            },
            "citation": [_citation(source) for source in sources_of(claim, self._knowledge)],
        }

    def _appearance(self, path: str) -> dict[str, str]:
        """The article: its address if it is known, else its file name, for a file has no address that others could follow."""
        where = {"url": uri(path, None)} if is_url(path) else {"name": without_surrogates(relative(path, self._options.root))}
        return {"@type": "CreativeWork", **where}


def _rating(claim: Claim, finding: Finding) -> dict[str, Any]:
    return {
        "@type": "Rating",
        "ratingValue": RATINGS[claim.label],
        "bestRating": max(RATINGS.values()),
        "worstRating": min(RATINGS.values()),
        "alternateName": f"{label_words(claim)}; in the text: {verdict(finding)}",
        "ratingExplanation": f"{claim.label}: {claim.label.meaning}",
    }


def _citation(source: Source) -> dict[str, str]:
    address = link(source)
    return {
        "@type": "ScholarlyArticle" if source.journal else "CreativeWork",
        "name": source.citation,
        **({"url": address} if address else {}),
    }


def _dump(value: dict[str, Any]) -> str:
    return _MARKUP.sub(lambda match: f"\\u{ord(match.group()):04x}", json.dumps(value, ensure_ascii=True))
