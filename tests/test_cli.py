"""The command line as its users meet it: real processes, real pipes, exit status and the sentences on stderr."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
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
    report = json.loads(done.stdout)
    assert [document["path"] for document in report["documents"]] == ["posts/b.txt", "posts/deep/a.md", "<stdin>"]
    assert report["summary"]["skipped"] == {"hidden": 1, "format": 1}
    assert one_sentence(done.stderr) == "claimcheck: skipped: 1 hidden, 1 no text by the suffix"


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


LONG = "n" * 300 + ".json"


@pytest.mark.parametrize(
    ("arguments", "path", "why"),
    [
        (["-o", "no/such/folder/report.json"], "no/such/folder/report.json", "no such file or directory"),
        (["-f", "jsonl", "-f", "csv", "-o", "-", "-o", "nodir/x.csv"], "nodir/x.csv", "no such file or directory"),
        (["-o", "a.txt/report.json"], "a.txt/report.json", "not a directory"),
        (["-o", "/proc/report.json"], "/proc/report.json", ""),
        (["-o", LONG], LONG, "file name too long"),
        (["-o", "circle.json"], "circle.json", "too many levels of symbolic links"),
        (["-f", "json", "-o", "."], ".", "is a directory"),
        (["--baseline", "nodir/known.json", "--update-baseline"], "nodir/known.json", "no such file or directory"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_checked(arguments: list[str], path: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FLAT)
    (tmp_path / "circle.json").symlink_to("circle.json")
    done = run("check", "a.txt", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert one_sentence(done.stderr).startswith(f"claimcheck: cannot write {path}: {why}")
    assert one_sentence(done.stderr).endswith("; nothing was checked")
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "circle.json"}


def test_a_single_report_that_fails_in_the_end_is_not_lost() -> None:
    """The work is done by then, and nothing else is on standard output: so it takes the report. Several would be a heap there."""
    before = Path("/dev/full").stat().st_mode
    done = run("check", "--format", "json", "-o", "/dev/full", text=FLAT)
    assert done.returncode == 2
    assert "cannot write /dev/full: no space left on device; the report is on standard output" in one_sentence(done.stderr)
    assert json.loads(done.stdout)["summary"]["findings"] == 1
    assert Path("/dev/full").stat().st_mode == before
    done = run("check", "-f", "jsonl", "-o", "-", "-f", "csv", "-o", "/dev/full", text=FLAT)
    assert done.returncode == 2
    assert "cannot write /dev/full: no space left on device" in one_sentence(done.stderr)
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 1


def test_a_full_standard_output_is_one_sentence(tmp_path: Path) -> None:
    command = f"{sys.executable} -m claimcheck check -f text -f json -o - -o p.json > /dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path, input=FLAT)
    assert done.returncode == 2
    assert "cannot write standard output: no space left on device" in one_sentence(done.stderr)
    assert json.loads((tmp_path / "p.json").read_text())["summary"]["findings"] == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["mine.md", "-o", "mine.md"], "mine.md"),
        (["mine.md", "-o", "../here/mine.md"], "../here/mine.md"),
        (["mine.md", "-o", "link.md"], "link.md"),
        (["link.md", "-o", "mine.md"], "mine.md"),
        ([".", "-o", "mine.md"], "mine.md"),
        (["*.md", "-f", "json", "-o", "mine.md"], "mine.md"),
        (["mine.md", "-", "-o", "mine.md"], "mine.md"),
        (["-f", "json", "-o", "piped.txt"], "piped.txt"),
        (["mine.md", "-f", "text", "-f", "json", "-o", "same.out", "-o", "./same.out"], "same.out"),
        (["mine.md", "-o", "known.json", "--baseline", "known.json"], "known.json"),
        (["mine.md", "-o", "new.json", "--baseline", "new.json", "--update-baseline"], "new.json"),
        (["mine.docx", "-f", "json", "-o", "both.docx", "--annotate-to", "both.docx"], "both.docx"),
        (["mine.docx", "--annotate-to", "mine.docx"], "mine.docx"),
    ],
)
def test_no_text_and_no_other_result_is_overwritten(arguments: list[str], named: str, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "mine.md").write_text(FLAT)
    (here / "mine.docx").write_text(FLAT)
    (here / "link.md").symlink_to("mine.md")
    (here / "piped.txt").write_text(FLAT)
    (here / "known.json").write_text('{"schema": "claimcheck.baseline/1", "findings": []}')
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    command = [sys.executable, "-m", "claimcheck", "check", *arguments]
    with (here / "piped.txt").open() as piped:
        done = subprocess.run(command, stdin=piped, capture_output=True, text=True, check=False, cwd=here)
    assert (done.returncode, done.stdout) == (2, "")
    assert one_sentence(done.stderr).startswith(f"claimcheck: {named} is ")
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_a_report_in_the_checked_folder_is_no_hidden_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FLAT)
    for skipped in ({}, {"format": 1}):
        done = run("check", ".", "-o", "new.json", "-q", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, "")
        assert json.loads((tmp_path / "new.json").read_text())["summary"]["skipped"] == skipped


def test_a_device_takes_several_reports() -> None:
    assert run("check", "-f", "json", "-o", "/dev/null", "-f", "csv", "-o", "/dev/null", text=FLAT).returncode == 1


def test_a_file_without_a_known_suffix_needs_a_format(tmp_path: Path) -> None:
    for name in ("report.docx", "report.pdf", "report"):
        done = run("check", "-o", name, text=FLAT, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert one_sentence(done.stderr) == f"claimcheck: the suffix of {name} says no format; name one with -f, such as -f text"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "claimcheck.toml").write_text('format = "json"\n')
    assert run("check", "-o", "report", "-o", "report.txt", text=FLAT, cwd=tmp_path).returncode == 1
    assert json.loads((tmp_path / "report").read_text())["summary"]["findings"] == 1
    assert (tmp_path / "report.txt").read_text().startswith("<stdin>")


@pytest.mark.parametrize(("text", "status"), [(FLAT, 1), (FAIR, 0)])
def test_a_closed_pipe_costs_neither_the_other_reports_nor_the_status(text: str, status: int, tmp_path: Path) -> None:
    names = [f"{number}.txt" for number in range(3)]
    for name in names:
        (tmp_path / name).write_text(f"{text}\n" * 500)  # of which the reports are larger than any pipe
    check = [sys.executable, "-m", "claimcheck", "check", *names, "--fast", "-v", "-f", "text", "-f", "json", "-o", "-", "-o", "p.json"]
    with subprocess.Popen(check, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, bufsize=0) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(5) == b"0.txt"
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (status, b"")
    assert json.loads((tmp_path / "p.json").read_text())["summary"]["documents"] == 3


def test_a_closed_pipe_does_not_cost_the_baseline(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"{FLAT}\n" * 500)
    check = f"{sys.executable} -m claimcheck check a.txt b.txt --fast -f jsonl --baseline known.json --update-baseline -q | true"
    done = subprocess.run(check, shell=True, capture_output=True, check=False, cwd=tmp_path)
    assert done.stderr == b""
    assert {row["path"] for row in json.loads((tmp_path / "known.json").read_text())["findings"]} == {"a.txt", "b.txt"}


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
    for command in ("knowledge list", "knowledge list -f json", "explain dmn-reset"):
        pipe = f"({sys.executable} -m claimcheck {command}; echo $? >&2) | true"
        done = subprocess.run(pipe, shell=True, capture_output=True, check=False)
        assert done.stderr == b"0\n"


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


def test_ignored_and_excluded_files_and_the_way_around(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "old/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(FAIR)
    (tmp_path / ".gitignore").write_text("b.md\n")

    def paths(*arguments: str) -> list[str]:
        done = run("check", ".", "-f", "json", *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return [document["path"] for document in json.loads(done.stdout)["documents"]]

    assert paths("--exclude", "old/") == ["a.md"]
    assert paths("--no-ignore", "--include", "b.md", "--include", "old") == ["b.md", "old/c.md"]
    done = run("check", "*.md", "--exclude", "!", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--exclude: '!' is no pattern" in one_sentence(done.stderr)


def test_settings_hold_and_the_command_line_wins(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text(HEDGED)
    (tmp_path / "claimcheck.toml").write_text('fail-on = "note"\nformat = "json"\nverbose = true\n')
    done = run("check", "posts/a.md", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["summary"]["findings"] == 1
    assert one_sentence(done.stderr) == f"claimcheck: settings from {tmp_path}/claimcheck.toml"
    done = run("check", "posts/a.md", "--fail-on", "warning", "--brief", "-o", "report.txt", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "report.txt").read_text().startswith("posts/a.md")
    assert run("check", "--no-config", cwd=tmp_path, text=HEDGED).returncode == 0
    assert run("check", cwd=tmp_path, text=HEDGED).returncode == 1
    assert run("check", "--config", "claimcheck.toml", text=HEDGED, cwd=tmp_path).returncode == 1
    assert "exclude each other" in one_sentence(run("check", "--config", "claimcheck.toml", "--no-config", cwd=tmp_path).stderr)


@pytest.mark.parametrize("fault", ["", "fsat = 1\n"])
def test_settings_that_do_not_hold_are_told(tmp_path: Path, fault: str) -> None:
    for name in ("sa", "sb", "sc", "none"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(FAIR)
        if name != "none":
            (tmp_path / name / "claimcheck.toml").write_text("fast = true\n" + fault * (name != "sa"))

    def told(*arguments: str) -> str:
        done = run("check", *arguments, cwd=tmp_path)
        assert done.returncode == 0
        return "\n".join(line for line in done.stderr.splitlines() if "skipped:" not in line)

    used, unused = f"settings from {tmp_path}/sa/claimcheck.toml hold for all", f"{tmp_path}/sb/claimcheck.toml"
    assert f"{used}, not those in {unused}; " in told("sa", "sb")
    assert f"{used}, not those in {unused} and 1 more; " in told("sa/*.md", "sa", "none", "sb", "sb/a.md", "sc")
    assert f"no settings hold, for the first path has none, not those in {unused}; " in told("none", "sb", "--fast")
    for silent in (
        ("sa", "sa/a.md", "none"),
        ("sa", "sb", "--no-config"),
        ("sa", "sb", "--config", "sa/claimcheck.toml"),
        ("sa", "sb", "-q"),
    ):
        assert told(*silent) == ""


def test_a_name_for_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FAIR)
    done = run("check", "a.md", "--stdin-name", "x.md", cwd=tmp_path, text=FLAT)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--stdin-name names the text of standard input or of the clipboard, and neither is checked" in one_sentence(done.stderr)
    assert run("check", "a.md", "-", "--stdin-name", "x.md", "--fast", cwd=tmp_path, text=FLAT).returncode == 1


def test_faults_in_settings_are_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "claimcheck.toml").write_text("# ours\nfsat = true\nverbose = 1\n")
    done = run("check", text=FLAT, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"claimcheck: {tmp_path}/claimcheck.toml:2: unknown key 'fsat'; did you mean fast?",
        f"claimcheck: {tmp_path}/claimcheck.toml:3: verbose must be true or false, not 1",
    ]


def test_an_archive_is_taken_up_and_only_what_is_new_counts(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text(f"{FLAT}\n{HEDGED}\n{FAIR}")
    base = ("check", "posts", "--baseline", "known.json")
    assert "there is no baseline known.json; --update-baseline writes it" in one_sentence(run(*base, cwd=tmp_path).stderr)
    done = run(*base, "--update-baseline", cwd=tmp_path)
    assert done.returncode == 0
    assert one_sentence(done.stderr) == "claimcheck: the baseline known.json holds 2 claims now: 2 added, 0 taken out"
    done = run(*base, "--fail-on", "note", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 claims left out, known from the baseline." in done.stdout
    report = json.loads(run(*base, "-f", "json", cwd=tmp_path).stdout)
    assert (report["documents"][0]["known"], report["summary"]["known"]) == (2, 2)
    (tmp_path / "posts/a.md").write_text(f"Psilocybin quickly resets the default mode network.\n\n{FAIR}")
    done = run(*base, cwd=tmp_path)
    assert done.returncode == 1
    assert "2 of the claims in the baseline known.json are no longer found" in one_sentence(done.stderr)
    assert "add --baseline FILE" in one_sentence(run("check", "posts", "--update-baseline", cwd=tmp_path).stderr)


@pytest.mark.parametrize(("options", "fingerprint"), [(("--min-confidence", "1"), None), (("--fast",), "0" * 32)])
def test_what_an_option_leaves_out_stays_in_the_baseline(tmp_path: Path, options: tuple[str, ...], fingerprint: str | None) -> None:
    (tmp_path / "a.md").write_text(FLAT)
    base = ("check", "a.md", "--baseline", "known.json")
    run(*base, "--update-baseline", cwd=tmp_path)
    if fingerprint:  # as of a sentence that only the slow model reads
        known = json.loads((tmp_path / "known.json").read_text())
        known["findings"].append(known["findings"][0] | {"fingerprint": fingerprint})
        (tmp_path / "known.json").write_text(json.dumps(known))
    before = sorted(re.findall(r'"fingerprint": "(\w+)"', (tmp_path / "known.json").read_text()))
    assert run(*base, *options, cwd=tmp_path).stderr == ""
    assert "0 added, 0 taken out" in one_sentence(run(*base, *options, "--update-baseline", cwd=tmp_path).stderr)
    assert sorted(re.findall(r'"fingerprint": "(\w+)"', (tmp_path / "known.json").read_text())) == before


@pytest.fixture
def clipboard(tmp_path: Path) -> dict[str, str]:
    """An environment in which the clipboard holds a text, for the tools that ask an X server."""
    for name, script in (("xclip", f"printf '{FLAT.strip()}'"), ("which", 'test "$1" = xclip')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    return {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DISPLAY": ":99", "WAYLAND_DISPLAY": ""}


def test_the_clipboard_is_checked_instead_of_standard_input(clipboard: dict[str, str]) -> None:
    report = json.loads(run("check", "--clipboard", "-f", "json", text=HEDGED, **clipboard).stdout)
    assert [(document["path"], document["findings"][0]["claim"]) for document in report["documents"]] == [("<clipboard>", "dmn-reset")]
    report = json.loads(run("check", "-", "--clipboard", "--stdin-name", "x.md", "-f", "json", text=HEDGED, **clipboard).stdout)
    assert [(document["path"], document["findings"][0]["claim"]) for document in report["documents"]] == [
        ("x.md", "creativity"),
        ("x.md", "dmn-reset"),
    ]


def test_a_system_without_a_clipboard_says_so(tmp_path: Path) -> None:
    done = run("check", "--clipboard", PATH=str(tmp_path), DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 2
    assert "this system's clipboard cannot be read" in one_sentence(done.stderr)


def test_the_version_tells_the_state_of_the_knowledge() -> None:
    first, second = run("--version").stdout.splitlines()
    assert first.startswith("claimcheck ")
    claims = len(list((Path(__file__).parent.parent / "knowledge/claims").glob("*.yaml")))
    assert re.fullmatch(rf"knowledge of \d{{4}}-\d\d-\d\d: {claims} claims, \d+ sources", second)


def complete(*words: str) -> list[str]:
    line = " ".join(("claimcheck", *words))
    done = run(_CLAIMCHECK_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words)), _TYPER_COMPLETE_ARGS=line)
    return done.stdout.split()


def test_shells_complete_commands_options_and_claims() -> None:
    assert complete("exp") == ["explain"]
    assert complete("explain", "dmn-re") == ["dmn-reset"]
    assert "--update-baseline" in complete("check", "--up")
    assert complete("check", "--fail-on", "n") == ["never", "note"]
    assert "complete -o default -F _claimcheck_completion claimcheck" in run(_CLAIMCHECK_COMPLETE="source_bash").stdout


def test_every_option_of_check_is_one_line_at_eighty_columns() -> None:
    shown = run("check", "--help", NO_COLOR="1").stdout
    panels = [line for line in shown.splitlines() if line.startswith("│")]
    assert len(panels) > 15
    assert [line for line in panels if not re.match(r"│ +(--|\[PATH)", line)] == []
    assert "\n   claimcheck check draft.md" in shown
    assert "[tool.claimcheck]" in shown


def test_hostile_names_come_out_harmless_wherever_they_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "evil\x1b[2J\n\u202efolder"
    folder.mkdir()
    (folder / "claimcheck.toml").write_text('"\\u001b[31m" = 1\n')
    (folder / os.fsdecode(b"bad\xff.md")).write_text(FLAT)
    for arguments in ([], ["--no-config", "no\x1bne"], ["--config", "\x1b.toml"], ["--knowledge", "\x1b", "--no-config"]):
        done = run("check", ".", *arguments, cwd=folder)
        assert not set(done.stdout + done.stderr) & {"\x1b", "\u202e"}
        assert ("dmn-reset" in done.stdout) == ("no\x1bne" in arguments)
        assert all(line.startswith("claimcheck: ") for line in done.stderr.splitlines())
        assert "a fault of ours" not in done.stderr


def test_a_removed_working_folder_is_one_sentence(tmp_path: Path) -> None:
    command = f"mkdir gone; cd gone; rmdir ../gone; {sys.executable} -m claimcheck check"
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": root}, input=FLAT
    )
    assert done.returncode == 2
    assert "the working folder has been removed" in one_sentence(done.stderr)


@pytest.fixture
def posts(folder: Path) -> Path:
    """A folder of nine posts beside a small knowledge folder (`base`); the last one takes a while."""
    (folder.parent / "posts").mkdir()
    for number in range(8):
        (folder.parent / f"posts/{number}.txt").write_text(f"Post {number}. Psilocybin calms the amygdala.\n")
    (folder.parent / "posts/9.txt").write_text("Psilocybin calms the amygdala. We walked to the market for bread.\n\n" * 12_000)
    return folder.parent


JSON_LINES = ("check", "posts", "--knowledge", "base", "-f", "jsonl")


def test_reports_are_the_same_with_and_without_kept_results_and_however_many_work(posts: Path) -> None:
    (posts / "posts/9.txt").write_bytes(b"\0\1\2")
    own = {"XDG_CACHE_HOME": str(posts / "cache")}
    runs = [
        run(*JSON_LINES, *more, cwd=posts, **own) for more in (["--no-cache", "--jobs", "1"], ["--jobs", "2"], [], ["--no-cache", "-j2"])
    ]
    assert len(runs[0].stdout.splitlines()) == 9
    assert {done.stdout for done in runs} == {runs[0].stdout}
    assert {done.stderr for done in runs} == {runs[0].stderr}
    assert {done.returncode for done in runs} == {2}
    shown = run("check", "posts", "--knowledge", "base", cwd=posts, **own)
    assert "9 documents, 48 words; 1 could not be checked; 8 unchanged since an earlier check" in " ".join(shown.stdout.split())
    (posts / "posts/3.txt").write_text("The tulips are in.\n")
    shown = run("check", "posts", "--knowledge", "base", "--resume", cwd=posts, **own)
    assert shown.stderr.splitlines()[-1] == "claimcheck: 7 documents were checked before, 2 now"
    assert "7 claims in 8 documents: 7 overstated" in shown.stdout


def begun(posts: Path, *more: str) -> subprocess.Popen[bytes]:
    """A run in a session of its own that has told of the first post."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(posts / "cache")}
    command = [sys.executable, "-m", "claimcheck", *JSON_LINES, *more]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, cwd=posts, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["path"] == "posts/0.txt"
    return process


def kept(posts: Path) -> int:
    with closing(sqlite3.connect(posts / "cache/claimcheck/results.sqlite")) as connection:
        (number,) = connection.execute("SELECT count(*) FROM results").fetchone()
    return int(number)


def left_over(posts: Path) -> list[str]:
    """The processes in the folder of the posts."""
    places = [process / "cwd" for process in Path("/proc").glob("[0-9]*")]
    return [str(place) for place in places if os.access(place, os.R_OK) and place.resolve() == posts.resolve()]


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="processes are looked up under /proc")
def test_a_killed_run_goes_on_where_it_stopped(posts: Path) -> None:
    process = begun(posts, "--jobs", "2")
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 60
    while left_over(posts) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left_over(posts) == []
    before = kept(posts)
    assert 0 < before < 9
    done = run(*JSON_LINES, "--resume", "--jobs", "1", cwd=posts, XDG_CACHE_HOME=str(posts / "cache"))
    assert [json.loads(line)["path"] for line in done.stdout.splitlines()] == [f"posts/{number}.txt" for number in (*range(8), 9)]
    assert one_sentence(done.stderr) == f"claimcheck: {before} documents were checked before, {9 - before} now"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_gives_what_is_done_and_says_so(posts: Path, jobs: str) -> None:
    process = begun(posts, "--jobs", jobs)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers, too
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    more = len(stdout.splitlines())
    assert all(json.loads(line)["error"] is None for line in stdout.splitlines())
    assert (
        one_sentence(stderr.decode())
        == f"claimcheck: interrupted: the report has {more + 1} of 9 documents; the same command goes on from there"
    )


def test_going_on_needs_results_that_are_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "--no-cache" in one_sentence(run("check", "--resume", "--no-cache", text=FLAT).stderr)
    done = run("check", "--resume", text=FLAT, XDG_CACHE_HOME=str(tmp_path / "file"))
    assert done.returncode == 2
    assert "results cannot be kept in the cache folder" in one_sentence(done.stderr)


def test_what_is_piped_in_leaves_no_trace(folder: Path) -> None:
    own = {"XDG_CACHE_HOME": str(folder / "cache")}
    assert run("check", "--knowledge", "base", text="The amygdala of an unpublished draft.", cwd=folder.parent, **own).returncode == 0
    assert [path.name for path in (folder / "cache/claimcheck").iterdir() if "result" in path.name] == []


def test_progress_is_for_a_terminal_alone(posts: Path) -> None:
    def on_terminal(*arguments: str) -> tuple[str, str]:
        """What comes to the terminal, and what to a pipe."""
        main, side = pty.openpty()
        environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
        command = [sys.executable, "-m", "claimcheck", "check", *arguments, "--knowledge", "base", "-f", "jsonl"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=side, text=True, cwd=posts, env=environment, check=False)
        os.set_blocking(main, False)
        try:
            shown = os.read(main, 1_000_000).decode()
        except BlockingIOError:
            shown = ""
        os.close(side)
        os.close(main)
        return shown, done.stdout

    (posts / "posts/9.txt").unlink()
    shown, report = on_terminal("posts", "--no-cache")
    assert "7/8 documents" in re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert shown.endswith("\x1b[2K")  # the line is gone in the end
    assert len([json.loads(line) for line in report.splitlines()]) == 8
    assert on_terminal("posts", "--quiet") == ("", report)
    assert on_terminal("posts/1.txt") == ("", report.splitlines(keepends=True)[1])


def test_quiet_leaves_failures_to_be_told(tmp_path: Path) -> None:
    (tmp_path / ".hidden.md").write_text(FLAT)
    (tmp_path / "fair.txt").write_text("The tulips are in.\n")
    assert run("check", ".", "--quiet", "--fast", cwd=tmp_path).stderr == ""
    assert "there is no file" in one_sentence(run("check", "gone.md", "--quiet", cwd=tmp_path).stderr)
