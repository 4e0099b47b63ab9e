"""The passages of a page as masked text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claimcheck.documents.entities import decode_entities
from claimcheck.documents.page import Passage
from claimcheck.documents.plain import blank_out
from claimcheck.model import WORD_JOINER


def mask(text: str, passages: Iterable[Passage]) -> str:
    """A text of which only the given passages (in order) are left, at equal length.

    Entities are decoded, tags blanked; a tag inside a word is filled with word joiners.
    """
    return "".join(_pieces(text, passages))


def _pieces(text: str, passages: Iterable[Passage]) -> Iterator[str]:
    at = 0
    for passage in passages:
        before = " "
        for run in passage.runs:
            content = decode_entities(text[run.start : run.end])
            gap = text[at : run.start]
            inside_word = run.joined and not before.isspace() and not content[0].isspace()
            yield WORD_JOINER * len(gap) if inside_word else blank_out(gap)
            yield content
            before = content[-1]
            at = run.end
    yield blank_out(text[at:])
