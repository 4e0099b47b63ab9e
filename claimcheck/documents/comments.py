"""What an author tells claimcheck in a comment: `claimcheck: ignore dmn-reset creativity -- reason`, without ids for all claims.

`ignore` holds for the paragraph, heading or item that the comment stands in; alone on its line, for the next one. `ignore-file` holds
for the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimcheck.model import Block, Span, Suppression

# an HTML comment that speaks to us, as it may stand in any text format
COMMENT = re.compile(r"<!--\s*claimcheck:.*?-->", re.DOTALL)
_WISH = re.compile(r"claimcheck:\s*(ignore(?:-file)?)\b([\w\s,-]*?)(?:--(.*?))?\s*(?:-->|\Z)", re.DOTALL)


def wish_of(comment: str, block: Span, everything: Span) -> Suppression | None:
    """What a comment asks for, or None if it asks for nothing: `ignore` in the span of its block, `ignore-file` everywhere."""
    match = _WISH.search(comment)
    if match is None:
        return None
    claims = frozenset(re.split(r"[\s,]+", match.group(2).strip())) - {""}
    return Suppression(everything if match.group(1) == "ignore-file" else block, claims, (match.group(3) or "").strip())


def suppressions(text: str, blocks: Sequence[Block]) -> tuple[Suppression, ...]:
    """The wishes in the comments of a text whose blocks are known; a comment after the last block asks for nothing."""
    wishes = []
    for match in COMMENT.finditer(text):
        block = _block_of(match, text, blocks)
        wish = wish_of(match.group(), block, Span(0, len(text)))
        if wish is not None:
            wishes.append(wish)
    return tuple(wishes)


def _block_of(comment: re.Match[str], text: str, blocks: Sequence[Block]) -> Span:
    """The block on whose lines a comment stands (in a table the cells of its row), else the next one, else nothing."""
    line_start = text.rfind("\n", 0, comment.start()) + 1
    line_end = text.find("\n", comment.end())
    line_end = len(text) if line_end < 0 else line_end
    beside = [block for block in blocks if block.start < line_end and line_start < block.end]
    after = (block for block in blocks if block.start >= comment.end())
    first, last = (beside[0], beside[-1]) if beside else (next(after, None),) * 2
    return Span(first.start, last.end) if first and last else Span(len(text), len(text))
