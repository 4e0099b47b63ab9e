"""One kind of work on many items in several processes: results in the order of the items, whatever happens to a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection
from threading import Thread
from types import TracebackType
from typing import Any, Generic, TypeVar

from claimcheck.errors import ClaimcheckError

T = TypeVar("T")
R = TypeVar("R")

# items that are known of in advance, for each process: enough that none waits while the first in line takes its time
_AHEAD = 8
# Windows waits for no more than that
_MOST_JOBS = 61
# every process computes with one thread: more of them would only get in each other's way
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


class Crew(Generic[T, R]):
    """Processes that work on items. The first starts with the first item; all end with the `with` block, at once if it fails.

    `make` is called once in each process and gives the work; it, the items and the results are sent between processes. `lost` is the
    result for an item that ends its process.
    """

    def __init__(self, jobs: int, make: Callable[[], Callable[[T], R]], lost: Callable[[T], R]) -> None:
        self.jobs = min(jobs, _MOST_JOBS)
        self._make = make
        self._lost = lost
        self._before = set(multiprocessing.active_children())
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew[T, R]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            for process in set(multiprocessing.active_children()) - self._before:
                process.terminate()
        self._dismiss()

    def start(self, item: T) -> Future[R]:
        """Have an item worked on. The result says BrokenProcessPool if a process died; then `settle` all that were started."""
        try:
            return self._submit(self.jobs, _work_on, item)
        except BrokenProcessPool as error:
            broken: Future[R] = Future()
            broken.set_exception(error)
            return broken

    def settle(self, items: Iterable[T]) -> Iterator[R]:
        """The results of items one of which was the death of a process: each alone, once more.

        Raises ClaimcheckError if no process can start.
        """
        self._dismiss()
        for item in items:
            try:
                self._submit(1, _nothing).result()
            except BrokenProcessPool as error:
                raise ClaimcheckError("no worker process can be started here; run it again with --jobs 1") from error
            try:
                result = self._submit(1, _work_on, item).result()
            except BrokenProcessPool:
                self._dismiss()
                result = self._lost(item)
            yield result
        self._dismiss()

    def _submit(self, jobs: int, work: Callable[..., R], *given: T) -> Future[R]:
        with _interrupts_held():  # processes inherit it: Ctrl-C is for the one that asked for the work
            if self._pool is None:
                # the same way to start on every system; a copy of this process would have its threads' locks, but not its threads
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(self._make,))
            return self._pool.submit(work, *given)

    def _dismiss(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


@dataclass(slots=True)
class _Place(Generic[T, R]):
    """An item in line, with its result or the promise of one."""

    item: T
    result: R | None
    future: Future[R] | None = None

    def is_lost(self) -> bool:
        """Whether its process died, or one beside it. Waits until that is known."""
        return self.future is not None and isinstance(self.future.exception(), BrokenProcessPool)


def in_order(
    items: Iterable[T],
    recall: Callable[[T], R | None],
    work: Callable[[T], R],
    crew: Crew[T, R],
    *,
    movable: Callable[[T], bool],
    few: int = 2,
) -> Iterator[R]:
    """A result for each item, in the order of the items and as soon as it may be told.

    It is recalled if it can be, else worked out: by the crew as soon as `few` movable items in line need it, till then here. Items are
    taken a bounded number ahead.
    """
    source = iter(items)
    line: deque[_Place[T, R]] = deque()
    most = max(few, _AHEAD * crew.jobs)
    crew_wanted = False
    while True:
        while len(line) < most and (not line or line[0].result is None) and (item := next(source, None)) is not None:
            line.append(_Place(item, recall(item)))
        if not line:
            return
        waiting = [place for place in line if place.result is None and place.future is None and movable(place.item)]
        crew_wanted = crew_wanted or len(waiting) >= few
        for place in waiting if crew_wanted else ():
            place.future = crew.start(place.item)
        if line[0].is_lost():
            _settle(line, crew)
        first = line.popleft()
        if first.result is not None:
            yield first.result
        else:
            yield first.future.result() if first.future else work(first.item)


def _settle(line: Iterable[_Place[T, R]], crew: Crew[T, R]) -> None:
    """Find out who in line was the death of a process, and get the results of the others."""
    unfinished = [place for place in line if place.is_lost()]
    for place, result in zip(unfinished, crew.settle(place.item for place in unfinished), strict=True):
        place.result, place.future = result, None


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """An interrupt in this block comes after it, and never to a process that is started in it (where a system can do that)."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a worker process ---------------------------------------------------------------------------------------------

_work: Callable[[Any], Any] | None = None  # a pool gives its processes no other place to keep what they made


def _begin(make: Callable[[], Callable[[Any], Any]]) -> None:
    global _work  # noqa: PLW0603
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in _THREADS:
        os.environ.setdefault(name, "1")  # before numpy is imported
    Thread(target=_end_with_parent, daemon=True).start()
    _work = make()


def _end_with_parent() -> None:
    """A parent that is killed says nothing: without this its workers would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _work_on(item: Any) -> Any:
    assert _work is not None
    return _work(item)


def _nothing() -> Any:
    """Shows that a process can be started."""
