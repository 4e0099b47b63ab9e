"""Put reports where the user wants them: on the terminal, in a pipe, or whole in files."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TextIO

from rich.console import Console

from claimcheck.model import DocumentReport
from claimcheck.reports.files import move_into_place, open_beside
from claimcheck.reports.formats import Format, renderer_for
from claimcheck.reports.renderer import Options, Piece
from claimcheck.reports.summary import Summary

WIDTH_OF_A_FILE = 100


@dataclass(frozen=True, slots=True)
class Target:
    """A report in one format, for a file or (None) for standard output."""

    form: Format
    path: Path | None = None


def console_for(stream: TextIO, width: int | None = None) -> Console:
    """A console that prints text as it is: no markup, no emoji codes, no guessing of highlights."""
    return Console(file=stream, markup=False, emoji=False, highlight=False, width=width)


def write_reports(reports: Iterable[DocumentReport], summary: Summary, targets: Sequence[Target], options: Options) -> list[str]:
    """Write all targets while the documents pass by. A file is written whole or not at all.

    Returns one sentence for each file that could not be written; its report then goes to stdout, so that the work is not lost.
    """
    with ExitStack() as stack:
        sinks = [stack.enter_context(_Sink(target.path)) for target in targets]
        renderers = [renderer_for(target.form, summary, replace(options, to_file=target.path is not None)) for target in targets]
        for sink, renderer in zip(sinks, renderers, strict=True):
            sink.write(renderer.begin())
        for report in reports:
            summary.add(report)
            for sink, renderer in zip(sinks, renderers, strict=True):
                sink.write(renderer.document(report))
        for sink, renderer in zip(sinks, renderers, strict=True):
            sink.write(renderer.end())
    return [sink.problem for sink in sinks if sink.problem]


class _Sink:
    """Where one report goes. A file is written beside its place and moved there in the end; a device, pipe or link gets all at once.

    `problem` says afterwards why the file could not be written.
    """

    def __init__(self, path: Path | None) -> None:
        self.problem: str | None = None
        self._path = path
        self._temporary: Path | None = None
        self._stream: TextIO = sys.stdout
        if path is not None and (path.is_symlink() or (path.exists() and not path.is_file())):
            self._stream = io.StringIO()
        elif path is not None:
            try:
                handle, self._temporary = open_beside(path)
            except OSError as error:
                self.problem = _not_written(path, error)
            else:
                self._stream = os.fdopen(handle, "w", encoding="utf-8", newline="\n")
        self._console = console_for(self._stream, WIDTH_OF_A_FILE if self._stream is not sys.stdout else None)

    def __enter__(self) -> _Sink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._path is None or self._stream is sys.stdout:
            return
        try:
            if kind is None:
                self._settle(self._path)
        except OSError as fault:
            self.problem = _not_written(self._path, fault)
        finally:
            self._stream.close()
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)

    def write(self, pieces: Iterable[Piece]) -> None:
        """Write the pieces of a report and let a reader at the end of a pipe have them."""
        for piece in pieces:
            if isinstance(piece, str):
                self._stream.write(piece)
            else:
                self._console.print(piece)
        self._stream.flush()

    def _settle(self, path: Path) -> None:
        """Bring what was written to its place, or, if that fails, to stdout. Raises OSError."""
        if isinstance(self._stream, io.StringIO):
            written = self._stream.getvalue()
            try:
                path.write_text(written, encoding="utf-8")
            except OSError:
                sys.stdout.write(written)
                raise
        elif self._temporary is not None:
            self._stream.close()
            try:
                move_into_place(self._temporary, path)
            except OSError:
                sys.stdout.write(self._temporary.read_text(encoding="utf-8"))
                raise


def _not_written(path: Path, error: OSError) -> str:
    return f"cannot write {path}: {(error.strerror or str(error)).lower()}; the report is on standard output"
