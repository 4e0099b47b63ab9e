"""Markdown: markup is blanked out at equal length, so that offsets in the masked text are offsets in the file.

markdown-it says which lines make which block; what it does not call text (front matter, code, link definitions) is blanked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from claimcheck.documents import page, passages, plain
from claimcheck.documents.blocks import Stretch, reads_as_heading, with_references
from claimcheck.documents.comments import heard_in
from claimcheck.documents.decoding import decode
from claimcheck.documents.entities import decode_entities
from claimcheck.model import WORD_JOINER, BlockKind, Document, Span

_PARSER = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("inline")

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\r?\n(?=\s*[\w.\"-]+\s*:|\s*#).*?^(?:---|\.\.\.)|\+\+\+[ \t]*\r?\n.*?^\+\+\+)[ \t]*\r?$", re.DOTALL | re.MULTILINE
)
_FOLDED = r"[>|][-+1-9]{0,2}[ \t]*(?:#.*)?\r?$"
_TITLE = re.compile(
    rf"^(?:title|subtitle|description)[ \t]*[:=][ \t]*(?!{_FOLDED})([\"']?)(?=\S)(.*?)\1[ \t]*\r?$", re.MULTILINE | re.IGNORECASE
)
# its text is all that is indented below
_FOLDED_TITLE = re.compile(
    rf"^(?:title|subtitle|description)[ \t]*:[ \t]*{_FOLDED}\n((?:(?:[ \t].*)?\r?\n)*)", re.MULTILINE | re.IGNORECASE
)

_CODE = re.compile(r"(?<![`\\])(`{1,8})(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TARGET = r"\(\s*(?:<[^<>\n]*>|(?:[^()\s<]|\([^()\s]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
_IMAGE = re.compile(rf"!\[[^\[\]]*\](?:{_TARGET}|\[[^\[\]]*\])")
_LINK = re.compile(rf"(?<!!)\[([^\[\]]+)\](?:{_TARGET}|\[[^\[\]]*\])")
_STRUCK = re.compile(r"~~(?=\S)[^~]+~~")
_ATTRIBUTES = re.compile(r"\{[#.][^{}\n]*\}\s*$")
_TASK = re.compile(r"\A\[[ xX]\](?=\s)")
_GAP = re.compile(r"<(?:br|img)\b[^<>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][^\s/<>]{0,100}+)(?P<attributes>[^<>]{0,500})>")
# they hold what no reader sees
_RAW = frozenset({"script", "style"})
_UNSEEN = _RAW | {"template"}
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_EMPHASIS_IN_WORD = re.compile(r"(?<=\w)\*{1,3}(?=\w)")

# what starts a block of its own although CommonMark would go on with the paragraph
_BULLET = re.compile(r"[•–▪◦‣·✓✔]\s+(?=\S)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:")
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)[^*_]+\1")
_STOP = re.compile(r"[.!?:]['\"”’)\]*_]*$")
LONGEST_WRAPPED = 110


@dataclass(frozen=True, slots=True)
class _Part:
    """A block of text: its lines without what marks them as a quote or an item. A `loose` one is a heading if it reads like one."""

    kind: BlockKind
    lines: tuple[Span, ...]
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Masked:
    """A block as it is read, at the offset where it starts."""

    kind: BlockKind
    start: int
    text: str
    loose: bool = False

    def settled(self, masked: str) -> Stretch:
        """The block as kind, start and end in the masked text."""
        end = self.start + len(self.text)
        content = masked[self.start : end].strip()
        is_heading = self.loose and reads_as_heading(content) and not _FOOTNOTE.match(content)
        return BlockKind.HEADING if is_heading else self.kind, self.start, end


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of a Markdown file. Raises UnreadableError."""
    return from_text(decode(data, name), name)


def from_text(text: str, name: str) -> Document:
    """The document in a Markdown text."""
    front = _FRONT_MATTER.match(text)
    body = front.end() if front else 0
    lines = [Span(match.start(), match.end()) for match in _LINE.finditer(text)]
    tokens = _PARSER.parse(plain.blank_out(text[:body]) + text[body:].replace("\0", " "))
    parts = [part for block in _blocks(text, tokens, lines) for part in _split(text, block)]
    spoken = _without_code(text, [*_rows(tokens, lines, "fence", "code_block"), *(code for part in parts for code in _code(text, part))])
    found = [
        *_titles(text[:body]),
        *(_masked(spoken, part) for part in parts),
        *(block for token in tokens if token.type == "html_block" for block in _html(spoken, _places(text, token, lines))),
    ]
    found.sort(key=lambda block: block.start)
    masked = plain.mask("".join(_laid_out(text, found)))
    blocks = with_references(masked, (block.settled(masked) for block in found))
    told = heard_in(spoken, blocks, name)
    return Document(name, text, masked, blocks, suppressions=told.suppressions, notes=told.notes)


def _rows(tokens: Iterable[Token], lines: Sequence[Span], *types: str) -> Iterator[Span]:
    """Where the tokens of some types stand, in whole lines."""
    for token in tokens:
        if token.type in types and token.map:
            first, last = token.map
            yield Span(lines[first].start, lines[last - 1].end)


def _blocks(text: str, tokens: Iterable[Token], lines: Sequence[Span]) -> Iterator[_Part]:
    """The blocks of text that markdown-it finds; paragraphs outside of quotes are loose."""
    within: list[Token] = []
    cell = Span(0, 0)
    for token in tokens:
        if token.nesting > 0:
            within.append(token)
        elif token.nesting < 0:
            within.pop()
        elif token.type == "inline" and token.map:
            first = token.map[0]
            if within[-1].type in ("td_open", "th_open"):
                cell = _cell(text, token.content, lines[first], cell)
                yield _Part(BlockKind.ITEM, (cell,))
            else:
                kind = _kind(within, token.content)
                yield _Part(kind, _places(text, token, lines), kind is BlockKind.PARAGRAPH and len(within) == 1)


def _kind(within: Sequence[Token], content: str) -> BlockKind:
    if within[-1].type == "heading_open":
        # a paragraph above a rule is a heading to CommonMark
        is_heading = within[-1].markup != "-" or reads_as_heading(content)
        return BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH
    return BlockKind.ITEM if any(token.type == "list_item_open" for token in within) else BlockKind.PARAGRAPH


def _places(text: str, token: Token, lines: Sequence[Span]) -> tuple[Span, ...]:
    """Where the content of a token stands in its lines: marks of quotes, items and headings stand before, closing marks behind."""
    first, last = token.map or (0, 0)
    return tuple(_place(text, content.strip(), line) for content, line in zip(token.content.split("\n"), lines[first:last], strict=False))


def _place(text: str, content: str, line: Span) -> Span:
    at = text.rfind(content, line.start, line.end)
    return Span(at, at + len(content)) if at >= 0 else line


def _cell(text: str, content: str, row: Span, before: Span) -> Span:
    """Where a cell stands in its row, after the cell before."""
    raw = content.replace("|", "\\|")
    at = text.find(raw, before.end if before.start >= row.start else row.start, row.end)
    return Span(at, at + len(raw)) if at >= 0 else Span(row.end, row.end)


def _split(text: str, part: _Part) -> Iterator[_Part]:
    """A block, cut where its author meant more than one: at typed bullets, footnotes, bold lines, and lines that are whole paragraphs."""
    kind = part.kind
    lines: list[Span] = []
    for line in part.lines:
        content = text[line.start : line.end]
        bullet = _BULLET.match(content)
        if lines and (bullet or _FOOTNOTE.match(content) or _ends_paragraph(text[lines[-1].start : lines[-1].end])):
            yield _Part(kind, tuple(lines), part.loose and kind is part.kind and len(lines) == 1)
            kind, lines = part.kind, []
        if bullet and kind is BlockKind.PARAGRAPH:
            kind, line = BlockKind.ITEM, Span(line.start + bullet.end(), line.end)
        lines.append(line)
    yield _Part(kind, tuple(lines), part.loose and kind is part.kind and len(lines) == 1)


def _ends_paragraph(line: str) -> bool:
    return bool(_BOLD_LINE.fullmatch(line)) or (len(line) > LONGEST_WRAPPED and bool(_STOP.search(line)))


def _code(text: str, part: _Part) -> Iterator[Span]:
    """Where inline code stands in a block."""
    start = part.lines[0].start
    for match in _CODE.finditer(text[start : part.lines[-1].end]):
        yield Span(start + match.start(), start + match.end())


def _without_code(text: str, code: Iterable[Span]) -> str:
    """The text with blanks in the place of code, where a comment asks for nothing."""
    return plain.without(text, sorted(code, key=lambda span: span.start))


def _titles(front_matter: str) -> Iterator[_Masked]:
    """What the front matter says that a reader sees."""
    for match in _TITLE.finditer(front_matter):
        yield _Masked(BlockKind.HEADING, match.start(2), match[2])
    for match in _FOLDED_TITLE.finditer(front_matter):
        yield _Masked(BlockKind.HEADING, match.start(1), match[1])


def _masked(text: str, part: _Part) -> _Masked:
    return _Masked(part.kind, part.lines[0].start, _mask_inline(_joined(text, part.lines)), part.loose)


def _html(text: str, lines: Sequence[Span]) -> Iterator[_Masked]:
    """The text in a block of HTML."""
    source = _joined(text, lines)
    found = page.parse(source).passages
    masked = passages.mask(source, found)
    for passage in found:
        yield _Masked(passage.kind, lines[0].start + passage.start, masked[passage.start : passage.end])


def _joined(text: str, lines: Sequence[Span]) -> str:
    """What stands in some lines, in order, and blanks between them, from the first to the end of the last."""
    pieces = [text[lines[0].start : lines[0].end]]
    for before, line in pairwise(lines):
        pieces += [plain.blank_out(text[before.end : line.start]), text[line.start : line.end]]
    return "".join(pieces)


def _mask_inline(text: str) -> str:
    """The text of a block without its markup, at equal length; markup inside a word is filled with word joiners."""
    for pattern in (_COMMENT, _IMAGE, _STRUCK, _ATTRIBUTES, _TASK, _GAP):
        text = pattern.sub(plain.blank, text)
    text = _LINK.sub(_keep_label, plain.without(text, _hidden(text)))
    for pattern in (_TAG, _ESCAPE, _EMPHASIS_IN_WORD, plain.EMPHASIS):
        text = pattern.sub(_fill, text)
    return decode_entities(text)


def _hidden(text: str) -> Iterator[Span]:
    """Where the elements in a block stand that no reader sees; an unclosed one ends with the block."""
    start = depth = 0
    hidden = ""
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if depth and name == hidden:
            depth += -1 if tag["close"] else name not in _RAW
            if depth == 0:
                yield Span(start, tag.end())
        elif not depth and not tag["close"] and not text.endswith("\\", 0, tag.start()) and _opens_hidden(name, tag["attributes"]):
            start, depth, hidden = tag.start(), 1, name
    if depth:
        yield Span(start, len(text))


def _opens_hidden(name: str, attributes: str) -> bool:
    is_empty = name in page.VOID or attributes.endswith("/")
    return not is_empty and (name in _UNSEEN or page.hides(attributes))


def _keep_label(link: re.Match[str]) -> str:
    (start, end), (first, last) = link.span(), link.span(1)
    return _filled(link.string, start, first) + link[1] + _filled(link.string, last, end)


def _fill(markup: re.Match[str]) -> str:
    return _filled(markup.string, *markup.span())


def _filled(text: str, start: int, end: int) -> str:
    """Word joiners in the place of markup that stands between two visible characters, else blanks."""
    if text[max(0, start - 1) : start].strip() and text[end : end + 1].strip():
        return WORD_JOINER * (end - start)
    return plain.blank_out(text[start:end])


def _laid_out(text: str, blocks: Iterable[_Masked]) -> Iterator[str]:
    """The text with nothing left but the given blocks, which are in order."""
    at = 0
    for block in blocks:
        yield plain.blank_out(text[at : block.start])
        yield block.text
        at = block.start + len(block.text)
    yield plain.blank_out(text[at:])
