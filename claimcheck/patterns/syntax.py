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
from itertools import product

from claimcheck.patterns.inflect import INFLECTIONS
from claimcheck.patterns.words import normalise

DEFAULT_GAP = 3
MOST_EXPANSIONS = 6_000


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


Element = str | Gap | Ref | Number
Sequence = tuple[Element, ...]

_TOKEN = re.compile(r"\.\.\d*|<[^<>\s]+>|[()\[\]|]|[^\s()\[\]|<>]+|[<>]")
_CLITIC = re.compile(r"(?i)(n't|'(?:s|re|ve|ll|d|m))$")


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


def expand(pattern: str) -> tuple[Sequence, ...]:
    """All sequences a pattern stands for. Raises PatternError on bad syntax or too many expansions."""
    tokens = _TOKEN.findall(pattern)
    sequences, rest = _alternatives(tokens, 0, closing=None)
    if rest != len(tokens):
        raise PatternError(f"unexpected {tokens[rest]!r}")
    unique = tuple(dict.fromkeys(sequences))
    if not unique or () in unique:
        raise PatternError("the pattern can match nothing at all")
    if any(isinstance(sequence[0], Gap) or isinstance(sequence[-1], Gap) for sequence in unique):
        raise PatternError("a gap must stand between two elements")
    return unique


def references(pattern: str) -> frozenset[str]:
    """The concept ids that a pattern refers to."""
    return frozenset(token[1:-1] for token in _TOKEN.findall(pattern) if token.startswith("<") and token.endswith(">") and len(token) > 2)


def _alternatives(tokens: list[str], at: int, closing: str | None) -> tuple[list[Sequence], int]:
    """Rows separated by |, up to the closing bracket; returns them with the index after it."""
    found: list[Sequence] = []
    while True:
        row, at = _row(tokens, at)
        found += row
        if at < len(tokens) and tokens[at] == "|":
            at += 1
            continue
        if closing is None:
            return found, at
        if at >= len(tokens) or tokens[at] != closing:
            raise PatternError(f"missing {closing!r}")
        return found, at + 1


def _row(tokens: list[str], at: int) -> tuple[list[Sequence], int]:
    parts: list[list[Sequence]] = []
    size = 1
    while at < len(tokens) and tokens[at] not in ")]|":
        if tokens[at] in "([":
            opening = tokens[at]
            options, at = _alternatives(tokens, at + 1, ")" if opening == "(" else "]")
            parts.append([*options, ()] if opening == "[" else options)
        else:
            parts.append([*_element(tokens[at])])
            at += 1
        size *= len(parts[-1])
        if size > MOST_EXPANSIONS:
            raise PatternError(f"more than {MOST_EXPANSIONS} expansions; split the pattern")
    return [tuple(element for part in row for element in part) for row in product(*parts)], at


def _element(token: str) -> Iterator[Sequence]:
    if token.startswith(".."):
        yield (Gap(int(token[2:] or DEFAULT_GAP)),)
    elif token == "#":
        yield (Number(),)
    elif token.startswith("<") and token.endswith(">") and len(token) > 2:
        yield (Ref(token[1:-1]),)
    elif token in "<>":
        raise PatternError("a concept is written <id>")
    else:
        word, slash, mark = token.rpartition("/")
        if slash and mark in INFLECTIONS and word:
            head, _, last = word.rpartition("-")
            for form in INFLECTIONS[mark](last.lower()):
                yield split_word(f"{head}-{form}" if head else form)
        elif slash and word:
            raise PatternError(f"unknown inflection /{mark} in {token!r}; known are /v /n /a")
        else:
            yield split_word(token)
