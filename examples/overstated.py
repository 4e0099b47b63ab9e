"""Print what the texts of a folder overstate, a line each, in the form that editors jump to: path:line:column: claim: words.

Run: python examples/overstated.py posts/
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import claimcheck


def overstated(path: str) -> Iterator[str]:
    """A line for each overstated claim, and for each document that cannot be read. Raises ClaimcheckError."""
    knowledge = claimcheck.KnowledgeBase.load()
    for report in claimcheck.check_path(path, knowledge=knowledge):
        if report.error:
            yield f"{report.path}:1:1: {report.error}"
        for finding in report.findings:
            if finding.severity is claimcheck.Severity.WARNING:
                words = report.readable(finding.span)
                yield f"{report.path}:{finding.line}:{finding.column}: {finding.claim}: {words} ({knowledge.claims[finding.claim].label})"


if __name__ == "__main__":
    try:
        for line in overstated(sys.argv[1] if len(sys.argv) > 1 else "."):
            # a name or a text may hold control characters, which a terminal would obey
            print("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line))
    except claimcheck.ClaimcheckError as error:
        sys.exit(f"overstated: {error}")
