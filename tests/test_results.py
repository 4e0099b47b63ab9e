"""Results of earlier checks: found again for the same content alone, bounded, shared, and never the cause of a failure."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from claimcheck.model import Document, DocumentReport, Finding, Framing, Severity, Span
from claimcheck.results import Results, open_results

TEXT = "Psilocybin resets the default mode network."


def report_on(path: str, text: str = TEXT, notes: tuple[str, ...] = ()) -> DocumentReport:
    finding = Finding("dmn-reset", Framing.ASSERTED, Severity.WARNING, Span(11, 42), Span(0, 43), 1, 12, 0.9)
    return DocumentReport(path, Document(path, text, text, (), notes=notes), 6, 1, (finding,), notes=notes, seconds=2.5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "results.sqlite"


def test_a_result_is_found_under_any_name_of_the_content(path: Path) -> None:
    first = Results(path, "state")
    first.keep(first.key(TEXT.encode(), "a/post.md"), report_on("a/post.md"))
    second = Results(path, "state")  # the first is not closed: a run that is killed closes nothing
    found = second.find(second.key(TEXT.encode(), "b.MD"), "b.MD")
    assert found == report_on("b.MD")
    assert found.recalled
    assert found.seconds == 0


@pytest.mark.parametrize(("data", "name", "state"), [(b"other", "a.md", "s"), (b"same", "a.txt", "s"), (b"same", "a.md", "t")])
def test_other_bytes_suffix_or_state_is_another_result(data: bytes, name: str, state: str, path: Path) -> None:
    results = Results(path, "s")
    results.keep(results.key(b"same", "a.md"), report_on("a.md"))
    assert results.find(results.key(b"same", "a.md"), "a.md")
    other = Results(path, state)
    assert other.find(other.key(data, name), name) is None


def test_notes_tell_the_name_so_they_hold_for_it_alone(path: Path) -> None:
    results = Results(path, "s")
    noted = report_on("a.pdf", notes=("a.pdf: page 2 holds no text",))
    key = results.key(b"pdf", "a.pdf")
    results.keep(key, noted)
    assert results.find(key, "b.pdf") is None
    assert results.find(key, "a.pdf") == noted


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def overwritten_inside(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[200 : len(data)] = b"\xff" * (len(data) - 200)
    path.write_bytes(data)


def broken_report(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE results SET report = x'00112233'")


def another_table(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE results RENAME COLUMN report TO something")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [garbage, overwritten_inside, broken_report, another_table, a_folder])
def test_a_broken_file_costs_only_time(harm: Callable[[Path], None], path: Path) -> None:
    whole = Results(path, "s")
    key = whole.key(b"1", "a.md")
    whole.keep(key, report_on("a.md"))
    whole.close()
    harm(path)
    broken = Results(path, "s")
    assert broken.find(key, "a.md") is None
    broken.keep(key, report_on("a.md"))
    broken.close()


def test_a_broken_file_is_replaced(path: Path) -> None:
    path.parent.mkdir()
    garbage(path)
    results = Results(path, "s")
    key = results.key(b"1", "a.md")
    results.keep(key, report_on("a.md"))
    results.close()
    assert Results(path, "s").find(key, "a.md") == report_on("a.md")


def test_without_a_place_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    results = Results(tmp_path / "file" / "results.sqlite", "s")
    assert not results.usable
    results.keep(b"key", report_on("a.md"))
    assert results.find(b"key", "a.md") is None
    results.close()


def test_what_was_used_longest_ago_makes_room(path: Path) -> None:
    def noise(number: int) -> str:
        return random.Random(number).randbytes(2_000).hex()

    results = Results(path, "s", most=100_000)
    keys = [results.key(str(number).encode(), "a.md") for number in range(200)]
    results.keep(keys[0], report_on("a.md", noise(0)))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE results SET used = used + 60")  # the first is used again, after the others
    for number, key in enumerate(keys[1:], 1):
        results.keep(key, report_on("a.md", noise(number)))
        if number == 100:
            with sqlite3.connect(path) as connection:
                connection.execute("UPDATE results SET used = used - 30 WHERE used < (SELECT max(used) FROM results)")
    results.keep(results.key(b"huge", "a.md"), report_on("a.md", "".join(map(noise, range(50)))))
    results.close()
    with sqlite3.connect(path) as connection:
        [(size, number)] = connection.execute("SELECT sum(size), count(*) FROM results")
    assert 50_000 < size <= 100_000
    kept = Results(path, "s")
    there = [index for index, key in enumerate(keys) if kept.find(key, "a.md")]
    assert there[0] == 0
    assert min(there[1:]) > 100
    assert len(there) == number


def test_two_runs_share_the_file(path: Path) -> None:
    def fill(first: int) -> None:
        results = Results(path, "s")
        for number in range(first, 60, 2):
            results.keep(results.key(str(number).encode(), "a.md"), report_on("a.md", str(number)))
        results.close()

    threads = [Thread(target=fill, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results = Results(path, "s")
    texts = [results.find(results.key(str(number).encode(), "a.md"), "a.md") for number in range(60)]
    assert [found and found.text for found in texts] == [str(number) for number in range(60)]


@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
def test_only_its_user_can_read_it(path: Path) -> None:
    results = Results(path, "s")
    results.keep(b"key", report_on("a.md"))
    assert {file.name: file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == dict.fromkeys(
        ("results.sqlite", "results.sqlite-wal", "results.sqlite-shm"), 0
    )
    assert path.parent.stat().st_mode & 0o077 == 0


def test_knowledge_weights_and_options_are_part_of_the_key(tmp_path: Path) -> None:
    (tmp_path / "linear.npz").write_bytes(b"weights")

    def key(knowledge: str = "k", *, quick: bool = False) -> bytes:
        return open_results(knowledge, tmp_path, quick=quick).key(b"text", "a.md")

    first = key()
    assert key() == first
    assert len({first, key("other"), key(quick=True)}) == 3
    (tmp_path / "linear.npz").write_bytes(b"trained anew")
    assert key() != first
