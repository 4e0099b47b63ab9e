"""Sentences and words. Of all that checks, the only module that imports spaCy; it needs no model, only the blank English pipeline."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.attrs import IDX, ORTH, SENT_START, SPACY
from spacy.lang.en import English, EnglishDefaults
from spacy.pipeline import Sentencizer

from claimcheck.model import WORD_JOINER, Block, BlockKind, Document, Sentence, Span
from claimcheck.patterns.words import normalise

# a Doc holds a whole block in memory: very long lines are cut at white space
LONGEST_PIECE = 50_000
# in words; matching looks at pairs, so its cost grows with the square of this
LONGEST_SENTENCE = 250
# spaCy keeps every word it has seen: start anew before endless input fills the memory
LARGEST_VOCABULARY = 200_000

Piece = tuple[str, int, int]

# "the default mode network (DMN) is": the bracket only repeats what stands before it
_ABBREVIATION = re.compile(r"(?<=\w )\((?:[A-Z]{2,6}s?|[A-Z][A-Za-z]?[A-Z]{1,4})\)")

SPACED_HYPHEN: tuple[Piece, ...] = (("—", 0, 1),)

# the tokenizer takes marks and "'s" around a word off one by one, which is quadratic: of a longer row only the first is read
_MARKS = re.compile(r"([^\w\s]|_)(?:[^\w\s]|_|(?<=['’])[sS](?!\w)){50,}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTES = re.compile(r"[\"“”„«»‘’'`*_~\-‐‑\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_DASH = re.compile(r"[–—]|--+")
_UNIT = re.compile(r"(\d[\d.,]*)(mg|g|kg|ug|µg|μg|mcg|micrograms?|mics?|milligrams?|grams?)", re.IGNORECASE)
_SUBWORD = re.compile(r"[^-‐‑/\[\]<>{}|\\=+*#()]+")
_EDGE_QUOTES = "\"“”„«»‘’'`*_~"
# fillers, and blanks after a blank
_UNSEEN = re.compile(f"{WORD_JOINER}+|(?<=\\s)\\s+")
_INLINE_BULLET = re.compile(r"(?<=[.!?:]) [-•–] (?=[A-Z])")


class _Defaults(EnglishDefaults):
    # "binds to TrkB." and "5-HT2A." end a sentence, where spaCy sees abbreviations
    suffixes = (*(EnglishDefaults.suffixes or ()), r"(?<=[a-z][A-Z])\.", r"(?<=[0-9][A-Za-z])\.", r"(?<=[A-Z][0-9])\.")


class _English(English):  # type: ignore[no-untyped-call]
    """spaCy's blank English pipeline; the rules are set before it is built, since changing them later costs a rebuild."""

    Defaults = _Defaults


class Language:
    """Cuts documents into sentences of normalised words.

    A reusable tool with a word cache; the result depends on the document alone.
    """

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._nlp = _English()
        self._sentencizer = Sentencizer()
        self._hyphen = self._nlp.vocab.strings.add("-")
        self._pieces: dict[int, tuple[Piece, ...]] = {}

    def sentences(self, document: Document) -> tuple[Sentence, ...]:
        """The sentences of a document in order, headings and list items included; offsets index `document.text`."""
        if len(self._nlp.vocab) > LARGEST_VOCABULARY:
            self._start()
        return tuple(
            sentence
            for index, block in enumerate(document.blocks)
            for span in _cuts(document.masked, block)
            for sentence in self._of_stretch(document, span, index)
        )

    def _of_stretch(self, document: Document, span: Span, block: int) -> Iterator[Sentence]:
        text, offsets = _as_read(document, span)
        doc = self._sentencizer(self._nlp.make_doc(_readable(text)))
        pieces_of = self._pieces
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        # plain integers out of one array: several times faster than asking every Token object
        spaced = True
        for orth, offset, opens, space in doc.to_array([ORTH, IDX, SENT_START, SPACY]).tolist():
            if opens == 1 and words:
                yield from _sentence(words, starts, ends, block)
                words, starts, ends = [], [], []
            pieces = pieces_of.get(orth)
            if pieces is None:
                pieces = self._remember(orth)
            if orth == self._hyphen and spaced and space:
                pieces = SPACED_HYPHEN  # " - " is a dash, "default-mode" is not
            spaced = bool(space)
            base = span.start + offset
            for word, start, end in pieces:
                words.append(word)
                starts.append(base + start if offsets is None else offsets[offset + start])
                ends.append(base + end if offsets is None else _end(document, offsets[offset + end - 1]))
        yield from _sentence(words, starts, ends, block)

    def _remember(self, orth: int) -> tuple[Piece, ...]:
        # a token of invisible marks alone is no word
        pieces = self._pieces[orth] = tuple(piece for piece in _pieces(self._nlp.vocab.strings[orth]) if piece[0])
        return pieces


def _sentence(words: list[str], starts: list[int], ends: list[int], block: int) -> Iterator[Sentence]:
    """The sentence of these words, unless it holds none with letters; an endless one (no full stop in a megabyte) in pieces."""
    for at in range(0, len(words), LONGEST_SENTENCE):
        cut = slice(at, at + LONGEST_SENTENCE)
        part = tuple(words[cut])
        if any(word[0].isalpha() for word in part):
            yield Sentence(starts[at], ends[cut][-1], block, part, tuple(starts[cut]), tuple(ends[cut]), "?" in part[-3:])


def _as_read(document: Document, span: Span) -> tuple[str, Sequence[int] | None]:
    """A stretch as a reader sees it, and the offset of each of its characters, unless they follow one another.

    "don&rsquo;t" is masked with fillers after the apostrophe, a link with blanks around it, and spaCy knows the words only without them.
    """
    text = document.masked[span.start : span.end]
    if _UNSEEN.search(text) is None:
        return text, None
    kept: list[int] = []
    at = 0
    for match in _UNSEEN.finditer(text):
        kept.extend(range(span.start + at, span.start + match.start()))
        at = match.end()
    kept.extend(range(span.start + at, span.end))
    return _UNSEEN.sub("", text), kept


def _end(document: Document, last: int) -> int:
    """The end of a word whose last character is at an offset: after the whole entity, if it is written as one."""
    end = last + 1
    if document.text[last] == "&":
        while document.masked[end : end + 1] == WORD_JOINER:
            end += 1
    return end


def _readable(text: str) -> str:
    """The text without what spaCy cannot read (lone surrogates, endless rows of marks) and what only repeats (abbreviations).

    Its length stays.
    """
    text = _MARKS.sub(lambda match: match[1].ljust(len(match.group())), _SURROGATE.sub("\ufffd", text))
    return _ABBREVIATION.sub(lambda match: " " * len(match.group()), text)


def _pieces(token: str) -> Iterator[Piece]:
    """The normalised words in one spaCy token, with their offsets in it."""
    if _DASH.fullmatch(token):
        yield "—", 0, len(token)
        return
    if _QUOTES.fullmatch(token):
        return
    if token[0] in "'’" or (len(token) == 1):
        yield normalise(token), 0, len(token)
        return
    for match in _SUBWORD.finditer(token):
        text = match.group()
        start = match.start() + len(text) - len(text.lstrip(_EDGE_QUOTES))
        text = text.strip(_EDGE_QUOTES)
        if not text:
            continue
        unit = _UNIT.fullmatch(text)
        if unit:
            yield unit.group(1), start, start + unit.end(1)
            yield normalise(unit.group(2)).replace("μ", "µ"), start + unit.start(2), start + len(text)
        else:
            yield normalise(text), start, start + len(text)


def _cuts(text: str, block: Block) -> Iterator[Span]:
    """A block in stretches: cut where a bullet was glued into a paragraph, and at white space if it is very long."""
    marks = [block.start]
    if block.kind is not BlockKind.REFERENCE:
        marks += [match.start() for match in _INLINE_BULLET.finditer(text, block.start, block.end)]
    marks.append(block.end)
    for start, end in pairwise(marks):
        while end - start > LONGEST_PIECE:
            cut = text.rfind(" ", start + 1, start + LONGEST_PIECE)
            cut = start + LONGEST_PIECE if cut <= start else cut
            yield Span(start, cut)
            start = cut
        yield Span(start, end)


def line_starts(text: str) -> list[int]:
    """The offset of every line's first character; lines end at \\n, \\r\\n or \\r."""
    return [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]


def line_and_column(starts: list[int], offset: int) -> tuple[int, int]:
    """The 1-based line and column of an offset, given `line_starts` of its text."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
