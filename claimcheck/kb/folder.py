"""The files of a knowledge folder. Kept apart from the reading of them, which needs heavier libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

FOLDERS = ("claims", "sources", "lexicon", "cues")


def knowledge_files(folder: Path) -> tuple[Path, ...]:
    """The YAML files of a knowledge folder in a stable order."""
    return tuple(path for name in FOLDERS for path in sorted((folder / name).glob("*.yaml")))


def proposer_files(folder: Path) -> tuple[Path, ...]:
    """The trained weights of a knowledge folder, if it has any."""
    return tuple(sorted(path for path in (folder / "proposer").glob("*") if path.is_file()))


def content_hash(folder: Path, files: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of files, as hex."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
