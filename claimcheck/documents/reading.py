"""From a path, or bytes, or a string, to a Document. Each format has a module, which is imported when a document needs it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from claimcheck.errors import UnreadableError, reason_of
from claimcheck.model import Document

# suffix to module
FORMATS = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".odt": "odt",
    ".epub": "epub",
}


class Reader(Protocol):
    """What the module of a format offers."""

    def read(self, data: bytes, name: str) -> Document:
        """The document in the bytes of a file that is reported as `name`. Raises UnreadableError with one clear sentence."""
        ...


class TextReader(Reader, Protocol):
    """What the module of a text format offers besides."""

    def from_text(self, text: str, name: str) -> Document:
        """The document in a text; its spans index that text."""
        ...


def read_document(path: Path, name: str | None = None) -> Document:
    """The document in a file; `name` is the path to report. Raises UnreadableError with one clear sentence."""
    name = name or str(path)
    return document_from_bytes(read_bytes(path, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """What is in a file that is reported as `name`. Raises UnreadableError with one clear sentence."""
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise UnreadableError(f"{name} is a folder, not a file") from error
    except OSError as error:
        raise UnreadableError(f"cannot read {name}: {reason_of(error)}") from error


def document_from_bytes(data: bytes, name: str) -> Document:
    """The document in the bytes of a file; the suffix of `name` says how it is read (plain text if unknown). Raises UnreadableError."""
    return _reader(name).read(data, name)


def document_from_text(text: str, name: str) -> Document:
    """A document from a string; the suffix of `name` says how its markup is read (plain text if unknown, or no text format)."""
    reader = _reader(name)
    if not hasattr(reader, "from_text"):
        reader = _reader("")
    return cast("TextReader", reader).from_text(text, name)


def _reader(name: str) -> Reader:
    return cast("Reader", import_module(f"claimcheck.documents.{FORMATS.get(Path(name).suffix.lower(), 'plain')}"))
