"""What every format of a report offers, and the way through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from rich.console import RenderableType

from claimcheck.model import DocumentReport
from claimcheck.reports.summary import Summary

# strings are written as they are, anything else is printed by a rich console
Piece = RenderableType


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader may want of a report: every finding explained; the checked text in it. And what a renderer cannot know by itself:
    the day of the run, the folder from which paths are told, whether the report goes to a file, and whether its reader asks how long
    it took (which no two runs agree on).
    """

    verbose: bool = False
    with_text: bool = False
    today: date | None = None
    root: Path | None = None
    to_file: bool = False
    timed: bool = False


class Renderer(Protocol):
    """A format. Built with the run's summary, which counts each document before it is rendered, and with the options."""

    def begin(self) -> Iterator[Piece]:
        """What stands before the first document."""
        ...

    def document(self, report: DocumentReport) -> Iterator[Piece]:
        """One document, as soon as it is checked."""
        ...

    def end(self) -> Iterator[Piece]:
        """What stands after the last document."""
        ...


def rendered(reports: Iterable[DocumentReport], renderer: Renderer, summary: Summary) -> Iterator[Piece]:
    """A whole report in one format; `summary` is the one that the renderer was built with."""
    yield from renderer.begin()
    for report in reports:
        summary.add(report)
        yield from renderer.document(report)
    yield from renderer.end()
