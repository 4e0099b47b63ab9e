"""What was accepted before: findings in a file, left out of later reports until their sentence changes."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from claimcheck.errors import ClaimcheckError, reason_of
from claimcheck.files import write_whole
from claimcheck.fingerprint import fingerprint
from claimcheck.model import DocumentReport, Finding, Severity

SCHEMA = "claimcheck.baseline/1"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A claim in a sentence of a document; `path` is relative to the baseline's folder, with slashes."""

    path: str
    claim: str
    fingerprint: str


# accepted findings whose file is no longer there, by claim and fingerprint
Homeless = Mapping[tuple[str, str], Sequence[Entry]]


@dataclass(slots=True)
class Baseline:
    """Accepted findings with their numbers, and what a run has met of them. Documents pass through `new_only` once.

    `moved` are those that were met in another file, because their own is no longer there. With `partial` the checks may miss what
    others find: then nothing is gone because it was not met.
    """

    path: Path
    partial: bool = False
    accepted: Counter[Entry] = field(default_factory=Counter)
    met: Counter[Entry] = field(default_factory=Counter)
    moved: Counter[Entry] = field(default_factory=Counter)
    checked: set[str] = field(default_factory=set)

    def new_only(self, reports: Iterable[DocumentReport], *, taking_up: bool = False, sure: float = 0.0) -> Iterator[DocumentReport]:
        """The reports without the accepted findings, which are counted as known; `taking_up` accepts what is found, if it is so sure.

        What asks nothing of an editor is left in, and is not accepted: should the evidence turn against it, it is new.
        """
        homeless = self._homeless()
        for report in reports:
            path = self._relative(report.path)
            if report.error is None:
                self.checked.add(path)
            new = tuple(
                finding
                for finding in report.findings
                if not self._is_known(finding, report, path, homeless, taking_up=taking_up and finding.confidence >= sure)
            )
            yield replace(report, findings=new, known=report.known + len(report.findings) - len(new))

    def added(self) -> int:
        """How many findings were taken up that had not been accepted, here or in a file that has moved."""
        return (self.met - self.accepted).total() - self.moved.total()

    def gone(self) -> Counter[Entry]:
        """Accepted findings that are no longer there: not in the documents that were checked, or without their document."""
        return Counter({entry: number for entry, number in (self.accepted - self.met - self.moved).items() if self._is_settled(entry)})

    def updated(self) -> Counter[Entry]:
        """What is accepted from now on: what was met, and what stands in documents that were not checked this time."""
        left = self.accepted - self.moved
        return self.met | Counter({entry: number for entry, number in left.items() if not self._is_settled(entry)})

    def write(self) -> None:
        """Put the accepted findings from now on into the file, sorted, one a line, whole or not at all. Raises ClaimcheckError."""
        rows = [
            {"path": entry.path, "claim": entry.claim, "fingerprint": entry.fingerprint} | ({"count": number} if number > 1 else {})
            for entry, number in sorted(self.updated().items())
        ]
        lines = ",".join(f"\n    {json.dumps(row)}" for row in rows) + "\n  " * bool(rows)
        try:
            write_whole(self.path, f'{{\n  "schema": {json.dumps(SCHEMA)},\n  "findings": [{lines}]\n}}\n'.encode())
        except OSError as error:
            raise ClaimcheckError(f"cannot write the baseline {self.path}: {reason_of(error)}") from error

    def _is_known(self, finding: Finding, report: DocumentReport, path: str, homeless: Homeless, *, taking_up: bool) -> bool:
        if finding.severity is Severity.OK:
            return False
        entry = Entry(path, finding.claim, fingerprint(finding.claim, report.readable(finding.sentence)))
        known = self.met[entry] < self.accepted[entry] or self._has_moved(entry, homeless) or taking_up
        self.met[entry] += known
        return known

    def _has_moved(self, entry: Entry, homeless: Homeless) -> bool:
        """Whether the claim and its sentence were accepted in a file that is no longer there; they are then used up."""
        if _is_name(entry.path):
            return False
        for old in homeless.get((entry.claim, entry.fingerprint), ()):
            if self.met[old] + self.moved[old] < self.accepted[old]:
                self.moved[old] += 1
                return True
        return False

    def _homeless(self) -> Homeless:
        here = {path: self._is_there(path) for path in {entry.path for entry in self.accepted}}
        found = defaultdict(list)
        for entry in sorted(self.accepted):
            if not here[entry.path]:
                found[entry.claim, entry.fingerprint].append(entry)
        return found

    def _is_settled(self, entry: Entry) -> bool:
        return not self.partial and (entry.path in self.checked or not self._is_there(entry.path))

    def _is_there(self, path: str) -> bool:
        """Whether there is such a file, or may be: what goes by a name alone can always come again."""
        return _is_name(path) or os.path.exists(self.path.parent / path)  # noqa: PTH110 - Path.exists() can fail

    def _relative(self, name: str) -> str:
        if _is_name(name):
            return name
        try:
            return Path(os.path.relpath(name, self.path.parent)).as_posix()
        except ValueError:  # on another drive
            return Path(name).as_posix()


def read_baseline(path: Path, *, may_be_missing: bool = False, partial: bool = False) -> Baseline:
    """The baseline in a file, for checks that are `partial` or not. Raises ClaimcheckError where there is none, or where it is not one."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if may_be_missing:
            return Baseline(path, partial)
        raise ClaimcheckError(f"there is no baseline {path}; --update-baseline writes it") from error
    except UnicodeDecodeError as error:
        raise _broken(path, "not UTF-8") from error
    except OSError as error:
        raise ClaimcheckError(f"cannot read the baseline {path}: {reason_of(error)}") from error
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise _broken(path, f"line {error.lineno}: {error.msg.lower()}") from error
    except RecursionError as error:
        raise _broken(path, "nested too deeply") from error
    rows = value.get("findings") if isinstance(value, dict) and value.get("schema") == SCHEMA else None
    if not isinstance(rows, list):
        raise _broken(path, f"its schema is not {SCHEMA}")
    accepted: Counter[Entry] = Counter()
    for number, row in enumerate(rows, 1):
        accepted[_entry(row, path, number)] += row.get("count", 1)
    return Baseline(path, partial, accepted)


def _entry(row: Any, path: Path, number: int) -> Entry:
    names = ("path", "claim", "fingerprint")
    if (
        not isinstance(row, Mapping)
        or not all(isinstance(row.get(name), str) for name in names)
        or not isinstance(row.get("count", 1), int)
        or row.get("count", 1) < 1
    ):
        raise _broken(path, f"finding {number} is none")
    return Entry(*(row[name] for name in names))


def _broken(path: Path, why: str) -> ClaimcheckError:
    return ClaimcheckError(f"{path} is no baseline ({why}); restore it, or delete it and write a new one with --update-baseline")


def _is_name(path: str) -> bool:
    """Whether a document is known by a name alone, such as <stdin>."""
    return path.startswith("<") and path.endswith(">")
