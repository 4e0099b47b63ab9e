"""What the trained models read: lines (sentences with their place and what the rules say), cut into windows of word pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claimcheck.matching.agents import Agents
from claimcheck.matching.lexicon import Hits
from claimcheck.matching.wordpieces import WordPieces
from claimcheck.model import BlockKind, Document, Mention, Sentence

NO_AGENT = "none"
# words that a model names for a finding
MOST_REASONS = 3
# in word pieces: how much of a sentence is read, and how long a window grows
LONGEST_LINE = 90
LONGEST_WINDOW = 120
HEADING_WORDS = 14
PIECES_BEFORE = 40
OPENING, BREAK = "[CLS]", "[SEP]"
_MARKS = {BlockKind.HEADING: "#", BlockKind.ITEM: "-"}


class Words(NamedTuple):
    """Words words[first:end] of a sentence."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to read.

    `before` are the words of the sentence before it in the paragraph or list, `heading` those of the heading above; `context` names where
    the agent comes from, which it is, what kind of block it is, and the claims that the rules find.
    """

    words: tuple[str, ...]
    hits: Hits
    kind: BlockKind
    block: int
    before: tuple[str, ...]
    heading: tuple[str, ...]
    context: tuple[str, ...]

    @property
    def has_agent(self) -> bool:
        """Whether a psychedelic is named here or meant."""
        return f"agent={NO_AGENT}" not in self.context

    @property
    def is_ruled(self) -> bool:
        """Whether the rules find a claim here."""
        return any(name.startswith("rule=") for name in self.context)


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring lines that are read at once.

    `pieces` are the ids of all; line n has the pieces that begin at starts[n], and owners[n] names the word of each (-1: a mark).
    """

    pieces: tuple[int, ...]
    starts: tuple[int, ...]
    owners: tuple[tuple[int, ...], ...]


def lines_of(
    document: Document, sentences: Sequence[Sentence], hits: Sequence[Hits], agents: Agents, mentions: Sequence[Sequence[Mention]]
) -> Iterator[Line]:
    """The sentences of a document as lines; `mentions` are those of each sentence that the rules find."""
    before: tuple[str, ...] = ()
    heading: tuple[str, ...] = ()
    for index, sentence in enumerate(sentences):
        kind = document.blocks[sentence.block].kind
        if index and sentence.block != sentences[index - 1].block and kind is not BlockKind.ITEM:
            before = ()  # a paragraph is read by itself, so that it is read once however often it comes again
        agent = agents.of(index, 0, len(sentence.words))
        context = (
            f"agent={agent.source if agent else NO_AGENT}",
            f"named={agent.hit.concept if agent and agent.hit else ''}",
            f"microdosing={agents.is_about_microdosing(index)}",
            f"kind={kind}",
            *(f"rule={mention.claim}" for mention in mentions[index]),
        )
        yield Line(sentence.words, hits[index], kind, sentence.block, before, heading, context)
        before = sentence.words
        if kind is BlockKind.HEADING:
            heading = sentence.words


def windows(lines: Iterable[Line], pieces: WordPieces) -> Iterator[tuple[list[Line], Window]]:
    """Lines in windows of at most about LONGEST_WINDOW pieces: a paragraph each, or a list with what introduces it."""
    group: list[Line] = []
    cuts: list[list[tuple[int, int]]] = []
    size = 0
    for line in lines:
        own = cut(line, pieces)
        ends = bool(group) and line.block != group[-1].block and line.kind is not BlockKind.ITEM
        if group and (ends or size + len(own) > LONGEST_WINDOW):
            yield group, window_of(group[0].heading, _before(group[0], pieces), cuts, pieces)
            group, cuts, size = [], [], 0
        group.append(line)
        cuts.append(own)
        size += len(own)
    if group:
        yield group, window_of(group[0].heading, _before(group[0], pieces), cuts, pieces)


def cut(line: Line, pieces: WordPieces) -> list[tuple[int, int]]:
    """(piece, the word it belongs to) for the beginning of a line."""
    mark = [(piece, -1) for piece in pieces.of(_MARKS[line.kind])] if line.kind in _MARKS else []
    return (mark + [(piece, place) for place, word in enumerate(line.words) for piece in pieces.of(word)])[:LONGEST_LINE]


def window_of(heading: Sequence[str], before: Sequence[int], cuts: Sequence[Sequence[tuple[int, int]]], pieces: WordPieces) -> Window:
    """The window of some cut lines: after the words of the heading above and the pieces read before, each set off by a mark."""
    head = [piece for word in heading[:HEADING_WORDS] for piece in pieces.of(word)]
    row = [pieces.id_of(OPENING), *head, pieces.id_of(BREAK), *before, pieces.id_of(BREAK)]
    starts = []
    for line in cuts:
        starts.append(len(row))
        row += [piece for piece, _ in line]
    return Window((*row, pieces.id_of(BREAK)), tuple(starts), tuple(tuple(owner for _, owner in line) for line in cuts))


def _before(line: Line, pieces: WordPieces) -> list[int]:
    """The last pieces of the sentence before a line, unless that is its heading."""
    before = [piece for word in line.before for piece in pieces.of(word)] if line.before != line.heading else []
    return before[-PIECES_BEFORE:]
