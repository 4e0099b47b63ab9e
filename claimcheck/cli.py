"""The command line: parse, call the library, print. No logic of its own; heavy imports wait until a command needs them."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimcheck import __version__
from claimcheck.errors import ClaimcheckError, reason_of
from claimcheck.globs import Globs
from claimcheck.model import Label, Severity
from claimcheck.reports.formats import Format
from claimcheck.settings import FailOn, Settings

if TYPE_CHECKING:
    from rich.console import Console

    from claimcheck.baseline import Baseline
    from claimcheck.batch import Desk
    from claimcheck.discovery import Input, Skipped
    from claimcheck.files import FileKey
    from claimcheck.interrupts import Interrupts
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


FINDING, CHECKING, RUNNING, REPORTING = "Which texts", "How to check", "Many texts", "Report"
ACCEPTING, SETTING = "Baseline", "Settings"
KNOWLEDGE_HELP = "Use the knowledge in this folder."
FAST_HELP = "Skip the slow model; finds less."


def _option(panel: str, said: str, *names: str, metavar: str | None = None, callback: Callable[..., Any] | None = None) -> Any:
    """An option in a panel of the help. Where nothing is said, the settings hold: so no default is shown."""
    return typer.Option(*names, help=said, metavar=metavar, callback=callback, show_default=False, rich_help_panel=panel)


def _share(value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 1:
        raise typer.BadParameter(f"{value} is not from 0 to 1")
    return value


def _number(value: int | None) -> int | None:
    if value is not None and value < 1:
        raise typer.BadParameter(f"{value} is not from 1 on")
    return value


KnowledgeOption = Annotated[Path | None, typer.Option("--knowledge", metavar="DIR", help=KNOWLEDGE_HELP, show_default=False)]

CHECK_EPILOG = rf"""
Examples:
  claimcheck check draft.md
  claimcheck check < article.txt
  claimcheck check --clipboard --verbose
  claimcheck check posts/ --exclude drafts/ -f json -o report.json
  claimcheck check 'posts/**/*.md' --min-confidence 0.9
  claimcheck check archive/ --baseline known.json --update-baseline
  claimcheck check archive/ --jobs 8 -o report.jsonl

Texts: plain text, Markdown, HTML, .docx, .pdf, .odt, .epub.
Reports: {", ".join(Format)}. Without -f, the suffix of FILE says which.

GLOB is written as in a .gitignore file, and may be given more than once. What is named itself is always checked.

Settings: options can stand in a claimcheck.toml or under \[tool.claimcheck] in a pyproject.toml, beside the texts or above them.
For example: fail-on = "note". The command line wins.

What is unchanged since an earlier check is not checked again: results are kept in the user's cache folder as soon as each is there.
So a run that was broken off goes on where it stopped; --resume makes sure of that, and says how much was left.

Exit status: 0 nothing to act on; 1 something at LEVEL (never, note, warning) or above; 2 an input or a setting cannot be used;
130 interrupted: the report has what was done till then.
"""


def main() -> None:
    """Entry point of the `claimcheck` command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal and pipe knows every letter
    gc.disable()  # imports and loaded knowledge make no garbage: without the collector a start is a tenth faster
    try:
        app(prog_name="claimcheck")
    except Exception as error:  # noqa: BLE001 - a user gets a sentence, whatever happens
        typer.echo(
            f"claimcheck: a fault of ours ({type(error).__name__}: {error}); please report it with the text that caused it", err=True
        )
        sys.exit(FAILED)


def _version(wanted: bool) -> None:
    if wanted:
        with _failures():
            typer.echo(f"claimcheck {__version__}")
            base = _load(None)
            typer.echo(f"knowledge of {base.updated}: {len(base.claims)} claims, {len(base.sources)} sources")
            raise typer.Exit


def _claim_ids(context: typer.Context, incomplete: str) -> list[str]:
    """The ids of claims that begin so, for a shell's completion: the names of their files, for it must be quick."""
    from claimcheck.kb import built_in_folder

    folder = context.params.get("knowledge") or built_in_folder()
    return sorted(path.stem for path in Path(folder, "claims").glob("*.yaml") if path.stem.startswith(incomplete))


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the state of program and knowledge.")
    ] = False,
) -> None:
    """Options of the bare command."""


@app.command(epilog=CHECK_EPILOG)
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH…|-]", help="Files, folders, 'globs', - for stdin.", show_default=False),
    ] = None,
    include: Annotated[list[str] | None, _option(FINDING, "In folders, check only these files.", metavar="GLOB")] = None,
    exclude: Annotated[list[str] | None, _option(FINDING, "In folders, leave out files and folders.", metavar="GLOB")] = None,
    no_ignore: Annotated[bool | None, _option(FINDING, "Check what ignore files leave out.", "--no-ignore/--ignore")] = None,
    clipboard: Annotated[bool, _option(FINDING, "Check the text in the clipboard.", "--clipboard")] = False,
    stdin_name: Annotated[str | None, _option(FINDING, "Name for stdin or clipboard (post.html).", metavar="NAME")] = None,
    fast: Annotated[bool | None, _option(CHECKING, FAST_HELP, "--fast/--no-fast")] = None,
    min_confidence: Annotated[float | None, _option(CHECKING, "Leave out what is less sure.", metavar="0..1", callback=_share)] = None,
    knowledge: Annotated[Path | None, _option(CHECKING, KNOWLEDGE_HELP, metavar="DIR")] = None,
    jobs: Annotated[int | None, _option(RUNNING, "Check with so many processes.", "--jobs", "-j", metavar="N", callback=_number)] = None,
    no_cache: Annotated[bool | None, _option(RUNNING, "Check again what is unchanged.", "--no-cache/--cache")] = None,
    resume: Annotated[bool, _option(RUNNING, "Go on with a run that was broken off.", "--resume")] = False,
    quiet: Annotated[bool, _option(RUNNING, "Show no progress, tell of failures only.", "--quiet", "-q")] = False,
    formats: Annotated[
        list[Format] | None, _option(REPORTING, "How to write it; again for each -o.", "--format", "-f", metavar="NAME")
    ] = None,
    outputs: Annotated[list[Path] | None, _option(REPORTING, "Where to write it (- is stdout).", "--output", "-o", metavar="FILE")] = None,
    verbose: Annotated[bool | None, _option(REPORTING, "Show all findings, with evidence.", "--verbose/--brief", "-v")] = None,
    with_text: Annotated[bool | None, _option(REPORTING, "Put the checked text into JSON.", "--with-text/--no-text")] = None,
    annotate_to: Annotated[Path | None, _option(REPORTING, "Write a commented copy of a .docx.", metavar="FILE")] = None,
    fail_on: Annotated[FailOn | None, _option(REPORTING, "Exit with 1 from this on (warning).", metavar="LEVEL")] = None,
    baseline: Annotated[Path | None, _option(ACCEPTING, "Leave out the findings in this file.", metavar="FILE")] = None,
    update_baseline: Annotated[bool, _option(ACCEPTING, "Accept what is found: write it into FILE.", "--update-baseline")] = False,
    config: Annotated[Path | None, _option(SETTING, "Read the settings from this file.", metavar="FILE")] = None,
    no_config: Annotated[bool, _option(SETTING, "Read no settings.", "--no-config")] = False,
) -> None:
    """Check articles, drafts or a folder of posts.

    Says which known claims about psychedelics they make, how strong the evidence for each is, and whether the text says so.
    """
    with _failures():
        from claimcheck.discovery import STDIN

        here = _working_folder()
        arguments = paths or ([] if clipboard else [STDIN])
        settings = _settings(config, no_config, arguments).overridden(
            include=Globs(tuple(include), here) if include else None,
            exclude=Globs(tuple(exclude), here) if exclude else None,
            no_ignore=no_ignore,
            fast=fast,
            min_confidence=min_confidence,
            knowledge=knowledge,
            verbose=verbose,
            with_text=with_text,
            jobs=jobs,
            cache=None if no_cache is None else not no_cache,
            fail_on=fail_on,
            baseline=baseline,
        )
        if stdin_name is not None and not clipboard and STDIN not in arguments:
            raise ClaimcheckError(
                "--stdin-name names the text of standard input or of the clipboard, and neither is checked; add - to the paths"
            )
        if resume and not settings.cache:
            raise ClaimcheckError(
                "--resume goes on from the results that were kept, and --no-cache (or cache = false) is set; leave one out"
            )
        order = _Order(
            arguments,
            settings,
            here,
            targets=_targets(formats or [], outputs or [], settings.format),
            accepted=_baseline(settings, update=update_baseline),
            draft=_draft([*arguments, *["--clipboard"] * clipboard]) if annotate_to else None,
            annotate_to=annotate_to,
            stdin_name=stdin_name,
            clipboard=clipboard,
            update_baseline=update_baseline,
            resume=resume,
            quiet=quiet,
        )
        if settings.verbose and settings.origin:
            order.remark(f"settings from {settings.origin}")
        if not config and not no_config and (unused := _unused_settings(settings, arguments)):
            order.remark(unused)
        _run(order)


@app.command(epilog="Example:\n\n  claimcheck explain amygdala-calming")
def explain(
    claim: Annotated[str, typer.Argument(help="The id of a claim, as in a report.", autocompletion=_claim_ids)],
    knowledge: KnowledgeOption = None,
) -> None:
    """Say what is known of a claim: label and why, all evidence, disputes, fair wording."""
    with _failures():
        base = _load(knowledge)
        if claim not in base.claims:
            from claimcheck.suggestions import nearest

            close = nearest(claim, base.claims)
            hint = f"did you mean {', '.join(close)}?" if close else "claimcheck knowledge list shows all claims"
            raise ClaimcheckError(f"there is no claim {claim!r}; {hint}")
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
            _say(f"{len(problems)} problem{'s' * (len(problems) > 1)} in {folder}")
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
            raise ClaimcheckError(f"cannot copy to {folder}: {reason_of(error)}") from error
        typer.echo(f"copied to {folder}; use it with: claimcheck check --knowledge {folder} …")


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLDDIR", help="A folder with gold.tsv, sentences.tsv and texts/.")],
    shape: Annotated[Shape, typer.Option("--format", "-f", help="How to write the figures.")] = Shape.TEXT,
    errors: Annotated[
        int, typer.Option("--errors", min=0, metavar="N", help="List up to N false alarms and N misses with their sentences.")
    ] = 0,
    fast: Annotated[bool, typer.Option("--fast", help=FAST_HELP)] = False,
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


@dataclass(frozen=True, slots=True)
class _Order:
    """What the command line and the settings ask of a check."""

    arguments: Sequence[str]
    settings: Settings
    here: Path
    _: KW_ONLY
    targets: Sequence[Target]
    accepted: Baseline | None
    draft: Path | None
    annotate_to: Path | None
    stdin_name: str | None
    clipboard: bool
    update_baseline: bool
    resume: bool
    quiet: bool

    def inputs(self, skipped: Skipped) -> Iterator[Input]:
        """What there is to check, looked for anew."""
        from claimcheck.discovery import CLIPBOARD_NAME, STDIN_NAME, Input, Origin, Selection, discover

        settings = self.settings
        selection = Selection(settings.include, settings.exclude, ignore_files=not settings.no_ignore)
        yield from discover(self.arguments, selection, skipped, stdin_name=self.stdin_name or STDIN_NAME)
        if self.clipboard:
            yield Input(self.stdin_name or CLIPBOARD_NAME, Origin.CLIPBOARD)

    def number_of_inputs(self, most: int | None = None) -> int:
        """How many there are, counted up to `most`."""
        return sum(1 for _ in islice(self.inputs(Counter()), most))

    def remark(self, said: str) -> None:
        """A sentence on stderr that is no failure."""
        if not self.quiet:
            _say(said)


def _run(order: _Order) -> None:
    """Check and report. Raises typer.Exit with the status, unless it is 0, and ClaimcheckError."""
    settings = order.settings
    places = _places(order)
    base = _load(settings.knowledge)
    if "-" in order.arguments and sys.stdin is not None and sys.stdin.isatty():
        typer.echo("Paste the text, then press Ctrl-D on a new line (Ctrl-C to give up).", err=True)
    from datetime import date

    from claimcheck.batch import Desk, Setup
    from claimcheck.discovery import in_words
    from claimcheck.interrupts import Interrupts
    from claimcheck.reports.renderer import Options
    from claimcheck.reports.summary import Summary
    from claimcheck.reports.writing import write_reports

    summary = Summary(base)
    inputs: Iterable[Input] = order.inputs(summary.skipped)
    if places:
        inputs = [*inputs]  # all are known before a file is begun, which is then neither overwritten nor counted among them
        _spare(inputs, places)
    gc.freeze()
    gc.enable()
    with closing(Desk(Setup(base, settings.fast, settings.cache))) as desk, Interrupts() as interrupts:
        if order.resume and not desk.results().usable:
            raise ClaimcheckError("results cannot be kept in the cache folder, so there are none to go on from; leave --resume out")
        reports: Iterable[DocumentReport] = _reports(order, inputs, desk, interrupts)
        if order.draft:
            reports = [*reports]
        options = Options(settings.verbose, settings.with_text, date.today(), order.here, timed=True)
        problems = write_reports(reports, summary, order.targets, options)
    for problem in problems:
        _say(problem)
    if interrupts.happened:
        _say(
            f"interrupted: the report has {summary.documents} of {order.number_of_inputs()} documents; the same command goes on from there"
        )
        raise typer.Exit(INTERRUPTED)
    if summary.skipped and summary.documents > summary.failed:  # else the sentence on the empty folder says it
        order.remark(f"skipped: {in_words(summary.skipped)}")
    if order.resume:
        order.remark(f"{summary.recalled} documents were checked before, {summary.documents - summary.recalled} now")
    if order.draft and order.annotate_to and not summary.failed:
        from claimcheck.reports.annotated_docx import write_annotated

        [report] = reports
        write_annotated(order.draft, order.annotate_to, report, base)
    if order.accepted is not None:
        _close_baseline(order.accepted, order)
    if summary.failed or problems:
        raise typer.Exit(FAILED)
    level = settings.fail_on
    if level is not FailOn.NEVER and any(
        severity.rank >= Severity(level.value).rank and number for severity, number in summary.by_severity.items()
    ):
        raise typer.Exit(1)


def _places(order: _Order) -> dict[FileKey, Path]:
    """The files that are to be written, by what they are the same by. Raises ClaimcheckError if one cannot be, or twice.

    A baseline that is only read is among them: no report may replace it.
    """
    from claimcheck.files import is_special, key_of, try_to_write

    kept = [] if order.accepted is None else [order.accepted.path]
    places: dict[FileKey, Path] = {}
    for path in (*(target.path for target in order.targets), order.annotate_to, *kept):
        if path is None:
            continue
        try:
            if path not in kept or order.update_baseline:
                try_to_write(path)
            key = key_of(path)
            special = is_special(path)
        except OSError as error:
            raise ClaimcheckError(f"cannot write {path}: {reason_of(error)}; nothing was checked") from error
        if key in places:
            raise ClaimcheckError(f"{path} is to be written twice, or is the baseline; name a file of its own for each")
        if not special:  # a device takes everything
            places[key] = path
    return places


def _spare(inputs: Iterable[Input], places: Mapping[FileKey, Path]) -> None:
    """Raises ClaimcheckError if a text that is to be checked would be overwritten."""
    from claimcheck.discovery import Origin
    from claimcheck.files import key_of

    for found in inputs:
        try:
            if found.origin is Origin.FILE:
                place = places.get(key_of(Path(found.name)))
            elif found.origin is Origin.STDIN and sys.stdin is not None:
                place = places.get(key_of(sys.stdin.fileno()))
            else:
                continue
        except (OSError, ValueError):
            continue  # the reader will say what is wrong
        if place is not None:
            raise ClaimcheckError(f"{place} is among the texts to check and would be overwritten; name another file to write to")


def _reports(order: _Order, inputs: Iterable[Input], desk: Desk, interrupts: Interrupts) -> Iterator[DocumentReport]:
    """The reports on the inputs, as they are finished, up to an interrupt; with progress on a terminal."""
    from claimcheck.batch import at_least, check_many

    reports = check_many(inputs, desk, order.settings.jobs)
    if not order.quiet and sys.stderr is not None and sys.stderr.isatty() and order.number_of_inputs(most=2) > 1:
        from claimcheck.progress import shown

        reports = shown(reports, order.number_of_inputs)
    reports = interrupts.until_interrupted(reports)
    sure = order.settings.min_confidence
    if order.accepted is not None:  # first: what is left out as less sure is not gone
        reports = order.accepted.new_only(reports, taking_up=order.update_baseline, sure=sure)
    return _aloud(at_least(sure, reports))


def _settings(config: Path | None, no_config: bool, arguments: Sequence[str]) -> Settings:
    """The settings of a named file, or those that hold where the first argument lies."""
    from claimcheck.discovery import STDIN, folder_of
    from claimcheck.settings import find_settings, read_settings

    if config and no_config:
        raise ClaimcheckError("--config and --no-config exclude each other; give one of them")
    if no_config:
        return Settings()
    return read_settings(config) if config else find_settings(folder_of(arguments[0] if arguments else STDIN))


def _unused_settings(settings: Settings, arguments: Sequence[str]) -> str | None:
    """The sentence on the settings files of other arguments than the first, if there are any."""
    from claimcheck.discovery import folder_of
    from claimcheck.settings import settings_file

    files = dict.fromkeys(settings_file(folder) for folder in dict.fromkeys(map(folder_of, arguments[1:])))
    others = [str(path) for path in files if path not in (None, settings.origin)]
    if not others:
        return None
    used = f"settings from {settings.origin} hold for all" if settings.origin else "no settings hold, for the first path has none"
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return f"{used}, not those in {others[0]}{more}; check the paths apart, or name a file with --config"


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise ClaimcheckError("the working folder has been removed; change to a folder that exists") from error


def _baseline(settings: Settings, *, update: bool) -> Baseline | None:
    from claimcheck.baseline import read_baseline

    path = settings.baseline
    if path is None and update:
        raise ClaimcheckError("--update-baseline needs to know where: add --baseline FILE")
    return None if path is None else read_baseline(path, may_be_missing=update, partial=settings.fast)


def _close_baseline(baseline: Baseline, order: _Order) -> None:
    """Write it, or say what in it is out of date."""
    gone = baseline.gone().total()
    if order.update_baseline:
        baseline.write()
        held, added = baseline.updated().total(), baseline.added()
        order.remark(f"the baseline {baseline.path} holds {held} claims now: {added} added, {gone} taken out")
    elif gone:
        order.remark(f"{gone} of the claims in the baseline {baseline.path} are no longer found; --update-baseline takes them out")


def _targets(formats: Sequence[Format], outputs: Sequence[Path], usual: Format | None) -> list[Target]:
    """Formats with their files, in order. Without formats, the files' suffixes say them. Raises ClaimcheckError if they do not fit.

    `usual` is the format where neither says one.
    """
    from claimcheck.reports.writing import Target

    if len(formats) > 1 and len(formats) != len(outputs):
        raise ClaimcheckError(f"{len(formats)} formats need an --output each, and there are {len(outputs)}; write -o - for standard output")
    if formats and len(outputs) > len(formats):
        raise ClaimcheckError(f"there are {len(outputs)} outputs for 1 format; name a --format for each, or none to go by the suffix")
    places = [None if str(path) == "-" else path for path in outputs] or [None]
    if sum(place is None for place in places) > 1:
        raise ClaimcheckError("only one report can go to standard output; name a file for the others")
    forms = formats or [_format_for(place, usual) for place in places]
    return [Target(form, place) for form, place in zip(forms, places, strict=True)]


def _format_for(place: Path | None, usual: Format | None) -> Format:
    from claimcheck.reports.formats import format_of

    form = usual or Format.TEXT if place is None else format_of(place) or usual
    if form is None:
        raise ClaimcheckError(f"the suffix of {place} says no format; name one with -f, such as -f text")
    return form


def _draft(arguments: Sequence[str]) -> Path:
    """The one Word file that is to be copied with comments. Raises ClaimcheckError if there is another number or kind of inputs."""
    draft = Path(arguments[0])
    several = os.path.isdir(draft) or (not os.path.exists(draft) and set(arguments[0]) & set("*?["))  # noqa: PTH110, PTH112 - Path's can fail
    if len(arguments) > 1 or draft.suffix.lower() != ".docx" or several:
        raise ClaimcheckError(f"--annotate-to needs exactly one .docx file to check, not {' '.join(arguments)}")
    return draft


def _load(folder: Path | None) -> KnowledgeBase:
    from claimcheck.kb import KnowledgeBase

    return KnowledgeBase.load(folder)


def _console() -> Console:
    from claimcheck.reports.writing import console_for

    return console_for(sys.stdout)


def _aloud(reports: Iterable[DocumentReport]) -> Iterator[DocumentReport]:
    """Say on stderr what could not be read, and what a reader of the report should know, as it happens."""
    for report in reports:
        for said in (*report.notes, *filter(None, (report.error,))):
            _say(said)
        yield report


def _say(said: str) -> None:
    """A sentence a line on stderr, whatever is in the names that it tells."""
    from claimcheck.reports.safe import printable

    for line in said.splitlines():
        typer.echo(f"claimcheck: {printable(line)}", err=True)


@contextmanager
def _failures() -> Iterator[None]:
    """Expected failures as one sentence on stderr and status 2; Ctrl-C as status 130; a closed pipe as no failure."""
    try:
        yield
    except ClaimcheckError as error:
        _say(str(error))
        raise typer.Exit(FAILED) from error
    except BrokenPipeError as error:  # the reader of the pipe has gone (`| head`): that is no error, though typer would take it for one
        from claimcheck.reports.writing import let_go_of_stdout

        let_go_of_stdout()
        raise typer.Exit from error
    except KeyboardInterrupt as error:
        typer.echo("claimcheck: interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from error
