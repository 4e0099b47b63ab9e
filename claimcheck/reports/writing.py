"""Put reports where the user wants them: on the terminal, in a pipe, or whole in files."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TextIO

from rich.console import Console

from claimcheck.errors import ClaimcheckError, reason_of
from claimcheck.files import is_special, move_into_place, open_beside
from claimcheck.model import DocumentReport
from claimcheck.reports.formats import Format, renderer_for
from claimcheck.reports.renderer import Options, Piece
from claimcheck.reports.summary import Summary

WIDTH_OF_A_FILE = 100


@dataclass(frozen=True, slots=True)
class Target:
    """A report in one format, for a file or (None) for standard output."""

    form: Format
    path: Path | None = None


class _Console(Console):
    """A console that tells of a closed pipe, where others end the program."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def console_for(stream: TextIO, width: int | None = None) -> Console:
    """A console that prints text as it is: no markup, no emoji codes, no guessing of highlights. Raises BrokenPipeError."""
    return _Console(file=stream, markup=False, emoji=False, highlight=False, width=width)


def let_go_of_stdout() -> None:
    """Let nothing more go to a standard output that nobody reads or that is full, also not at the end of the program."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def write_reports(reports: Iterable[DocumentReport], summary: Summary, targets: Sequence[Target], options: Options) -> list[str]:
    """Write all targets while the documents pass by. A file is written whole or not at all.

    Returns one sentence for each report that could not be written. A single report then goes to stdout, so that the work is not lost;
    several would make a heap there that nobody can part. Raises ClaimcheckError where a file cannot even be begun.
    """
    with ExitStack() as stack:
        sinks = [stack.enter_context(_Sink(target.path, alone=len(targets) == 1)) for target in targets]
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
    """Where one report goes. A file is written beside its place and moved there in the end; a device or pipe gets all at once.

    `problem` says afterwards why the report could not be written. A closed pipe is none: its reader has what it wanted.
    """

    def __init__(self, path: Path | None, *, alone: bool) -> None:
        self.problem: str | None = None
        self._path = path
        self._alone = alone
        self._open = True
        self._temporary: Path | None = None
        self._stream: TextIO = sys.stdout
        if path is not None:
            try:
                if is_special(path):
                    self._stream = io.StringIO()
                else:
                    handle, self._temporary = open_beside(path)
                    self._stream = os.fdopen(handle, "w", encoding="utf-8", newline="\n")
            except OSError as error:
                raise ClaimcheckError(f"cannot write {path}: {reason_of(error)}; nothing was checked") from error
        self._console = console_for(self._stream, WIDTH_OF_A_FILE if path is not None else None)

    def __enter__(self) -> _Sink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._path is None:
            return
        try:
            if kind is None and self._open:
                self._settle(self._path)
        finally:
            with suppress(OSError):  # what could not be written before
                self._stream.close()
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)

    def write(self, pieces: Iterable[Piece]) -> None:
        """Write the pieces of a report and let a reader at the end of a pipe have them; nothing after a failure."""
        if not self._open:
            return
        for piece in pieces:
            try:
                if isinstance(piece, str):
                    self._stream.write(piece)
                else:
                    self._console.print(piece)
            except OSError as error:
                self._give_up(error)
                return
        try:
            self._stream.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._open = False
        if self._path is None:
            let_go_of_stdout()
        if self._path is not None or not isinstance(error, BrokenPipeError):
            self.problem = f"cannot write {self._path or 'standard output'}: {reason_of(error)}; write the report elsewhere"

    def _settle(self, path: Path) -> None:
        """Bring what was written to its place, or, if that fails and it is the only report, to stdout."""
        try:
            if isinstance(self._stream, io.StringIO):
                path.write_text(self._stream.getvalue(), encoding="utf-8")
            elif self._temporary is not None:
                self._stream.close()
                move_into_place(self._temporary, path)
        except OSError as error:
            where = "the report is on standard output" if self._alone else "write the report elsewhere"
            self.problem = f"cannot write {path}: {reason_of(error)}; {where}"
            if self._alone:
                sys.stdout.write(self._written())

    def _written(self) -> str:
        if isinstance(self._stream, io.StringIO):
            return self._stream.getvalue()
        return self._temporary.read_text(encoding="utf-8") if self._temporary else ""
