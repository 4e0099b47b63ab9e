"""Put a report where the user wants it: on the terminal, in a pipe, or whole in a file."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from rich.console import Console

from claimcheck.model import DocumentReport
from claimcheck.reports.json_report import render_json
from claimcheck.reports.summary import Summary
from claimcheck.reports.text_report import TextReport

WIDTH_OF_A_FILE = 100


def console_for(stream: TextIO, width: int | None = None) -> Console:
    """A console that prints text as it is: no markup, no emoji codes, no guessing of highlights."""
    return Console(file=stream, markup=False, emoji=False, highlight=False, width=width)


def write_report(
    reports: Iterable[DocumentReport], summary: Summary, form: str, output: Path | None, *, verbose: bool, with_text: bool
) -> str | None:
    """Write a report to a file (whole or not at all) or to stdout. Returns one sentence if the file could not be written;
    the report then goes to stdout, so that the work is not lost."""
    if output is None:
        _emit(reports, summary, form, sys.stdout, None, verbose=verbose, with_text=with_text)
        return None
    if output.exists() and not output.is_file():  # a device or a pipe is written to, never replaced
        buffer = io.StringIO()
        _emit(reports, summary, form, buffer, WIDTH_OF_A_FILE, verbose=verbose, with_text=with_text)
        try:
            output.write_text(buffer.getvalue(), encoding="utf-8")
        except OSError as error:
            sys.stdout.write(buffer.getvalue())
            return _not_written(output, error)
        return None
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        _emit(reports, summary, form, sys.stdout, None, verbose=verbose, with_text=with_text)
        return _not_written(output, error)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            _emit(reports, summary, form, stream, WIDTH_OF_A_FILE, verbose=verbose, with_text=with_text)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(output)
    except OSError as error:
        sys.stdout.write(temporary.read_text(encoding="utf-8"))
        return _not_written(output, error)
    finally:
        temporary.unlink(missing_ok=True)
    return None


def _not_written(output: Path, error: OSError) -> str:
    return f"cannot write {output}: {(error.strerror or str(error)).lower()}; the report is on standard output"


def _emit(
    reports: Iterable[DocumentReport], summary: Summary, form: str, stream: TextIO, width: int | None, *, verbose: bool, with_text: bool
) -> None:
    if form == "json":
        for piece in render_json(reports, summary, with_text=with_text):
            stream.write(piece)
        stream.flush()
        return
    console = console_for(stream, width)
    for part in TextReport(summary, verbose=verbose).render(reports):
        console.print(part)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
