"""Many documents: what goes wrong on one of them is told in its own report, and the others are checked."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from claimcheck.batch import Desk, Setup, check_all, check_many
from claimcheck.checking import Checker
from claimcheck.discovery import Input
from claimcheck.model import Document, DocumentReport, KnowledgeBase

TEXT = "The tulips are in.\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "bad.txt", "z.txt"):
        Path(name).write_text(f"{name}: {TEXT}", encoding="utf-8")
    return tmp_path


def check(knowledge: KnowledgeBase, *, cached: bool, jobs: int) -> list[DocumentReport]:
    with closing(Desk(Setup(knowledge, quick=True, cached=cached))) as desk:
        return list(check_many(map(Input, ("a.txt", "bad.txt", "z.txt")), desk, jobs))


def errors(reports: list[DocumentReport]) -> list[tuple[str, str | None]]:
    return [(report.path, report.error) for report in reports]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (ValueError("no such luck"), "a fault of ours (ValueError: no such luck); please report it with the file"),
        (RecursionError("too deep"), "a fault of ours (RecursionError: too deep); please report it with the file"),
        (MemoryError(), "not enough memory; check it alone, or in parts"),
    ],
)
@pytest.mark.parametrize(("cached", "jobs"), [(True, 1), (False, 1), (True, 2)])
def test_a_file_that_fails_while_its_bytes_are_read(
    knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str, cached: bool, jobs: int
) -> None:
    read_bytes = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.name == "bad.txt":
            raise fault
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    reports = check(knowledge, cached=cached, jobs=jobs)
    assert errors(reports) == [("a.txt", None), ("bad.txt", f"bad.txt could not be checked: {said}"), ("z.txt", None)]


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("step", ["reading", "checking"])
def test_a_document_that_fails_in_a_reader_or_the_checker(
    knowledge: KnowledgeBase, checker: Checker, monkeypatch: pytest.MonkeyPatch, cached: bool, step: str
) -> None:
    def read(data: bytes, name: str) -> Document:
        if name == "bad.txt":
            raise KeyError("odd")
        return Document(name, data.decode(), data.decode(), ())

    def check_document(_: Checker, document: Document) -> DocumentReport:
        if document.path == "bad.txt":
            raise KeyError("odd")
        return DocumentReport(document.path, document)

    if step == "reading":
        monkeypatch.setattr("claimcheck.batch.document_from_bytes", read)
    else:
        monkeypatch.setattr(Checker, "check", check_document)
    expected = [
        ("a.txt", None),
        ("bad.txt", "bad.txt could not be checked: a fault of ours (KeyError: 'odd'); please report it with the file"),
    ]
    expected.append(("z.txt", None))
    assert errors(check(knowledge, cached=cached, jobs=1)) == expected
    assert errors(list(check_all(map(Input, ("a.txt", "bad.txt", "z.txt")), checker))) == expected
