"""Character entities (`&rsquo;`), decoded in place."""

from __future__ import annotations

import re
from html import unescape

from claimcheck.model import WORD_JOINER

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,40});?")
# soft hyphens, zero-width and direction marks: no reader sees them
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def decode_entities(text: str) -> str:
    """A text with each entity as its character and as many fillers as the entity is longer, at equal length."""
    return _ENTITY.sub(_character, text)


def _character(entity: re.Match[str]) -> str:
    given = entity.group()
    shown = unescape(given)
    if shown.isspace() or not shown:
        return " " * len(given)
    return _UNSEEN.sub("", shown).ljust(len(given), WORD_JOINER)
