"""The Python interface as a program meets it: light to import, typed, one report a text, every failure a sentence."""

from __future__ import annotations

import ast
import doctest
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

import claimcheck
from claimcheck import api
from claimcheck.kb import store
from claimcheck.language import Language
from claimcheck.model import Document

ROOT = Path(__file__).parent.parent
FLAT = "Psilocybin resets the default mode network."


@pytest.mark.parametrize("module", [api, store], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testmod(module)
    assert result.attempted > 2
    assert result.failed == 0


def test_type_checkers_and_programs_see_the_same_names() -> None:
    tree = ast.parse(Path(claimcheck.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.name: node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names if node.level == 0
    }
    promised = {name: module for name, module in imported.items() if (module or "").startswith("claimcheck.")}
    assert sorted(promised) == claimcheck.__all__
    for name, module in promised.items():
        assert getattr(claimcheck, name) is getattr(import_module(module), name)
    assert set(claimcheck.__all__) <= set(dir(claimcheck))
    with pytest.raises(AttributeError, match="no attribute 'check_txt'"):
        _ = claimcheck.check_txt


@pytest.mark.parametrize(
    "use", ["pass", "claimcheck.Label.SUPPORTED.meaning", "claimcheck.KnowledgeBase.load()", "claimcheck.ClaimcheckError"]
)
def test_what_checks_nothing_imports_nothing_heavy(use: str) -> None:
    claimcheck.KnowledgeBase.load()  # fills the cache
    code = f"import sys, claimcheck; {use}; print(sorted({{'spacy', 'numpy', 'rapidfuzz', 'yaml', 'pydantic'}} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_type_checker_knows_names_and_results(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(
        "import claimcheck\n"
        "def labels(text: str) -> list[claimcheck.Label]:\n"
        "    known = claimcheck.KnowledgeBase.load().claims\n"
        "    return [known[finding.claim].label for finding in claimcheck.check_text(text).findings]\n"
        "claimcheck.check_texts\n"
        "claimcheck.check_text('', fast='yes')\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "--config-file", os.devnull, "use.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "MYPYPATH": str(ROOT)}, check=False)
    faults = [line for line in done.stdout.splitlines() if line.startswith("use.py")]
    assert [fault.split(":")[1] for fault in faults] == ["5", "6"], done.stdout


def test_the_suffix_of_a_name_says_how_a_text_is_read() -> None:
    text = f"```\n{FLAT}\n```\n"
    assert [finding.claim for finding in claimcheck.check_text(text).findings] == ["dmn-reset"]
    assert claimcheck.check_text(text, name="post.md").findings == ()
    (finding,) = claimcheck.check_text(f"😀 {FLAT}", name="feed.unknown").findings
    assert (finding.span.start, finding.column) == (13, 14)


@pytest.mark.parametrize("text", ["", "\n \t", "\x00", "\ud800", "🙂" * 3, "<script>"])
def test_a_text_of_nothing_has_an_empty_report(text: str) -> None:
    report = claimcheck.check_text(text)
    assert (report.findings, report.error, report.text) == ((), None, text)


def test_options_of_a_check() -> None:
    text = f"{FLAT}\nMost of them said that they had more patience with the dog.\n"
    unsure = min(finding.confidence for finding in claimcheck.check_text(text).findings)
    sure = claimcheck.check_text(text, min_confidence=unsure + 0.001).findings
    assert sure
    assert all(finding.confidence > unsure for finding in sure)
    slow, fast = claimcheck.check_text(text), claimcheck.check_text(text, fast=True)
    assert {finding.confidence for finding in slow.findings} != {finding.confidence for finding in fast.findings}


@pytest.mark.parametrize("share", [-0.1, 1.01, 90, float("nan")])
def test_a_confidence_that_is_none_is_refused_at_once(share: float) -> None:
    with pytest.raises(claimcheck.ClaimcheckError, match="between 0 and 1"):
        claimcheck.check_text(FLAT, min_confidence=share)
    with pytest.raises(claimcheck.ClaimcheckError, match="between 0 and 1"):
        claimcheck.check_path(ROOT, min_confidence=share)


def test_own_knowledge_is_used_with_its_own_models(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Psilocybin calms the amygdala. It boosts creativity."
    monkeypatch.chdir(folder.parent)
    own = claimcheck.KnowledgeBase.load("base")
    monkeypatch.chdir(ROOT)  # a relative folder is meant from where it was named
    assert list(own.claims) == ["amygdala-calming"]
    (finding,) = claimcheck.check_text(text, knowledge=own).findings
    assert finding.claim == "amygdala-calming"
    assert {reason.role for reason in finding.because}.isdisjoint({"weight"})
    assert {found.claim for found in claimcheck.check_text(text).findings} == {"amygdala-calming", "creativity"}


def test_knowledge_is_equal_by_folder_and_content(folder: Path) -> None:
    before = claimcheck.KnowledgeBase.load(folder)
    assert before == claimcheck.KnowledgeBase.load(str(folder))
    assert hash(before) == hash(claimcheck.KnowledgeBase.load(str(folder)))
    assert before != claimcheck.KnowledgeBase.load(shutil.copytree(folder, folder.parent / "copy"))
    cues = folder / "cues/cues.yaml"
    cues.write_text(cues.read_text(encoding="utf-8").replace("terms: [may]", "terms: [may, might]"), encoding="utf-8")
    changed = claimcheck.KnowledgeBase.load(folder)
    assert changed != before
    text = "Psilocybin might calm the amygdala."
    assert [str(claimcheck.check_text(text, knowledge=base).findings[0].framing) for base in (before, changed)] == ["asserted", "hedged"]


def test_a_checker_is_built_once_and_few_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    real = api.open_checker
    monkeypatch.setattr(api, "open_checker", lambda *given, **options: built.append(options["quick"]) or real(*given, **options))
    for fast in (True, True, False, True):  # read anew each time, the knowledge is the same
        claimcheck.check_text(FLAT, knowledge=claimcheck.KnowledgeBase.load(folder), fast=fast)
    assert built == [True, False]
    assert api._built.cache_info().maxsize == 2


def test_the_built_in_knowledge_shares_its_checker_with_none(monkeypatch: pytest.MonkeyPatch) -> None:
    claimcheck.check_text(FLAT, fast=True)
    monkeypatch.setattr(api, "open_checker", lambda *_, **__: pytest.fail("built again"))
    assert claimcheck.check_text(FLAT, knowledge=claimcheck.KnowledgeBase.load(), fast=True).findings


def test_knowledge_that_cannot_be_used_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(claimcheck.KnowledgeError, match="there is no such folder"):
        claimcheck.KnowledgeBase.load(tmp_path / "none")
    assert issubclass(claimcheck.KnowledgeError, claimcheck.ClaimcheckError)
    assert issubclass(claimcheck.UnreadableError, claimcheck.ClaimcheckError)


def test_reports_of_a_folder_come_as_they_are_finished(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_text(FLAT, encoding="utf-8")
    reports = claimcheck.check_path(tmp_path)
    assert next(reports).path == str(tmp_path / "a.txt")
    (tmp_path / "b.md").write_bytes(b"\x00\x01\x02")  # not yet read
    (second,) = reports
    assert "binary file" in (second.error or "")
    assert second.findings == ()


@pytest.mark.parametrize("name", ["none.txt", "empty", "nul\0l"])
def test_a_path_with_nothing_to_check_is_an_error_at_once(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(claimcheck.UnreadableError):
        claimcheck.check_path(tmp_path / name)


def test_a_dash_is_a_file_and_never_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(claimcheck.UnreadableError, match="no file or folder"):
        claimcheck.check_path("-")
    Path("-").write_text(FLAT, encoding="utf-8")
    (report,) = claimcheck.check_path(Path("-"))
    assert [finding.claim for finding in report.findings] == ["dmn-reset"]


def test_threads_may_share_the_interface_and_are_taken_one_by_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = claimcheck.KnowledgeBase.load(folder)
    texts = [f"Psilocybin calms the amygdala of dog {number}." for number in range(6)]
    inside: list[int] = []
    real = Language.sentences

    def slow(language: Language, document: Document) -> object:
        inside.append(1)
        assert inside == [1]
        time.sleep(0.02)
        found = real(language, document)
        inside.pop()
        return found

    monkeypatch.setattr(Language, "sentences", slow)
    with ThreadPoolExecutor(6) as threads:
        reports = list(threads.map(lambda text: claimcheck.check_text(text, knowledge=own), texts))
    assert [report.text for report in reports] == texts
    assert all(len(report.findings) == 1 for report in reports)


def test_what_is_broken_in_a_folder_is_a_report_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("nowhere.md")
    with pytest.raises(claimcheck.UnreadableError, match="leads nowhere"):
        claimcheck.check_path(tmp_path)
    (tmp_path / "b.md").write_text("The tulips are in.\n", encoding="utf-8")
    reports = list(claimcheck.check_path(tmp_path, fast=True))
    assert [(Path(report.path).name, report.error is None) for report in reports] == [("b.md", True), ("a.md", False)]
