"""From a path, or bytes, or a string, to a Document."""

from __future__ import annotations

from pathlib import Path

from claimcheck.documents.blocks import split_blocks
from claimcheck.documents.markup import mask_markdown, mask_plain
from claimcheck.errors import UnreadableError
from claimcheck.model import Document

SUFFIXES = {".txt": mask_plain, ".text": mask_plain, ".md": mask_markdown, ".markdown": mask_markdown}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_document(path: Path, name: str | None = None) -> Document:
    """The document in a file; `name` is the path to report. Raises UnreadableError with one clear sentence."""
    name = name or str(path)
    try:
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise UnreadableError(f"{name} is a folder, not a file") from error
    except OSError as error:
        raise UnreadableError(f"cannot read {name}: {(error.strerror or str(error)).lower()}") from error
    return document_from_text(decode(data, name), name)


def decode(data: bytes, name: str) -> str:
    """Bytes as text: UTF-8, or UTF-16 with a byte order mark. Raises UnreadableError for anything else."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableError(f"{name} starts as {encoding} text but breaks off at byte {error.start}; save it as UTF-8") from error
    if b"\x00" in data[:65_536]:
        raise UnreadableError(f"{name} is a binary file, not text; give a .txt or .md file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8 and try again") from error


def document_from_text(text: str, name: str) -> Document:
    """A document from a string; the suffix of `name` says how its markup is read (plain text if unknown)."""
    mask = SUFFIXES.get(Path(name).suffix.lower(), mask_plain)
    masked = mask(text)
    return Document(path=name, text=text, masked=masked, blocks=split_blocks(masked))
