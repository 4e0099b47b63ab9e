"""Formats that are zip archives: opened only if they are what they say and unpack to a bearable size."""

from __future__ import annotations

import io
import zlib
from zipfile import BadZipFile, ZipFile

from lxml import etree

from claimcheck.errors import UnreadableError

# of everything, pictures included, and of the markup, whose tree takes many times its size in memory
MOST_BYTES = 1_000_000_000
MOST_MARKUP_BYTES = 50_000_000
MOST_MEMBERS = 20_000
_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_archive(data: bytes, name: str, kind: str) -> ZipFile:
    """The archive in the bytes of a file, `kind` being what it should be ("a Word document"). Raises UnreadableError.

    What a member declares as its size is the most that can be read of it, so the bound holds for archives that lie.
    """
    if not data:
        raise UnreadableError(f"{name} is empty; there is nothing to check")
    if data.startswith(_OLD_OFFICE):
        raise UnreadableError(f"{name} is locked with a password or in an old Office format; save it anew without a password")
    try:
        archive = ZipFile(io.BytesIO(data))
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(name, kind) from error
    members = archive.infolist()
    markup = sum(member.file_size for member in members if member.filename.lower().endswith(_MARKUP))
    if len(members) > MOST_MEMBERS or markup > MOST_MARKUP_BYTES or sum(member.file_size for member in members) > MOST_BYTES:
        raise UnreadableError(
            f"{name} unpacks to more than claimcheck opens ({MOST_MARKUP_BYTES // 1_000_000} MB of text, "
            f"{MOST_BYTES // 1_000_000} MB in all); split it, or save its text as .txt"
        )
    return archive


def damaged(name: str, kind: str) -> UnreadableError:
    """The sentence for a file that cannot be read as what its suffix says."""
    return UnreadableError(f"{name} is not {kind} or is damaged; open it in the program it was written with and save it anew")


def read_markup(archive: ZipFile, member: str, name: str, kind: str) -> etree._Element:
    """The tree of a member of an archive; entities stay unread and nothing is fetched. Raises UnreadableError."""
    try:
        return etree.fromstring(archive.read(member), etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, etree.XMLSyntaxError) as error:
        raise damaged(name, kind) from error
