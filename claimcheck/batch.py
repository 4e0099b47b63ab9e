"""Many documents: the reports as they finish. Reading happens here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from claimcheck.cache import remembered
from claimcheck.checking import Checker
from claimcheck.discovery import Input, Origin
from claimcheck.documents import document_from_bytes, document_from_text, read_document
from claimcheck.errors import UnreadableError
from claimcheck.kb import KnowledgeBase
from claimcheck.matching.lexicon import Compiled
from claimcheck.matching.proposer import load_proposer
from claimcheck.model import Document, DocumentReport


def open_checker(knowledge: KnowledgeBase, *, quick: bool = False) -> Checker:
    """A checker whose compiled lexicon is remembered between runs.

    With `quick` the slow trained model is left out: many times as fast, and it misses more.
    """
    compiled = remembered("lexicon", knowledge.sha256, Compiled, lambda: Compiled.of(knowledge))
    return Checker(knowledge, compiled, load_proposer(knowledge.folder, knowledge, quick=quick))


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
    match found.origin:
        case Origin.FILE:
            return read_document(Path(found.name), found.name)
        case Origin.STDIN:
            if sys.stdin is None:
                raise UnreadableError("there is no standard input; name a file or a folder")
            return document_from_bytes(sys.stdin.buffer.read(), found.name)
        case Origin.CLIPBOARD:
            return document_from_text(_clipboard(), found.name)
        case Origin.NOWHERE:
            raise UnreadableError(found.error or "")


def _clipboard() -> str:
    """What lies in the clipboard as text. Raises UnreadableError where the system has none."""
    import pyperclip

    try:
        text: str = pyperclip.paste()
    except (pyperclip.PyperclipException, OSError) as error:
        raise UnreadableError(
            "this system's clipboard cannot be read (on Linux: install xclip or wl-clipboard); paste into claimcheck check instead"
        ) from error
    return text
