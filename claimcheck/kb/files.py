"""The folder of knowledge: which files it has, and the records in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimcheck.errors import Problem
from claimcheck.kb.folder import FOLDERS, about_files, knowledge_files
from claimcheck.kb.nodes import Parsed, Place, parse
from claimcheck.kb.schema import to_record
from claimcheck.model import About, Claim, Concept, Cue, KnowledgeBase, Source


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read."""

    shown: str
    parsed: Parsed
    at: Place = ()

    def problem(self, message: str, *place: str | int) -> Problem:
        """A fault at a place inside the record."""
        return Problem(self.shown, self.parsed.line((*self.at, *place)), message)


@dataclass(slots=True)
class Records:
    """Everything read from a folder, with origins, and the faults found on the way."""

    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    concepts: dict[str, Concept] = field(default_factory=dict)
    cues: dict[str, Cue] = field(default_factory=dict)
    about: About | None = None
    origins: dict[tuple[type, str], Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def base(self, sha256: str) -> KnowledgeBase:
        """The records as a knowledge base, once they are known to be sound."""
        return KnowledgeBase(self.claims, self.sources, self.concepts, self.cues, sha256, self.about.updated if self.about else None)

    def origin(self, record: Any) -> Origin:
        """Where a claim, source, concept or cue stands."""
        return self.origins[type(record), record.id]


def read_records(folder: Path) -> Records:
    """All records of a folder. Never raises for bad content: every fault is in `problems`."""
    records = Records()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".yml", ".json") and path.parent.name in FOLDERS:
            records.problems.append(Problem(str(path), 1, "is not read; knowledge files end in .yaml, rename it"))
    shelves: dict[str, tuple[type, dict[str, Any]]] = {
        "claims": (Claim, records.claims),
        "sources": (Source, records.sources),
        "lexicon": (Concept, records.concepts),
        "cues": (Cue, records.cues),
    }
    for path in knowledge_files(folder):
        kind, shelf = shelves[path.parent.name]
        _read_file(path, kind, shelf, records)
    for path in about_files(folder):
        parsed = parse(path, str(path))
        records.problems += parsed.problems
        if parsed.value is not None:
            records.about, problems = to_record(About, parsed, str(path))
            records.problems += problems
    return records


def _read_file(path: Path, kind: type, shelf: dict[str, Any], records: Records) -> None:
    shown = str(path)
    parsed = parse(path, shown)
    records.problems += parsed.problems
    if parsed.value is None:
        return
    for place in _places(parsed, kind, shown, records.problems):
        record, problems = to_record(kind, parsed, shown, place)
        records.problems += problems
        if record is None:
            continue
        origin = Origin(shown, parsed, place)
        if kind in (Claim, Source) and record.id != path.stem:
            records.problems.append(origin.problem(f"id {record.id!r} is not the file name {path.stem!r}; make them equal", "id"))
        if record.id in shelf:
            first = records.origin(shelf[record.id])
            records.problems.append(
                origin.problem(f"id {record.id!r} is already in {first.shown}:{first.parsed.line(first.at)}; rename one", "id")
            )
            continue
        shelf[record.id] = record
        records.origins[kind, record.id] = origin


def _places(parsed: Parsed, kind: type, shown: str, problems: list[Problem]) -> Iterator[Place]:
    """Claims and sources are one mapping a file; the lexicon and the cues are lists of them."""
    if kind in (Claim, Source):
        if isinstance(parsed.value, dict):
            yield ()
        else:
            problems.append(Problem(shown, 1, "must be one mapping of keys; a record has a file of its own"))
    elif isinstance(parsed.value, list):
        yield from ((index,) for index in range(len(parsed.value)))
    else:
        problems.append(Problem(shown, 1, "must be a list of entries that each start with '- id:'"))
