"""Where the knowledge lies, and the way from there to a KnowledgeBase: read and checked once, then from a cache."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path

from claimcheck import model
from claimcheck.cache import remembered
from claimcheck.errors import KnowledgeError, Problem
from claimcheck.kb.folder import FOLDERS, about_files, content_hash, knowledge_files, weight_files

PACKAGED = Path(__file__).parent.parent / "_knowledge"
CHECKOUT = Path(__file__).parent.parent.parent / "knowledge"


@dataclass(frozen=True, slots=True, eq=False)
class KnowledgeBase(model.KnowledgeBase):
    """Everything claimcheck knows, and the folder that it was read from, where its trained models lie too.

    Two are equal if they were read from the same folder with the same content.
    """

    folder: Path = field(kw_only=True)

    @classmethod
    def load(cls, folder: str | os.PathLike[str] | None = None) -> KnowledgeBase:
        """The knowledge base in a folder, the built-in one by default. Raises KnowledgeError with all problems.

        >>> knowledge = KnowledgeBase.load()
        >>> claim = knowledge.claims["dmn-reset"]
        >>> print(claim.statement, claim.label)
        Psychedelics reset the default mode network. macrodose-only
        """
        return load(None if folder is None else Path(folder))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnowledgeBase) and (self.folder, self.sha256) == (other.folder, other.sha256)

    def __hash__(self) -> int:
        return hash((self.folder, self.sha256))


def built_in_folder() -> Path:
    """The knowledge that comes with claimcheck: inside the installed package, or in the repository."""
    return PACKAGED if PACKAGED.is_dir() else CHECKOUT


def load(folder: Path | None = None) -> KnowledgeBase:
    """The knowledge base in a folder (the built-in one by default). Raises KnowledgeError with all problems."""
    folder = folder or built_in_folder()
    files = _files(folder)
    digest = content_hash(folder, (*files, *about_files(folder), *weight_files(folder)))
    base = remembered("knowledge", digest, model.KnowledgeBase, lambda: read(folder, digest))
    return KnowledgeBase(**{part.name: getattr(base, part.name) for part in fields(base)}, folder=folder.absolute())


def read(folder: Path, digest: str) -> model.KnowledgeBase:
    """The knowledge base read from its files, with every rule checked. Raises KnowledgeError."""
    # pydantic and yaml are needed only here, not when the cache answers
    from claimcheck.kb.rules import checked_records

    records = checked_records(folder)
    if records.problems:
        raise KnowledgeError(folder, tuple(sorted(set(records.problems))))
    return records.base(digest)


def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise KnowledgeError(
            folder, (Problem(str(folder), 1, "there is no such folder; give one that holds " + ", ".join(f"{name}/" for name in FOLDERS)),)
        )
    files = knowledge_files(folder)
    if not any(path.parent.name == "claims" for path in files):
        raise KnowledgeError(folder, (Problem(str(folder), 1, "holds no claim; add a file under claims/"),))
    return files
