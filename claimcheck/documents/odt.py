"""OpenDocument texts (.odt)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimcheck.documents import plain
from claimcheck.documents.archives import open_archive, read_markup
from claimcheck.documents.blocks import Stretch, is_bibliographic, raw_blocks, with_references
from claimcheck.documents.comments import Comment, heard
from claimcheck.errors import UnreadableError
from claimcheck.model import Block, BlockKind, Document, Place, PlaceKind, Span

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

KIND = "an OpenDocument text"
_MANIFEST = "META-INF/manifest.xml"
_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
}
_BLANKS = re.compile(r"[ \t\r\n]+")
_MOST_BLANKS = 1_000


def _tag(name: str) -> str:
    space, _, local = name.partition(":")
    return f"{{{_SPACES[space]}}}{local}"


_P, _H, _NOTE, _TEXT_BOX = _tag("text:p"), _tag("text:h"), _tag("text:note"), _tag("draw:text-box")
_ANNOTATION, _STYLE_NAME, _ITEM, _CELL = (
    _tag("office:annotation"),
    _tag("text:style-name"),
    _tag("text:list-item"),
    _tag("table:table-cell"),
)
# tracked deletions, the table of contents, and what an author hid
_UNREAD = {_tag(f"text:{name}") for name in ("tracked-changes", "table-of-content", "hidden-text", "hidden-paragraph", "note-citation")}
_REFERENCES = _tag("text:bibliography")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph in the text; `kind` is None where its shape decides, `comments` are those on it."""

    start: int
    end: int
    kind: BlockKind | None
    in_cell: bool
    place: tuple[PlaceKind, int]
    comments: tuple[Element, ...]


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of an OpenDocument text. Raises UnreadableError.

    Its text has a line a paragraph, notes after the body; paragraphs are counted as in a Word document. A comment that says
    `claimcheck: ignore …` holds for the paragraph in which it begins, with its notes.
    """
    with open_archive(data, name, KIND) as archive:
        if _MANIFEST in archive.namelist() and read_markup(archive, _MANIFEST, name, KIND).find(".//{*}encryption-data") is not None:
            raise UnreadableError(f"{name} is locked with a password; save a copy without one")
        content = read_markup(archive, "content.xml", name, KIND)
    walk = _Walk(_parents(content), _hidden(content))
    paragraphs = [*walk.body(content.find("office:body/office:text", _SPACES)), *walk.notes()]
    text = walk.text
    masked = plain.mask(text)
    told = heard(_comments(paragraphs), name, len(text))
    return Document(
        name,
        text,
        masked,
        _blocks(masked, paragraphs),
        places=tuple(Place(*found.place, found.start) for found in paragraphs if found.start < found.end),
        suppressions=told.suppressions,
        notes=told.notes,
    )


def _blocks(masked: str, paragraphs: list[_Paragraph]) -> tuple[Block, ...]:
    """A reference list ends with the body; a note is a reference if it looks like one."""
    body = (stretch for found in paragraphs if found.place[0] is PlaceKind.PARAGRAPH for stretch in _stretches(masked, found))
    notes = (_note(masked, found) for found in paragraphs if found.place[0] is not PlaceKind.PARAGRAPH)
    return with_references(masked, body) + with_references(masked, notes)


def _stretches(masked: str, paragraph: _Paragraph) -> Iterator[Stretch]:
    if paragraph.kind is not None:
        yield paragraph.kind, paragraph.start, paragraph.end
        return
    for kind, start, end in raw_blocks(masked, paragraph.start, paragraph.end):
        # a cell is short and has no full stop, and is no heading for that
        yield BlockKind.PARAGRAPH if paragraph.in_cell and kind is BlockKind.HEADING else kind, start, end


def _note(masked: str, paragraph: _Paragraph) -> Stretch:
    start, end = paragraph.start, paragraph.end
    return BlockKind.REFERENCE if is_bibliographic(masked[start:end]) else BlockKind.PARAGRAPH, start, end


def _comments(paragraphs: list[_Paragraph]) -> Iterator[Comment]:
    """The comments, each on its paragraph and what hangs on that, and placed in the paragraph."""
    on: dict[Element, list[_Paragraph]] = {}
    for paragraph in paragraphs:
        for comment in paragraph.comments:
            on.setdefault(comment, []).append(paragraph)
    for comment, hosts in on.items():
        text = " ".join("".join(line.itertext()) for line in comment.iterfind("text:p", _SPACES))
        kind, number = hosts[0].place
        yield Comment(text, tuple(Span(host.start, host.end) for host in hosts), f"{kind} {number}")


def _is_text(element: Element) -> bool:
    """Whether what is in an element may be text of its paragraph; titles and descriptions of pictures (svg:…) are not."""
    return isinstance(element.tag, str) and element.tag not in _UNREAD and element.tag[1:].partition("}")[0] in _SPACES.values()


def _parents(content: Element) -> dict[str, str]:
    """The styles that the file made of others, and which."""
    return {
        style.get(_tag("style:name"), ""): style.get(_tag("style:parent-style-name"), "")
        for style in content.iterfind("office:automatic-styles/style:style", _SPACES)
    }


def _hidden(content: Element) -> set[str]:
    """The styles whose text is not shown."""
    properties = content.iterfind("office:automatic-styles/style:style/style:text-properties[@text:display='none']", _SPACES)
    return {style.get(_tag("style:name"), "") for found in properties if (style := found.getparent()) is not None}


@dataclass(slots=True)
class _Host:
    """A paragraph while it is read, and what hangs on it."""

    comments: list[Element]
    notes: list[Element] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """A walk through the tree in reading order, which writes the text as it goes."""

    parents: Mapping[str, str]
    hidden: set[str]
    _parts: list[str] = field(default_factory=list)
    _at: int = 0
    _number: int = 0
    _notes: list[tuple[Element, list[Element]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def body(
        self,
        container: Element | None,
        place: tuple[PlaceKind, int] | None = None,
        comments: tuple[Element, ...] = (),
        kind: BlockKind | None = None,
        *,
        in_cell: bool = False,
    ) -> Iterator[_Paragraph]:
        """The paragraphs in a container; `kind` is what list or bibliography make of them, `place` and `comments` come from a host."""
        for child in () if container is None else container:
            if child.tag in _UNREAD:
                continue
            if child.tag in (_P, _H):
                yield from self._paragraph(child, place, comments, kind, in_cell)
            else:
                own = BlockKind.ITEM if child.tag == _ITEM else BlockKind.REFERENCE if child.tag == _REFERENCES else kind
                yield from self.body(child, place, comments, own, in_cell=in_cell or child.tag == _CELL)

    def notes(self) -> Iterator[_Paragraph]:
        """The footnotes, then the endnotes, numbered in the order of their marks."""
        for kind in (PlaceKind.FOOTNOTE, PlaceKind.ENDNOTE):
            own = [(note, comments) for note, comments in self._notes if note.get(_tag("text:note-class"), "footnote") == kind.value]
            for number, (note, comments) in enumerate(own, 1):
                yield from self.body(note, (kind, number), tuple(comments))

    def _paragraph(
        self, element: Element, place: tuple[PlaceKind, int] | None, comments: tuple[Element, ...], kind: BlockKind | None, in_cell: bool
    ) -> Iterator[_Paragraph]:
        if place is None:
            self._number += 1
        own_place = place or (PlaceKind.PARAGRAPH, self._number)
        style = element.get(_STYLE_NAME, "")
        if element.tag == _H or self.parents.get(style, style) in ("Title", "Subtitle"):
            kind = BlockKind.HEADING
        host = _Host([*comments])
        start = self._at
        if style not in self.hidden:
            self._inline(element, host)
        end = self._at
        self._write("\n")
        self._notes += [(note, host.comments) for note in host.notes]
        yield _Paragraph(start, end, kind, in_cell, own_place, tuple(host.comments))
        for box in host.boxes:
            yield from self.body(box, own_place, tuple(host.comments))

    def _inline(self, element: Element, host: _Host) -> None:
        self._write(_BLANKS.sub(" ", element.text or ""))
        for child in element:
            if child.tag == _ANNOTATION:
                host.comments.append(child)
            elif child.tag == _NOTE:
                host.notes.append(child)
            elif child.tag == _TEXT_BOX:
                host.boxes.append(child)
            elif child.tag == _tag("text:s"):
                count = child.get(_tag("text:c"), "1")
                self._write(" " * (min(int(count), _MOST_BLANKS) if re.fullmatch("[0-9]{1,6}", count) else 1))
            elif child.tag == _tag("text:tab"):
                self._write("\t")
            elif child.tag == _tag("text:line-break"):
                self._write("\n")
            elif _is_text(child) and child.get(_STYLE_NAME) not in self.hidden:
                self._inline(child, host)
            self._write(_BLANKS.sub(" ", child.tail or ""))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)
