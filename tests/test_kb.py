"""The loader and linter: every fault at once, each with file and line; the label rule; the cache."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from claimcheck.errors import KnowledgeError
from claimcheck.kb import built_in_folder, derive, load
from claimcheck.kb.folder import changed_weights, weigh
from claimcheck.linting import lint
from claimcheck.model import Dose, Evidence, KnowledgeBase, Label, Species, Stance, Tier

CLAIM = "claims/amygdala-calming.yaml"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in lint(folder)]


def test_a_sound_folder_has_no_problems(folder: Path) -> None:
    assert problems(folder) == []
    assert load(folder).claims["amygdala-calming"].label is Label.MACRODOSE_ONLY


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        (CLAIM, "group: brain", "group: brain\ncolour: red", 3, "unknown key 'colour'"),
        (CLAIM, "group: brain", "group: brain\ngroup: mood", 3, "duplicate key 'group'"),
        (CLAIM, "group: brain", "group: brian", 2, "'brian' is none of"),
        (CLAIM, "statement: Psychedelics calm the amygdala.", "statement: 3", 3, "must be text"),
        (CLAIM, "statement: Psychedelics calm the amygdala.\n", "", 1, "missing key 'statement'"),
        (CLAIM, "  - source: one-2020", "  - source: two-2021", 12, "unknown source 'two-2021'"),
        (CLAIM, "    tier: A", "    tier: B", 16, "tier B differs from A"),
        (CLAIM, "label: macrodose-only", "label: supported", 4, "label supported is declared, but the evidence gives macrodose-only"),
        (CLAIM, "label: macrodose-only", "label: macrodose-only\ncontested: true", 5, "contested must be false"),
        (CLAIM, "id: amygdala-calming", "id: amygdala", 1, "not the file name"),
        (CLAIM, "effects: [calm]", "effects: [clam]", 9, "unknown concept 'clam'"),
        (CLAIM, "effects: [calm]", "effects: [amygdala]", 9, "is of kind target"),
        (CLAIM, "match:\n", "match:\n  idioms: [calm (down]\n", 8, "missing ')'"),
        (CLAIM, "match:\n", "match:\n  idioms: [<nothing> calm]\n", 8, "unknown concept 'nothing'"),
        (CLAIM, "    - text: Psilocybin is found in mushrooms.\n      why: no effect\n", "", 27, "only 2 near_misses"),
        (CLAIM, "    - text: The amygdala has two halves.", "    - text: Psilocybin calms the amygdala too.", 30, "is found as the claim"),
        (CLAIM, "    - text: Psilocybin calms the amygdala.", "    - text: Psilocybin is nice.", 21, "is not found"),
        (CLAIM, "      framing: hedged", "      framing: denied", 23, "is framed hedged, not denied"),
        (CLAIM, "explanation: It was seen at full doses. It was", "explanation: It was seen and was", 5, "two sentences"),
        ("sources/one-2020.yaml", "year: 2020", "year: twenty", 6, "year: input should be a valid integer"),
        ("sources/one-2020.yaml", "year: 2020", "year: [2020", 7, "YAML syntax"),
        ("lexicon/words.yaml", "  terms: [ketamine]", "  terms: [ketamine, ketamine]", 7, "stands twice"),
        ("lexicon/words.yaml", "- id: anaphor", "- id: heart\n  kind: target\n  terms: [heart]\n- id: anaphor", 19, "is used by no claim"),
        ("lexicon/words.yaml", "- id: anaphor", "- id: ketamine\n  kind: other-agent\n  terms: [k]\n- id: anaphor", 19, "already in"),
        ("cues/cues.yaml", "role: hedge", "role: hedgehog", 2, "'hedgehog' is none of"),
        ("about.yaml", "updated: 2026-01-31", "updated: 31 January", 1, "updated: input should be a valid date"),
        ("about.yaml", "updated:", "# the day\nupdatde:", 2, "unknown key 'updatde'"),
        ("about.yaml", "updated: 2026-01-31", "2026-01-31", 1, "input should be an object"),
    ],
)
def test_each_fault_is_named_with_its_line(folder: Path, name: str, old: str, new: str, line: int, message: str) -> None:
    edit(folder, name, old, new)
    found = problems(folder)
    assert any(problem.startswith(f"{name}:{line}: ") and message in problem for problem in found), found


def test_all_faults_come_at_once(folder: Path) -> None:
    edit(folder, CLAIM, "group: brain", "group: brian")
    edit(folder, CLAIM, "tier: A", "tier: Z")
    edit(folder, "sources/one-2020.yaml", "year: 2020", "yaer: 2020")
    edit(folder, "cues/cues.yaml", "role: hedge", "role: hedgehog")
    assert len([problem for problem in problems(folder) if "none of" in problem or "unknown key" in problem]) == 4


def test_words_that_yaml_bends_stay_words(folder: Path) -> None:
    edit(folder, "lexicon/words.yaml", "terms: [ketamine]", "terms: [no, ketamine]")
    assert "no" in load(folder).concepts["ketamine"].terms


def test_an_unused_source_is_a_problem(folder: Path) -> None:
    (folder / "sources/spare-2021.yaml").write_text("id: spare-2021\nkind: trial\ndesign: open-label\ntier: B\n", encoding="utf-8")
    assert any("'spare-2021' is used by no claim" in problem for problem in problems(folder))


def test_weights_that_do_not_fit_their_check_sums_are_a_problem(folder: Path) -> None:
    (folder / "proposer").mkdir()
    (folder / "proposer" / "linear.npz").write_bytes(b"weights")
    weigh(folder)
    assert not list(changed_weights(folder))
    (folder / "proposer" / "linear.npz").write_bytes(b"other weights")
    assert ["proposer/SHA256SUMS:1: does not fit" in row for row in problems(folder)] == [True]


def test_an_empty_or_missing_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="holds no claim"):
        load(tmp_path)
    with pytest.raises(KnowledgeError, match="there is no such folder"):
        load(tmp_path / "none")


def test_a_changed_file_is_read_anew_and_a_broken_cache_is_no_fault(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    assert load(folder).claims["amygdala-calming"].fair_wording.startswith("At full doses")
    for path in cache.rglob("*.pickle"):
        path.write_bytes(b"broken")
    assert load(folder).claims["amygdala-calming"].fair_wording.startswith("At full doses")
    edit(folder, CLAIM, "fair_wording: At", "fair_wording: Only at")
    assert load(folder).claims["amygdala-calming"].fair_wording.startswith("Only at")


def test_the_day_of_the_last_change_is_part_of_the_knowledge(folder: Path) -> None:
    before = load(folder)
    assert before.updated == date(2026, 1, 31)
    edit(folder, "about.yaml", "2026-01-31", "2026-02-01")
    assert load(folder).updated == date(2026, 2, 1)
    (folder / "about.yaml").unlink()
    assert load(folder).updated is None
    assert problems(folder) == []


def test_the_built_in_knowledge_is_as_young_as_it_says(knowledge: KnowledgeBase) -> None:
    changed = ["git", "-C", str(built_in_folder()), "log", "-1", "--format=%as", "--", "claims", "sources", "lexicon", "cues"]
    done = subprocess.run(changed, capture_output=True, text=True, check=False)
    last = done.stdout.strip() or "2026-11-22"  # outside of a repository
    assert knowledge.updated is not None
    assert knowledge.updated >= date.fromisoformat(last), "set the day in knowledge/about.yaml"


def row(stance: str, tier: str, dose: str, species: str = "human") -> Evidence:
    return Evidence("s", Stance(stance), Species(species), Dose(dose), Tier(tier), "f", "l")


@pytest.mark.parametrize(
    ("rows", "label", "contested"),
    [
        ([], "anecdotal", False),
        ([row("supports", "C", "micro")], "anecdotal", False),
        ([row("supports", "E", "macro")], "anecdotal", False),
        ([row("supports", "A", "micro")], "supported", False),
        ([row("supports", "A", "n/a", "n/a")], "supported", False),
        ([row("supports", "A", "micro"), row("disputes", "A", "micro")], "anecdotal", True),
        ([row("supports", "A", "micro"), row("disputes", "B", "micro")], "supported", False),
        ([row("supports", "A", "micro"), row("disputes", "A", "macro")], "supported", False),
        ([row("supports", "A", "micro"), row("disputes", "A", "pooled")], "supported", True),
        ([row("supports", "B", "macro")], "macrodose-only", False),
        ([row("supports", "A", "pooled")], "macrodose-only", False),
        ([row("supports", "B", "macro"), row("disputes", "A", "micro")], "macrodose-only", True),
        ([row("supports", "B", "macro"), row("disputes", "A", "macro")], "macrodose-only", True),
        ([row("supports", "P", "micro", "animal"), row("supports", "C", "macro")], "animal-only", False),
        ([row("supports", "P", "n/a", "in-vitro"), row("disputes", "A", "macro")], "animal-only", False),
        ([row("mixed", "A", "micro"), row("mixed", "P", "micro", "animal")], "anecdotal", False),
    ],
)
def test_the_label_rule(rows: list[Evidence], label: str, contested: bool) -> None:
    verdict = derive(rows)
    assert (verdict.label.value, verdict.contested) == (label, contested)
