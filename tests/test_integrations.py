"""What other programs start claimcheck with: the pre-commit hook, the workflow example, the editor script."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from identify.identify import tags_from_filename
from pre_commit.clientlib import load_manifest

from claimcheck.documents import FORMATS

ROOT = Path(__file__).parent.parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"
WORKFLOW = ROOT / "examples/github-workflow.yml"
FLAT = "Psilocybin resets the default mode network.\n"


def python(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


def test_the_hook_is_valid_and_runs_on_file_names(tmp_path: Path) -> None:
    (hook,) = load_manifest(HOOKS)
    assert (hook["id"], hook["pass_filenames"], hook["language"]) == ("claimcheck", True, "python")
    command, *words = shlex.split(hook["entry"])
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"][command] == "claimcheck.cli:main"
    (tmp_path / "fair.txt").write_text("Psilocin binds to serotonin 2A receptors.\n", encoding="utf-8")
    (tmp_path / "flat.md").write_text(FLAT, encoding="utf-8")
    assert python("-m", "claimcheck", *words, *hook["args"], "fair.txt", cwd=tmp_path).returncode == 0
    assert python("-m", "claimcheck", *words, *hook["args"], "fair.txt", "flat.md", cwd=tmp_path).returncode == 1


def test_the_hook_takes_every_text_format_and_nothing_binary() -> None:
    (hook,) = load_manifest(HOOKS)
    wanted = {suffix for suffix in FORMATS if "text" in tags_from_filename(f"post{suffix}")} | {".html", ".htm"}
    assert wanted >= {".txt", ".md"}
    assert {suffix for suffix in wanted if not tags_from_filename(f"post{suffix}") & set(hook["types_or"])} == set()
    assert not {suffix for suffix in (".pdf", ".png", ".py", ".yaml") if tags_from_filename(f"post{suffix}") & set(hook["types_or"])}


def steps() -> list[dict[str, dict[str, str] | str]]:
    (job,) = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"].values()
    return job["steps"]


def test_the_workflow_uploads_what_its_check_writes() -> None:
    (command,) = [shlex.split(step["run"]) for step in steps() if step.get("run", "").startswith("claimcheck ")]
    (upload,) = [step for step in steps() if step.get("uses", "").startswith("github/codeql-action/upload-sarif@")]
    asked = [(form, command[at + 3]) for at, word in enumerate(command) if word == "--format" for form in [command[at + 1]]]
    assert asked == [("sarif", upload["with"]["sarif_file"]), ("github", "-")]
    assert command[command.index("--fail-on") + 1] == "never"
    assert "!cancelled()" in upload["if"]
    assert yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["permissions"] == {"contents": "read", "security-events": "write"}


def test_the_flags_of_the_workflow_exist(tmp_path: Path) -> None:
    ours = [shlex.split(step["run"]) for step in steps() if step.get("run", "").startswith("claimcheck ")]
    for command, subcommand, *words in ours:
        assert command == "claimcheck"
        help_text = python("-m", "claimcheck", subcommand, "--help", cwd=tmp_path).stdout
        flags = {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)}
        assert flags
        assert flags <= set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", help_text))


def test_the_editor_script_names_the_place_of_each_overstated_claim(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a\x1b[2J.md").write_text(
        f"# News\n\nToday: **{FLAT.strip()}**\n\nMicrodosing may boost creativity.\n", encoding="utf-8"
    )
    (tmp_path / "posts/b.txt").write_bytes(b"\x00\x01")
    done = python(ROOT / "examples/overstated.py", "posts", cwd=tmp_path)
    found, unread = done.stdout.splitlines()
    assert found == "posts/a\ufffd[2J.md:3:21: dmn-reset: resets the default mode network (macrodose-only)"
    assert unread.startswith("posts/b.txt:1:1: posts/b.txt is a binary file")
    assert done.stderr == ""


@pytest.mark.parametrize("argument", ["nowhere", ""])
def test_the_editor_script_fails_with_a_sentence(argument: str, tmp_path: Path) -> None:
    done = python(ROOT / "examples/overstated.py", *filter(None, [argument]), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"overstated: .*(no file or folder|holds no text).*\n", done.stderr)


@pytest.mark.parametrize(
    ("needed", "status", "told"), [({"CLAIMCHECK_NEEDS_BROWSER": "1"}, 1, "no Chromium is installed"), ({}, 0, "skipped")]
)
def test_where_a_browser_is_needed_its_tests_are_not_skipped(tmp_path: Path, needed: dict[str, str], status: int, told: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CLAIMCHECK_NEEDS_BROWSER"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-n0", "-p", "no:cacheprovider", "tests/test_html_report_in_browser.py"],
        cwd=ROOT,
        env=environment | needed | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert told in done.stdout
