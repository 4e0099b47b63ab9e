"""The command line: parse, call the library, print. No logic of its own; heavy imports wait until a command needs them."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimcheck import __version__
from claimcheck.errors import ClaimcheckError
from claimcheck.model import Label, Severity

if TYPE_CHECKING:
    from rich.console import Console

    from claimcheck.model import DocumentReport, KnowledgeBase

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


class Format(StrEnum):
    """What a report is written as."""

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
        typer.Argument(metavar="[PATH…|-]", help="Files (.txt, .md), folders, or - for standard input.", show_default=False),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file.")] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Exit with status 1 from this severity on.")] = FailOn.WARNING,
    knowledge: KnowledgeOption = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every finding, with its evidence and the words that made it.")
    ] = False,
    min_confidence: Annotated[float, typer.Option(min=0.0, max=1.0, metavar="0..1", help="Leave out findings less sure than this.")] = 0.0,
    fast: FastOption = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="Include the checked text in the JSON report.")] = False,
) -> None:
    """Check articles, drafts or a folder of posts.

    Exit status: 0 nothing to act on, 1 something at or above --fail-on, 2 an input or the knowledge base could not be read.

    Examples: claimcheck check draft.md, claimcheck check posts/ --format json -o report.json, claimcheck check < article.txt
    """
    with _failures():
        base = _load(knowledge)
        arguments = paths or ["-"]
        if "-" in arguments and sys.stdin is not None and sys.stdin.isatty():
            typer.echo("Paste the text, then press Ctrl-D on a new line (Ctrl-C to give up).", err=True)
        from claimcheck.batch import at_least, check_all, discover, open_checker
        from claimcheck.reports.summary import Summary
        from claimcheck.reports.writing import write_report

        summary = Summary(base)
        checker = open_checker(base, knowledge, quick=fast)
        gc.freeze()
        gc.enable()
        reports = _aloud(at_least(min_confidence, check_all(discover(arguments), checker)))
        written = write_report(reports, summary, format_.value, output, verbose=verbose, with_text=with_text)
        if written is not None:
            typer.echo(f"claimcheck: {written}", err=True)
        if summary.failed or written is not None:
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
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the list.")] = Format.TEXT,
    label: Annotated[Label | None, typer.Option(help="Only claims with this label.")] = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """List the claims with their labels."""
    with _failures():
        base = _load(knowledge)
        from claimcheck.reports.claim_list import claim_rows, claim_table

        claims = [claim for claim in base.claims.values() if label is None or claim.label is label]
        if format_ is Format.JSON:
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
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the figures.")] = Format.TEXT,
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

        evaluation = measure(read_gold(gold), open_checker(_load(knowledge), knowledge, quick=fast))
        if format_ is Format.JSON:
            typer.echo(evaluation_json(evaluation))
        else:
            for part in evaluation_text(evaluation, errors):
                _console().print(part)


def _load(folder: Path | None) -> KnowledgeBase:
    from claimcheck.kb import load

    return load(folder)


def _console() -> Console:
    from claimcheck.reports.writing import console_for

    return console_for(sys.stdout)


def _aloud(reports: Iterable[DocumentReport]) -> Iterator[DocumentReport]:
    """Say on stderr what could not be read, as it happens."""
    from claimcheck.reports.safe import printable

    for report in reports:
        if report.error is not None:
            typer.echo(f"claimcheck: {printable(report.error)}", err=True)
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
