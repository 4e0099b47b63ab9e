"""E-books (.epub): a row of HTML files, read one after the other."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator, Sequence
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from claimcheck.documents.archives import damaged, open_archive, read_markup
from claimcheck.documents.decoding import decode
from claimcheck.documents.html import chapter_from_text
from claimcheck.errors import UnreadableError
from claimcheck.model import Block, Document, Place, PlaceKind, Span, Suppression

KIND = "an e-book (.epub)"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of an e-book. Raises UnreadableError.

    Its text is what the chapters' readers leave, a line a block; chapters are counted from 1 in the order of reading, those without
    text with them. A comment for the whole file holds for the chapter's file.
    """
    with open_archive(data, name, KIND) as archive:
        chapters = [_chapter(archive, member, name, number) for number, member in enumerate(dict.fromkeys(_spine(archive, name)), 1)]
    if not chapters:
        raise damaged(name, KIND)
    parts: list[str] = []
    blocks: list[Block] = []
    places: list[Place] = []
    suppressions: list[Suppression] = []
    at = 0
    for number, chapter in enumerate(chapters, 1):
        if chapter.blocks:
            places.append(Place(PlaceKind.CHAPTER, number, at))
        moved: list[Block] = []
        for block in chapter.blocks:
            text = chapter.readable(Span(block.start, block.end))
            moved.append(Block(block.kind, at, at + len(text)))
            parts += [text, "\n"]
            at += len(text) + 1
        blocks += moved
        suppressions += _suppressions(chapter, moved)
    text = "".join(parts)
    notes = tuple(note for chapter in chapters for note in chapter.notes)
    return Document(name, text, text, tuple(blocks), tuple(places), tuple(suppressions), notes)


def _spine(archive: ZipFile, name: str) -> Iterator[str]:
    """The members that hold the chapters, in the order of reading, without the table of contents. Raises UnreadableError."""
    root = read_markup(archive, _CONTAINER, name, KIND).find(".//{*}rootfile")
    package = "" if root is None else root.get("full-path", "")
    book = read_markup(archive, package, name, KIND)
    items = {item.get("id"): item for item in book.iterfind("{*}manifest/{*}item")}
    locked = _locked(archive, name)
    for reference in book.iterfind("{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in item.get("properties", "").split():
            continue
        member = posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(item.get("href", ""))))
        if member in locked:
            raise UnreadableError(f"{name} is protected against copying and cannot be read; give the text itself")
        yield member


def _locked(archive: ZipFile, name: str) -> set[str]:
    """The members that are encrypted; fonts often are where the text is not."""
    if _ENCRYPTION not in archive.namelist():
        return set()
    return {unquote(found.get("URI", "")) for found in read_markup(archive, _ENCRYPTION, name, KIND).iterfind(".//{*}CipherReference")}


def _chapter(archive: ZipFile, member: str, name: str, number: int) -> Document:
    try:
        data = archive.read(member)
    except (KeyError, BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged(name, KIND) from error
    return chapter_from_text(decode(data, f"{name}, {member},"), f"{name}, {PlaceKind.CHAPTER} {number}")


def _suppressions(chapter: Document, moved: Sequence[Block]) -> Iterator[Suppression]:
    """The chapter's wishes for its blocks as they stand in the book."""
    for wish in chapter.suppressions:
        spans = [
            Span(new.start, new.end)
            for old, new in zip(chapter.blocks, moved, strict=True)
            if old.start < wish.span.end and wish.span.start < old.end
        ]
        if spans:
            yield Suppression(Span(spans[0].start, spans[-1].end), wish.claims, wish.reason)
