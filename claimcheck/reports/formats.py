"""The formats of a report. Each has a module, which is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # the command line needs the names of the formats at every start, and no more
    from claimcheck.reports.renderer import Options, Renderer
    from claimcheck.reports.summary import Summary


class Format(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    CLAIMREVIEW = "claimreview"
    GITHUB = "github"
    HTML = "html"


# format to module and class
_RENDERERS = {
    Format.TEXT: ("text_report", "TextReport"),
    Format.JSON: ("json_report", "JsonReport"),
    Format.JSONL: ("json_report", "JsonLines"),
    Format.CSV: ("csv_report", "CsvReport"),
    Format.MARKDOWN: ("markdown_report", "MarkdownReport"),
    Format.SARIF: ("sarif_report", "SarifReport"),
    Format.CLAIMREVIEW: ("claimreview_report", "ClaimReviewReport"),
    Format.GITHUB: ("github_report", "GithubReport"),
    Format.HTML: ("html_report", "HtmlReport"),
}
_SUFFIXES = {
    ".txt": Format.TEXT,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".csv": Format.CSV,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".sarif": Format.SARIF,
    ".jsonld": Format.CLAIMREVIEW,
}


def renderer_for(form: Format, summary: Summary, options: Options) -> Renderer:
    """A new renderer of a format."""
    module, name = _RENDERERS[form]
    build = cast("Callable[[Summary, Options], Renderer]", getattr(import_module(f"claimcheck.reports.{module}"), name))
    return build(summary, options)


def format_of(path: Path) -> Format | None:
    """The format that a file's suffix asks for, if it asks for one."""
    return _SUFFIXES.get(path.suffix.lower())
