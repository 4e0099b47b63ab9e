"""How far a run is, on a terminal: documents done, words a second, time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from threading import Thread

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from claimcheck.errors import ClaimcheckError
from claimcheck.model import DocumentReport


def shown(reports: Iterable[DocumentReport], count: Callable[[], int]) -> Iterator[DocumentReport]:
    """The reports, with a line on stderr while the next is waited for: it is never there while one is written.

    `count` tells how many documents there are. It runs beside the work, since to look through folders takes its time.
    """
    console = Console(file=sys.stderr, markup=False, emoji=False, highlight=False)
    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("documents"), TextColumn("{task.fields[pace]}"), TimeRemainingColumn())
    progress = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False, refresh_per_second=4)
    task = progress.add_task("", total=None, pace="")
    Thread(target=_count, args=(progress, task, count), daemon=True).start()
    words = 0
    source = iter(reports)
    while True:
        with progress:
            report = next(source, None)
        if report is None:
            return
        words += report.words
        elapsed = progress.tasks[0].elapsed or 0
        progress.update(task, advance=1, pace=f"{words / elapsed:,.0f} words/s" if elapsed > 1 else "")
        yield report


def _count(progress: Progress, task: TaskID, count: Callable[[], int]) -> None:
    with suppress(ClaimcheckError, OSError):  # then there is no telling how long it will take
        progress.update(task, total=count())
