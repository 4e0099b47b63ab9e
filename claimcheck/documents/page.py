"""HTML as passages: stretches of text that its block elements delimit, with their places in the source.

The standard library's parser keeps offsets too, but takes minutes for a few kilobytes of unclosed tags; the pattern here is linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from claimcheck.documents.blocks import is_wrapped, reads_as_heading
from claimcheck.model import BlockKind, Span

_MARKUP = re.compile(
    r"(?P<comment><!--(?:-?>|.*?(?:--!?>|\Z)))"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[^>\"'=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?|[\"'])*+)(?:>|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]++)(?:\s*+=\s*+(?:\"([^\"]*+)|'([^']*+)|([^\s\"'>]++)))?")


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


VOID = _names("area base br col embed hr img input link meta param source track wbr")
# up to their end tag, nothing in them is markup
_RAW = _names("iframe noembed noframes script style textarea title xmp")
_INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr noscript output q rp rt ruby s samp script "
    "small span strike strong style sub sup svg template time tt u var wbr button select img picture br input"
)
# what separates words though it is inline
_GAPS = _names("br img picture input button select svg")
_NO_TEXT = _names(
    "applet audio button canvas code datalist del dialog embed iframe map math noembed noframes noscript object "
    "option rp rt s script select strike style svg template textarea video"
)
_BOILERPLATE = _names("aside footer menu nav")
_BOILERPLATE_ROLES = _names("alertdialog complementary contentinfo dialog menu menubar navigation search")
_REFERENCE_ROLES = _names("doc-bibliography doc-endnotes doc-footnote")
_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_KINDS = {
    **dict.fromkeys(_HEADINGS | {"title", "summary"}, BlockKind.HEADING),
    **dict.fromkeys(_names("li dt dd"), BlockKind.ITEM),
}
_CELLS = _names("td th")
# blocks that hold no section of their own
_PARTS = _HEADINGS | _names(
    "address blockquote caption center dd details dl dt figcaption figure hr li ol p pre summary table tbody td tfoot th thead tr ul"
)
_ROOTS = _names("html body main article")
# an element that ends another one of its sort, up to the element that holds both
_ENDS = {
    "li": (_names("li"), _names("ul ol menu")),
    **dict.fromkeys(_names("dt dd"), (_names("dt dd"), _names("dl"))),
    **dict.fromkeys(_CELLS, (_CELLS, _names("table"))),
    **dict.fromkeys(_names("tr tbody tfoot"), (_names("tr"), _names("table"))),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, _names("section article div"))),
}
_FARTHEST_ENDED = 32
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SUSPECT = re.compile(
    r"(?:^|[\s_-])(?:cookies?|cookieconsent|consent|gdpr|onetrust|shar(?:e|ing)|social|related|recommended|comments?|disqus|sidebar|"
    r"newsletter|subscribe|breadcrumbs?|nav|navbar|navigation|menu|footer|popup|modal|promo|advert|advertisement|ads?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_REFERENCE_CLASS = re.compile(r"(?:^|\s)(?:references|reflist|footnotes|bibliography|endnotes)(?=$|\s)", re.IGNORECASE)
_BOLD = _names("b strong")
# a longer table cell is a paragraph: pages are laid out in tables too
MOST_CELL_WORDS = 40
# what a tag says after this many characters is data, not names
MOST_ATTRIBUTES = 4_000
# word processors write lists as paragraphs
_BULLETS = frozenset("•▪◦‣·✓✔")
_LONGEST_BULLET = len("&bullet;")
_NOTE_MARK = re.compile(r"[\s\d,;–*†‡§¶\[\]-]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Source text between two tags. `joined`: nothing separates its first word from the run before."""

    start: int
    end: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one block element, as runs in order.

    `element` is the name of the block element; `paragraph` is the same for the lines of one paragraph, `container` for what stands in the
    same section or box. `suspect` says that the names given to its surroundings are those of cookie banners, comments and the like;
    `linked` that all of it is a link.
    """

    kind: BlockKind
    element: str
    paragraph: int
    container: int
    runs: tuple[Run, ...]
    suspect: bool
    linked: bool

    @property
    def start(self) -> int:
        """Where its first run starts, in code points."""
        return self.runs[0].start

    @property
    def end(self) -> int:
        """Where its last run ends, in code points."""
        return self.runs[-1].end


@dataclass(frozen=True, slots=True)
class Page:
    """Passages in order; comments, each with the index of the passage that it stands in or before; what else is no text, in order.

    Navigation, asides, footers (unless wanted), hidden elements and controls are in no passage.
    """

    passages: tuple[Passage, ...]
    comments: tuple[tuple[Span, int], ...]
    scripts: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """What an open element makes of the text in it."""

    kind: BlockKind = BlockKind.PARAGRAPH
    block: str = ""
    container: int = 0
    no_text: bool = False
    suspect: bool = False
    cell: bool = False
    bold: bool = False
    linked: bool = False
    note: bool = False


def parse(text: str, *, asides: bool = False) -> Page:
    """The passages of an HTML page or fragment, however broken; linear in its length.

    With `asides`, what is boilerplate of a web page (navigation, asides, footers) is text like the rest.
    """
    builder = _Builder(text, asides)
    at = 0
    while (match := _MARKUP.search(text, at)) is not None:
        builder.text(at, match.start())
        at = match.end()
        name = (match["name"] or "").lower()
        if match["comment"]:
            builder.comment(match.start(), at)
        elif not name:
            continue
        elif match["close"]:
            builder.end(name)
        else:
            closed = name in VOID or match["attributes"].endswith("/")
            builder.start(name, match["attributes"], match.start())
            if name in _RAW and not closed:
                end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, at)
                stop = end.start() if end else len(text)
                builder.raw(name, at, stop)
                at = stop
            if closed:
                builder.end(name)
    builder.text(at, len(text))
    return builder.page()


@dataclass(slots=True)
class _Builder:
    source: str
    asides: bool
    stack: list[tuple[str, _Context]] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    runs: list[Run] = field(default_factory=list)
    bold: bool = True
    linked: bool = True
    paragraph: int = 0
    line: int = 0
    gap: bool = False
    skipped: bool = False
    context: _Context = field(default_factory=_Context)
    passages: list[Passage] = field(default_factory=list)
    comments: list[tuple[Span, int]] = field(default_factory=list)
    scripts: list[Span] = field(default_factory=list)

    def page(self) -> Page:
        self._finish()
        return Page(tuple(self.passages), tuple(self.comments), tuple(self.scripts))

    def comment(self, start: int, end: int) -> None:
        self.comments.append((Span(start, end), len(self.passages)))

    def raw(self, name: str, start: int, end: int) -> None:
        if name == "title":
            self.text(start, end)
        else:
            self.scripts.append(Span(start, end))

    def text(self, start: int, end: int) -> None:
        if start == end:
            return
        context = self._top
        content = self.source[start:end]
        blank = content.isspace()
        if context.no_text or (context.note and not blank and _NOTE_MARK.fullmatch(content)):
            self.skipped = self.skipped or not blank
            return
        if blank and not self.runs:
            return
        self.runs.append(Run(start, end, not self.gap and not (self.skipped and content[0].isalnum())))
        self.gap = self.skipped = False
        if not blank:
            self.context = context
            self.bold = self.bold and context.bold
            self.linked = self.linked and context.linked

    def start(self, name: str, attributes: str, at: int) -> None:
        if self._top.no_text:
            pass
        elif not _is_inline(name):
            self._end_paragraph()
            if self.names["p"] and name not in VOID:
                self._close("p")
            self._end_others(name)
        elif name == "br":
            self._break_line()
        elif name in _GAPS:
            self.gap = True
        self.names[name] += 1
        self.stack.append((name, _inside(name, attributes, at, self._top, asides=self.asides)))

    def end(self, name: str) -> None:
        if self.names[name]:
            self._close(name)
        if not _is_inline(name) and not self._top.no_text:
            self._end_paragraph()

    def _break_line(self) -> None:
        """A line break ends the passage, two of them the paragraph; but in pages made from e-mail one only wraps."""
        line = "".join(self.source[run.start : run.end] for run in self.runs[self.line :]).strip()
        if is_wrapped(line):
            self.gap = True
            self.line = len(self.runs)
        elif line:
            self._finish()
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        self._finish()
        self.paragraph += 1

    @property
    def _top(self) -> _Context:
        return self.stack[-1][1] if self.stack else _Context()

    def _close(self, name: str) -> None:
        """Ends the innermost element of a name, and what is open in it."""
        while True:
            last, _ = self.stack.pop()
            self.names[last] -= 1
            if last == name:
                return

    def _end_others(self, name: str) -> None:
        ended, within = _ENDS.get(name, (frozenset(), frozenset()))
        for open_name, _ in self.stack[: -_FARTHEST_ENDED - 1 : -1] if ended else ():
            if open_name in within:
                return
            if open_name in ended:
                self._close(open_name)
                return

    def _finish(self) -> None:
        """Ends the passage that is being read, if there is one."""
        runs = self.runs
        while runs and self.source[runs[-1].start : runs[-1].end].isspace():
            runs.pop()
        if runs:
            context = self.context
            kind = _settled(context, " ".join(self.source[run.start : run.end] for run in runs).strip(), bold=self.bold)
            self.passages.append(Passage(kind, context.block, self.paragraph, context.container, tuple(runs), context.suspect, self.linked))
        self.runs = []
        self.line = 0
        self.bold = self.linked = True
        self.gap = self.skipped = False


def _settled(context: _Context, content: str, *, bold: bool) -> BlockKind:
    """What a passage is, now that its content is known."""
    if context.kind is not BlockKind.PARAGRAPH:
        return context.kind
    is_short_cell = context.cell and (context.block in _CELLS or reads_as_heading(content)) and len(content.split()) <= MOST_CELL_WORDS
    if is_short_cell or unescape(content[:_LONGEST_BULLET])[:1] in _BULLETS:
        return BlockKind.ITEM
    return BlockKind.HEADING if bold and reads_as_heading(content) else BlockKind.PARAGRAPH


def hides(attributes: str) -> bool:
    """Whether an element with these attributes, as they are written in its tag, is shown to nobody."""
    return _is_hidden(_given(attributes))


def _given(attributes: str) -> dict[str, str]:
    return {match[1].lower(): (match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(attributes[:MOST_ATTRIBUTES])}


def _is_hidden(given: Mapping[str, str]) -> bool:
    return "hidden" in given or bool(_HIDDEN.search(given.get("style", "")))


def _is_inline(name: str) -> bool:
    """Whether a tag leaves the text around it in one piece; so do those that browsers do not know (`my-term`, `o:p`)."""
    return name in _INLINE or "-" in name or ":" in name


def _inside(name: str, attributes: str, at: int, outer: _Context, *, asides: bool) -> _Context:
    """What the text in an element is, given what the element stands in."""
    given = _given(attributes)
    role = given.get("role", "").lower()
    names = f"{given.get('class', '')} {given.get('id', '')}"
    kind = _KINDS.get(name, outer.kind)
    if outer.kind is BlockKind.REFERENCE or role in _REFERENCE_ROLES or _REFERENCE_CLASS.search(names):
        kind = BlockKind.HEADING if name in _HEADINGS else BlockKind.REFERENCE
    inline = _is_inline(name)
    boilerplate = not asides and (name in _BOILERPLATE or role in _BOILERPLATE_ROLES)
    return _Context(
        kind=kind,
        block=outer.block if inline else name,
        container=outer.container if inline or name in _PARTS else at + 1,
        no_text=outer.no_text or name in _NO_TEXT or boilerplate or _is_hidden(given),
        suspect=outer.suspect or (name not in _ROOTS and bool(_SUSPECT.search(names))),
        cell=outer.cell or name in _CELLS,
        bold=name in _BOLD or (outer.bold and inline),
        linked=name == "a" or outer.linked,
        note=name == "sup" or (outer.note and inline),
    )
