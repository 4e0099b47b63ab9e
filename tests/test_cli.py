"""The command line as its users meet it: real processes, real pipes, exit status and the sentences on stderr."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

FLAT = "Psilocybin resets the default mode network.\n"
FAIR = "Psilocin binds to serotonin 2A receptors.\n"
HEDGED = "Microdosing may boost creativity.\n"


def run(*arguments: str, text: str | bytes = "", cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run(
        [sys.executable, "-m", "claimcheck", *arguments],
        input=data,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "80", **environment},
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def one_sentence(stderr: str) -> str:
    lines = stderr.strip().splitlines()
    assert len(lines) == 1, stderr
    assert lines[0].startswith("claimcheck: ")
    assert "Traceback" not in stderr
    return lines[0]


def test_both_examples_of_the_first_user_are_macrodose_only() -> None:
    done = run("check", "--format", "json", text=FLAT + "\nPsilocybin reduces amygdala activity.\n")
    labels = {finding["claim"]: finding["label"] for finding in json.loads(done.stdout)["documents"][0]["findings"]}
    assert labels["dmn-reset"] == "macrodose-only"
    assert labels["amygdala-calming"] == "macrodose-only"


@pytest.mark.parametrize(
    ("text", "fail_on", "status"),
    [
        (FLAT, "warning", 1),
        (FLAT, "never", 0),
        (FAIR, "warning", 0),
        (HEDGED, "warning", 0),
        (HEDGED, "note", 1),
        ("The tulips are in.\n", "note", 0),
    ],
)
def test_the_exit_status_follows_severity(text: str, fail_on: str, status: int) -> None:
    assert run("check", "--fail-on", fail_on, text=text).returncode == status


def test_files_folders_and_stdin_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "posts/deep").mkdir(parents=True)
    (tmp_path / "posts/deep/a.md").write_text(FLAT)
    (tmp_path / "posts/b.txt").write_text(FAIR)
    (tmp_path / "posts/c.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "posts/.hidden.md").write_text(FLAT)
    done = run("check", "posts", "posts/b.txt", "-", "--format", "json", text=HEDGED, cwd=tmp_path)
    assert [document["path"] for document in json.loads(done.stdout)["documents"]] == ["posts/b.txt", "posts/deep/a.md", "<stdin>"]


def test_a_bad_input_is_one_sentence_and_the_rest_is_checked(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(FLAT)
    (tmp_path / "bad.txt").write_bytes(b"caf\x81 is open")
    done = run("check", "bad.txt", "good.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert "dmn-reset" in done.stdout
    assert "bad.txt is neither UTF-8, UTF-16 nor Windows-1252 text" in one_sentence(done.stderr)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        ("", "there is no file or folder thing; check the path"),
        ("mkdir thing", "the folder thing holds no text to check"),
        (": > thing", "thing is empty"),
        ("printf '\\0\\1\\2' > thing", "thing is a binary file"),
        ("printf '   \\n\\n' > thing", "thing is empty"),
    ],
)
def test_what_cannot_be_checked_says_why(tmp_path: Path, make: str, sentence: str) -> None:
    subprocess.run(make, shell=True, cwd=tmp_path, check=True)
    done = run("check", "thing", cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in one_sentence(done.stderr)


def test_empty_standard_input_says_so() -> None:
    done = run("check")
    assert done.returncode == 2
    assert "is empty" in one_sentence(done.stderr)


def test_the_output_file_is_written_whole(tmp_path: Path) -> None:
    done = run("check", "--format", "json", "-o", "report.json", text=FLAT, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["findings"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_an_output_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    done = run("check", "--format", "json", "-o", "no/such/folder/report.json", text=FLAT, cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot write no/such/folder/report.json" in one_sentence(done.stderr)
    assert json.loads(done.stdout)["summary"]["findings"] == 1


@pytest.mark.parametrize("output", ["/dev/full", "."])
def test_a_device_or_folder_is_never_replaced(output: str, tmp_path: Path) -> None:
    before = Path(output).stat().st_mode
    done = run("check", "--format", "json", "-o", output, text=FLAT, cwd=tmp_path)
    assert done.returncode == 2
    assert f"cannot write {output}" in one_sentence(done.stderr)
    assert json.loads(done.stdout)["summary"]["findings"] == 1
    assert Path(output).stat().st_mode == before


def test_a_closed_standard_input_is_one_sentence() -> None:
    done = subprocess.run(f"{sys.executable} -m claimcheck check <&-", shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no standard input" in one_sentence(done.stderr)


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "line.txt").write_text("psilocybin resets the default mode network and then " * 3_000)
    done = run("check", "--format", "json", "line.txt", cwd=tmp_path)
    assert len(json.loads(done.stdout)["documents"][0]["findings"]) > 50


def test_only_sure_findings_on_request() -> None:
    text = FLAT + "\nMost of them said that they had more patience with the dog.\n"
    sure = json.loads(run("check", "--format", "json", "--min-confidence", "0.9", text=text).stdout)["documents"][0]["findings"]
    assert all(finding["confidence"] >= 0.9 for finding in sure)
    assert "dmn-reset" in {finding["claim"] for finding in sure}


def test_a_knowledge_folder_without_claims_says_so(tmp_path: Path) -> None:
    done = run("check", "--knowledge", str(tmp_path), text=FLAT)
    assert done.returncode == 2
    assert "holds no claim" in one_sentence(done.stderr)


def test_own_knowledge_replaces_the_built_in_one(folder: Path) -> None:
    done = run("check", "--knowledge", str(folder), "--format", "json", text="Psilocybin calms the amygdala and boosts creativity.")
    report = json.loads(done.stdout)
    assert report["knowledge"]["claims"] == 1
    assert [finding["claim"] for finding in report["documents"][0]["findings"]] == ["amygdala-calming"]


def test_explain_tells_all_of_a_claim() -> None:
    done = run("explain", "amygdala-calming")
    assert done.returncode == 0
    for part in ("macrodose-only, contested", "Why this label", "kraehenmann-2015-amygdala", "https://doi.org/", "Contested by", "Fair:"):
        assert part in done.stdout


def test_a_mistyped_claim_gets_the_nearest() -> None:
    done = run("explain", "amigdala-calming")
    assert done.returncode == 2
    assert "did you mean amygdala-calming" in one_sentence(done.stderr)


def test_knowledge_list_by_label_and_as_json() -> None:
    rows = json.loads(run("knowledge", "list", "--format", "json", "--label", "animal-only").stdout)
    assert {row["label"] for row in rows} == {"animal-only"}
    assert "trkb-binding" in {row["id"] for row in rows}
    assert "trkb-binding" in run("knowledge", "list").stdout


def test_lint_prints_each_problem_and_fails(folder: Path) -> None:
    assert run("knowledge", "lint", str(folder)).returncode == 0
    claim = folder / "claims/amygdala-calming.yaml"
    claim.write_text(claim.read_text().replace("label: macrodose-only", "label: supported"))
    done = run("knowledge", "lint", str(folder))
    assert done.returncode == 2
    assert done.stdout.startswith(f"{claim}:4: label supported is declared")


def test_a_copy_of_the_knowledge_can_be_used(tmp_path: Path) -> None:
    assert run("knowledge", "copy", str(tmp_path / "mine")).returncode == 0
    assert run("check", "--knowledge", str(tmp_path / "mine"), text=FLAT).returncode == 1
    assert "exists already" in one_sentence(run("knowledge", "copy", str(tmp_path / "mine")).stderr)


def test_a_terminal_user_is_invited_to_paste() -> None:
    primary, secondary = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "claimcheck", "check"], stdin=secondary, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.write(primary, FLAT.encode() + b"\x04")
        stdout, stderr = process.communicate(timeout=60)
    os.close(primary)
    os.close(secondary)
    assert b"Paste the text, then press Ctrl-D" in stderr
    assert b"dmn-reset" in stdout


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(f"{sys.executable} -m claimcheck knowledge list | head -1", shell=True, capture_output=True, check=False)
    assert done.stderr == b""


def test_hostile_text_comes_out_harmless(tmp_path: Path) -> None:
    text = "\x1b[31m[bold red]Psilocybin[/] <script>alert(1)</script> resets \u202ethe\x00 default mode network\x9b2J :smile: =1+1.\n"
    (tmp_path / "evil\x1b[2J.txt").write_bytes(text.replace("\x00", "").encode())
    done = run("check", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert not set(done.stdout + done.stderr) & {"\x1b", "\x9b", "\u202e", "\x00"}
    assert "[bold red]" in done.stdout
    assert ":smile:" in done.stdout


@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_the_report_fits_its_width(columns: str) -> None:
    text = "Some say that psilocybin resets the default mode network and boosts creativity, mood and focus, " * 3
    done = run("check", text=text, COLUMNS=columns)
    assert max(len(line) for line in done.stdout.splitlines()) <= int(columns)


def test_no_colour_in_a_pipe_and_words_marked_by_signs() -> None:
    done = run("check", text=FLAT, NO_COLOR="1")
    assert "\x1b" not in done.stdout
    assert "«resets the default mode network»" in done.stdout
    assert "! overstated" in done.stdout
    assert ">>resets the default mode network<<" in run("check", text=FLAT, PYTHONIOENCODING="ascii").stdout


def test_what_an_author_asks_to_ignore_is_counted_and_not_reported() -> None:
    done = run(
        "check", "--stdin-name", "x.md", "--format", "json", text=f"<!-- claimcheck: ignore dmn-reset -- quoted -->\n{FLAT}\n{HEDGED}"
    )
    document = json.loads(done.stdout)["documents"][0]
    assert [finding["claim"] for finding in document["findings"]] == ["creativity"]
    assert document["suppressed"] == 1
    assert done.stderr == ""


def test_a_wish_for_an_unknown_claim_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(f"<!-- claimcheck: ignore dmn-rest -->\n{FLAT}", encoding="utf-8")
    done = run("check", "x.md", cwd=tmp_path)
    assert one_sentence(done.stderr).startswith("claimcheck: x.md, line 2: there is no claim 'dmn-rest' to ignore")
    assert done.returncode == 1


def test_several_formats_from_one_run(tmp_path: Path) -> None:
    done = run("check", "-f", "json", "-o", "report.json", "-f", "text", "-o", "-", text=FLAT, cwd=tmp_path)
    assert "dmn-reset" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["summary"]["findings"] == 1
    by_suffix = run("check", "-o", "other.json", text=FLAT, cwd=tmp_path)
    assert by_suffix.stdout == ""
    assert json.loads((tmp_path / "other.json").read_text(encoding="utf-8"))["summary"]["findings"] == 1


@pytest.mark.parametrize("arguments", [["-f", "json", "-f", "text"], ["-f", "json", "-o", "a", "-o", "b"], ["-o", "-", "-o", "-"]])
def test_formats_and_outputs_that_do_not_fit(arguments: list[str], tmp_path: Path) -> None:
    done = run("check", *arguments, text=FLAT, cwd=tmp_path)
    assert done.returncode == 2
    assert one_sentence(done.stderr)
    assert list(tmp_path.iterdir()) == []
