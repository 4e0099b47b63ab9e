"""Many documents: what there is to check, and the reports as they finish. Reading files happens here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from claimcheck.cache import remembered
from claimcheck.checking import Checker
from claimcheck.documents import FORMATS, document_from_bytes, read_document
from claimcheck.errors import UnreadableError
from claimcheck.kb import KnowledgeBase
from claimcheck.matching.lexicon import Compiled
from claimcheck.matching.proposer import load_proposer
from claimcheck.model import Document, DocumentReport

STDIN = "-"
STDIN_NAME = "<stdin>"


@dataclass(frozen=True, slots=True)
class Input:
    """Something to check, or the one sentence that says why there is nothing."""

    name: str
    path: Path | None = None
    error: str | None = None


def open_checker(knowledge: KnowledgeBase, *, quick: bool = False) -> Checker:
    """A checker whose compiled lexicon is remembered between runs.

    With `quick` the slow trained model is left out: many times as fast, and it misses more.
    """
    compiled = remembered("lexicon", knowledge.sha256, Compiled, lambda: Compiled.of(knowledge))
    return Checker(knowledge, compiled, load_proposer(knowledge.folder, knowledge, quick=quick))


def discover(arguments: Iterable[str], stdin_name: str = STDIN_NAME) -> Iterator[Input]:
    """Files as they are named, folders as the text files in them (hidden ones left out), `-` as standard input; each once.

    `stdin_name` is the name to report for standard input; its suffix says what it is.
    """
    seen: set[str] = set()
    for argument in arguments:
        for found in [Input(stdin_name)] if argument == STDIN else _expand(argument):
            key = os.path.realpath(found.path) if found.path else f"{found.name}\0{found.error}"
            if key not in seen:
                seen.add(key)
                yield found


def _expand(argument: str) -> Iterator[Input]:
    path = Path(argument)
    try:
        if path.is_dir():
            yield from _folder(path)
        elif path.exists():
            yield Input(argument, path)
        else:
            yield Input(argument, error=f"there is no file or folder {argument}; check the path")
    except (OSError, ValueError) as error:
        yield Input(argument, error=f"cannot look at {argument!r}: {error}")


def _folder(folder: Path) -> Iterator[Input]:
    empty = True
    problems: list[Input] = []

    def on_error(error: OSError) -> None:
        problems.append(Input(str(error.filename), error=f"cannot list {error.filename}: {(error.strerror or '').lower()}"))

    for root, folders, files in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and path.suffix.lower() in FORMATS:
                empty = False
                yield Input(str(path), path)
    yield from problems
    if empty and not problems:
        yield Input(str(folder), error=f"the folder {folder} holds no text to check ({', '.join(FORMATS)})")


def check_all(inputs: Iterable[Input], checker: Checker) -> Iterator[DocumentReport]:
    """A report for every input, in order, as it is finished; what cannot be read becomes a report with an error."""
    for found in inputs:
        try:
            document = _read(found)
            if not document.text.strip():
                raise UnreadableError(f"{found.name} is empty; there is nothing to check")
        except UnreadableError as error:
            yield DocumentReport(path=found.name, error=str(error))
            continue
        yield checker.check(document)


def at_least(confidence: float, reports: Iterable[DocumentReport]) -> Iterator[DocumentReport]:
    """The reports without the findings that are less sure than `confidence` (0 to 1)."""
    return (sure_of(report, confidence) for report in reports)


def sure_of(report: DocumentReport, confidence: float) -> DocumentReport:
    """The report without the findings that are less sure than `confidence` (0 to 1)."""
    return replace(report, findings=tuple(finding for finding in report.findings if finding.confidence >= confidence))


def _read(found: Input) -> Document:
    if found.error:
        raise UnreadableError(found.error)
    if found.path is None and sys.stdin is None:
        raise UnreadableError("there is no standard input; name a file or a folder")
    if found.path is None:
        return document_from_bytes(sys.stdin.buffer.read(), found.name)
    return read_document(found.path, found.name)
