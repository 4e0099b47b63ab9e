"""Patterns in the syntax of .gitignore: which paths they take in."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from claimcheck.errors import ClaimcheckError

if TYPE_CHECKING:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern


@dataclass(frozen=True, slots=True)
class Globs:
    """Patterns as a user wrote them, and the folder that those with a slash start from."""

    lines: tuple[str, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: GitIgnoreSpecPattern
    folders_only: bool
    by_name: bool


class Rules:
    """Compiled patterns of one folder. The last one that fits a path decides, as in git.

    `faults` are the 1-based numbers of the lines that are no pattern; they fit nothing.
    """

    def __init__(self, lines: Iterable[str], folder: str) -> None:
        """`folder` is absolute."""
        self._prefix = folder.rstrip(os.sep) + os.sep
        self.faults: list[int] = []
        rules = []
        for number, line in enumerate(lines, 1):
            try:
                rules.append(_compiled(line))
            except (ValueError, re.error):
                self.faults.append(number)
        self._rules = tuple(rule for rule in reversed(rules) if rule is not None)

    def covers(self, path: str) -> bool:
        """Whether an absolute path lies in the folder of these patterns."""
        return path.startswith(self._prefix)

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """True where a file or folder (an absolute path) itself is meant, False where it is taken out again, None where nothing is said."""
        inner = self._inner(path)
        name = inner.rpartition("/")[2]
        for rule in self._rules:
            if rule.folders_only and not folder:
                continue
            found = rule.pattern.match_file(name if rule.by_name else inner)
            # the one group of a pattern's expression takes part where a folder above the path is meant
            if found is not None and found.match.lastindex is None:
                return rule.pattern.include
        return None

    def takes(self, path: str) -> bool:
        """Whether a file (an absolute path) is meant, by itself or with a folder above it."""
        folder = False
        while self.covers(path):
            said = self.verdict(path, folder=folder)
            if said is not None:
                return said
            path, folder = path.rpartition(os.sep)[0], True
        return False

    def _inner(self, path: str) -> str:
        # the expressions read a line break as the end: no pattern can hold one, so any other character does
        return path.removeprefix(self._prefix).replace(os.sep, "/").replace("\n", "\ufffd")


def rules_of(globs: Globs, option: str) -> Rules:
    """The patterns that a user gave with an option. Raises ClaimcheckError where one is no pattern."""
    lines = [f"/{line[2:]}" if line.startswith("./") else line for line in globs.lines]
    rules = Rules(lines, str(globs.folder))
    if rules.faults:
        raise ClaimcheckError(f"{option}: {globs.lines[rules.faults[0] - 1]!r} is no pattern; write it as in a .gitignore file")
    return rules


def _compiled(line: str) -> _Rule | None:
    """A line of a .gitignore file as a rule; None for a comment or an empty line. Raises ValueError or re.error."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    line = line.rstrip("\r\n")
    bare = line.rstrip(" \t")
    folders_only = bare.endswith("/")
    wanted = bare.rstrip("/") if folders_only else line
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pattern = GitIgnoreSpecPattern(wanted)
    if pattern.include is None:
        return None
    return _Rule(pattern, folders_only, by_name="/" not in wanted)
