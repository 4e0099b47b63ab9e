"""The baseline: what was accepted stays out until its sentence changes; the file is stable, and honest when it is broken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from claimcheck.baseline import read_baseline
from claimcheck.checking import Checker
from claimcheck.documents import document_from_text
from claimcheck.errors import ClaimcheckError
from claimcheck.model import DocumentReport

FLAT = "Psilocybin resets the default mode network."
OTHER = "Microdosing boosts creativity."
FAIR = "Psilocin binds to serotonin 2A receptors."


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(checker: Checker, **texts: str) -> list[DocumentReport]:
    """Reports on posts/<name>.md, which exist as long as they are checked."""
    Path("posts").mkdir(exist_ok=True)
    for name, text in texts.items():
        Path(f"posts/{name}.md").write_text(text, encoding="utf-8")
    return [checker.check(document_from_text(text, f"posts/{name}.md")) for name, text in texts.items()]


def take_up(reports: list[DocumentReport], path: str = "known.json") -> list[dict[str, object]]:
    baseline = read_baseline(Path(path), may_be_missing=True)
    for report in baseline.new_only(reports, taking_up=True):
        assert all(finding.severity == "ok" for finding in report.findings)
    baseline.write()
    return json.loads(Path(path).read_text(encoding="utf-8"))["findings"]


def new(reports: list[DocumentReport], path: str = "known.json") -> list[tuple[list[str], int]]:
    """For each document the claims that are new, and the number of known ones."""
    return [([f.claim for f in report.findings], report.known) for report in read_baseline(Path(path)).new_only(reports)]


def test_what_was_accepted_is_left_out_and_counted(checker: Checker) -> None:
    take_up(check(checker, a=f"{FLAT}\n\n{OTHER}"))
    assert new(check(checker, a=f"{FLAT}\n\n{OTHER}")) == [([], 2)]


def test_moved_and_retyped_sentences_are_known_and_changed_ones_new(checker: Checker) -> None:
    take_up(check(checker, a=FLAT))
    retyped = FLAT.replace(" default", "  *default*")
    assert new(check(checker, a=f"# A new title\n\nMore before it. {retyped} More behind it.")) == [([], 1)]
    assert new(check(checker, a="Psilocybin fully resets the default mode network.")) == [(["dmn-reset"], 0)]


def test_the_same_claim_elsewhere_is_new(checker: Checker) -> None:
    take_up(check(checker, a=FLAT))
    assert new(check(checker, a=FLAT, b=FLAT)) == [([], 1), (["dmn-reset"], 0)]
    assert new(check(checker, a=f"{FLAT}\n\n{FLAT}")) == [(["dmn-reset"], 1)]


def test_a_moved_file_is_known_under_its_new_name(checker: Checker) -> None:
    take_up(check(checker, a=f"{FLAT}\n\n{OTHER}", b=OTHER))
    Path("posts/a.md").rename("posts/moved.md")
    baseline = read_baseline(Path("known.json"))
    reports = check(checker, b=OTHER, moved=f"{FLAT}\n\n{OTHER}", copy=FLAT)
    assert [([f.claim for f in report.findings], report.known) for report in baseline.new_only(reports)] == [
        ([], 1),
        ([], 2),
        (["dmn-reset"], 0),  # only as many as there were
    ]
    assert baseline.gone().total() == 0


def test_a_moved_file_is_taken_up_under_its_new_name(checker: Checker) -> None:
    take_up(check(checker, a=f"{FLAT}\n\n{OTHER}"))
    Path("posts/a.md").unlink()
    baseline = read_baseline(Path("known.json"))
    list(baseline.new_only(check(checker, moved=FLAT, fresh="Microdosing may boost creativity."), taking_up=True))
    assert (baseline.added(), baseline.gone().total()) == (1, 1)
    assert {(entry.path, entry.claim) for entry in baseline.updated()} == {
        ("posts/moved.md", "dmn-reset"),
        ("posts/fresh.md", "creativity"),
    }


def test_a_name_alone_is_no_file_that_moved(checker: Checker) -> None:
    take_up(check(checker, a=FLAT))
    Path("posts/a.md").unlink()
    assert new([checker.check(document_from_text(FLAT, "<stdin>"))]) == [(["dmn-reset"], 0)]
    Path("known.json").unlink()
    take_up([checker.check(document_from_text(FLAT, "<stdin>"))])
    assert new(check(checker, b=FLAT)) == [(["dmn-reset"], 0)]


def test_repeated_sentences_are_counted(checker: Checker) -> None:
    (row,) = take_up(check(checker, a=f"{FLAT}\n\n{FLAT}"))
    assert row["count"] == 2
    assert new(check(checker, a=f"{FLAT}\n\n{FLAT}\n\n{FLAT}")) == [(["dmn-reset"], 2)]


def test_what_is_put_fairly_is_not_accepted_and_stays_in_the_report(checker: Checker) -> None:
    assert take_up(check(checker, a=FAIR)) == []
    assert [known for _, known in new(check(checker, a=FAIR))] == [0]
    assert new(check(checker, a=FAIR))[0][0] != []


def test_the_file_is_sorted_an_entry_a_line_and_the_same_each_time(checker: Checker) -> None:
    reports = check(checker, b=f"{OTHER}\n\n{FLAT}", a=FLAT)
    rows = take_up(reports)
    text = Path("known.json").read_text(encoding="utf-8")
    assert [(row["path"], row["claim"]) for row in rows] == [
        ("posts/a.md", "dmn-reset"),
        ("posts/b.md", "creativity"),
        ("posts/b.md", "dmn-reset"),
    ]
    assert sum('"fingerprint"' in line for line in text.splitlines()) == 3
    take_up(reports[::-1])
    assert Path("known.json").read_text(encoding="utf-8") == text
    assert {path.name for path in Path().iterdir()} == {"known.json", "posts"}


def test_paths_are_relative_to_the_file_wherever_one_stands(checker: Checker, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    take_up(check(checker, a=FLAT))
    monkeypatch.chdir("posts")
    report = checker.check(document_from_text(FLAT, "a.md"))
    assert new([report], "../known.json") == [([], 1)]
    assert new([checker.check(document_from_text(FLAT, str(here / "posts/a.md")))], "../known.json") == [([], 1)]
    assert new([checker.check(document_from_text(FLAT, "<stdin>"))], "../known.json") == [(["dmn-reset"], 0)]


def test_what_is_gone_is_told_and_taken_out_but_not_what_was_not_looked_at(checker: Checker) -> None:
    reports = check(checker, a=f"{FLAT}\n\n{FLAT}", b=OTHER, c=FLAT)
    take_up(reports)
    Path("posts/c.md").unlink()
    baseline = read_baseline(Path("known.json"))
    list(baseline.new_only(check(checker, a=FLAT)))
    assert {(entry.path, number) for entry, number in baseline.gone().items()} == {("posts/a.md", 1), ("posts/c.md", 1)}
    rows = take_up(check(checker, a=FLAT))
    assert [(row["path"], row.get("count", 1)) for row in rows] == [("posts/a.md", 1), ("posts/b.md", 1)]


def test_what_is_less_sure_is_not_taken_up_and_not_forgotten(checker: Checker) -> None:
    (flat,) = check(checker, a=FLAT)
    less_sure = replace(flat, findings=tuple(replace(finding, confidence=0.4) for finding in flat.findings))
    baseline = read_baseline(Path("known.json"), may_be_missing=True)
    assert [report.known for report in baseline.new_only([less_sure], taking_up=True, sure=0.5)] == [0]
    assert baseline.updated() == {}
    rows = take_up([flat])
    baseline = read_baseline(Path("known.json"))
    assert [report.known for report in baseline.new_only([less_sure], taking_up=True, sure=0.5)] == [1]
    baseline.write()
    assert json.loads(Path("known.json").read_text(encoding="utf-8"))["findings"] == rows


def test_checks_that_may_miss_something_forget_nothing(checker: Checker) -> None:
    take_up(check(checker, a=FLAT, b=f"{FLAT}\n\n{OTHER}"))
    Path("posts/b.md").rename("posts/c.md")
    baseline = read_baseline(Path("known.json"), partial=True)
    list(baseline.new_only(check(checker, a="Tulips.", c=FLAT), taking_up=True))
    assert baseline.gone().total() == 0
    assert {(entry.path, entry.claim): number for entry, number in baseline.updated().items()} == {
        ("posts/a.md", "dmn-reset"): 1,
        ("posts/c.md", "dmn-reset"): 1,
        ("posts/b.md", "creativity"): 1,
    }


def test_a_document_that_could_not_be_read_keeps_its_entries(checker: Checker) -> None:
    rows = take_up(check(checker, a=FLAT))
    assert take_up([DocumentReport("posts/a.md", error="cannot read posts/a.md")]) == rows


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: expecting value"),
        ('{"schema": "claimcheck.baseline/1",\n', "line 2: "),
        ("[]", "its schema is not claimcheck.baseline/1"),
        ('{"schema": "claimcheck.baseline/2", "findings": []}', "its schema is not"),
        ('{"schema": "claimcheck.baseline/1", "findings": {}}', "its schema is not"),
        ('{"schema": "claimcheck.baseline/1", "findings": [3]}', "finding 1 is none"),
        ('{"schema": "claimcheck.baseline/1", "findings": [{"path": "a", "claim": "b"}]}', "finding 1 is none"),
        ('{"schema": "claimcheck.baseline/1", "findings": [{"path": "a", "claim": "b", "fingerprint": "c", "count": 0}]}', "finding 1 is"),
        ('{"schema": "claimcheck.baseline/1", "findings": [{"path": "a", "claim": "b", "fingerprint": "c", "count": "2"}]}', "finding 1"),
        ("[" * 100_000, ""),
        ("\udcff", "not UTF-8"),
    ],
)
def test_a_broken_file_is_one_sentence(text: str, why: str) -> None:
    Path("known.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ClaimcheckError) as caught:
        read_baseline(Path("known.json"), may_be_missing=True)
    assert str(caught.value).startswith(f"known.json is no baseline ({why}")
    assert str(caught.value).endswith("; restore it, or delete it and write a new one with --update-baseline")


def test_a_missing_file_is_one_sentence() -> None:
    with pytest.raises(ClaimcheckError, match=r"there is no baseline known\.json; --update-baseline writes it"):
        read_baseline(Path("known.json"))


def test_hostile_paths_in_the_file_are_only_names(checker: Checker) -> None:
    rows = [{"path": path, "claim": "dmn-reset", "fingerprint": "0"} for path in ("a\0b", "x" * 10_000, "../../../etc/none", "<stdin>")]
    Path("known.json").write_text(json.dumps({"schema": "claimcheck.baseline/1", "findings": rows}), encoding="utf-8")
    baseline = read_baseline(Path("known.json"))
    assert [report.known for report in baseline.new_only(check(checker, a=FLAT))] == [0]
    assert {entry.path for entry in baseline.gone()} == {"a\0b", "x" * 10_000, "../../../etc/none"}


def test_a_baseline_that_cannot_be_written_is_one_sentence(checker: Checker) -> None:
    baseline = read_baseline(Path("no/such/known.json"), may_be_missing=True)
    list(baseline.new_only(check(checker, a=FLAT), taking_up=True))
    with pytest.raises(ClaimcheckError, match=r"cannot write the baseline no/such/known\.json: no such file or directory"):
        baseline.write()


def test_a_linked_baseline_stays_a_link_and_keeps_its_mode(checker: Checker) -> None:
    Path("real.json").write_text('{"schema": "claimcheck.baseline/1", "findings": []}', encoding="utf-8")
    Path("real.json").chmod(0o600)
    Path("known.json").symlink_to("real.json")
    take_up(check(checker, a=FLAT))
    assert Path("known.json").is_symlink()
    assert "dmn-reset" in Path("real.json").read_text(encoding="utf-8")
    assert Path("real.json").stat().st_mode & 0o777 == 0o600
