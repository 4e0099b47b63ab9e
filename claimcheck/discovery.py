"""What there is to check: named files, what folders and globs hold, standard input, the clipboard."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from claimcheck.documents import FORMATS
from claimcheck.errors import reason_of
from claimcheck.globs import Globs, Rules, rules_of
from claimcheck.model import Skip

STDIN = "-"
STDIN_NAME = "<stdin>"
CLIPBOARD_NAME = "<clipboard>"
_IGNORE_FILES = {".gitignore": Skip.GITIGNORE, ".claimcheckignore": Skip.CLAIMCHECKIGNORE}
_GLOB = re.compile(r"[*?\[]")

Skipped = Counter[Skip]
Levels = tuple[tuple[Rules, Skip], ...]


class Origin(Enum):
    """Where the text of an input comes from."""

    FILE = auto()
    STDIN = auto()
    CLIPBOARD = auto()
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class Input:
    """Something to check under the name to report, or (from nowhere) the one sentence that says why there is nothing."""

    name: str
    origin: Origin = Origin.FILE
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the files in folders are wanted. What a user names is checked in any case."""

    include: Globs | None = None
    exclude: Globs | None = None
    ignore_files: bool = True


EVERYTHING = Selection()


def discover(
    arguments: Iterable[str], selection: Selection = EVERYTHING, skipped: Skipped | None = None, *, stdin_name: str = STDIN_NAME
) -> Iterator[Input]:
    """Files as they are named, the texts in folders and under globs, `-` as standard input; each once.

    Links are followed after everything else, unless they lead to what was found already or to a folder above. `skipped` counts the
    files and folders that were passed over; of a folder that is passed over, what it holds is not counted. `stdin_name` is the name to
    report for standard input; its suffix says what it is. Raises ClaimcheckError where a pattern of the selection is none.
    """
    for globs, option in ((selection.include, "--include"), (selection.exclude, "--exclude")):
        if globs is not None:
            rules_of(globs, option)
    return _discover(dict.fromkeys(arguments), _Finder(selection, Counter() if skipped is None else skipped), stdin_name)


def _discover(arguments: Iterable[str], finder: _Finder, stdin_name: str) -> Iterator[Input]:
    for argument in arguments:
        if argument == STDIN:
            yield Input(stdin_name, Origin.STDIN)
        else:
            yield from finder.expand(argument)


def folder_of(argument: str) -> Path:
    """The folder in which the search for an argument starts: itself, the one that holds the file, or the fixed part of a glob."""
    path = Path.cwd() if argument == STDIN else _absolute(_split(argument)[0])
    return next((folder for folder in (path, *path.parents) if os.path.isdir(folder)), path)  # noqa: PTH112 - Path.is_dir() can fail


def in_words(skipped: Skipped) -> str:
    """The counts of what was skipped, the greatest first; empty if there is nothing to say."""
    return ", ".join(f"{number} {reason.meaning}" for reason, number in skipped.most_common())


def _split(argument: str) -> tuple[str, str]:
    """The part of an argument that is a path, and the pattern below it (empty if there is none, or if a file has this very name)."""
    parts = Path(argument).parts
    first = next((index for index, part in enumerate(parts) if _GLOB.search(part)), None)
    if first is None or os.path.lexists(argument):
        return argument, ""
    return str(Path(*parts[:first])), "/" + "/".join(parts[first:])


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to look into: as it is shown, its absolute path, and the rules that hold in it, the strongest last."""

    shown: Path
    path: Path
    levels: Levels


class _Glob:
    """The pattern of an argument below its folder, and what may lie on the way to it."""

    def __init__(self, pattern: str, folder: Path) -> None:
        parts = pattern.split("/")
        self._whole = Rules((pattern,), str(folder))
        self._way = Rules(("/".join(parts[:end]) for end in range(2, len(parts))), str(folder))

    def reaches(self, path: str, *, folder: bool) -> bool:
        """Whether a file fits the pattern, or a folder may hold one that does."""
        return self._whole.takes(path) or (folder and bool(self._way.verdict(path, folder=True)))


@dataclass(slots=True)
class _Walk:
    """A way through one folder: which files are wanted, what is left to see, and which folders were seen."""

    glob: _Glob | None
    include: Rules | None
    exclude: Rules | None
    folders: list[_Folder]
    seen: set[tuple[int, int] | str]
    links: deque[_Folder] = field(default_factory=deque)


class _Finder:
    """Knows what was found, so that nothing is found twice."""

    def __init__(self, selection: Selection, skipped: Skipped) -> None:
        self._selection = selection
        self._skipped = skipped
        self._found: dict[tuple[int, int] | str, Path] = {}

    def expand(self, argument: str) -> Iterator[Input]:
        """What an argument stands for."""
        try:
            fixed, pattern = _split(argument)
            if not argument:
                yield Input(argument, Origin.NOWHERE, "an empty path was given; name a file or a folder")
            elif Path(fixed).is_dir():
                yield from self._folder(argument, fixed, pattern)
            elif not Path(fixed).exists():
                yield Input(argument, Origin.NOWHERE, f"there is no file or folder {argument}; check the path")
            elif self._is_new(_absolute(fixed)):
                yield Input(argument)
        except (OSError, ValueError) as error:
            yield Input(argument, Origin.NOWHERE, f"cannot look at {argument!r}: {reason_of(error)}")

    def _folder(self, argument: str, fixed: str, pattern: str) -> Iterator[Input]:
        """The texts in a folder, or those of them that fit a pattern. One input that says so where there is none."""
        before = self._skipped.copy()
        any_text = False
        for found in self._walk(self._start(fixed, pattern)):
            any_text = True
            if found.origin is Origin.NOWHERE or self._is_new(_absolute(found.name)):
                yield found
        if not any_text:
            skipped = in_words(self._skipped - before)
            what = f"no text to check fits {argument}" if pattern else f"the folder {argument} holds no text to check"
            reason = f"; skipped: {skipped}" if skipped else ""
            yield Input(argument, Origin.NOWHERE, f"{what} ({', '.join(FORMATS)}){reason}")

    def _start(self, fixed: str, pattern: str) -> _Walk:
        path = _absolute(fixed)
        glob = _Glob(pattern, path) if pattern else None
        wanted = self._selection
        include = None if wanted.include is None else rules_of(_reaching(wanted.include, path), "--include")
        exclude = None if wanted.exclude is None else rules_of(_reaching(wanted.exclude, path), "--exclude")
        if exclude is not None and exclude.takes(str(path)):
            exclude = None  # what is named is wanted
        levels = _levels_above(path) if wanted.ignore_files else ()
        above = {_key(parent) for parent in path.resolve().parents}
        return _Walk(glob, include, exclude, [_Folder(Path(fixed), path, levels)], above)

    def _walk(self, walk: _Walk) -> Iterator[Input]:
        """Every text, folder by folder; links last, so that a file that is there is found under its own name."""
        while walk.folders or walk.links:
            here = walk.folders.pop() if walk.folders else walk.links.popleft()
            try:
                if not here.path.is_dir():
                    yield from self._file(here)
                    continue
                key = _key(here.path)
                if key in walk.seen:
                    self._skipped[Skip.REPEATED] += 1
                    continue
                walk.seen.add(key)
                yield from self._look_into(here, walk)
            except OSError as error:
                yield _unseen(here, error)

    def _look_into(self, here: _Folder, walk: _Walk) -> Iterator[Input]:
        with os.scandir(here.path) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
        levels = here.levels
        if self._selection.ignore_files:
            levels += tuple(_levels_of(here.path, {entry.name for entry in entries}))
        inner = []
        for entry in entries:
            folder = _may_be_folder(Path(entry))
            if walk.glob is not None and not walk.glob.reaches(entry.path, folder=folder):
                continue
            reason = _reason_to_skip(entry, folder, levels, walk)
            if reason is not None:
                self._skipped[reason] += 1
                continue
            found = _Folder(here.shown / entry.name, here.path / entry.name, levels)
            if entry.is_symlink():
                walk.links.append(found)
            elif folder:
                inner.append(found)
            else:
                yield from self._file(found)
        walk.folders += reversed(inner)

    def _file(self, here: _Folder) -> Iterator[Input]:
        try:
            if here.path.is_file():
                yield Input(str(here.shown))
            elif here.path.exists():
                self._skipped[Skip.SPECIAL] += 1  # reading a pipe would wait for ever
            else:
                yield Input(str(here.shown), Origin.NOWHERE, f"{here.shown} is a link that leads nowhere; mend or remove it")
        except OSError as error:
            yield _unseen(here, error)

    def _is_new(self, path: Path) -> bool:
        """Whether a file was not found before, under whatever name."""
        try:
            first = self._found.setdefault(_key(path), path)
        except OSError:
            return True  # the reader will say what is wrong
        if first is not path and first != path:
            self._skipped[Skip.REPEATED] += 1
        return first is path


def _unseen(here: _Folder, error: OSError) -> Input:
    where = error.filename or here.shown
    return Input(str(here.shown), Origin.NOWHERE, f"cannot look at {where}: {reason_of(error)}")


def _may_be_folder(path: Path) -> bool:
    """Whether there is a folder; where nobody may look, whether the name has no suffix: to look into it will then say what is wrong."""
    try:
        return path.is_dir()  # false for a link in a circle, where the entry's own answer is an error
    except OSError:
        return not path.suffix


def _reason_to_skip(entry: os.DirEntry[str], folder: bool, levels: Levels, walk: _Walk) -> Skip | None:
    if entry.name.startswith((".", "~$")):  # the second is what a word processor keeps beside an open file
        return Skip.HIDDEN
    if not folder and Path(entry.name).suffix.lower() not in FORMATS:
        return Skip.FORMAT
    for rules, reason in reversed(levels):
        ignored = rules.verdict(entry.path, folder=folder)
        if ignored:
            return reason
        if ignored is False:
            break
    if walk.exclude is not None and walk.exclude.verdict(entry.path, folder=folder):
        return Skip.EXCLUDED
    return None if folder or walk.include is None or walk.include.takes(entry.path) else Skip.NOT_INCLUDED


def _reaching(globs: Globs, path: Path) -> Globs:
    """The globs, from the folder that is checked if that lies outside of their own."""
    return globs if path.is_relative_to(globs.folder) else Globs(globs.lines, path)


def _levels_above(path: Path) -> Levels:
    """The rules that hold in a folder from above it, up to the root of its repository; none if they ignore the folder itself."""
    parents = (path, *path.parents)
    root = next((index for index, parent in enumerate(parents) if (parent / ".git").exists()), 0)
    levels = tuple(level for parent in reversed(parents[1 : root + 1]) for level in _levels_of(parent, _IGNORE_FILES))
    said = (rules.verdict(str(path), folder=True) for rules, _ in reversed(levels))
    return () if next((verdict for verdict in said if verdict is not None), False) else levels


def _levels_of(folder: Path, names: Container[str]) -> Iterator[tuple[Rules, Skip]]:
    """The rules that a folder's own files give, of those that are named. Raises OSError where one cannot be read."""
    for name, reason in _IGNORE_FILES.items():
        path = folder / name
        if name in names and path.is_file():
            # a line that is no pattern fits nothing, as in git
            yield Rules(path.read_bytes().decode("utf-8-sig", "surrogateescape").split("\n"), str(folder)), reason


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - to resolve it would follow links


def _key(path: Path) -> tuple[int, int] | str:
    """What a file or folder is the same by, whatever its name."""
    status = path.stat()
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)
