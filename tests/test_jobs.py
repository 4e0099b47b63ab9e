"""Work in several processes: everything once and in order, whatever happens to a process, and none is left over."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from toy_work import no_worker, work, worker

from claimcheck.errors import ClaimcheckError, KnowledgeError, Problem
from claimcheck.jobs import Crew, in_order


def nothing(_: str) -> None:
    """Recalls nothing."""


def lost(item: str) -> str:
    """The result of an item that ends its process."""
    return f"{item} lost"


def run(items: Iterator[str] | list[str], *, make: Callable[[], Callable[[str], str]] = worker, few: int = 2) -> Iterator[str]:
    with Crew(2, make, lost) as crew:
        yield from in_order(items, nothing, work, crew, movable=lambda item: not item.startswith("here"), few=few)


def test_results_come_in_order_and_processes_end() -> None:
    items = ["wait 0.5", *map(str, range(40))]
    assert list(run(items)) == [f"{item} done" for item in items]
    assert multiprocessing.active_children() == []


def test_an_item_that_ends_its_process_is_the_only_one_lost(tmp_path: Path) -> None:
    items = ["a", f"die-once {tmp_path / 'mark'}", *map(str, range(20)), "die", "b"]
    assert list(run(items)) == [lost(item) if item == "die" else f"{item} done" for item in items]


def test_processes_that_cannot_begin_are_one_sentence() -> None:
    with pytest.raises(ClaimcheckError, match="no worker process can be started here; run it again with --jobs 1"):
        list(run(["a", "b", "c"], make=no_worker))


def test_a_failure_comes_through_as_it_is() -> None:
    with pytest.raises(KnowledgeError) as caught:
        list(run(["a", "fail", "b"]))
    assert str(caught.value) == str(KnowledgeError("base", (Problem("file", 3, "is wrong"),)))


def test_who_stops_listening_leaves_no_process() -> None:
    reports = run(["a", "b", *["wait 60"] * 20])
    assert next(reports) == "a done"
    start = time.monotonic()
    reports.close()
    assert time.monotonic() - start < 20
    assert multiprocessing.active_children() == []


def test_items_are_taken_a_bounded_number_ahead() -> None:
    taken = []

    def items() -> Iterator[str]:
        for number in range(10_000):
            taken.append(number)
            yield str(number)

    reports = run(items())
    for _ in range(3):
        next(reports)
    assert len(taken) < 30
    reports.close()


def test_processes_start_only_for_more_than_a_few_and_compute_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    own = str(os.getpid())
    assert list(run(["pid"] * 4, few=5)) == [own] * 4
    here, *others = run(["here", *["pid"] * 4, "threads"], few=5)
    assert here == "here done"
    assert own not in others
    assert others[-1] == "1"


def test_what_can_be_recalled_is_told_at_once_in_its_place() -> None:
    with Crew(2, worker, lost) as crew:
        known = {"b": "b known", "d": "d known"}
        assert list(in_order(["a", "b", "c", "d"], known.get, work, crew, movable=bool)) == ["a done", "b known", "c done", "d known"]
