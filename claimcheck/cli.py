"""The command line: parse, call the library, print. No logic of its own; heavy imports wait until a command needs them."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimcheck import __version__
from claimcheck.errors import ClaimcheckError
from claimcheck.model import Label, Severity
from claimcheck.reports.formats import Format

if TYPE_CHECKING:
    from rich.console import Console

    from claimcheck.kb import KnowledgeBase
    from claimcheck.model import DocumentReport
    from claimcheck.reports.writing import Target

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find popular claims about psychedelics and microdosing in a text, and say how strong their evidence is.",
)
knowledge_app = typer.Typer(no_args_is_help=True, help="List, check or copy the knowledge base.")
app.add_typer(knowledge_app, name="knowledge")

FAILED = 2
INTERRUPTED = 130


class Shape(StrEnum):
    """How lists and figures are written."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """The severity from which on the exit status is 1."""

    NEVER = "never"
    NOTE = "note"
    WARNING = "warning"


KnowledgeOption = Annotated[
    Path | None, typer.Option("--knowledge", metavar="DIR", help="Use the knowledge base in this folder instead of the built-in one.")
]
FastOption = Annotated[
    bool, typer.Option("--fast", help="Leave out the slow trained model: many times as fast, for large archives, but it misses more.")
]


def main() -> None:
    """Entry point of the `claimcheck` command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal and pipe knows every letter
    gc.disable()  # imports and loaded knowledge make no garbage: without the collector a start is a tenth faster
    try:
        app()
    except BrokenPipeError:  # the reader of the pipe has gone (`| head`): that is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - a user gets a sentence, whatever happens
        typer.echo(
            f"claimcheck: a fault of ours ({type(error).__name__}: {error}); please report it with the text that caused it", err=True
        )
        sys.exit(FAILED)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"claimcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """Options of the bare command."""


@app.command()
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH…|-]",
            help="Files (text, Markdown, HTML, .docx, .pdf, .odt, .epub), folders, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        list[Format] | None,
        typer.Option("--format", "-f", help="How to write the report; more than once with an --output for each.", show_default="text"),
    ] = None,
    outputs: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file (- for standard output).", show_default=False),
    ] = None,
    stdin_name: Annotated[
        str, typer.Option(metavar="NAME", help="Report standard input under this name; its suffix says what it is (post.html).")
    ] = "<stdin>",
    fail_on: Annotated[FailOn, typer.Option(help="Exit with status 1 from this severity on.")] = FailOn.WARNING,
    knowledge: KnowledgeOption = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every finding, with its evidence and the words that made it.")
    ] = False,
    min_confidence: Annotated[float, typer.Option(min=0.0, max=1.0, metavar="0..1", help="Leave out findings less sure than this.")] = 0.0,
    fast: FastOption = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="Include the checked text in the JSON report.")] = False,
    annotate_to: Annotated[
        Path | None,
        typer.Option("--annotate-to", metavar="FILE", help="Write a copy of a .docx draft with a comment on each claim to act on."),
    ] = None,
) -> None:
    """Check articles, drafts or a folder of posts.

    Exit status: 0 nothing to act on, 1 something at or above --fail-on, 2 an input or the knowledge base could not be read.

    Examples: claimcheck check draft.md, claimcheck check posts/ --format json -o report.json, claimcheck check < article.txt
    """
    with _failures():
        targets = _targets(formats or [], outputs or [])
        arguments = paths or ["-"]
        draft = _draft(arguments, annotate_to) if annotate_to else None
        base = _load(knowledge)
        if "-" in arguments and sys.stdin is not None and sys.stdin.isatty():
            typer.echo("Paste the text, then press Ctrl-D on a new line (Ctrl-C to give up).", err=True)
        from datetime import date

        from claimcheck.batch import at_least, check_all, discover, open_checker
        from claimcheck.reports.renderer import Options
        from claimcheck.reports.summary import Summary
        from claimcheck.reports.writing import write_reports

        summary = Summary(base)
        checker = open_checker(base, quick=fast)
        gc.freeze()
        gc.enable()
        reports: Iterable[DocumentReport] = _aloud(at_least(min_confidence, check_all(discover(arguments, stdin_name), checker)))
        if draft:
            reports = [*reports]
        problems = write_reports(reports, summary, targets, Options(verbose, with_text, date.today(), Path.cwd()))
        for problem in problems:
            typer.echo(f"claimcheck: {problem}", err=True)
        if draft and annotate_to and not summary.failed:
            from claimcheck.reports.annotated_docx import write_annotated

            [report] = reports
            write_annotated(draft, annotate_to, report, base)
        if summary.failed or problems:
            raise typer.Exit(FAILED)
        if fail_on is not FailOn.NEVER and any(
            severity.rank >= Severity(fail_on.value).rank and number for severity, number in summary.by_severity.items()
        ):
            raise typer.Exit(1)


@app.command()
def explain(claim: Annotated[str, typer.Argument(help="The id of a claim, as in a report.")], knowledge: KnowledgeOption = None) -> None:
    """Say what is known of a claim: label and why, all evidence, disputes, fair wording."""
    with _failures():
        base = _load(knowledge)
        if claim not in base.claims:
            from claimcheck.suggestions import nearest

            close = nearest(claim, base.claims)
            hint = f"did you mean {', '.join(close)}?" if close else "claimcheck knowledge list shows all claims"
            typer.echo(f"claimcheck: there is no claim {claim!r}; {hint}", err=True)
            raise typer.Exit(FAILED)
        from claimcheck.reports.text_report import explain as explain_claim

        console = _console()
        for part in explain_claim(base.claims[claim], base):
            console.print(part)


@knowledge_app.command("list")
def knowledge_list(
    shape: Annotated[Shape, typer.Option("--format", "-f", help="How to write the list.")] = Shape.TEXT,
    label: Annotated[Label | None, typer.Option(help="Only claims with this label.")] = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """List the claims with their labels."""
    with _failures():
        base = _load(knowledge)
        from claimcheck.reports.claim_list import claim_rows, claim_table

        claims = [claim for claim in base.claims.values() if label is None or claim.label is label]
        if shape is Shape.JSON:
            typer.echo(claim_rows(claims))
        else:
            _console().print(claim_table(claims))


@knowledge_app.command("lint")
def knowledge_lint(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A knowledge folder; the built-in one by default.", show_default=False)
    ] = None,
) -> None:
    """Check a knowledge base: every problem with file and line. Exit status 2 if there is any."""
    with _failures():
        from claimcheck.kb import built_in_folder
        from claimcheck.linting import lint

        folder = folder or built_in_folder()
        problems = lint(folder)
        for problem in problems:
            typer.echo(str(problem))
        if problems:
            typer.echo(f"claimcheck: {len(problems)} problem{'s' * (len(problems) > 1)} in {folder}", err=True)
            raise typer.Exit(FAILED)
        typer.echo(f"{folder}: no problems")


@knowledge_app.command("copy")
def knowledge_copy(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")]) -> None:
    """Copy the built-in knowledge base to a folder, to edit it and use it with --knowledge."""
    with _failures():
        import shutil

        from claimcheck.kb import built_in_folder

        try:
            shutil.copytree(built_in_folder(), folder)
        except FileExistsError as error:
            raise ClaimcheckError(f"{folder} exists already; name a new folder") from error
        except OSError as error:
            raise ClaimcheckError(f"cannot copy to {folder}: {error.strerror or error}") from error
        typer.echo(f"copied to {folder}; use it with: claimcheck check --knowledge {folder} …")


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLDDIR", help="A folder with gold.tsv, sentences.tsv and texts/.")],
    shape: Annotated[Shape, typer.Option("--format", "-f", help="How to write the figures.")] = Shape.TEXT,
    errors: Annotated[
        int, typer.Option("--errors", min=0, metavar="N", help="List up to N false alarms and N misses with their sentences.")
    ] = 0,
    fast: FastOption = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """Measure the findings against annotated texts: precision, recall, F1, framing agreement, misses a claim."""
    with _failures():
        from claimcheck.batch import open_checker
        from claimcheck.evaluation import evaluate as measure
        from claimcheck.evaluation import read_gold
        from claimcheck.reports.evaluation_report import evaluation_json, evaluation_text

        evaluation = measure(read_gold(gold), open_checker(_load(knowledge), quick=fast))
        if shape is Shape.JSON:
            typer.echo(evaluation_json(evaluation))
        else:
            for part in evaluation_text(evaluation, errors):
                _console().print(part)


def _targets(formats: Sequence[Format], outputs: Sequence[Path]) -> list[Target]:
    """Formats with their files, in order. Without formats, the files' suffixes say them. Raises ClaimcheckError if they do not fit."""
    from claimcheck.reports.formats import format_of
    from claimcheck.reports.writing import Target

    if len(formats) > 1 and len(formats) != len(outputs):
        raise ClaimcheckError(f"{len(formats)} formats need an --output each, and there are {len(outputs)}; write -o - for standard output")
    if formats and len(outputs) > len(formats):
        raise ClaimcheckError(f"there are {len(outputs)} outputs for 1 format; name a --format for each, or none to go by the suffix")
    places = [None if str(path) == "-" else path for path in outputs] or [None]
    if sum(place is None for place in places) > 1:
        raise ClaimcheckError("only one report can go to standard output; name a file for the others")
    forms = formats or [format_of(place) if place else Format.TEXT for place in places]
    return [Target(form, place) for form, place in zip(forms, places, strict=True)]


def _draft(arguments: Sequence[str], target: Path) -> Path:
    """The one Word file that is to be copied with comments. Raises ClaimcheckError if there is another number or kind of inputs."""
    draft = Path(arguments[0])
    if len(arguments) > 1 or draft.suffix.lower() != ".docx" or draft.is_dir():
        raise ClaimcheckError(f"--annotate-to needs exactly one .docx file to check, not {' '.join(arguments)}")
    if target.exists() and draft.exists() and target.samefile(draft):
        raise ClaimcheckError(f"--annotate-to names the draft itself, {draft}; name another file for the copy")
    return draft


def _load(folder: Path | None) -> KnowledgeBase:
    from claimcheck.kb import KnowledgeBase

    return KnowledgeBase.load(folder)


def _console() -> Console:
    from claimcheck.reports.writing import console_for

    return console_for(sys.stdout)


def _aloud(reports: Iterable[DocumentReport]) -> Iterator[DocumentReport]:
    """Say on stderr what could not be read, and what a reader of the report should know, as it happens."""
    from claimcheck.reports.safe import printable

    for report in reports:
        for said in (*report.notes, *filter(None, (report.error,))):
            typer.echo(f"claimcheck: {printable(said)}", err=True)
        yield report


@contextmanager
def _failures() -> Iterator[None]:
    """Expected failures as one sentence on stderr and status 2; Ctrl-C as status 130."""
    try:
        yield
    except ClaimcheckError as error:
        typer.echo(f"claimcheck: {error}", err=True)
        raise typer.Exit(FAILED) from error
    except KeyboardInterrupt as error:
        typer.echo("claimcheck: interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from error
