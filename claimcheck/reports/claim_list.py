"""The claims of a knowledge base as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from claimcheck.model import Claim
from claimcheck.reports.style import LABEL_STYLES, label_words


def claim_rows(claims: Iterable[Claim]) -> str:
    """The claims as a JSON list of id, group, statement, label, contested and number of evidence rows."""
    rows = [
        {
            "id": claim.id,
            "group": claim.group,
            "statement": claim.statement,
            "label": claim.label,
            "contested": claim.contested,
            "evidence": len(claim.evidence),
        }
        for claim in claims
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def claim_table(claims: Iterable[Claim]) -> Table:
    """The claims as a table of id, label and statement."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("claim", overflow="fold")
    table.add_column("label", no_wrap=True)
    table.add_column("statement", ratio=1)
    for claim in claims:
        table.add_row(Text(claim.id, style="bold"), Text(label_words(claim), style=LABEL_STYLES[claim.label]), claim.statement)
    return table
