"""Settings: where they are found, what they say, and each fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimcheck.errors import ClaimcheckError
from claimcheck.globs import Globs
from claimcheck.reports.formats import Format
from claimcheck.settings import FailOn, Settings, find_settings, read_settings


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(ClaimcheckError) as caught:
        read_settings(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).split("\n")]


def test_every_key_is_read_and_paths_start_from_the_file(tmp_path: Path) -> None:
    path = put(
        tmp_path / "claimcheck.toml",
        """
        format = "json"
        fail-on = "note"
        min-confidence = 0.5
        include = ["posts/"]
        exclude = "drafts/"
        no-ignore = true
        fast = true
        knowledge = "kb"
        baseline = "../known.json"
        verbose = true
        with-text = true
        jobs = 3
        cache = false
        """,
    )
    assert read_settings(path) == Settings(
        format=Format.JSON,
        fail_on=FailOn.NOTE,
        min_confidence=0.5,
        include=Globs(("posts/",), tmp_path),
        exclude=Globs(("drafts/",), tmp_path),
        no_ignore=True,
        fast=True,
        knowledge=tmp_path / "kb",
        baseline=tmp_path / "../known.json",
        verbose=True,
        with_text=True,
        jobs=3,
        cache=False,
        origin=path,
    )


def test_the_nearest_file_holds(tmp_path: Path) -> None:
    put(tmp_path / "claimcheck.toml", "fast = true\n")
    put(tmp_path / "a/pyproject.toml", "[tool.claimcheck]\nverbose = true\n")
    put(tmp_path / "a/b/pyproject.toml", "[project]\nname = 'x'\n[tool.other]\nclaimcheck = 1\n")
    assert find_settings(tmp_path / "a/b").origin == tmp_path / "a/pyproject.toml"
    assert find_settings(tmp_path / "a/b") == Settings(verbose=True, origin=tmp_path / "a/pyproject.toml")
    put(tmp_path / "a/claimcheck.toml", "")
    assert find_settings(tmp_path / "a/b") == Settings(origin=tmp_path / "a/claimcheck.toml")


@pytest.mark.parametrize("mark", ["folder", "file"])
def test_the_search_ends_at_the_root_of_the_repository(tmp_path: Path, mark: str) -> None:
    put(tmp_path / "claimcheck.toml", "fast = true\n")
    put(tmp_path / "site/posts/a.md", "x")
    (tmp_path / "site/.git").mkdir() if mark == "folder" else put(tmp_path / "site/.git", "gitdir: elsewhere")
    assert find_settings(tmp_path / "site/posts") == Settings()
    put(tmp_path / "site/claimcheck.toml", "fast = true\n")
    assert find_settings(tmp_path / "site/posts").fast


def test_the_search_ends_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "claimcheck.toml", "fast = true\n")
    put(tmp_path / "home/posts/a.md", "x")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find_settings(tmp_path / "home/posts") == Settings()
    put(tmp_path / "home/claimcheck.toml", "verbose = true\n")
    assert find_settings(tmp_path / "home/posts").verbose


def test_the_command_line_wins_where_it_speaks() -> None:
    settings = Settings(fast=True, min_confidence=0.5, fail_on=FailOn.NOTE)
    assert settings.overridden(fast=False, min_confidence=0.0, fail_on=None, verbose=None) == Settings(fail_on=FailOn.NOTE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# ours\n\nfail_on = 'note'\n", "3: unknown key 'fail_on'; did you mean fail-on?"),
        ("fast = true\nexcldue = []\n", "2: unknown key 'excldue'; did you mean exclude?"),
        ("zzz = 1\n", "1: unknown key 'zzz'; the keys are format, fail-on, "),
        ("[settings]\nfast = true\n", "1: unknown key 'settings'; the keys are "),
        ("fast = 'yes'\n", "1: fast must be true or false, not 'yes'"),
        ("fast = 1\n", "1: fast must be true or false, not 1"),
        ("min-confidence = true\n", "1: min-confidence must be a number from 0 to 1, not True"),
        ("min-confidence = 90\n", "1: min-confidence must be a number from 0 to 1, not 90"),
        ("jobs = 0\n", "1: jobs must be a number from 1 on, not 0"),
        ("jobs = true\n", "1: jobs must be a number from 1 on, not True"),
        ("cache = 'no'\n", "1: cache must be true or false, not 'no'"),
        ("min-confidence = nan\n", "1: min-confidence must be a number from 0 to 1, not nan"),
        ("\n\nfail-on = 'error'", "3: fail-on must be one of never, note, warning, not 'error'"),
        ("format = ['json']", "1: format must be one of text, json"),
        ("exclude = [\n  'a',\n  3,\n]\n", "1: exclude must be a list of patterns in quotes, not ['a', 3]"),
        ("exclude = ['!']\n", "1: exclude must be a list of patterns as in a .gitignore file, not ['!']"),
        ("baseline = ''\n", "1: baseline must be a path in quotes, not ''"),
        ('knowledge = "a\\u0000"\n', "1: knowledge must be a path in quotes"),
        ("knowledge = '~nobody-of-that-name/x'\n", "1: knowledge must be a path to a folder of a user that there is"),
        ("fast = true\nfast = false\n", "2: not valid TOML: cannot overwrite a value"),
        ("fast = \n", "1: not valid TOML: invalid value"),
        ("fast = true\nexclude = ['a'", "2: not valid TOML: unclosed array"),
        ("a = " + "[" * 5_000, "1: "),
    ],
)
def test_each_fault_has_its_line(tmp_path: Path, text: str, fault: str) -> None:
    (only,) = faults(put(tmp_path / "claimcheck.toml", text))
    assert only.startswith(fault)


def test_all_faults_come_at_once_by_line(tmp_path: Path) -> None:
    found = faults(put(tmp_path / "claimcheck.toml", "fast = 1\nverbose = 2\nfsat = 3\n"))
    assert [line.partition(":")[0] for line in found] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("fast = 1\n[tool.claimcheck]\nverbose = true\nfast = 'no'\n", "4: fast must be"),
        ("[tool.other]\nfsat = 1\n\n[tool.claimcheck]\n\n# fsat = 1\nfsat = 1\n", "7: unknown key 'fsat'"),
        ("[tool]\nclaimcheck = 3\n", "2: tool.claimcheck must be a table, not 3"),
        ("[tool]\nclaimcheck = { fsat = 1 }\n", "2: unknown key 'fsat'"),
        ("tool.claimcheck.fsat = 1\n", "1: unknown key 'fsat'"),
        ("[tool.claimcheck]\n'fsat' = 1\n", "2: unknown key 'fsat'"),
        ("[project\n", "1: not valid TOML"),
    ],
)
def test_faults_in_a_pyproject_toml(tmp_path: Path, text: str, fault: str) -> None:
    (only,) = faults(put(tmp_path / "pyproject.toml", text))
    assert only.startswith(fault)


def test_a_file_that_is_no_settings_file(tmp_path: Path) -> None:
    assert faults(put(tmp_path / "pyproject.toml", "[project]\n"))[0].endswith(
        "has no [tool.claimcheck]; add it, or name a claimcheck.toml"
    )
    assert faults(tmp_path / "none.toml") == [f"cannot read the settings {tmp_path}/none.toml: no such file or directory"]
    (tmp_path / "latin.toml").write_bytes(b"fast = true\n# caf\xe9\n")
    assert faults(tmp_path / "latin.toml") == ["2: not UTF-8; save the file as UTF-8"]


def test_a_long_value_is_shortened(tmp_path: Path) -> None:
    assert len(faults(put(tmp_path / "claimcheck.toml", f"fail-on = '{'x' * 100_000}'\n"))[0]) < 200
