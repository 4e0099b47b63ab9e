"""How the paragraphs of a .docx file become text, and which element of the file holds which letters of it.

The reader and the writer of comments both go by this, so that an offset means the same to both.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from claimcheck.documents.archives import damaged, open_archive
from claimcheck.model import PlaceKind

if TYPE_CHECKING:
    from docx.document import Document as Package

# an lxml element of the library's own classes, of which only the tree is used here
Element = Any

KIND = "a Word document"
_RUN, _TEXT, _PARAGRAPH = qn("w:r"), qn("w:t"), qn("w:p")
_ROW, _CELL, _TEXT_BOX = qn("w:tr"), qn("w:tc"), qn("w:txbxContent")
_ALTERNATES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_ID, _VALUE = qn("w:id"), qn("w:val")
_COMMENT_START, _COMMENT_END, _COMMENT_MARK = qn("w:commentRangeStart"), qn("w:commentRangeEnd"), qn("w:commentReference")
# what holds paragraphs, and what holds runs; deleted text (w:del, w:moveFrom) is in neither
_AROUND_PARAGRAPHS = {qn(f"w:{tag}") for tag in ("tbl", "tr", "tc", "sdt", "sdtContent", "customXml", "ins", "moveTo")}
_AROUND_RUNS = {
    qn(f"w:{tag}") for tag in ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo")
}
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:sym"): " ", qn("w:ptab"): "\t"}
_NOTES = {qn("w:footnoteReference"): PlaceKind.FOOTNOTE, qn("w:endnoteReference"): PlaceKind.ENDNOTE}
_DRAWINGS = {qn("w:drawing"), qn("w:pict"), qn("w:object"), _ALTERNATES}
_END_DELETED = (f"{qn('w:rPr')}/{qn('w:del')}", f"{qn('w:rPr')}/{qn('w:moveFrom')}")
_OFF = {"0", "false", "off", "none"}
_LEVELS = tuple("0123456789")
_MOST_STYLES_IN_A_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its text; None where it leaves that to others. `level` is 0 for the highest heading, 9 for body text."""

    name: str = ""
    level: int | None = None
    listed: bool | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Letters:
    """A stretch of the text and the element (w:t, w:tab, …) that holds it.

    `anchor` is the run at which a comment on it can stand, if that is not its own: Word has no comments in notes and text boxes.
    """

    start: int
    end: int
    element: Element
    anchor: Element | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, of a table cell, text box or note, as a stretch of the text.

    `kind` and `number` say where it stands, `comments` are the ids of the comments that touch it, `goes_on` tells that its end is
    a tracked deletion, so that the next one continues it.
    """

    start: int
    end: int
    style: Style
    kind: PlaceKind
    number: int
    in_cell: bool
    goes_on: bool
    comments: frozenset[str]
    letters: tuple[Letters, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is read of a file: `package` is the opened file, `paragraphs` are in the order of the text."""

    package: Package
    text: str
    paragraphs: tuple[Paragraph, ...]
    comments: Mapping[str, str]


def open_package(data: bytes, name: str) -> Package:
    """The file, opened by the library. Raises UnreadableError."""
    open_archive(data, name, KIND).close()
    try:
        package = docx.Document(io.BytesIO(data))
        package.element.body, package.styles, package.comments  # noqa: B018 - what is missing or misshapen shows here
    except Exception as error:  # a damaged file can raise anything
        raise damaged(name, KIND) from error
    return package


def read_story(package: Package, name: str) -> Story:
    """The text of an opened file: the body, then the footnotes, then the endnotes, a line a paragraph. Raises UnreadableError.

    Tracked insertions are text, tracked deletions are not, nor are field codes, hidden text, headers and footers.
    Text boxes follow the paragraph that they hang on.
    """
    try:
        notes = {kind: _notes(package, kind) for kind in _NOTES.values()}
        comments = {str(comment.comment_id): comment.text for comment in package.comments}
    except Exception as error:  # a damaged file can raise anything
        raise damaged(name, KIND) from error
    walk = _Walk(_styles(package))
    paragraphs = [*walk.body(package.element.body)]
    for kind in _NOTES.values():
        paragraphs += walk.notes(kind, notes[kind])
    return Story(package, walk.text, tuple(paragraphs), comments)


def _notes(package: Package, kind: PlaceKind) -> dict[str, Element]:
    relation = RELATIONSHIP_TYPE.FOOTNOTES if kind is PlaceKind.FOOTNOTE else RELATIONSHIP_TYPE.ENDNOTES
    try:
        part = package.part.part_related_by(relation)
    except KeyError:
        return {}
    return {note.get(_ID, ""): note for note in parse_xml(part.blob)}


def _styles(package: Package) -> dict[str, Style]:
    """Styles by id, with what they inherit. Names are the same in every language of Word, ids are not."""
    own: dict[str, Element] = {element.get(qn("w:styleId"), ""): element for element in package.styles.element.iterfind(qn("w:style"))}

    def resolved(element: Element, depth: int = 0) -> Style:
        name = (_value(element, "w:name") or "").lower()
        style = _said(element.find(qn("w:pPr")), element.find(qn("w:rPr")), name)
        base = own.get(_value(element, "w:basedOn") or "")
        return style if base is None or depth > _MOST_STYLES_IN_A_CHAIN else _over(style, resolved(base, depth + 1))

    return {style_id: resolved(element) for style_id, element in own.items()}


def _said(properties: Element | None, letters: Element | None, name: str = "") -> Style:
    """What the properties of a paragraph and of its letters say themselves."""
    level = _value(properties, "w:outlineLvl")
    listed = _value(properties, "w:numPr/w:numId")
    if level not in _LEVELS and (name in ("title", "subtitle") or name.startswith("heading ")):
        level = "0"
    return Style(name, int(level) if level in _LEVELS else None, listed != "0" if listed else None, _is_hidden(letters))


def _over(own: Style, base: Style) -> Style:
    return Style(
        own.name or base.name,
        base.level if own.level is None else own.level,
        base.listed if own.listed is None else own.listed,
        base.hidden if own.hidden is None else own.hidden,
    )


def _value(element: Element | None, path: str) -> str | None:
    found = None if element is None else element.find("/".join(qn(step) for step in path.split("/")))
    return None if found is None else found.get(_VALUE)


def _is_hidden(properties: Element | None) -> bool | None:
    mark = None if properties is None else properties.find(qn("w:vanish"))
    return None if mark is None else mark.get(_VALUE, "1") not in _OFF


@dataclass(frozen=True, slots=True)
class _Place:
    """What a paragraph is reported as; in a note or box also the run that stands for it and the comments that touch its host."""

    kind: PlaceKind
    number: int
    anchor: Element | None = None
    comments: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Host:
    """A paragraph while it is read: its comments, and its text boxes with the runs that hold them, are yet being found."""

    style: Style
    place: _Place
    comments: set[str]
    boxes: list[tuple[Element, Element]] = field(default_factory=list)

    def anchor(self, run: Element) -> Element:
        """Where a comment stands on what hangs on a run of this paragraph."""
        return run if self.place.anchor is None else self.place.anchor


@dataclass(slots=True)
class _Walk:
    """A walk through the tree in reading order, which writes the text as it goes."""

    styles: Mapping[str, Style]
    _parts: list[str] = field(default_factory=list)
    _at: int = 0
    _number: int = 0
    # whether each open field is still in its code, which is not shown
    _fields: list[bool] = field(default_factory=list)
    _open_comments: set[str] = field(default_factory=set)
    _ranged_comments: set[str] = field(default_factory=set)
    # kind and id of the notes in the order of their marks, with the run of the mark and the comments that touch it
    _notes: dict[tuple[PlaceKind, str], tuple[Element, set[str]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def body(self, container: Element, inside: _Place | None = None, *, live: bool = True, in_cell: bool = False) -> Iterator[Paragraph]:
        """The paragraphs in a container; of what is not `live` (a deleted row) they are counted, but empty."""
        for child in container:
            tag = child.tag
            if tag == _PARAGRAPH:
                yield from self._paragraph(child, inside, live, in_cell)
            elif tag in _AROUND_PARAGRAPHS:
                shown = live and not _is_removed(child)
                yield from self.body(child, inside, live=shown, in_cell=in_cell or tag == _CELL)
            else:
                self._comment(child)

    def notes(self, kind: PlaceKind, elements: Mapping[str, Element]) -> Iterator[Paragraph]:
        """The notes of a kind that the text refers to, numbered in order."""
        wanted = [(note, *host) for (of_kind, note), host in self._notes.items() if of_kind is kind and note in elements]
        for number, (note, anchor, comments) in enumerate(wanted, 1):
            yield from self.body(elements[note], _Place(kind, number, anchor, frozenset(comments)))

    def _paragraph(self, element: Element, inside: _Place | None, live: bool, in_cell: bool) -> Iterator[Paragraph]:
        if inside is None:
            self._number += 1
        self._fields.clear()  # a field that was never closed must not hide the rest of the file
        place = inside or _Place(PlaceKind.PARAGRAPH, self._number)
        properties = element.find(qn("w:pPr"))
        style = _over(_said(properties, None), self.styles.get(_value(properties, "w:pStyle") or "", Style()))
        host = _Host(style, place, self._open_comments | place.comments)
        start = self._at
        letters = tuple(self._inline(element, host)) if live else ()
        end = self._at
        goes_on = properties is not None and any(properties.find(path) is not None for path in _END_DELETED)
        if not goes_on:
            self._write("\n")
        yield Paragraph(start, end, style, place.kind, place.number, in_cell, goes_on, frozenset(host.comments), letters)
        for box, run in host.boxes:
            yield from self.body(box, replace(place, anchor=host.anchor(run), comments=frozenset(host.comments)))

    def _inline(self, element: Element, host: _Host) -> Iterator[Letters]:
        for child in element:
            if child.tag == _RUN:
                yield from self._run(child, host)
            elif child.tag in _AROUND_RUNS:
                yield from self._inline(child, host)
            else:
                self._comment(child)
                host.comments |= self._open_comments

    def _run(self, run: Element, host: _Host) -> Iterator[Letters]:
        properties = run.find(qn("w:rPr"))
        named = self.styles.get(_value(properties, "w:rStyle") or "", Style())
        hidden = _over(_over(Style(hidden=_is_hidden(properties)), named), host.style).hidden
        for child in run:
            tag = child.tag
            if tag == qn("w:fldChar"):
                self._field(child.get(qn("w:fldCharType")))
            elif tag == _COMMENT_MARK and child.get(_ID) not in self._ranged_comments:
                host.comments.add(child.get(_ID))
            elif hidden or any(self._fields):
                continue
            elif tag in _NOTES:
                self._notes.setdefault((_NOTES[tag], child.get(_ID)), (host.anchor(run), host.comments))
            elif tag in _DRAWINGS:
                host.boxes += [(box, run) for box in _text_boxes(child)]
            elif tag == _TEXT or tag in _SIGNS:
                start = self._at
                self._write(_SIGNS.get(tag) or child.text or "")
                yield Letters(start, self._at, child, host.place.anchor)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _comment(self, element: Element) -> None:
        if element.tag == _COMMENT_START:
            self._open_comments.add(element.get(_ID))
            self._ranged_comments.add(element.get(_ID))
        elif element.tag == _COMMENT_END:
            self._open_comments.discard(element.get(_ID))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)


def _is_removed(element: Element) -> bool:
    """Whether it is a table row whose deletion is tracked, or a cell that another one covers."""
    if element.tag == _ROW:
        return element.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None
    merged = element.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") if element.tag == _CELL else None
    return merged is not None and merged.get(_VALUE) != "restart"


def _text_boxes(element: Element) -> Iterator[Element]:
    """The outermost text boxes in a drawing; where it comes in alternatives, those of the first that has any."""
    if element.tag == _TEXT_BOX:
        yield element
        return
    branches: Iterable[list[Element]] = ([*_text_boxes(child)] for child in element)
    if element.tag == _ALTERNATES:
        yield from next((boxes for boxes in branches if boxes), [])
    else:
        for boxes in branches:
            yield from boxes
