"""Settings: what a claimcheck.toml, or [tool.claimcheck] in a pyproject.toml, says of a run."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from reprlib import repr as shortened
from typing import Any

from claimcheck.errors import ClaimcheckError, reason_of
from claimcheck.globs import Globs, Rules
from claimcheck.reports.formats import Format

OWN, SHARED = "claimcheck.toml", "pyproject.toml"


class FailOn(StrEnum):
    """The severity from which on the exit status is 1."""

    NEVER = "never"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Settings:
    """How documents are found, checked and reported. `origin` is the file that said so, if one did."""

    format: Format | None = None
    fail_on: FailOn = FailOn.WARNING
    min_confidence: float = 0.0
    include: Globs | None = None
    exclude: Globs | None = None
    no_ignore: bool = False
    fast: bool = False
    knowledge: Path | None = None
    baseline: Path | None = None
    verbose: bool = False
    with_text: bool = False
    jobs: int | None = None
    cache: bool = True
    origin: Path | None = None

    def overridden(self, **said: Any) -> Settings:
        """With the values of the command line instead, where it says something (is not None)."""
        return replace(self, **{name: value for name, value in said.items() if value is not None})


def find_settings(folder: Path) -> Settings:
    """The settings that hold in a folder: of the nearest file in it or above it, up to the root of its repository or the home folder.

    Without such a file, the defaults. Raises ClaimcheckError with one line a fault: file, line, what is wrong, what to do.
    """
    return next(filter(None, map(_settings_in, _candidates(folder))), Settings())


def settings_file(folder: Path) -> Path | None:
    """The file whose settings hold in a folder, though it may have faults; None without one."""
    for path in _candidates(folder):
        try:
            if _settings_in(path) is not None:
                return path
        except ClaimcheckError:
            return path
    return None


def read_settings(path: Path) -> Settings:
    """The settings in a file. Raises ClaimcheckError where it cannot be read, has faults, or is a pyproject.toml without ours."""
    found = _settings_in(path)
    if found is None:
        raise ClaimcheckError(f"{path} has no [tool.claimcheck]; add it, or name a {OWN}")
    return found


def _candidates(folder: Path) -> Iterator[Path]:
    """The files that may have settings for a folder, the nearest first."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() fails where there is none
    for here in (folder, *folder.parents):
        yield from filter(_is_there, (here / OWN, here / SHARED))
        if here == home or _is_there(here / ".git", folder=True):
            break


def _is_there(path: Path, *, folder: bool = False) -> bool:
    """Whether there is such a file (or folder, if that will do), as far as we may look."""
    try:
        return path.is_file() or (folder and path.is_dir())
    except OSError:
        return False


def _settings_in(path: Path) -> Settings | None:
    """The settings in a file; None for a pyproject.toml that has none."""
    text, values = _read(path)
    if path.name == SHARED:
        tool = values.get("tool")
        ours = tool.get("claimcheck") if isinstance(tool, dict) else None
        if ours is None:
            return None
        if not isinstance(ours, dict):
            raise ClaimcheckError(f"{path}:{_line_of('claimcheck', text)}: tool.claimcheck must be a table, not {shortened(ours)}")
        values = ours
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100 - to resolve it would follow links
    section = text.find("[tool.claimcheck]") + 1
    known: dict[str, Any] = {"origin": path}
    faults = []
    for key, value in values.items():
        try:
            known[key.replace("-", "_")] = _KEYS[key](value, folder)
        except KeyError:
            faults.append((_line_of(key, text, section), f"unknown key {shortened(key)}; {_hint(key)}"))
        except _UnfitError as unfit:
            faults.append((_line_of(key, text, section), f"{key} must be {unfit}, not {shortened(value)}"))
    if faults:
        raise ClaimcheckError("\n".join(f"{path}:{line}: {message}" for line, message in sorted(faults)))
    return Settings(**known)


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """A TOML file as text and as values."""
    import tomllib

    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        numbered = re.match(r"line (\d+)", place)
        line = int(numbered[1]) if numbered else text.count("\n") + 1
        raise ClaimcheckError(f"{path}:{line}: not valid TOML: {what.lower()}; mend the line or the one above") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ClaimcheckError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error
    except RecursionError as error:
        raise ClaimcheckError(f"{path}:1: the values are nested too deeply for settings; mend the file") from error
    except OSError as error:
        raise ClaimcheckError(f"cannot read the settings {path}: {reason_of(error)}") from error


def _line_of(key: str, text: str, start: int = 0) -> int:
    """The line where a key is set, from an offset on; the line of the offset if it is written in a way that hides it."""
    found = re.compile(rf"""^[^#\n]*?(?<![\w-])["']?{re.escape(key)}["']?\s*[=\].]""", re.MULTILINE).search(text, start)
    return text.count("\n", 0, found.start() if found else start) + 1


def _hint(key: str) -> str:
    from claimcheck.suggestions import nearest

    close = nearest(key.replace("_", "-"), _KEYS, most=1)
    return f"did you mean {close[0]}?" if close else f"the keys are {', '.join(_KEYS)}"


class _UnfitError(Exception):
    """A value of the wrong kind; says what it must be."""


Reader = Callable[[object, Path], object]


def _one_of(kind: type[StrEnum]) -> Reader:
    def read(value: object, _: Path) -> StrEnum:
        if not isinstance(value, str) or value not in list(kind):
            raise _UnfitError(f"one of {', '.join(kind)}")
        return kind(value)

    return read


def _flag(value: object, _: Path) -> bool:
    if not isinstance(value, bool):
        raise _UnfitError("true or false")
    return value


def _share(value: object, _: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _UnfitError("a number from 0 to 1")
    return float(value)


def _number(value: object, _: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _UnfitError("a number from 1 on")
    return value


def _path(value: object, folder: Path) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise _UnfitError("a path in quotes")
    try:
        return folder / Path(value).expanduser()
    except RuntimeError as error:
        raise _UnfitError("a path to a folder of a user that there is") from error


def _globs(value: object, folder: Path) -> Globs:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise _UnfitError("a list of patterns in quotes")
    if lines and Rules(lines, str(folder)).faults:
        raise _UnfitError("a list of patterns as in a .gitignore file")
    return Globs(tuple(lines), folder)


_KEYS: Mapping[str, Reader] = {
    "format": _one_of(Format),
    "fail-on": _one_of(FailOn),
    "min-confidence": _share,
    "include": _globs,
    "exclude": _globs,
    "no-ignore": _flag,
    "fast": _flag,
    "knowledge": _path,
    "baseline": _path,
    "verbose": _flag,
    "with-text": _flag,
    "jobs": _number,
    "cache": _flag,
}
