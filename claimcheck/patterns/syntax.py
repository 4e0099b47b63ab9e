"""The pattern language of the lexicon and the claim files, and its parser.

A pattern is a row of elements separated by spaces:

    amygdala            the word itself, any case, British or American
    reduce/v            every form of a verb; neuron/n of a noun; calm/a of an adjective
    (calm|soothe/v)     any of the alternatives, each a row of elements
    [the very]          optional elements
    <amygdala>          a hit of that concept
    ..  ..5             up to three (five) words of any kind, not across ; : . ( ) or a dash
    #                   a number

Hyphens between words do not count: "default mode" matches "default-mode".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claimcheck.patterns.inflect import INFLECTIONS
from claimcheck.patterns.words import normalise

DEFAULT_GAP = 3
LONGEST_GAP = 20


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` words of any kind."""

    most: int


@dataclass(frozen=True, slots=True)
class Ref:
    """A hit of the concept with this id."""

    concept: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in digits."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several rows; an empty row makes it optional."""

    rows: tuple[Row, ...]


Element = str | Gap | Ref | Number | Choice
Row = tuple[Element, ...]

_TOKEN = re.compile(r"\.\.\d*|<[^<>\s]+>|[()\[\]|]|[^\s()\[\]|<>]+|[<>]")
_CLITIC = re.compile(r"(?i)(n't|'(?:s|re|ve|ll|d|m))$")
_GROUP_MARK = re.compile(r"/[a-z]$")


def parse(pattern: str) -> Row:
    """The row of elements that a pattern stands for. Raises PatternError on bad syntax."""
    tokens = _TOKEN.findall(pattern)
    rows, rest = _rows(tokens, 0, closing=None)
    if rest != len(tokens):
        raise PatternError(f"unexpected {tokens[rest]!r}")
    row: Row = rows[0] if len(rows) == 1 else (Choice(rows),)
    if _may_be_empty(row):
        raise PatternError("the pattern can match nothing at all")
    if _may_touch_gap(row) or _may_touch_gap(_reversed(row)):
        raise PatternError("a gap must stand between two elements")
    return row


def references(pattern: str) -> frozenset[str]:
    """The concept ids that a pattern refers to."""
    return frozenset(token[1:-1] for token in _TOKEN.findall(pattern) if token.startswith("<") and token.endswith(">") and len(token) > 2)


def words_of(row: Row) -> Iterator[str]:
    """Every word that a row names."""
    for element in row:
        if isinstance(element, str):
            yield element
        elif isinstance(element, Choice):
            for option in element.rows:
                yield from words_of(option)


def split_word(word: str) -> tuple[str, ...]:
    """A word cut the way the tokenizer cuts text: at hyphens and before clitics ("don't" -> "do", "n't")."""
    parts: list[str] = []
    for piece in word.replace("\u2019", "'").split("-"):
        clitic = _CLITIC.search(piece)
        if clitic and clitic.start():
            parts += [piece[: clitic.start()], clitic.group()]
        elif piece:
            parts.append(piece)
    return tuple(normalise(part) for part in parts)


def _rows(tokens: list[str], at: int, closing: str | None) -> tuple[tuple[Row, ...], int]:
    """Rows separated by |, up to the closing bracket; returns them with the index after it."""
    found: list[Row] = []
    while True:
        row, at = _row(tokens, at)
        found.append(row)
        if at < len(tokens) and tokens[at] == "|":
            at += 1
        elif closing is None:
            return tuple(found), at
        elif at >= len(tokens) or tokens[at] != closing:
            raise PatternError(f"missing {closing!r}")
        else:
            return tuple(found), at + 1


def _row(tokens: list[str], at: int) -> tuple[Row, int]:
    elements: list[Element] = []
    while at < len(tokens) and tokens[at] not in ")]|":
        if tokens[at] in "([":
            optional = tokens[at] == "["
            rows, at = _rows(tokens, at + 1, "]" if optional else ")")
            if at < len(tokens) and _GROUP_MARK.fullmatch(tokens[at]):
                raise PatternError(f"{tokens[at]} after a bracket; put it after each word inside")
            elements.append(Choice((*rows, ()) if optional else rows))
        else:
            elements += _element(tokens[at])
            at += 1
    return tuple(elements), at


def _element(token: str) -> Row:
    if token.startswith(".."):
        most = int(token[2:] or DEFAULT_GAP)
        if most > LONGEST_GAP:
            raise PatternError(f"a gap of {most} words; at most {LONGEST_GAP} are allowed")
        return (Gap(most),)
    if token == "#":
        return (Number(),)
    if token.startswith("<") and token.endswith(">") and len(token) > 2:
        return (Ref(token[1:-1]),)
    if token in "<>":
        raise PatternError("a concept is written <id>")
    word, slash, mark = token.rpartition("/")
    if not slash or not word:
        return split_word(token)
    if mark not in INFLECTIONS:
        raise PatternError(f"unknown inflection /{mark} in {token!r}; known are /v /n /a")
    head, _, last = word.rpartition("-")
    forms = dict.fromkeys(INFLECTIONS[mark](last.lower()))
    return (Choice(tuple(split_word(f"{head}-{form}" if head else form) for form in forms)),)


def _may_be_empty(row: Row) -> bool:
    return all(isinstance(element, Gap) or (isinstance(element, Choice) and any(map(_may_be_empty, element.rows))) for element in row)


def _may_touch_gap(row: Row) -> bool:
    """Whether a row can begin with a gap."""
    for element in row:
        if isinstance(element, Gap):
            return True
        if not isinstance(element, Choice):
            return False
        if any(map(_may_touch_gap, element.rows)):
            return True
        if not any(map(_may_be_empty, element.rows)):
            return False
    return False


def _reversed(row: Row) -> Row:
    return tuple(Choice(tuple(map(_reversed, element.rows))) if isinstance(element, Choice) else element for element in reversed(row))
