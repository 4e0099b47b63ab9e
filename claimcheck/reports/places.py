"""Where a finding lies, as other programs want to be told: paths, URIs, regions."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote

from claimcheck.model import DocumentReport, Finding

_URL = re.compile(r"https?://", re.IGNORECASE)
_URL_MARKS = "/:?#[]@!$&'()*+,;=%~"
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and columns from 1, in code points; the end column is the one after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def region_of(finding: Finding, report: DocumentReport) -> Region:
    """Where the words of a finding stand in the text of its document."""
    words = report.text[finding.span.start : finding.span.end]
    breaks = [match.end() for match in _LINE_BREAK.finditer(words)]
    end_column = len(words) - breaks[-1] + 1 if breaks else finding.column + len(words)
    return Region(finding.line, finding.column, finding.line + len(breaks), end_column)


def is_url(path: str) -> bool:
    """Whether a document goes by a web address (standard input may)."""
    return _URL.match(path) is not None


def relative(path: str, root: Path | None) -> str:
    """A path as told from the folder `root`, with forward slashes; without a folder to tell it from, an absolute path is only its name."""
    if is_url(path):
        return path
    if PurePath(path).is_absolute():
        try:
            path = os.path.relpath(path, root) if root else PurePath(path).name
        except ValueError:  # on another drive
            path = PurePath(path).name
    return PurePath(os.path.normpath(path)).as_posix()


def uri(path: str, root: Path | None) -> str:
    """A path as a URI reference relative to `root`, percent-encoded; a web address stays one."""
    told = relative(path, root)
    try:
        data = os.fsencode(told)
    except UnicodeEncodeError:
        data = told.encode("utf-8", "replace")
    return quote(data, safe=_URL_MARKS if is_url(told) else "/")
