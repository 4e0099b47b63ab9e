"""Many documents: the reports as they finish. Reading happens here; heavy imports wait until a document must be checked."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from claimcheck.discovery import Input, Origin
from claimcheck.documents import document_from_bytes, document_from_text
from claimcheck.documents.reading import read_bytes
from claimcheck.errors import UnreadableError
from claimcheck.kb import KnowledgeBase
from claimcheck.model import Document, DocumentReport

if TYPE_CHECKING:
    from claimcheck.checking import Checker
    from claimcheck.results import Results

# a worker starts in about the time that ten articles take
FEW = 16


def open_checker(knowledge: KnowledgeBase, *, quick: bool = False) -> Checker:
    """A checker whose compiled lexicon is remembered between runs.

    With `quick` the slow trained model is left out: many times as fast, and it misses more.
    """
    from claimcheck.cache import remembered
    from claimcheck.checking import Checker
    from claimcheck.matching.lexicon import Compiled
    from claimcheck.matching.proposer import load_proposer

    compiled = remembered("lexicon", knowledge.sha256, Compiled, lambda: Compiled.of(knowledge))
    return Checker(knowledge, compiled, load_proposer(knowledge.folder, knowledge, quick=quick))


def check_all(inputs: Iterable[Input], checker: Checker) -> Iterator[DocumentReport]:
    """A report for every input, in order, as it is finished; what cannot be read becomes a report with an error."""
    return (_checked(found, partial(_read, found), lambda: checker) for found in inputs)


@dataclass(frozen=True, slots=True)
class Setup:
    """How documents are checked; may be sent to another process. `cached` says whether earlier results are used and new ones kept."""

    knowledge: KnowledgeBase
    quick: bool = False
    cached: bool = True


class Desk:
    """Checks inputs one by one; opens results and checker at the first that needs them, and keeps a result as soon as it has it.

    Only files are kept: what is pasted or piped in leaves no trace on the disk.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._results: Results | None = None
        self._checker: Checker | None = None

    def recall(self, found: Input) -> DocumentReport | None:
        """The report on an input that need not be checked, for it was before or there is nothing to check; else None."""
        if found.origin is Origin.NOWHERE:
            return self.check(found)
        if found.origin is not Origin.FILE or not self.setup.cached:
            return None
        data = _bytes_of(found)
        if isinstance(data, DocumentReport):
            return data
        results = self.results()
        return results.find(results.key(data, found.name), found.name)

    def check(self, found: Input) -> DocumentReport:
        """The report on an input; with an error if it cannot be read, or if anything else goes wrong on it. Raises KnowledgeError."""
        if found.origin is not Origin.FILE or not self.setup.cached:
            return _checked(found, partial(_read, found), self._open)
        data = _bytes_of(found)
        if isinstance(data, DocumentReport):
            return data
        results = self.results()
        key = results.key(data, found.name)
        known = results.find(key, found.name)
        if known is not None:
            return known
        report = _checked(found, lambda: document_from_bytes(data, found.name), self._open)
        if report.error is None:
            results.keep(key, report)
        return report

    def results(self) -> Results:
        """The results of earlier checks."""
        if self._results is None:
            from claimcheck.results import open_results

            knowledge = self.setup.knowledge
            self._results = open_results(knowledge.sha256, knowledge.folder, quick=self.setup.quick)
        return self._results

    def close(self) -> None:
        """Leave the results in order."""
        if self._results is not None:
            self._results.close()

    def _open(self) -> Checker:
        if self._checker is None:
            gc.disable()  # imports and loaded models make no garbage
            try:
                self._checker = open_checker(self.setup.knowledge, quick=self.setup.quick)
            finally:
                gc.freeze()
                gc.enable()
        return self._checker


def check_many(inputs: Iterable[Input], desk: Desk, jobs: int | None = None) -> Iterator[DocumentReport]:
    """A report for every input, in order, as it is finished.

    Files are checked by so many worker processes; without a number, by one for each processor if there are more than a few. A file
    that ends its process costs an error in its own report.
    """
    number = jobs or _cores()
    source = iter(inputs)
    first = list(islice(source, 2))
    if number == 1 or len(first) < 2:
        yield from map(desk.check, chain(first, source))
        return
    from claimcheck.jobs import Crew, in_order

    inputs = chain(first, source)
    with Crew(number, partial(_desk_of, desk.setup), _lost) as crew:
        yield from in_order(inputs, desk.recall, desk.check, crew, movable=_is_file, few=2 if jobs else FEW)


def at_least(confidence: float, reports: Iterable[DocumentReport]) -> Iterator[DocumentReport]:
    """The reports without the findings that are less sure than `confidence` (0 to 1)."""
    return (sure_of(report, confidence) for report in reports)


def sure_of(report: DocumentReport, confidence: float) -> DocumentReport:
    """The report without the findings that are less sure than `confidence` (0 to 1)."""
    return replace(report, findings=tuple(finding for finding in report.findings if finding.confidence >= confidence))


def _desk_of(setup: Setup) -> Callable[[Input], DocumentReport]:
    return Desk(setup).check


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _is_file(found: Input) -> bool:
    return found.origin is Origin.FILE


def _lost(found: Input) -> DocumentReport:
    why = "ended the process that checked it, twice (it may need more memory than there is)"
    return DocumentReport(found.name, error=f"{found.name} {why}; the other files are not touched by it: check this one alone, or in parts")


def _bytes_of(found: Input) -> bytes | DocumentReport:
    """What is in a file, or the report that says why it cannot be known."""
    try:
        return read_bytes(Path(found.name), found.name)
    except UnreadableError as error:
        return DocumentReport(found.name, error=str(error))
    except Exception as error:  # noqa: BLE001 - a file may be larger than the memory
        return _fault(found, error)


def _checked(found: Input, read: Callable[[], Document], opened: Callable[[], Checker]) -> DocumentReport:
    """The report on what is read; with an error if that fails, or if anything unexpected happens. Raises what `opened` raises."""
    start = time.perf_counter()
    try:
        document = read()
        if not document.text.strip():
            raise UnreadableError(f"{found.name} is empty; there is nothing to check")
    except UnreadableError as error:
        return DocumentReport(found.name, error=str(error))
    except Exception as error:  # noqa: BLE001 - one file must not end a run over thousands
        return _fault(found, error)
    reading = time.perf_counter() - start
    checker = opened()
    start = time.perf_counter()
    try:
        report = checker.check(document)
    except Exception as error:  # noqa: BLE001
        return _fault(found, error)
    return replace(report, seconds=reading + time.perf_counter() - start)


def _fault(found: Input, error: Exception) -> DocumentReport:
    what = "not enough memory" if isinstance(error, MemoryError) else f"a fault of ours ({type(error).__name__}: {error})"
    advice = "check it alone, or in parts" if isinstance(error, MemoryError) else "please report it with the file"
    return DocumentReport(found.name, error=f"{found.name} could not be checked: {what}; {advice}")


def _read(found: Input) -> Document:
    match found.origin:
        case Origin.FILE:
            return document_from_bytes(read_bytes(Path(found.name), found.name), found.name)
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
