"""The files of a knowledge folder. Kept apart from the reading of them, which needs heavier libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from claimcheck.errors import Problem

FOLDERS = ("claims", "sources", "lexicon", "cues")
ABOUT = "about.yaml"
WEIGHTS, SUMS = "proposer", "SHA256SUMS"


def knowledge_files(folder: Path) -> tuple[Path, ...]:
    """The YAML files of a knowledge folder in a stable order."""
    return tuple(path for name in FOLDERS for path in sorted((folder / name).glob("*.yaml")))


def about_files(folder: Path) -> tuple[Path, ...]:
    """The file that tells of the whole folder, if it has one."""
    return (folder / ABOUT,) if (folder / ABOUT).is_file() else ()


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The check sums of a folder's trained weights, if it has any. They stand for the weights, too long to read at every start."""
    sums = folder / WEIGHTS / SUMS
    return (sums,) if sums.is_file() else ()


def weigh(folder: Path) -> None:
    """Write the check sums of the weights, in the format of sha256sum."""
    (folder / WEIGHTS / SUMS).write_text(_sums(folder), encoding="utf-8")


def changed_weights(folder: Path) -> Iterator[Problem]:
    """A problem if the weights are not those that the check sums were written for."""
    for sums in weight_files(folder):
        if sums.read_text(encoding="utf-8") != _sums(folder):
            yield Problem(str(sums), 1, "does not fit the files beside it; restore them, or train anew (tests/accuracy/train.py)")


def _sums(folder: Path) -> str:
    files = sorted((folder / WEIGHTS).glob("*.npz")) + sorted((folder / WEIGHTS).glob("*.json"))
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def content_hash(folder: Path, files: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of files, as hex."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
